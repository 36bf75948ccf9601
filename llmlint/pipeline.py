"""The stages in order: a project and what is known come in, a report goes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec.structs import replace

from llmlint.cache import Store
from llmlint.catalog import Catalog
from llmlint.config import Settings
from llmlint.cost.pricing import Priced, priced
from llmlint.cost.records import CostReport, Saving
from llmlint.cost.savings import savings
from llmlint.discovery import Contents, Discovery, Folder, Prefilter, discover
from llmlint.facts.call_site import CallSite
from llmlint.facts.syntax import ModuleFacts, SourceProblem
from llmlint.findings import Finding, Undecided
from llmlint.frontend import lower
from llmlint.knowledge import Knowledge
from llmlint.misspelling import meant
from llmlint.own_rules import location_of, own_severities, own_severity, unreadable_findings, unused_assumptions
from llmlint.policy import evaluate
from llmlint.policy.settings import settings_for
from llmlint.project import Lower, SourceProject
from llmlint.relink import NO_MEANS, KeptFacts, Means, catalog_bytes, relinked
from llmlint.reporters.report import Report, SkippedFile
from llmlint.reporters.source import Source
from llmlint.snapshot import NOTHING_SEEN, Snapshot, decode, digest, encode
from llmlint.timing import Stopwatch
from llmlint.triage import KnownRules, Place, in_scope, triage
from llmlint.triage.baseline import Matched, match

WHOLE_PROJECT = "."
MARKER = "llmlint"
"""The word that a comment to llmlint starts with."""


@dataclass(frozen=True)
class Outcome:
    """`statistics` counts what was done; `seconds` says how long each stage took. `baseline` tells what has become
    of the old findings, of all the project.
    """

    report: Report
    statistics: Mapping[str, int]
    seconds: Mapping[str, float]
    baseline: Matched
    project: SourceProject


def run(root: Path, scope: Sequence[str], knowledge: Knowledge, watch: Stopwatch, means: Means = NO_MEANS) -> Outcome:
    """Links the whole project at `root`, and reports on the files and folders in `scope`.

    `scope` holds paths relative to the root with `/`; "." is all of it. Raises `LlmlintError` where a stage
    can't do its job; a file that can't be read is a finding.
    """
    with watch.stage("discover", "looking for Python files"):
        found = discover(root, exclude=knowledge.settings.exclude, named=_named(scope))
    key = digest(catalog_bytes(knowledge.catalog), str(root).encode("utf-8", "surrogateescape"))
    earlier = Earlier(KeptFacts(means.store).lower, _seen(means.store, key))
    project = project_of(Folder(root), found, knowledge, watch, earlier)
    outcome = judge(project, scope, knowledge, watch, means)
    _remember(means.store, key, project)
    return outcome


def judge(
    project: SourceProject,
    scope: Sequence[str],
    knowledge: Knowledge,
    watch: Stopwatch,
    means: Means = NO_MEANS,
) -> Outcome:
    """All that follows on discovery, for a project whose files may come from anywhere."""
    policies = knowledge.settings.policies
    with watch.stage("read", "reading files"):
        candidates = len(project.candidates)
    with watch.stage("link", f"following {candidates:,} files that may call a model"):

        def tell(sites: int) -> None:
            watch.count("linking", files_read=project.lowered, call_sites=sites)

        linked = relinked(project, knowledge, means, tell)
    with watch.stage("price", f"pricing {len(linked.call_sites):,} calls"):
        costed = priced(linked.call_sites, knowledge.pricing)
    with watch.stage("evaluate", f"applying {len(knowledge.rules):,} rules"):
        verdicts = evaluate(knowledge.rules, costed.call_sites, policies)
    with watch.stage("triage", "reading comments"):
        commented = _commented(project)
        unreadable = unreadable_findings(project.problems, policies)
        unused = _unused(knowledge.settings, linked.statistics, project)
        findings = triage(
            [*verdicts.findings, *unreadable, *unused],
            commented,
            _known_rules(knowledge, list(commented)),
            verdicts.undecided,
        )
        findings = tuple(own_severity(each, policies) for each in findings)
        matched = _matched(findings, verdicts.undecided, project, knowledge)
    with watch.stage("save", "working out what findings save"):
        costs = replace(costed.report, savings=_savings(findings, costed, knowledge))
    reported = frozenset(scope)
    shown = tuple(each for each in matched.findings if in_scope(each, reported))
    report = Report(
        root=project.root,
        findings=shown,
        undecided=tuple(each for each in verdicts.undecided if _covered(each.location.path, reported)),
        call_sites=tuple(each for each in costed.call_sites if _covered(each.location.path, reported)),
        costs=_costs(costs, shown, reported),
        ends=_ends(costed.call_sites, knowledge.catalog),
        files=_number_covered({*project.paths, *project.problems}, reported),
        candidates=_number_covered(project.candidates, reported),
        skipped=_skipped(project, reported),
        rules=knowledge.described(),
        elapsed=watch.elapsed,
    )
    counted = {"files": len(project.paths), "candidates": candidates, "lowered": project.lowered}
    return Outcome(report, {**counted, **linked.statistics}, watch.seconds, matched, project)


def _named(scope: Sequence[str]) -> list[str]:
    return [path for path in scope if path != WHOLE_PROJECT]


def lower_bytes(data: bytes, notebook: bool) -> ModuleFacts | SourceProblem:
    """`lower` as projects call it."""
    return lower(data, notebook=notebook)


@dataclass(frozen=True)
class Earlier:
    """What earlier runs left: how to lower what they haven't, and what they saw of the project's files."""

    lower: Lower = lower_bytes
    seen: Snapshot = NOTHING_SEEN


NOTHING_EARLIER = Earlier()


def project_of(
    contents: Contents, found: Discovery, knowledge: Knowledge, watch: Stopwatch, earlier: Earlier = NOTHING_EARLIER
) -> SourceProject:
    """The project of the found files, to be lowered when somebody asks for them."""

    def lower_and_tell(data: bytes, notebook: bool) -> ModuleFacts | SourceProblem:
        watch.count("linking", files_read=project.lowered)
        return earlier.lower(data, notebook)

    prefilter = Prefilter(knowledge.catalog.vocabulary)
    project = SourceProject(contents, found, prefilter, lower_and_tell, seen=earlier.seen)
    return project


def _seen(store: Store, key: str) -> Snapshot:
    data = store.get("seen", key)
    try:
        return decode(data) if data is not None else NOTHING_SEEN
    except msgspec.MsgspecError:
        return NOTHING_SEEN


def _remember(store: Store, key: str, project: SourceProject) -> None:
    with suppress(UnicodeEncodeError):  # half a surrogate pair in a name: nothing that can be stored
        store.put("seen", key, encode(project.snapshot()))


def _commented(project: SourceProject) -> Mapping[str, ModuleFacts]:
    """The modules in which a comment may speak to llmlint."""
    facts = {path: project.facts(path) for path in project.containing(MARKER)}
    return {path: module for path, module in facts.items() if module is not None}


def _unused(settings: Settings, statistics: Mapping[str, int], project: SourceProject) -> Iterator[Finding]:
    """About the project's own assumptions; those of a set that it extends may be for other projects."""
    own = [each for each in settings.assumptions.all() if each.location.path == settings.source]
    return unused_assumptions(own, statistics, lambda each: meant(each, project), settings.policies)


