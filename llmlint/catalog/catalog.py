"""Compiled provider, model and ecosystem files in; answers by dotted name, call path and model id out.

catalog = load_catalog()            from llmlint.catalog.loading; reads the YAML
catalog.client("openai.OpenAI")     Client | None: a class, or a module used as a client
catalog.wrapper(dotted)             Wrapper | None: a function: client in, client out, or one that builds it
catalog.resource(dotted)            Resource | None: the class of what `client.<path>` gives
catalog.endpoint(client, ("chat", "completions", "create"), dialect="")     Endpoint | None
catalog.endpoint_by_shape(path, keywords)           Endpoint | None: by its tail, the receiver is unknown
catalog.endpoint_by_name("openai.ChatCompletion.create")    (Client, Endpoint) | None
catalog.keeper("with_options")      "attribute" | "options" | "method" | None: gives back what it hangs on
catalog.method(dialect, "bind")     Method | None: what it sets
catalog.sender("requests.post")     Sender | None: sends an HTTP request
catalog.route(url_path)             Endpoint | None: what answers at the end of a URL
catalog.prompt_object(dotted)       PromptObject | None: makes a message or a template
catalog.host(url)                   "openai" | "azure" | "other" | None; HOLE stands for what is not known
catalog.redirect(dotted)            Host | None: who answers when this call is the client option `provider`
catalog.is_sentinel(dotted)         the value means that an argument is not given
catalog.format_of("json_object")    the output format that a format of this `type` asks for
catalog.models                      .get(id), .tier(model, today), .cheaper_sibling(model, needs, today)
catalog.deployment(name)            Model | None: the user's Azure deployments
catalog.ecosystem                   .volatile(dotted), .entry_point(dotted), .function(table, dotted) ...
catalog.vocabulary                  for the prefilter: any entry of which all words are in the file
catalog.with_models(models), .with_deployments({name: id})      a Catalog with the user's own knowledge
catalog.encode(), decode_catalog(data)              for the cache: no YAML, no validation
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Literal

import msgspec

from llmlint.catalog.ecosystem import Ecosystem, EcosystemData
from llmlint.catalog.entries import (
    Client,
    Dialect,
    Endpoint,
    Host,
    Method,
    Path,
    PromptObject,
    Provider,
    Record,
    Resource,
    Sender,
    Shape,
    Spelling,
    Wrapper,
)
from llmlint.catalog.hosts import host_at
from llmlint.catalog.model_entries import Model, OwnModel
from llmlint.catalog.models import ModelsData, ModelTable
from llmlint.catalog.names import NameTable
from llmlint.errors import LlmlintError

Keeper = Literal["attribute", "options", "method"]


class CatalogData(Record, frozen=True):
    """Everything that was read; what `encode` writes."""

    providers: tuple[Provider, ...] = ()
    models: ModelsData = ModelsData()
    ecosystem: EcosystemData = EcosystemData()
    deployments: dict[str, str] = msgspec.field(default_factory=dict)


@dataclass(frozen=True)
class Catalog:
    """All knowledge, ready for look-ups. Immutable; indexes are built at first use."""

    data: CatalogData
    models: ModelTable = field(init=False, compare=False)
    ecosystem: Ecosystem = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "models", ModelTable(self.data.models))
        object.__setattr__(self, "ecosystem", Ecosystem(self.data.ecosystem))

    # --- names ----------------------------------------------------------------------------------------------

    def canonical(self, dotted: str) -> str:
        """The name behind a drop-in module: `langfuse.openai.OpenAI` is `openai.OpenAI`; others stay as
        they are.
        """
        for module, real in self._drop_ins:
            if dotted == module or dotted.startswith(f"{module}."):
                return real + dotted[len(module) :]
        return dotted

    def client(self, dotted: str) -> Client | None:
        """The client class (or module used as a client) of a name."""
        return self._clients.get(self.canonical(dotted))

    def wrapper(self, dotted: str) -> Wrapper | None:
        """The function of a name that gives a client with the call paths of another."""
        return self._wrappers.get(self.canonical(dotted))

    def resource(self, dotted: str) -> Resource | None:
        """The class of what a path on a client gives (`client.chat.completions`)."""
        return self._resources.get(self.canonical(dotted))

    def describes(self, dotted: str) -> bool:
        """Whether a provider file of the user's says what a class, function or module of this name is."""
        if not self._own:
            return False
        named = self.endpoint_by_name(dotted)
        found = self.client(dotted) or self.wrapper(dotted) or (named[0] if named else None)
        return found is not None and found.provider in self._own

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(provider.name for provider in self.data.providers if provider.own)

    def dialect(self, name: str) -> Dialect | None:
        """What a wrapper adds, by its name."""
        return self._dialects.get(name)

    def is_sentinel(self, dotted: str) -> bool:
        """Whether a value of this name (or a call of it) means that the argument is not given."""
        return self.canonical(dotted) in self._sentinels

    def is_tool_helper(self, dotted: str) -> bool:
        """Whether this function makes a strict tool from a class."""
        return any(self.canonical(dotted) in provider.tool_helpers for provider in self.data.providers)

    def is_format_helper(self, dotted: str) -> bool:
        """Whether this function makes a schema format from a class."""
        return any(self.canonical(dotted) in provider.format_helpers for provider in self.data.providers)

    def redirect(self, dotted: str) -> Host | None:
        """Who answers when a call of this name is the client's option `provider`."""
        found = (provider.redirects.get(self.canonical(dotted)) for provider in self.data.providers)
        return next((host for host in found if host), None)

    def format_of(self, type_: str) -> str | None:
        """The output format (`vocabulary: output.format`) that a format with this `type` asks for."""
        found = (provider.formats.get(type_) for provider in self.data.providers)
        return next((word for word in found if word), None)

    def mode_format(self, dialect: str, mode: str) -> str | None:
        """The output format that a value of the option `mode` asks for: its dotted name or its text."""
        found = self._dialects.get(dialect)
        return found.modes.get(self.canonical(mode)) if found else None

    def environment(self, variable: str) -> str | None:
        """The client option that an environment variable sets (`OPENAI_BASE_URL`: redirect), None if it
        sets none.
        """
        return self._environment.get(variable)

    def variable(self, name: str) -> Host | None:
        """Who answers at the URL that an environment variable of this name holds."""
        return next((provider.variables[name] for provider in self.data.providers if name in provider.variables), None)

    def api_type(self, value: str) -> Host | None:
        """Who answers when the option `api_type` has this value."""
        found = (provider.api_types.get(value.lower()) for provider in self.data.providers)
        return next((host for host in found if host), None)

    # --- calls ----------------------------------------------------------------------------------------------

    def keeper(self, name: str) -> Keeper | None:
        """attribute: gives what it hangs on; options: a method that does so and whose keywords override
        options; method: one that some dialect describes.
        """
        return self._keepers.get(name) or ("method" if name in self._methods else None)

    def method(self, dialect: str, name: str) -> Method | None:
        """What a method that gives the client back sets."""
        found = self._dialects.get(dialect)
        return found.methods.get(name) if found else None

    def sender(self, dotted: str) -> Sender | None:
        """The function or method of a name that sends an HTTP request."""
        return self._senders.get(self.canonical(dotted))

    def route(self, path: str) -> Endpoint | None:
        """The endpoint that answers at the end of a URL's path."""
        return next((endpoint for end, endpoint in self._routes if path.endswith(end)), None)

    def ambient(self, client: Client) -> Mapping[str, tuple[Spelling, ...]]:
        """The functions that set the client of the whole program, with the argument that holds it."""
        found = (provider.ambient.get(client.ambient) for provider in self.data.providers)
        return next((calls for calls in found if calls), {})

    # --- prompts --------------------------------------------------------------------------------------------

    def prompt_object(self, dotted: str) -> PromptObject | None:
        """The class or function of a name that makes a message, a template or a part of one."""
        return self._prompt_objects.get(self.canonical(dotted))

    def is_prompt_keeper(self, method: str) -> bool:
        """Whether a method of templates gives the prompt, filled in."""
        return any(method in provider.prompt_keepers for provider in self.data.providers)

    def role(self, word: str) -> str:
        """A message's role in the API's own word."""
        found = (provider.roles.get(word) for provider in self.data.providers)
        return next((role for role in found if role), word)

    def parser(self, dotted: str) -> str | None:
        """How a step of a pipeline reads the answer: text, json, pydantic."""
        found = (provider.parsers.get(self.canonical(dotted)) for provider in self.data.providers)
        return next((word for word in found if word), None)

    def endpoint(self, client: Client, path: Sequence[str], dialect: str = "") -> Endpoint | None:
        """The endpoint of a call path behind a client. Keepers and containers in it don't count."""
        bare = tuple(name for name in path if name not in self._keepers)
        added = self._dialects.get(dialect or client.dialect)
        if added is not None and (found := self._in_dialect(bare, added)):
            return found
        table = self._paths.get((client.endpoints, client.module), {})
        found = table.get(bare) or table.get(tuple(name for name in bare if name not in self._containers))
        return _with_arguments(found, added) if found and added else found

    def endpoint_by_shape(self, path: Sequence[str], keywords: Collection[str] | None = None) -> Endpoint | None:
        """The endpoint that the tail of a call path shows although the receiver is unknown.

        `keywords` are those at the call; None means that they can't be listed (a splat), so none is asked
        for.
        """
        bare = tuple(name for name in path if name not in self._keepers)
        for length in range(len(bare), 0, -1):
            for endpoint, shape in self._shapes.get(bare[-length:], ()):
                if keywords is None or not shape.needs or not set(shape.needs).isdisjoint(keywords):
                    return endpoint
        return None

    def endpoint_by_name(self, dotted: str) -> tuple[Client, Endpoint] | None:
        """The endpoint of a whole dotted name that starts with a module used as a client."""
        parts = self.canonical(dotted).split(".")
        for length in range(len(parts) - 1, 0, -1):
            client = self._clients.get(".".join(parts[:length]))
            if client and (endpoint := self.endpoint(client, parts[length:])):
                return client, endpoint
        return None

    def is_other_method(self, path: Sequence[str]) -> bool:
        """Whether a call path is known not to be inference (list, retrieve, cancel ...)."""
        dotted = ".".join(name for name in path if name not in self._keepers)
        return any(fnmatchcase(dotted, glob) for provider in self.data.providers for glob in provider.other_methods)

    def host(self, url: str) -> Host | None:
        """Who answers at a URL. Unknown parts are `HOLE`; None where the known part doesn't decide."""
        return host_at(url, self._hosts)

    def deployment(self, name: str) -> Model | None:
        """The model behind one of the user's deployments."""
        target = self.data.deployments.get(name)
        return self.models.get(target) if target else None

    # --- the whole ------------------------------------------------------------------------------------------

    @cached_property
    def vocabulary(self) -> tuple[tuple[bytes, ...], ...]:
        """For the prefilter: a file which, for every entry, lacks one of its words holds no call and no
        client.
        """
        entries = {tuple(map(str.encode, entry)) for provider in self.data.providers for entry in provider.vocabulary}
        return tuple(sorted(entries))

    def with_models(self, models: Iterable[OwnModel]) -> Catalog:
        """A catalogue with the user's models. Raises `LlmlintError` for an alias of an unknown one."""
        return Catalog(_replaced(self.data, models=self.models.with_own(models)))

    def with_deployments(self, deployments: Mapping[str, str]) -> Catalog:
        """A catalogue that knows which model is behind each of the user's deployments.

        Raises `LlmlintError` when one is said to be a model that nobody knows.
        """
        for name, model_id in deployments.items():
            if self.models.get(model_id) is None:
                advice = "correct the id, or describe that model too"
                raise LlmlintError(f"deployment `{name}` is said to be `{model_id}`, an unknown model; {advice}")
        return Catalog(_replaced(self.data, deployments={**self.data.deployments, **deployments}))

    def encode(self) -> bytes:
        """The whole catalogue as bytes, for `decode_catalog`."""
        return msgspec.json.encode(self.data)

    # --- indexes --------------------------------------------------------------------------------------------

    @cached_property
    def _clients(self) -> Mapping[str, Client]:
        return {client.name: client for provider in self.data.providers for client in provider.clients}

    @cached_property
    def _wrappers(self) -> NameTable[Wrapper]:
        return NameTable((w.name, w) for provider in self.data.providers for w in provider.wrappers)

    @cached_property
    def _resources(self) -> Mapping[str, Resource]:
        return {resource.name: resource for provider in self.data.providers for resource in provider.resources}

    @cached_property
    def _dialects(self) -> Mapping[str, Dialect]:
        return {dialect.name: dialect for provider in self.data.providers for dialect in provider.dialects}

    @cached_property
    def _methods(self) -> frozenset[str]:
        return frozenset(name for dialect in self._dialects.values() for name in dialect.methods)

    @cached_property
    def _sentinels(self) -> frozenset[str]:
        return frozenset(name for provider in self.data.providers for name in provider.sentinels)

    @cached_property
    def _senders(self) -> Mapping[str, Sender]:
        return {sender.name: sender for provider in self.data.providers for sender in provider.senders}

    @cached_property
    def _prompt_objects(self) -> Mapping[str, PromptObject]:
        return {one.name: one for provider in self.data.providers for one in provider.prompt_objects}

    @cached_property
    def _routes(self) -> Sequence[tuple[str, Endpoint]]:
        routes = [
            (end, self._by_id[provider.name, endpoint])
            for provider in self.data.providers
            for end, endpoint in provider.routes.items()
        ]
        return sorted(routes, key=lambda route: -len(route[0]))

    @cached_property
    def _keepers(self) -> Mapping[str, Keeper]:
        names: dict[str, Keeper] = {}
        for provider in self.data.providers:
            names.update(dict.fromkeys(provider.keepers, "attribute"))
            names.update(dict.fromkeys(provider.options_methods, "options"))
        return names

    @cached_property
    def _containers(self) -> frozenset[str]:
        return frozenset(name for provider in self.data.providers for name in provider.containers)

    @cached_property
    def _environment(self) -> Mapping[str, str]:
        return {
            variable: option
            for provider in self.data.providers
            for option, variables in provider.environment.items()
            for variable in variables
        }

    @cached_property
    def _drop_ins(self) -> Sequence[tuple[str, str]]:
        pairs = [pair for provider in self.data.providers for pair in provider.drop_ins.items()]
        return sorted(pairs, key=lambda pair: -len(pair[0]))

    @cached_property
    def _hosts(self) -> Sequence[tuple[str, Host]]:
        return [pair for provider in self.data.providers for pair in provider.hosts.items()]

    @cached_property
    def _paths(self) -> Mapping[tuple[str, bool], Mapping[Path, Endpoint]]:
        tables: dict[tuple[str, bool], dict[Path, Endpoint]] = {}
        for provider in self.data.providers:
            for endpoint in provider.endpoints:
                for module in (True,) if endpoint.module_only else (True, False):
                    table = tables.setdefault((endpoint.provider, module), {})
                    table.update(dict.fromkeys(endpoint.paths, endpoint))
        return tables

    @cached_property
    def _by_id(self) -> Mapping[tuple[str, str], Endpoint]:
        return {(e.provider, e.id): e for provider in self.data.providers for e in provider.endpoints}

    @cached_property
    def _shapes(self) -> Mapping[Path, Sequence[tuple[Endpoint, Shape]]]:
        shapes: dict[Path, list[tuple[Endpoint, Shape]]] = {}
        for provider in self.data.providers:
            for endpoint in provider.endpoints:
                for shape in endpoint.shapes:
                    shapes.setdefault(shape.path, []).append((endpoint, shape))
        return shapes

    def _in_dialect(self, path: Path, dialect: Dialect) -> Endpoint | None:
        shortened = ".".join(name for name in path if name not in dialect.keepers)
        target = dialect.paths.get(shortened)
        return _with_arguments(self._by_id[dialect.provider, target], dialect) if target else None


def decode_catalog(data: bytes) -> Catalog:
    """A catalogue from its encoded form. Raises `msgspec.MsgspecError` when the data are not what they
    should be.
    """
    return Catalog(_decoder.decode(data))


_decoder = msgspec.json.Decoder(CatalogData)
_replaced = msgspec.structs.replace


def _with_arguments(endpoint: Endpoint, dialect: Dialect) -> Endpoint:
    return _replaced(endpoint, arguments={**endpoint.arguments, **dialect.arguments})
