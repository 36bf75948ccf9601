"""What a call sends: its arguments under canonical names, from keywords, splats, partials, bodies and the client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmlint.catalog.entries import Endpoint, Spelling
from llmlint.facts import call_site
from llmlint.facts.call_site import Fact, FactValue, State
from llmlint.linking import collecting, parameters
from llmlint.linking.values import (
    Choice,
    ClassValue,
    Computed,
    Constant,
    Element,
    Entries,
    External,
    FromSplat,
    Invocation,
    Items,
    Made,
    Many,
    NotGiven,
    Spread,
    Text,
    Unknown,
    Value,
    choice,
    options,
)
from llmlint.linking.wording import shorten

if TYPE_CHECKING:
    from llmlint.linking.resolver import Resolver

MISSING = NotGiven()
_LIST_LIMIT = 50
_DEPTH_LIMIT = 6
_TEXT_LIMIT = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """The arguments of one call in one frame: `sent` by keyword, `body` what `extra_body` adds."""

    resolver: Resolver
    endpoint: Endpoint
    sent: Entries
    positional: tuple[Value, ...]
    open_positions: bool = False

    def argument(self, canonical: str) -> Value:
        """The value of a canonical argument; `NotGiven` options where it isn't sent on some way."""
        found: list[Value] = []
        for spelling in self.endpoint.arguments.get(canonical, ()):
            value = self._spelled(spelling)
            if _certainly_given(self.resolver, value):
                return value
            found.append(value)
        if canonical != "extra_body":
            body = self._in_body(canonical)
            if body is not MISSING:
                found.append(body)
        given = [value for value in found if value is not MISSING]
        if not given and canonical in self.endpoint.defaults:
            return Constant(self.endpoint.defaults[canonical])
        if sum(self._sometimes(value) for value in given) > 1:
            # One way sets one spelling and the other way the other: that is what two conditions are for.
            given = [choice([o for o in options(v) if not is_absent(self.resolver, o)]) for v in given]
        return choice(given) if given else MISSING

    def _sometimes(self, value: Value) -> bool:
        absent = [is_absent(self.resolver, option) for option in options(value)]
        return any(absent) and not all(absent) and any(not isinstance(one, FromSplat) for one in options(value))

    def _spelled(self, spelling: Spelling) -> Value:
        value = parameters.entry_of(self.sent, spelling.path[0], MISSING)
        if value is MISSING and spelling.position is not None and spelling.position < len(self.positional):
            value = self.positional[spelling.position]
        return _inside(value, spelling.path[1:])

    def _in_body(self, canonical: str) -> Value:
        """Fields put into the request as they are."""
        body = self.argument("extra_body") if "extra_body" in self.endpoint.arguments else MISSING
        for spelling in self.endpoint.arguments.get(canonical, ()):
            for option in options(body):
                if isinstance(option, Entries):
                    value = _inside(parameters.entry_of(option, spelling.path[0], MISSING), spelling.path[1:])
                    if value is not MISSING:
                        return value
        return MISSING


def _inside(value: Value, path: tuple[str, ...]) -> Value:
    for key in path:
        found: list[Value] = []
        for option in options(value):
            if isinstance(option, Entries):
                found.append(parameters.entry_of(option, key, MISSING))
            elif isinstance(option, NotGiven) or (isinstance(option, Constant) and option.value is None):
                found.append(MISSING)
            else:
                found.append(Element(option, Constant(key), trail=option.trail))
        value = MISSING if all(one is MISSING for one in found) else choice(found)
    return value


