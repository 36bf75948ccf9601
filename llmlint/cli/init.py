"""`llmlint init`: writes first settings after a look at the project, and says what may come next."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from llmlint.cli.exit_codes import ExitCode
from llmlint.errors import LlmlintError

if TYPE_CHECKING:
    from llmlint.facts.call_site import CallSite
    from llmlint.pipeline import Outcome
    from llmlint.reporters.report import Report

SETS = ("recommended", "strict", "all")
_EPILOG = """\
examples:
  llmlint init                      write llmlint.toml, which builds on llmlint:recommended
  llmlint init --set strict         build on llmlint:strict
  llmlint init --baseline           take down today's findings as well

Nothing that is there is overwritten without --force, and no other file is touched.
"""
_VARIABLE = re.compile(r"`([A-Za-z_][A-Za-z0-9_]*)` is read from the environment")
_RULE_FOLDERS = ("rules", "policies")
_MOST_NAMES = 12


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("--set", choices=SETS, default=SETS[0], help=f"what to build on (default: {SETS[0]})")
    parser.add_argument("--baseline", action="store_true", help="take down the findings that there are today")
    parser.add_argument("--force", action="store_true", help="overwrite what is there")


def run(arguments: argparse.Namespace) -> ExitCode:
    """Looks, writes, and tells."""
    from llmlint.cli.output import replace_file, write
    from llmlint.config.settings import BASELINE_FILE
    from llmlint.discovery import CONFIG_FILE, find_root
    from llmlint.findings import Status

    root = find_root(Path())
    path = root / CONFIG_FILE
    baseline = root / BASELINE_FILE
    warned = _refuse(root, arguments)
    outcome = _look(root, arguments.set)
    text = settings_text(outcome.report, arguments.set, date.today().isoformat())
    replace_file(path, text.encode("utf-8"))
    wrote = [CONFIG_FILE]
    if arguments.baseline and outcome.report.with_status(Status.ACTIVE):
        _write_baseline(baseline, outcome.report, root)
        wrote.append(BASELINE_FILE)
    write(lambda out, _view: _tell(out, outcome.report, wrote, warned))
    return ExitCode.CLEAN


def settings_text(report: Report, chosen: str, today: str) -> str:
    """The text of first settings, with what was seen in comments."""
    lines = [f"# Seen on {today}: {_seen(report)}.", "", f'extends = ["llmlint:{chosen}"]', ""]
    lines.append('# exclude = ["legacy/"]      # patterns as in .gitignore')
    lines.append('# fail-on = "warning"         # or info, error')
    for folder in _RULE_FOLDERS:
        if (report.root / folder).is_dir():
            lines.append(f'# rules = ["{folder}/"]{" " * (10 - len(folder))}     # rules of your own')
    deployments = sorted(_unknown_models(report.call_sites))[:_MOST_NAMES]
    if deployments:
        lines += ["", "# Models that the catalogue doesn't have: say which they stand for.", "# [deployments]"]
        lines += [f'# {_key(name)} = "gpt-5.5"' for name in deployments]
    variables = _variables(report.call_sites)
    if variables:
        lines += ["", "# Read when the program runs, so that rules can't tell. What is known can be declared."]
        lines += ["# [assume.environment]", *(f'# {name} = "..."' for name in list(variables)[:_MOST_NAMES])]
    return "\n".join(lines) + "\n"


def _refuse(root: Path, arguments: argparse.Namespace) -> str:
    """Raises `LlmlintError` where something would be overwritten; a warning where settings elsewhere lose their say."""
    from llmlint.config.settings import BASELINE_FILE
    from llmlint.discovery import CONFIG_FILE, PROJECT_FILE
    from llmlint.discovery.roots import has_settings

    there = [CONFIG_FILE] if (root / CONFIG_FILE).exists() else []
    table = has_settings(root) and not there
    there += [BASELINE_FILE] if arguments.baseline and (root / BASELINE_FILE).exists() else []
    if arguments.force:
        return f"{PROJECT_FILE} has a table [tool.llmlint] that {CONFIG_FILE} now overrides." if table else ""
    if table:
        hint = f"Edit them, or add --force for a {CONFIG_FILE} instead."
        raise LlmlintError(f"{PROJECT_FILE} has settings already.\n{hint}")
    if there:
        verb = "is" if len(there) == 1 else "are"
        raise LlmlintError(f"{' and '.join(there)} {verb} there already.\nEdit, or add --force to overwrite.")
    return ""


def _look(root: Path, chosen: str) -> Outcome:
    """What a run with the settings to be written would find."""
    from llmlint.cli.progress import progress
    from llmlint.config.extending import extended
    from llmlint.config.toml import parse_toml
    from llmlint.knowledge import load_knowledge
    from llmlint.pipeline import run as run_pipeline
    from llmlint.timing import Stopwatch

    document = parse_toml(f'extends = ["llmlint:{chosen}"]\n'.encode(), "llmlint.toml")
    knowledge = load_knowledge(extended(document, root, root), date.today().isoformat())
    with progress() as tell:
        return run_pipeline(root, (".",), knowledge, Stopwatch(tell))


def _write_baseline(path: Path, report: Report, root: Path) -> None:
    from llmlint.cli.baseline import write_baseline
    from llmlint.findings import Status
    from llmlint.reporters.source import Source
    from llmlint.triage.baseline import entry_of

    source = Source(root)
    active = report.with_status(Status.ACTIVE)
    write_baseline(path, [entry_of(each, lambda finding: source.span(finding.location)) for each in active])


def _seen(report: Report) -> str:
    from llmlint.reporters.wording import count

    files = len({site.location.path for site in report.call_sites})
    calls = f"{count(len(report.call_sites), 'call site')} in {files:,} of {count(report.files, 'Python file')}"
    kits = Counter(kit for site in report.call_sites if isinstance(kit := site.fact("client.sdk").value, str))
    hosts = Counter(host for site in report.call_sites if isinstance(host := site.fact("client.host").value, str))
    through = f", through {_counted(kits)}" if kits else ""
    return calls + through + (f", to {_counted(hosts)}" if hosts else "")


def _counted(names: Mapping[str, int]) -> str:
    most = sorted(names.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} ({number:,})" for name, number in most)


def _variables(sites: Sequence[CallSite]) -> Mapping[str, int]:
    """Variables of the environment that leave the model or an argument unknown, those of most calls first."""
    found: Counter[str] = Counter()
    for site in sites:
        reasons = [fact.reason for name, fact in site.joined.items() if name.startswith(("argument.", "model."))]
        found.update({name for reason in reasons for name in _VARIABLE.findall(reason)})
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _unknown_models(sites: Sequence[CallSite]) -> Iterator[str]:
    """Ids that calls name and the catalogue doesn't have, at hosts whose models it has."""
    for site in sites:
        ids = site.fact("model.ids").value
        unknown = "catalogue" in site.fact("model.tier").reason and site.fact("client.host").value != "other"
        if unknown and isinstance(ids, list):
            yield from (str(each) for each in ids)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else '"' + re.sub(r'["\\\x00-\x1f\x7f]', "?", name) + '"'


