"""A client as it is used, the endpoint that is called on it, and what holds of several that a call may be made on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from llmlint.catalog.entries import Client, Endpoint, ModelNames, Spelling, Wrapper
from llmlint.linking.evaluation.values import Invocation, Trail, Value

Spelled = Mapping[str, tuple[Spelling, ...]]
ANOTHERS = "on another way to the call the client is another package's"
_MANY = "the client is built in more ways than are told apart"
_WAYS_LIMIT = 4
DIFFERS = "the client differs from way to way"


@dataclass(frozen=True, slots=True)
class Setting:
    """A call that sets options of a client, and arguments of all its requests, with how it spells them."""

    made: Invocation
    options: Spelled
    arguments: Spelled = field(default_factory=dict)
    method: bool = False
    """It is a method of the client, not its construction."""


@dataclass(frozen=True, slots=True)
class ClientUse:
    """A client as it is used: its catalogue entry (None: an unknown object), and the calls that set its options.

    `host` is openai, azure or other; None where `reason` says why it isn't known. `settings` are the construction and
    what overrides it (`with_options`, wrappers), the strongest last. `dialect` is what a wrapper adds. `names` is how
    its models are named. `before` and `after` are the steps around it in a pipeline. `unseen` says why its construction
    can't be looked at; `others` are the other ways in which it may be built.
    """

    client: Client | None
    host: str | None
    reason: str = ""
    trail: Trail = ()
    made: Invocation | None = None
    settings: tuple[Setting, ...] = ()
    dialect: str = ""
    wrapper: Wrapper | None = None
    names: ModelNames | None = None
    before: tuple[Value, ...] = ()
    after: tuple[Value, ...] = ()
    unseen: str = ""
    others: tuple[ClientUse, ...] = ()

    def with_setting(self, one: Setting) -> ClientUse:
        """The client after a call that sets options of it, however it was built."""
        others = tuple(other.with_setting(one) for other in self.others)
        return replace(self, settings=(*self.settings, one), others=others)

    @property
    def construction(self) -> object:
        """A key under which two uses have the same options."""
        made = tuple((id(one.made.call), None if one.made.hidden else id(one.made.at.frame)) for one in self.settings)
        return (self.client.name if self.client is not None else "", made, self.unseen)


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint with the client it is called on."""

    endpoint: Endpoint
    use: ClientUse
    path: tuple[str, ...] = field(default=())
    body: Value | None = None
    """What a plain HTTP request sends as its fields."""


# --- several -------------------------------------------------------------------------------------------------


def joined(targets: list[Target]) -> Target:
    """One target for several: the first, with a host only if they agree (Azure and OpenAI count as OpenAI)."""
    known = [target.use for target in targets if target.use.host is not None]
    agreed = _agreed(known or [target.use for target in targets])
    use = replace(_together([target.use for target in targets]), host=agreed.host, reason=agreed.reason)
    return replace(targets[0], use=use)


def one_of(uses: list[ClientUse]) -> ClientUse:
    """One client for several, whoever answers."""
    agreed = _agreed(uses)
    return replace(_together(uses), host=agreed.host, reason=agreed.reason)


def _agreed(uses: list[ClientUse]) -> ClientUse:
    """The first, with who answers at all of them."""
    found = {use.host for use in uses}
    if len(found) == 1:
        return uses[0]
    if found <= {"openai", "azure"}:
        return replace(uses[0], host="openai")
    return replace(uses[0], host=None, reason=DIFFERS)


def _together(uses: list[ClientUse]) -> ClientUse:
    """The first, with the other ways to build it."""
    found: dict[object, ClientUse] = {}
    for use in uses:
        for one in (use, *use.others):
            found.setdefault(one.construction, replace(one, others=()))
    first, *others = found.values()
    first = replace(first, others=tuple(others))
    return first if len(found) <= _WAYS_LIMIT else blurred(first, _MANY)


def blurred(use: ClientUse, reason: str) -> ClientUse:
    """The client without all that its construction says; the methods that are called on it on all ways stay."""
    calls = [[id(one.made.call) for one in each.settings if one.method] for each in (use, *use.others)]
    methods = tuple(one for one in use.settings if one.method) if calls.count(calls[0]) == len(calls) else ()
    return replace(use, settings=methods, made=None, unseen=reason, others=())