def request_of(resolver: Resolver, endpoint: Endpoint, invocation: Invocation) -> Request:
    """The request that a call sends in its frame."""
    entries = Entries(())
    positional: list[Value] = []
    opened = invocation.open
    if opened:
        handed = Unknown("the function is handed over, and what it is called with is not seen here")
        entries = Entries(((Spread(), handed),))
    named: list[tuple[Value, Value]] = []  # a keyword wins over a splat, wherever it stands
    for argument in parameters.given(invocation):
        value = argument.value(resolver)
        if argument.argument.star == 2:
            entries = collecting.spread(entries, value)
        elif argument.argument.keyword:
            named.append((Constant(argument.argument.keyword), value))
        elif argument.argument.star == 1:
            opened = True
        else:
            positional.append(value)
    sent = Entries((*entries.entries, *named), entries.maybe)
    return Request(resolver, endpoint, sent, tuple(positional), opened)


# --- facts from values --------------------------------------------------------------------------------------


def is_absent(resolver: Resolver, value: Value) -> bool:
    """Does this one value mean that nothing is sent?"""
    if isinstance(value, NotGiven) or (isinstance(value, Constant) and value.value is None):
        return True
    name = value.name if isinstance(value, External) else None
    if isinstance(value, Made) and isinstance(value.function, External):
        name = value.function.name
    return name is not None and resolver.catalog.is_sentinel(name)


def _certainly_given(resolver: Resolver, value: Value) -> bool:
    return all(not is_absent(resolver, option) and not _may_be_missing(option) for option in options(value))


def _may_be_missing(value: Value) -> bool:
    """A value taken out of a splat that isn't known may not be there at all."""
    return isinstance(value, FromSplat) or (isinstance(value, Unknown) and value.kind in {"cycle", "limit"})


def fact_of(resolver: Resolver, value: Value) -> Fact:
    """A fact for an argument: absent, known (with None where it is given but not constant), or unknown."""
    alternatives = options(value)
    absent = [option for option in alternatives if is_absent(resolver, option)]
    given = [option for option in alternatives if not is_absent(resolver, option)]
    trail = next((option.trail for option in alternatives if option.trail), ())
    if not given:
        return call_site.absent(*trail)
    unsure = next((option for option in given if _may_be_missing(option)), None)
    if unsure is not None:
        return call_site.unknown(reason_of(unsure), *trail)
    if absent:
        return call_site.unknown("it is given on some ways only", *trail)
    plain = [to_plain(option) for option in given]
    if plain[0] is not None and all(one == plain[0] for one in plain):
        return call_site.known(plain[0], *trail)
    reason = reason_of(given[0]) if len(given) == 1 else "it differs from way to way"
    return Fact(State.KNOWN, None, reason, trail)


def reason_of(value: Value) -> str:
    """Why a value isn't known, in words."""
    match value:
        case Unknown(reason=reason):
            return reason
        case FromSplat(owner=owner, key=key):
            return f"`{key}` may come in with what can't be followed: {reason_of(owner)}"
        case Element(owner=owner):
            return f"it is taken out of something that can't be followed: {reason_of(owner)}"
        case Computed(source=source):
            return f"it is computed by `{source}`"
        case Made(function=External(name=name)):
            return f"it is made by `{shorten(name)}`"
        case Choice():
            return "it differs from way to way"
        case _:
            return "it is computed when the program runs"


def to_plain(value: Value, depth: int = 0) -> FactValue:
    """Plain data for a fact; None stands for what isn't constant, and for what lies too deep."""
    if depth > _DEPTH_LIMIT:
        return None
    match value:
        case Constant(value=constant):
            return constant[:_TEXT_LIMIT] if isinstance(constant, str) else constant
        case Items(items=items):
            return [to_plain(item.item if isinstance(item, Many) else item, depth + 1) for item in items[:_LIST_LIMIT]]
        case Entries(entries=entries):
            known = [(key.value, item) for key, item in entries if isinstance(key, Constant)]
            return {str(key): to_plain(item, depth + 1) for key, item in known[:_LIST_LIMIT]}
        case ClassValue(module=module, scope=scope):
            return f"class {module.facts.scopes[scope].name}"
        case External(name=name):
            return name
        case Text() | Spread():
            return None
        case _:
            return None
