"""A client as it is used, the endpoint that is called on it, and what holds of several that a call may be made on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from llmlint.catalog.entries import Client, Endpoint, ModelNames, Spelling, Wrapper
from llmlint.linking.evaluation.values import Invocation, Trail, Value

Spelled = Mapping[str, tuple[Spelling, ...]]
ANOTHERS = "on another way to the call the client is another package's"
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
    can't be looked at.
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
    """One target for several: the first, with a host only if they agree (Azure and OpenAI count as OpenAI), and with
    its construction only if they share it.
    """
    first = targets[0]
    if len({target.use.construction for target in targets}) > 1:
        first = replace(first, use=blurred(first.use))
    found = {target.use.host for target in targets}
    if len(found) == 1:
        return first
    if found <= {"openai", "azure"}:
        return replace(first, use=replace(first.use, host="openai"))
    known = [target for target in targets if target.use.host is not None]
    if None in found and known:
        return replace(first, use=replace(first.use, host=joined(known).use.host, reason=joined(known).use.reason))
    return replace(first, use=replace(first.use, host=None, reason=DIFFERS))


def one_of(uses: list[ClientUse]) -> ClientUse:
    """One client for several, as far as they are alike."""
    first = uses[0]
    if len({use.construction for use in uses}) > 1:
        first = blurred(first)
    hosts_found = {use.host for use in uses}
    if len(hosts_found) == 1:
        return first
    if hosts_found <= {"openai", "azure"}:
        return replace(first, host="openai")
    return replace(first, host=None, reason=DIFFERS)


def blurred(use: ClientUse) -> ClientUse:
    return replace(use, settings=(), made=None, unseen="the client is built in another way on another way to the call")
