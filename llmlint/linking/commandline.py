"""Options of command line programs as values: their defaults, or whatever the person types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.frames import at_call
from llmlint.linking.modules import Module, arguments_by_keyword, constant_string
from llmlint.linking.values import Constant, Made, Unknown, Value, choice, via

if TYPE_CHECKING:
    from llmlint.linking.resolver import Resolver


def argument(resolver: Resolver, parsed: Made, name: str) -> Value | None:
    """`parser.parse_args().name`: the option's default, or what is typed; None if the parser has no such option."""
    if parsed.made is None:
        return None
    module = parsed.made.at.module
    for call in module.calls_named("add_argument"):
        if _destination(call) == name:
            return _value(resolver, module, call, name)
    return None


def _destination(call: syntax.Call) -> str:
    given = constant_string(arguments_by_keyword(call.arguments).get("dest"))
    if given is not None:
        return given
    names = [text for a in call.arguments if a.keyword is None and (text := constant_string(a.value)) is not None]
    long = next((name for name in names if name.startswith("--")), names[0] if names else "")
    return long.lstrip("-").replace("-", "_")


def _value(resolver: Resolver, module: Module, call: syntax.Call, name: str) -> Value:
    place = module.facts.calls[call.index]
    step = module.step(place.place.line, f"`{name}` is an option of the command line")
    typed = Unknown(f"`{name}` is an option of the command line", "user", name, trail=(step,))
    default = arguments_by_keyword(call.arguments).get("default")
    if default is None:
        return typed
    value = resolver.evaluate(default, at_call(resolver.frames.root(module, place.scope), call))
    if isinstance(value, Constant) and value.value is None:
        return choice((value, typed))
    return choice((via(value, step), typed))
