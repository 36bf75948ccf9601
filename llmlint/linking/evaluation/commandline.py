"""Options of command line programs as values: their defaults, or whatever the person types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.evaluation.frames import At, at_call
from llmlint.linking.evaluation.values import (
    Constant,
    Element,
    External,
    Items,
    Made,
    Many,
    Member,
    Unknown,
    Value,
    choice,
    via,
)
from llmlint.linking.program.module import Module
from llmlint.linking.program.trees import arguments_by_keyword, constant_string, last_name

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver


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


_DECLARED = frozenset({"Option", "Argument", "Query", "Form", "Body", "Header", "Path", "Field"})


def declared_default(resolver: Resolver, default: Value, name: str) -> Value:
    """What a default like `typer.Option("x")` or `Query("x")` stands for: its own default, or what is given."""
    if not (isinstance(default, Made) and isinstance(default.function, External) and default.made is not None):
        return default
    if default.function.name.rsplit(".", 1)[-1] not in _DECLARED:
        return default
    call, at = default.made.call, default.made.at
    given = Unknown(f"`{name}` is an option of the command line or of the request", "user", name)
    keywords = arguments_by_keyword(call.arguments)
    first = next((a.value for a in call.arguments if a.keyword is None and not a.star), keywords.get("default"))
    return given if first is None or isinstance(first, syntax.Opaque) else choice((resolver.evaluate(first, at), given))


def decorated_default(resolver: Resolver, scope: syntax.Scope, name: str, at: At) -> Value | None:
    """What `@click.option("--name", default=...)` gives to a parameter; None without such a decorator."""
    for decorator in scope.decorators:
        if not (isinstance(decorator, syntax.Call) and last_name(decorator.function) in {"option", "argument"}):
            continue
        if name not in _destinations(decorator):
            continue
        typed = Unknown(f"`{name}` is an option of the command line", "user", name)
        keywords = arguments_by_keyword(decorator.arguments)
        default = keywords.get("default")
        return typed if default is None else choice((resolver.evaluate(default, at), typed))
    return None


def _destinations(call: syntax.Call) -> set[str]:
    names = [text for a in call.arguments if a.keyword is None and (text := constant_string(a.value)) is not None]
    return {name.split("/")[0].lstrip("-").replace("-", "_") for name in names}
