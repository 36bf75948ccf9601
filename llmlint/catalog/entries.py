"""What a compiled catalogue consists of: plain, immutable, encodable records, free of YAML and of validation.

Names are dotted (`package.module.Class.method`); paths are tuples of attribute names behind a client or
module. Dates are ISO strings, so they compare as text.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

Path: TypeAlias = tuple[str, ...]
Host = Literal["openai", "azure", "other"]
Status = Literal["active", "deprecated", "shutdown"]
Every = Literal["call", "day", "process"]


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The common form: frozen, keyword-only, encodable."""


# --- providers --------------------------------------------------------------------------------------------


class Lifecycle(Record, frozen=True):
    """`status` as of the catalogue's date; `shutdown` and `replacement` are empty where none is announced."""

    status: Status = "active"
    shutdown: str = ""
    replacement: str = ""

    def on(self, today: str) -> Status:
        """The status on a day (ISO). A shutdown date that has passed wins over what was written down."""
        if self.shutdown:
            return "shutdown" if self.shutdown <= today else "deprecated"
        return self.status


class Spelling(Record, frozen=True):
    """One way to give an argument or option: a keyword, then keys inside its value (`("text", "format")`).

    `position` is its index where it may be positional. `use` names the spelling that replaces a deprecated
    one.
    """

    path: Path
    position: int | None = None
    use: str = ""


class PromptPart(Record, frozen=True):
    """One part of the rendered prompt: which canonical argument holds it and what its value looks like.

    messages: list of {role, content}; items: text, or a list of messages and other items; text: a string or a
    list of strings; tools: list of definitions; schema: a format, which counts only if it carries a schema.
    """

    argument: str
    shape: Literal["messages", "items", "text", "tools", "schema"]


class Shape(Record, frozen=True):
    """A tail of a call path that shows the endpoint on an unknown receiver; one keyword of `needs` must be
    there.
    """

    path: Path
    needs: tuple[str, ...] = ()


class Endpoint(Record, frozen=True):
    """One method that makes a call site. See `vocabulary` for `kind`, `api` and the names of `arguments`.

    `arguments` maps canonical names (those of `argument.*`, and model, messages, input, prompt ...) to
    spellings. `prompt` is in rendered order. `answer` maps what can be read from the answer (text, parsed,
    tool_arguments, refusal, finish) to the paths where it stands; "*" is any index or key. `manager` says
    that the call returns a context manager, not an answer. `defaults` are the API's, by canonical name.
    `asynchronous` is set where the method itself says so (acreate), whatever the client. `returns` is what the call
    itself gives: answer, text or parsed. `client` spells the argument that holds the client of a function.
    """

    id: str
    provider: str
    kind: str
    api: str
    paths: tuple[Path, ...]
    module_only: bool = False
    shapes: tuple[Shape, ...] = ()
    lifecycle: Lifecycle = Lifecycle()
    batchable: bool = False
    cap_parameter: str = ""
    arguments: dict[str, tuple[Spelling, ...]] = msgspec.field(default_factory=dict)
    defaults: dict[str, str | int | float | bool | None] = msgspec.field(default_factory=dict)
    prompt: tuple[PromptPart, ...] = ()
    answer: dict[str, tuple[Path, ...]] = msgspec.field(default_factory=dict)
    manager: bool = False
    returns: str = "answer"
    client: tuple[Spelling, ...] = ()
    asynchronous: bool | None = None


class ModelNames(Record, frozen=True):
    """How the name of a model says who answers: by what stands before the first `separator`, or, without one, by the
    beginnings in `bare`; all else is another host. `option` is the argument that may name the provider instead.
    `unnamed` answers where no model is given at all (None: nobody knows).
    """

    separator: str
    hosts: dict[str, Host]
    bare: tuple[str, ...] = ()
    option: str = ""
    unnamed: Host | None = None

    def parted(self, name: str) -> tuple[str, str]:
        """What names the provider ("" if nothing does), and the model's own id."""
        provider, separator, rest = name.partition(self.separator)
        return (provider, rest) if separator else ("", name)

    def host(self, name: str) -> Host:
        """Who answers for a model of this name."""
        provider, _ = self.parted(name)
        if provider:
            return self.hosts.get(provider, "other")
        return "openai" if name.startswith(self.bare) else "other"


