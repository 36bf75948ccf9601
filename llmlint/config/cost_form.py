"""The form of `[tool.llmlint.cost]`, and its way into the assumptions that costs are worked out from."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from llmlint.cost.records import Assumptions, CostOverride, CostSettings, Range, exactly
from llmlint.discovery import unsuitable

_MOST_TOKENS = 100_000_000
_MOST_CALLS = 10_000_000_000
_CALL = re.compile(r"[^:]+(?:::\S+|:[1-9]\d*)")
Tokens = Annotated[float, Field(ge=0, le=_MOST_TOKENS, allow_inf_nan=False)]


def _pattern(text: str) -> str:
    if (reason := unsuitable(text)) is not None:
        raise ValueError(f"`{text}` is no pattern: {reason}")
    return text


def _call(text: str) -> str:
    if _CALL.fullmatch(text) is None:
        raise ValueError(f"`{text}` names no call: write `path/file.py:42` or `path/file.py::function`")
    return text


def _in_order(numbers: tuple[float, ...]) -> tuple[float, ...]:
    if list(numbers) != sorted(numbers):
        raise ValueError("the numbers must rise: least, most, or least, expected, most")
    return numbers


Pattern = Annotated[str, AfterValidator(_pattern)]
Call = Annotated[str, AfterValidator(_call)]
Bounds = Annotated[tuple[Tokens, ...], Field(min_length=2, max_length=3), AfterValidator(_in_order)]


class AssumptionsForm(BaseModel):
    """What the source can't say. Keys may be written with dashes or with underscores."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, alias_generator=lambda name: name.replace("_", "-")
    )

    expected_input_tokens: Tokens | Bounds | None = None
    expected_output_tokens: Tokens | Bounds | None = None
    calls_per_day: Annotated[float, Field(ge=0, le=_MOST_CALLS, allow_inf_nan=False)] | None = None
    cache_hit_rate: Annotated[float, Field(ge=0, le=1)] | None = None

    def assumptions(self) -> Assumptions:
        """The same as a record."""
        return Assumptions(
            input_tokens=_range(self.expected_input_tokens),
            output_tokens=_range(self.expected_output_tokens),
            calls_per_day=self.calls_per_day,
            cache_hit_rate=self.cache_hit_rate,
        )


class CostOverrideForm(AssumptionsForm):
    """The same for some files or calls only."""

    paths: tuple[Pattern, ...] = ()
    calls: tuple[Call, ...] = ()

    @model_validator(mode="after")
    def _for_something(self) -> CostOverrideForm:
        if not self.paths and not self.calls:
            raise ValueError("say for which `paths` or `calls` this holds")
        return self


class CostForm(AssumptionsForm):
    """All of `[tool.llmlint.cost]`."""

    overrides: tuple[CostOverrideForm, ...] = ()

    def settings(self) -> CostSettings:
        """The same as a record."""
        overrides = (CostOverride(each.assumptions(), each.paths, each.calls) for each in self.overrides)
        return CostSettings(self.assumptions(), tuple(overrides))


def _range(given: float | tuple[float, ...] | None) -> Range | None:
    """One number is known for certain; of two the middle is expected."""
    if given is None:
        return None
    if isinstance(given, tuple):
        return Range(given[0], given[1] if len(given) > 2 else sum(given) / 2, given[-1])
    return exactly(given)
