"""Small programs priced without a file system, with prices that are easy to reckon with."""

from __future__ import annotations

from functools import cache
from textwrap import dedent

from programs import TODAY, MemoryProject, files_of

from llmlint.catalog import Catalog
from llmlint.catalog.loading import load_catalog
from llmlint.catalog.model_entries import OwnModel, Price
from llmlint.cost import CostReport, CostSettings, Pricing, priced
from llmlint.cost.pricing import Priced
from llmlint.cost.records import Assumptions, CallCost, Range, exactly
from llmlint.linking import link

DIME = OwnModel("dime", prices={"standard": Price(input=1, output=10)}, encoding="o200k_base")
"""A model of a dollar a million tokens read, and ten for those written."""


NOTHING_SAID = CostSettings()


@cache
def catalog() -> Catalog:
    return load_catalog().with_models([DIME])


def price(program: str, settings: CostSettings = NOTHING_SAID) -> Priced:
    linked = link(MemoryProject(files_of(program)), catalog(), today=TODAY)
    return priced(linked.call_sites, Pricing(catalog(), settings, frozenset({"dime"})))


def cost(program: str, **given: float | Range) -> CallCost:
    """The cost of the only call, with assumptions for all calls."""
    ranges = {
        name: value if isinstance(value, Range) or not name.endswith("tokens") else exactly(value)
        for name, value in given.items()
    }
    found = report(program, CostSettings(Assumptions(**ranges)))
    assert len(found.calls) == 1
    return found.calls[0]


def report(program: str, settings: CostSettings = NOTHING_SAID) -> CostReport:
    return price(program, settings).report


def call(model: str = "dime", content: str = '"Hello"', more: str = "", api: str = "OpenAI") -> str:
    """A program with one call; `content` is the user's message as an expression over `question`."""
    return dedent(f"""
        from openai import {api}

        client = {api}()


        def ask(question: str) -> str:
            return client.chat.completions.create(
                model="{model}", messages=[{{"role": "user", "content": {content}}}], {more}
            ).choices[0].message.content
    """)