class Method(Record, frozen=True):
    """A method that gives the client back, with what its arguments set."""

    options: dict[str, tuple[Spelling, ...]] = msgspec.field(default_factory=dict)
    arguments: dict[str, tuple[Spelling, ...]] = msgspec.field(default_factory=dict)


class PromptObject(Record, frozen=True):
    """A class or function that makes a message or a template: which of its arguments hold what.

    `history`: it stands for the messages so far. `holes`: `{name}` in its texts is filled in later.
    """

    name: str
    role: str = ""
    role_from: tuple[Spelling, ...] = ()
    text: tuple[Spelling, ...] = ()
    messages: tuple[Spelling, ...] = ()
    history: bool = False
    holes: bool = False


class Sender(Record, frozen=True):
    """A function or method that sends an HTTP request. `base` is the option of its client that precedes the URL."""

    name: str
    provider: str
    url: tuple[Spelling, ...]
    body: tuple[Spelling, ...]
    base: str = ""
    timeout: tuple[Spelling, ...] = ()
    headers: tuple[Spelling, ...] = ()
    asynchronous: bool = False


class Client(Record, frozen=True):
    """A class whose instances are clients, or (`module`) a module used as one.

    `options` maps canonical options to constructor keywords, or to the module's globals: redirect (sends
    calls to another host), deployment, api_version, api_type, timeout, max_retries, headers, provider,
    transport, model, project, organization. `host` is who answers when nothing redirects. `endpoints` names the
    provider whose call paths it has, "" if none. `dialect` is set where instances have extra paths and arguments.
    `arguments` are those that the construction gives to every request, `defaults` those that the client sends
    by itself. `ambient` names the calls that set the client for the whole program;
    where `optional`, it answers by itself without them.
    """

    name: str
    provider: str
    endpoints: str
    host: Host | Literal["unknown"]
    asynchronous: bool = False
    module: bool = False
    options: dict[str, tuple[Spelling, ...]] = msgspec.field(default_factory=dict)
    arguments: dict[str, tuple[Spelling, ...]] = msgspec.field(default_factory=dict)
    defaults: dict[str, str | int | float | bool | None] = msgspec.field(default_factory=dict)
    model_names: ModelNames | None = None
    ambient: str = ""
    optional: bool = False
    dialect: str = ""


class Wrapper(Record, frozen=True):
    """A function that takes a client and gives one with the same call paths (`builds` False), or builds one
    itself.

    `client` spells the argument that is the client. `same_as` names the client class that comes out, where
    it doesn't depend on what goes in. `options` and `arguments` as for clients. `dialect` names the additions
    that the result has.
    """

    name: str
    provider: str
    client: tuple[Spelling, ...] = ()
    builds: bool = False
    same_as: str = ""
    asynchronous: bool | None = None
    options: dict[str, tuple[Spelling, ...]] = msgspec.field(default_factory=dict)
    arguments: dict[str, tuple[Spelling, ...]] = msgspec.field(default_factory=dict)
    model_names: ModelNames | None = None
    dialect: str = ""
    in_place: bool = False
    """It changes the client that it is given, so that its result need not be used."""


class Resource(Record, frozen=True):
    """A class whose instances are what `client.<path>` gives, met in annotations and constructors."""

    name: str
    provider: str
    path: Path
    asynchronous: bool = False


class Dialect(Record, frozen=True):
    """What a wrapper adds to the call paths and arguments of the client inside.

    `paths` maps more call paths to endpoint ids. `arguments` are added to (and win over) those of every
    endpoint. `methods` give the client back. `modes` maps values of the option `mode` (dotted or plain text) to an
    output format; `default_format` is without one.
    """

    name: str
    provider: str
    keepers: tuple[str, ...] = ()
    """Attributes of the wrapped client that are that client itself."""
    paths: dict[str, str] = msgspec.field(default_factory=dict)
    arguments: dict[str, tuple[Spelling, ...]] = msgspec.field(default_factory=dict)
    methods: dict[str, Method] = msgspec.field(default_factory=dict)
    modes: dict[str, str] = msgspec.field(default_factory=dict)
    default_format: str = ""
    returns_parsed: bool = False
    """A call with a format gives the parsed object itself, not the API's answer."""