def _matched(
    findings: Sequence[Finding], undecided: Sequence[Undecided], project: SourceProject, knowledge: Knowledge
) -> Matched:
    """The findings with those of the baseline marked. What can't be told today is not gone."""
    source = Source(project.root, project.source)
    paths = {*project.paths, *project.problems}
    matched = match(findings, knowledge.baseline, lambda finding: source.span(finding.location), paths)
    open_ = {(each.rule, each.location.path) for each in undecided}
    rules = {rule.rule: rule for rule in knowledge.rules}
    spared = [
        each
        for each in matched.gone
        if each.path in project.problems
        or (each.rule, each.path) in open_
        or (each.rule in rules and not settings_for(rules[each.rule], knowledge.settings.policies, each.path).enabled)
    ]
    gone = tuple(each for each in matched.gone if each not in spared)
    return replace(matched, kept=(*matched.kept, *spared), gone=gone)


def _known_rules(knowledge: Knowledge, commented: Sequence[str]) -> KnownRules:
    """What comments may name. A rule that is off in one of their files is not missed there."""
    policies = knowledge.settings.policies
    off = {
        rule.rule for rule in knowledge.rules for path in commented if not settings_for(rule, policies, path).enabled
    }
    demands = (Place("", knowledge.settings.demands), *knowledge.settings.demands_in)
    return KnownRules(knowledge.codes, frozenset(off), own_severities(policies, ""), demands, knowledge.today)


def _covered(path: str, reported: Set[str]) -> bool:
    """Whether a file is one of the reported ones, or lies below one of the reported folders."""
    while path not in reported:
        path, slash, _ = path.rpartition("/")
        if not slash:
            return WHOLE_PROJECT in reported
    return True


def _savings(findings: Iterable[Finding], costed: Priced, knowledge: Knowledge) -> tuple[Saving, ...]:
    kinds = {rule.rule: rule.saving for rule in knowledge.rules if rule.saving is not None}
    return savings(findings, kinds, costed, knowledge.pricing)


def _costs(costs: CostReport, findings: Iterable[Finding], reported: Set[str]) -> CostReport:
    """The costs of calls in the reported files, and what the reported findings save."""
    calls = tuple(each for each in costs.calls if _covered(each.location.path, reported))
    kept = {finding.fingerprint for finding in findings}
    saved = tuple(each for each in costs.savings if each.fingerprint in kept)
    return replace(costs, calls=calls, savings=saved)


def _ends(call_sites: Iterable[CallSite], catalog: Catalog) -> dict[str, str]:
    """The last days of the models that calls name, where one is announced."""
    named = [path.facts["model.ids"].value for site in call_sites for path in site.paths if "model.ids" in path.facts]
    ids = {name for each in named if isinstance(each, list) for name in each if isinstance(name, str)}
    found = {name: catalog.deployment(name) or catalog.models.get(name) for name in sorted(ids)}
    return {name: model.lifecycle.shutdown for name, model in found.items() if model and model.lifecycle.shutdown}


def _number_covered(paths: Iterable[str], reported: Set[str]) -> int:
    return sum(_covered(path, reported) for path in paths)


def _skipped(project: SourceProject, reported: Set[str]) -> tuple[SkippedFile, ...]:
    return tuple(
        SkippedFile(location_of(path, problem), problem.kind, problem.message)
        for path, problem in sorted(project.problems.items())
        if _covered(path, reported)
    )
