"""The facts of a call on one path come in; what its request weighs, before any price, goes out."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from llmlint.catalog.model_entries import Model
from llmlint.cost.records import DEFAULTS, Assumptions, Range, exactly
from llmlint.facts.call_site import ABSENT, Fact, State

Facts = Mapping[str, Fact]

GENERATION = "generation"


class Weight(msgspec.Struct, frozen=True):
    """Tokens of one request. `cached` are those read from the prompt cache: as a range from cheap to dear.

    `prefix` is the fixed text in front of the first thing that changes. `assumed` and `caveats` as in `CallCost`.
    """

    input: Range
    cached: Range
    output: Range
    static: int
    prefix: int
    exact: bool
    assumed: tuple[str, ...]
    caveats: tuple[str, ...]


class Prompt(msgspec.Struct, frozen=True):
    """The prompt in numbers: its fixed text, how much of it stands first, and whether there is anything else."""

    static: int
    prefix: int
    exact: bool
    open: bool


def prompt_of(facts: Facts) -> Prompt:
    """The sums of `prompt.segments`; an open prompt of no known text where nothing is known."""
    segments = facts.get("prompt.segments", ABSENT).value
    if not isinstance(segments, list) or not segments:
        return Prompt(0, 0, exact=True, open=True)
    static = prefix = 0
    stable = exact = True
    still_open = facts.get("prompt.media", ABSENT).value is True
    for segment in segments:
        if not isinstance(segment, dict):
            continue
        tokens = segment.get("tokens")
        state = segment.get("state")
        still_open = still_open or state != "static" or segment.get("partial") is True
        stable = stable and state in ("static", "fixed")
        if isinstance(tokens, int):
            static += tokens
            prefix += tokens if stable else 0
            exact = exact and segment.get("exact") is True
    return Prompt(static, prefix, exact, still_open)


def weigh(facts: Facts, model: Model, given: Assumptions) -> Weight:
    """The tokens of a request to that model: what the source says, else what was given, else what is assumed."""
    prompt = prompt_of(facts)
    assumed: list[str] = []
    sent = _input(prompt, given, assumed)
    written = _output(facts, model, given, assumed)
    cached = _cached(sent, prompt, model, given, assumed)
    return Weight(
        sent,
        cached,
        written,
        prompt.static,
        prompt.prefix,
        prompt.exact and model.encoding_known,
        tuple(assumed),
        tuple(_caveats(facts, model, given)),
    )


def _input(prompt: Prompt, given: Assumptions, assumed: list[str]) -> Range:
    if given.input_tokens is not None:
        return given.input_tokens.at_least(prompt.static)
    if not prompt.open:
        return exactly(prompt.static)
    assumed.append("input")
    return DEFAULTS.changing_input.plus(exactly(prompt.static))


def _output(facts: Facts, model: Model, given: Assumptions, assumed: list[str]) -> Range:
    """A cap cuts what is said or assumed; one that is never reached makes no call dearer than none does."""
    if facts.get("endpoint.kind", ABSENT).value != GENERATION:
        return exactly(0)
    cap = _number(facts, "argument.output_cap")
    limit = min(each for each in (cap, model.max_output, float("inf")) if each)
    if given.output_tokens is not None:
        one = given.output_tokens.at_most(limit)
    else:
        assumed.append("output")
        one = DEFAULTS.output.plus(DEFAULTS.reasoning) if reasons(facts, model) else DEFAULTS.output
        one = one.at_most(limit)
    return one.times(_number(facts, "argument.choices") or 1)


def reasons(facts: Facts, model: Model) -> bool:
    """Whether the model writes reasoning tokens in this call, as far as can be told."""
    if not model.reasoning:
        return False
    effort = facts.get("argument.effort", ABSENT)
    if effort.state is State.ABSENT:
        return model.default_effort != "none"
    return effort.value != "none"


def _cached(sent: Range, prompt: Prompt, model: Model, given: Assumptions, assumed: list[str]) -> Range:
    """Tokens read from the cache, from the cheapest to the dearest case."""
    minimum = model.cache.minimum if model.cache is not None else None
    if minimum is None:
        return exactly(0)
    if given.cache_hit_rate is not None:
        return Range(*(tokens * given.cache_hit_rate if tokens >= minimum else 0 for tokens in _bounds(sent)))
    if prompt.prefix < minimum:
        return exactly(0)
    assumed.append("cache")
    return DEFAULTS.cached_share.times(prompt.prefix)


def _bounds(of: Range) -> tuple[float, float, float]:
    return of.low, of.expected, of.high


def _number(facts: Facts, name: str) -> float | None:
    """The fact's value if it is a number above nothing."""
    value = facts.get(name, ABSENT).value
    return value if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else None


def _caveats(facts: Facts, model: Model, given: Assumptions) -> list[str]:
    """What the figures leave out."""
    found: list[str] = []
    if facts.get("prompt.media", ABSENT).value is True and given.input_tokens is None:
        found.append("Images, audio and files in the prompt are not counted.")
    if facts.get("model.chosen_by_user", ABSENT).value is True:
        found.append("Another model may be chosen when the program runs.")
    if facts.get("argument.choices", ABSENT).state is State.UNKNOWN:
        found.append("How many answers a request asks for is not known; one is counted.")
    if not model.price_verified:
        found.append(f"The price of {model.id} could not be verified.")
    if model.price_until:
        found.append(f"The price of {model.id} was promised until {model.price_until}.")
    return found