class Provider(Record, frozen=True):
    """One provider file, compiled. `keepers` are attributes and methods that give back what they hang on;
    `options_methods` are those of them whose keywords override the client's options. `containers` only hold
    others. `sentinels` mean "not given". `formats` maps the `type` of a format to an output format.
    `tool_helpers` and `format_helpers` make a strict tool or a schema from a class. `environment` maps
    canonical options to variables. `hosts` maps host names (a leading dot: any subdomain) to who answers.
    `variables` maps environment variables that hold a URL to who answers there, `api_types` values of the
    option `api_type`. `drop_ins` maps a module to the one it stands in for. `redirects` maps functions whose
    result is the option `provider` to who answers then. `ambient` maps a name to the calls that set the client
    for the whole program. `routes` maps the ends of URLs to endpoints. `parsers` are steps behind a client.
    `vocabulary`: all words of at least one of its entries stand in a file that can hold a call site or build a
    client.
    """

    name: str
    own: bool = False
    """It comes from a file of the user's, and may speak of modules of the project."""
    exclusive: bool = True
    """No module of a project is taken for its packages, whatever its name."""
    clients: tuple[Client, ...] = ()
    wrappers: tuple[Wrapper, ...] = ()
    resources: tuple[Resource, ...] = ()
    dialects: tuple[Dialect, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    other_methods: tuple[str, ...] = ()
    keepers: tuple[str, ...] = ()
    options_methods: tuple[str, ...] = ()
    containers: tuple[str, ...] = ()
    sentinels: tuple[str, ...] = ()
    formats: dict[str, str] = msgspec.field(default_factory=dict)
    tool_helpers: tuple[str, ...] = ()
    format_helpers: tuple[str, ...] = ()
    environment: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    hosts: dict[str, Host] = msgspec.field(default_factory=dict)
    variables: dict[str, Host] = msgspec.field(default_factory=dict)
    api_types: dict[str, Host] = msgspec.field(default_factory=dict)
    drop_ins: dict[str, str] = msgspec.field(default_factory=dict)
    redirects: dict[str, Host] = msgspec.field(default_factory=dict)
    ambient: dict[str, dict[str, tuple[Spelling, ...]]] = msgspec.field(default_factory=dict)
    prompt_objects: tuple[PromptObject, ...] = ()
    roles: dict[str, str] = msgspec.field(default_factory=dict)
    prompt_keepers: tuple[str, ...] = ()
    parsers: dict[str, str] = msgspec.field(default_factory=dict)
    senders: tuple[Sender, ...] = ()
    routes: dict[str, str] = msgspec.field(default_factory=dict)
    called_as: tuple[str, ...] = ()
    vocabulary: tuple[tuple[str, ...], ...] = ()


# --- the Python world -------------------------------------------------------------------------------------


class Volatile(Record, frozen=True):
    """A function or attribute whose value changes: `kind` and `every` in the words of `prompt.change_*`."""

    name: str
    kind: Literal["clock", "random", "identifier", "request", "environment", "unordered"]
    every: Every
    format_argument: int | None = None
    """Position of a format (strftime) that may coarsen it."""


class Deployment(Record, frozen=True):
    """Files (by name) outside of Python whose lines name, behind one of the texts `after`, what is started.

    `dotted` says that the last part of a dotted name is a function there.
    """

    files: tuple[str, ...]
    after: tuple[str, ...]
    role: str
    what: str
    dotted: bool = False


class EntryPoint(Record, frozen=True):
    """A decorator, base class or call that shows who runs the code below it.

    decorator: on a function or class; base: of a class; call: the call itself shows it, for the module it
    stands in; argument: a function handed to this call. `what` finishes the sentence "here ...", for
    evidence.
    """

    name: str
    role: Literal["online", "offline", "test"]
    how: Literal["decorator", "base", "call", "argument", "terminal"]
    what: str


class Function(Record, frozen=True):
    """A function known for what it does with an argument. `kind` is the table's word for it.

    `positions` and `keywords` say which argument is meant (the function called, the collection, the text);
    position -1 means all positional arguments.
    """

    name: str
    kind: str
    positions: tuple[int, ...] = ()
    keywords: tuple[str, ...] = ()
