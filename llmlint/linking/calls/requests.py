"""What a call sends: its arguments under canonical names, from keywords, splats, partials, bodies and the client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from llmlint.catalog.entries import Endpoint, Spelling
from llmlint.facts import call_site
from llmlint.facts.call_site import Fact, FactValue, State
from llmlint.linking.calls.uses import ClientUse, Spelled, Target
from llmlint.linking.evaluation import collecting, mappings, templates
from llmlint.linking.evaluation.arguments import MISSING, Sent, inside, option, sent_by
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import (
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
    Member,
    NotGiven,
    Spread,
    Text,
    Unknown,
    Value,
    choice,
    options,
)
from llmlint.linking.program.wording import shorten

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

_LIST_LIMIT = 50
_DEPTH_LIMIT = 6
_TEXT_LIMIT = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """The arguments of one call in one frame: what the call gives, then what its client gives to every request.

    `layers` hold both, the strongest first, each with how it spells the arguments.
    """

    resolver: Resolver
    endpoint: Endpoint
    layers: tuple[tuple[Sent, Spelled], ...]
    defaults: Mapping[str, FactValue] = field(default_factory=dict)
    before: tuple[Value, ...] = ()
    others: tuple[Request, ...] = ()
    """The same call on the client as it is built on other ways."""

    def argument(self, canonical: str) -> Value:
        """The value of a canonical argument; `NotGiven` options where it isn't sent on some way."""
        own = self._argument(canonical)
        return choice([own, *(other.argument(canonical) for other in self.others)]) if self.others else own

    def _argument(self, canonical: str) -> Value:
        found: list[Value] = []
        for sent, spelled in self.layers:
            values = [sent.under(self.resolver, spelling) for spelling in spelled.get(canonical, ())]
            certain = next((value for value in values if _certainly_given(self.resolver, value)), None)
            if certain is not None:
                return choice([*self._sometimes_given(found), certain])
            found.extend(values)
        if canonical != "extra_body":
            body = self._in_body(canonical)
            if body is not MISSING:
                found.append(body)
        given = [value for value in found if value is not MISSING]
        if not given and canonical in self.defaults:
            return Constant(self.defaults[canonical])  # type: ignore[arg-type] # the catalogue holds constants
        if sum(self._sometimes(value) for value in given) > 1:
            # One way sets one spelling and the other way the other: that is what two conditions are for.
            given = [choice([o for o in options(v) if not is_absent(self.resolver, o)]) for v in given]
        return choice(given) if given else MISSING

    def _sometimes_given(self, found: list[Value]) -> list[Value]:
        """What stronger layers give on some ways only."""
        given = [option for value in found for option in options(value)]
        return [one for one in given if not is_absent(self.resolver, one) and not _may_be_missing(one)]

    def prompt(self, canonical: str) -> Value:
        """The value of an argument that holds text or messages, with templates filled in."""
        given = self.argument(canonical)
        if canonical == "messages" and self.before:
            return templates.handed_on(self.resolver, self.before, self.argument("inputs"))
        return templates.rendered(self.resolver, given)

    def _sometimes(self, value: Value) -> bool:
        absent = [is_absent(self.resolver, option) for option in options(value)]
        return any(absent) and not all(absent) and any(not isinstance(one, FromSplat) for one in options(value))

    def _in_body(self, canonical: str) -> Value:
        """Fields put into the request as they are."""
        body = self.argument("extra_body") if "extra_body" in self.endpoint.arguments else MISSING
        given = [one for one in options(body) if not is_absent(self.resolver, one)]
        perhaps: Value = MISSING
        for spelling in self.endpoint.arguments.get(canonical, ()) if given else ():
            found = mappings.entry_of(choice(given), spelling.path[0], MISSING)
            value = inside(self.resolver, found, spelling.path[1:])
            if any(not isinstance(one, FromSplat) and one is not MISSING for one in options(value)):
                return value
            perhaps = value if perhaps is MISSING else perhaps
        return perhaps


def request_of(resolver: Resolver, target: Target, invocation: Invocation) -> Request:
    """The request that a call sends in its frame."""
    sent = sent_by(resolver, invocation) if target.body is None else fields_of(resolver, target.body)
    others = tuple(_request_on(resolver, target.endpoint, other, sent) for other in target.use.others)
    return replace(_request_on(resolver, target.endpoint, target.use, sent), others=others)


def _request_on(resolver: Resolver, endpoint: Endpoint, use: ClientUse, sent: Sent) -> Request:
    layers: list[tuple[Sent, Spelled]] = [(sent, endpoint.arguments)]
    layers += [(sent_by(resolver, one.made), one.arguments) for one in reversed(use.settings) if one.arguments]
    if use.unseen:
        layers += [(_anything(use.unseen), one.arguments) for one in (use.client, use.wrapper) if one is not None]
    own = use.client.defaults if use.client is not None else {}
    return Request(resolver, endpoint, tuple(layers), {**endpoint.defaults, **own}, use.before)


def _anything(reason: str) -> Sent:
    """What a construction gives that isn't seen."""
    return Sent(Entries(((Spread(), Unknown(reason)),)))


def fields_of(resolver: Resolver, body: Value) -> Sent:
    """The fields of a plain HTTP request: those of a mapping, or of its JSON."""
    for _ in range(_ENCODED):
        body = _encoded(resolver, body) or body
    if isinstance(body, Made) and dotted_name(body.function) in _WRITERS and body.made is not None:
        body = option(resolver, body.made, _WRITTEN) or body
    entries = Entries(())
    for one in options(body):
        found = one if isinstance(one, Entries) else collecting.spread(Entries(()), one)
        entries = found if not entries.entries else Entries(((Spread(), body),))
    return Sent(entries)


def _encoded(resolver: Resolver, body: Value) -> Value | None:
    """The text or the bytes that a body is made of by `encode` or a buffer."""
    if not isinstance(body, Made):
        return None
    if isinstance(body.function, Member) and body.function.name == "encode":
        return body.function.owner
    if dotted_name(body.function) in _BUFFERS and body.made is not None:
        return option(resolver, body.made, _BUFFERED)
    return None


_ENCODED = 4
"""How often a body is taken out of what encodes it; one that is made of itself has no end."""
_BUFFERS = frozenset({"io.BytesIO", "io.StringIO"})
_BUFFERED = (Spelling(path=("initial_bytes",), position=0), Spelling(path=("initial_value",)))
_WRITERS = frozenset({"json.dumps", "orjson.dumps", "ujson.dumps", "simplejson.dumps"})
_WRITTEN = (Spelling(path=("obj",), position=0),)


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
            plain = {str(key): to_plain(item, depth + 1) for key, item in known[:_LIST_LIMIT]}
            return plain if len(known[:_LIST_LIMIT]) == len(entries) else {**plain, call_site.OTHER_KEYS: None}
        case ClassValue(module=module, scope=scope):
            return f"class {module.facts.scopes[scope].name}"
        case External(name=name):
            return name
        case Text() | Spread():
            return None
        case _:
            return None
