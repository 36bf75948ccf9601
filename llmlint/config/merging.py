"""Settings that are extended and those on top of them come in; what holds together goes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from llmlint.catalog.assumptions import Assumptions
from llmlint.config.settings import Settings
from llmlint.triage import Demands


def merged(layers: Sequence[Settings], top: Settings) -> Settings:
    """Later layers win over earlier ones, and `top` over all; lists add up, tables key by key."""
    result = Settings()
    for layer in (*layers, top):
        result = _over(result, layer)
    return result


def merged_demands(below: Demands, above: Settings) -> Demands:
    """Demands with those on top that are stated; rules that nothing silences add up."""
    stated = {key.partition(".")[2].replace("-", "_") for key in above.stated if key.startswith("suppressions.")}
    changes = {name: getattr(above.demands, name) for name in stated if name != "never"}
    return msgspec.structs.replace(below, **changes, never=below.never | above.demands.never)


def _over(below: Settings, above: Settings) -> Settings:
    fails = above if "fail-on" in above.stated else below
    return replace(
        above,
        selections=(*below.selections, *above.selections),
        exclude=(*below.exclude, *above.exclude),
        fail_on=fails.fail_on,
        fail_on_undecided=fails.fail_on_undecided,
        rules=_once((*below.rules, *above.rules)),
        providers=_once((*below.providers, *above.providers)),
        models=tuple({model.id: model for model in (*below.models, *above.models)}.values()),
        deployments={**below.deployments, **above.deployments},
        cost=below.cost.extended(above.cost),
        assumptions=_assumed(below.assumptions, above.assumptions),
        demands=merged_demands(below.demands, above),
        stated=below.stated | above.stated,
        sources=(*below.sources, *above.sources),
    )


def _assumed(below: Assumptions, above: Assumptions) -> Assumptions:
    return Assumptions(
        {**below.environment, **above.environment},
        {**below.values, **above.values},
        {**below.returns, **above.returns},
    )


def _once(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Each place once, by whatever way it is named."""
    return tuple({path.resolve(): path for path in paths}.values())