def _tell(out: TextIO, report: Report, wrote: Sequence[str], warned: str) -> None:
    from llmlint.findings import Status
    from llmlint.reporters.escape import encodable
    from llmlint.reporters.wording import count

    active = report.with_status(Status.ACTIVE)
    rules = Counter(each.rule for each in active)
    lines = [f"Wrote {' and '.join(wrote)}.", *([warned] if warned else []), f"Seen: {_seen(report)}.", ""]
    if active:
        lines.append(f"{count(len(active), 'finding')}: {_counted(rules)}")
        lines.append("  llmlint check                 shows them")
        if len(wrote) == 1:
            lines.append("  llmlint baseline              takes them down, so that only new ones are reported")
            lines.append("  llmlint check --add-ignores   silences each by a comment in the code instead")
        lines.append("")
    lines += _snippets(report.root)
    fit = encodable(getattr(out, "encoding", None))
    out.write(fit("\n".join(lines).rstrip("\n") + "\n"))


def _snippets(root: Path) -> Iterator[str]:
    """What to add to the files of pre-commit and of the CI service that the project has."""
    yield (
        "For pre-commit, in .pre-commit-config.yaml:"
        if (root / ".pre-commit-config.yaml").exists()
        else ("For pre-commit, as a new .pre-commit-config.yaml:\n  repos:")
    )
    yield from ("  - repo: URL-OF-LLMLINT", "    rev: A-TAG-OR-COMMIT", "    hooks:", "      - id: llmlint", "")
    if (root / ".gitlab-ci.yml").exists():
        yield "For GitLab, in .gitlab-ci.yml:"
        yield from ("  llmlint:", "    image: python:3.12", "    script:")
        yield from ("      - pip install git+URL-OF-LLMLINT", "      - llmlint check")
    else:
        yield "For GitHub, as a step of a workflow in .github/workflows:"
        yield "  - run: pipx run --spec git+URL-OF-LLMLINT llmlint check --format github"
