"""Times 100 rules on 10,000 call sites on one core: `python -m benchmarks.evaluation [--sites N] [--rules N]`.

The call sites are those of all examples in the rules of llmlint and in the policies of `docs`, over and over, each
time in another folder; the rules are those same rules under other names: llmlint's own for all files, the policies
again and again for one folder each, as teams have them. With `--everywhere` all are for all files: as the examples were
written to show the rules at work, each call then has thirty findings. `--project FOLDER` takes the call sites of a real
project instead.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

import msgspec

from llmlint.catalog.loading import load_catalog
from llmlint.discovery import Folder, Prefilter, discover
from llmlint.facts.call_site import CallSite, known
from llmlint.frontend import lower
from llmlint.linking import link
from llmlint.policy import evaluate
from llmlint.policy.loading import builtin_rules, load_rules
from llmlint.policy.rules import AllOf, Question, Rule
from llmlint.project import SourceProject
from llmlint.rule_examples import linked_example

POLICIES = Path(__file__).parents[1] / "docs" / "policies"


def main() -> None:
    """Prints the times."""
    options = _options()
    own = load_rules([builtin_rules(), POLICIES])
    sites = many_sites(_sites_of(options.project) if options.project else sites_in_examples(own), options.sites)
    rules = many_rules(own, options.rules, options.everywhere)
    gc.set_threshold(50_000, 20, 100)  # as the program itself
    seconds: list[float] = []
    for _ in range(options.runs):
        start = time.process_time()
        verdicts = evaluate(rules, sites)
        seconds.append(time.process_time() - start)
    paths = sum(len(site.paths) for site in sites)
    sys.stdout.write(
        f"{len(rules):,} rules, {len(sites):,} call sites, {paths:,} ways to them: {statistics.median(seconds):.2f} s\n"
        f"{len(verdicts.findings):,} findings, {len(verdicts.undecided):,} undecided\n"
    )


def many_rules(own: Sequence[Rule], number: int, everywhere: bool = False) -> list[Rule]:
    """The rules again and again under other names and codes, nearly all of them for one folder."""
    found: list[Rule] = []
    for index, rule in enumerate(islice(cycle(own), number)):
        for_all = everywhere or (index < len(own) and rule.code.startswith("LLM"))
        found.append(_copy(rule, index, None if for_all else index // len(own)))
    return found


def _copy(rule: Rule, index: int, folder: int | None) -> Rule:
    within = Question("within", "surroundings.file", f"part{folder}/")
    when = rule.when if folder is None else AllOf((rule.when, within))
    return msgspec.structs.replace(rule, rule=f"{rule.rule}-{index}", code=f"BEN{index:04}", when=when)


def sites_in_examples(own: Sequence[Rule]) -> list[CallSite]:
    catalog = load_catalog()
    return [site for rule in own for each in rule.examples for site in linked_example(each, catalog).call_sites]


def _sites_of(project: Path) -> list[CallSite]:
    catalog = load_catalog()
    source = SourceProject(
        Folder(project), discover(project), Prefilter(catalog.vocabulary), lambda data, book: lower(data, notebook=book)
    )
    return list(link(source, catalog, today="2026-01-01").call_sites)


def many_sites(sites: Sequence[CallSite], number: int) -> list[CallSite]:
    """The call sites again and again, in other files and with facts of their own."""
    return [_elsewhere(site, f"part{index // len(sites)}") for index, site in enumerate(islice(cycle(sites), number))]


def _elsewhere(site: CallSite, folder: str) -> CallSite:
    """The call site in another file, sharing no record with the first: as each call has been linked by itself."""
    own = _decoder.decode(_encoder.encode(site))
    place = msgspec.structs.replace(own.location, path=f"{folder}/{own.location.path}")
    file = {"surroundings.file": known(place.path)}
    paths = tuple(msgspec.structs.replace(path, facts={**path.facts, **file}) for path in own.paths)
    return msgspec.structs.replace(own, location=place, paths=paths, joined={**own.joined, **file})


_encoder, _decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(CallSite)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.evaluation", description=__doc__)
    parser.add_argument("--sites", type=int, default=10_000)
    parser.add_argument("--rules", type=int, default=100)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--project", type=Path, help="a folder whose call sites are taken")
    parser.add_argument("--everywhere", action="store_true", help="all rules for all files")
    return parser.parse_args()


if __name__ == "__main__":
    main()
