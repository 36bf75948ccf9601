"""Options of command line programs as values: their defaults, or whatever the person types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.frames import at_call
from llmlint.linking.modules import Module
from llmlint.linking.trees import arguments_by_keyword, constant_string
from llmlint.linking.values import Constant, Element, Items, Made, Many, Member, Unknown, Value, choice, via

if TYPE_CHECKING:
    from llmlint.linking.resolver import Resolver


def argument(resolver: Resolver, owner: Value, name: str) -> Value | None:
    """`parser.parse_args().name`: the option's default, or what is typed; None if `owner` has no such option."""
    parsed = owner.owner if isinstance(owner, Element) else owner
    if not (isinstance(parsed, Made) and isinstance(parsed.function, Member) and parsed.made is not None):
        return None
    if parsed.function.name not in {"parse_args", "parse_known_args"}:
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
    at = at_call(resolver.frames.root(module, place.scope), call)
    keywords = arguments_by_keyword(call.arguments)
    choices = resolver.evaluate(keywords["choices"], at) if "choices" in keywords else None
    if isinstance(choices, Items) and not any(isinstance(item, Many) for item in choices.items):
        typed_ = [via(item, step) for item in choices.items]
        return choice(typed_) if typed_ else typed
    default = keywords.get("default")
    if default is None:
        return typed
    value = resolver.evaluate(default, at)
    if isinstance(value, Constant) and value.value is None:
        return choice((value, typed))
    return choice((via(value, step), typed))
