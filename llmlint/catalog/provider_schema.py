"""The form of providers/*.yaml: what a provider file may say, with the reason for each key.

Users' own provider files have the same form. Everything is checked here that can be checked inside one file.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from llmlint.facts.vocabulary import NAMES

Dotted = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$")]
DottedPattern = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*(\.\*)?$")]
AnswerPath = Annotated[str, StringConstraints(pattern=r"^(\*|[A-Za-z_]\w*)(\.(\*|[A-Za-z_]\w*))*$")]
Date = Annotated[str, StringConstraints(pattern=r"^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
HostName = Annotated[str, StringConstraints(pattern=r"^\.?[a-z0-9-]+(\.[a-z0-9-]+)+$")]
Word = Annotated[str, StringConstraints(min_length=3)]
Host = Literal["openai", "azure", "other"]
Kind = Literal[
    "generation", "embedding", "image", "audio", "video", "moderation", "batch", "assistant", "realtime",
    "decision", "file", "tuning", "evaluation", "other",
]  # fmt: skip
Option = Literal[
    "redirect", "deployment", "api_version", "api_type", "timeout", "max_retries", "headers", "provider",
    "transport", "model", "mode", "async", "project", "organization",
]  # fmt: skip
Answer = Literal["text", "parsed", "tool_arguments", "refusal", "finish", "usage", "embedding"]

ARGUMENTS = frozenset(name.removeprefix("argument.") for name in NAMES if name.startswith("argument.")) | {
    "additional_instructions", "api_type", "assistant", "batch_endpoint", "file", "include", "input", "input_cap",
    "inputs", "instructions", "language", "messages", "modalities", "model",
    "model_provider", "prediction", "prompt", "purpose", "quality",
    "questions", "reasks", "redirect", "reusable_prompt", "size", "suffix", "top_logprobs", "truncation", "voice",
}  # fmt: skip
"""Canonical names of arguments: those that rules read, and those that only linking reads."""


class Section(BaseModel):
    """The common form: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class SpellingSection(Section):
    """One spelling in full, where a bare name is not enough."""

    name: Dotted
    """The keyword; with a dot, a key inside its value: `text.format`."""
    position: int | None = Field(default=None, ge=0)
    """Its index among the positional arguments, where it may be positional."""
    use: Dotted | None = None
    """The spelling that replaces it. Makes this one deprecated."""


Spellings = Dotted | SpellingSection | list[Dotted | SpellingSection]


class LifecycleSection(Section):
    """State of an endpoint as announced."""

    status: Literal["active", "deprecated", "shutdown"]
    shutdown: Date | None = None
    """The announced or past day on which it stops answering."""
    replacement: str = ""
    source: str
    """Where this was read."""


class PartSection(Section):
    """One part of the rendered prompt."""

    argument: str
    shape: Literal["messages", "items", "text", "tools", "schema"]


class EndpointSection(Section):
    """One method that makes a call site."""

    like: str = ""
    """Another endpoint of the file, from which everything is taken that is not said here, but paths and
    shapes.
    """
    kind: Kind = "other"
    api: str = ""
    """Family of the API, for rules: chat, responses, legacy, embeddings ..."""
    paths: list[Dotted]
    """Every way to reach it behind a client, without keepers. None where only dialects lead to it."""
    module_only: bool = False
    """It exists on the module, not on client objects."""
    shapes: dict[Dotted, list[str]] = {}
    """Tails that show it on an unknown receiver, with keywords of which one must be given (none: always)."""
    lifecycle: LifecycleSection | None = None
    batchable: bool = False
    cap: str = ""
    """The right spelling of the output cap here; empty if there is none."""
    argument_sets: list[str] = []
    """Names of the sets of arguments that it takes; later ones win."""
    arguments: dict[str, Spellings] = {}
    """More arguments, or other spellings than those of the sets. An empty list removes one."""
    defaults: dict[str, str | int | float | bool | None] = {}
    """What the API assumes when an argument is not given, by canonical name."""
    prompt: str = ""
    """What the model reads: a name of `prompts`."""
    answer: str = ""
    """What can be read from the answer: a name of `answers`."""
    manager: bool = False
    """The call returns a context manager that gives the answer."""
    returns: Literal["answer", "text", "parsed"] = "answer"
    """What the call itself gives: an answer to look into, or its text, or what is made of it."""
    client: Spellings | None = None
    """The argument that holds the client, where the endpoint is a function."""
    asynchronous: bool | None = None


class RouteSection(Section):
    """One path of the API under plain HTTP."""

    path: Annotated[str, StringConstraints(pattern=r"^(/[a-z0-9_-]+)+$")]
    """The end of the URL's path."""
    endpoint: Dotted
    """The endpoint whose arguments the body holds."""


class SenderSection(Section):
    """Functions and methods that send an HTTP request."""

    names: list[Dotted] = Field(min_length=1)
    url: Spellings
    body: list[Dotted | SpellingSection] = Field(min_length=1)
    """What holds the request's fields: a mapping, or its JSON."""
    base: Dotted | None = None
    """The option of the client's construction that stands before the URL."""
    timeout: Dotted | None = None
    headers: Dotted | None = "headers"
    asynchronous: bool = False


class ModelNamesSection(Section):
    """How the name of a model says who answers."""

    separator: Literal["/", ":"]
    hosts: dict[str, Host]
    """Who answers, by what stands before the first separator; anything else is another host."""
    bare: list[str] = []
    """Beginnings of names without a separator that are the first vendor's; others are another host's."""
    option: str = ""
    """The argument that may name the provider apart from the model."""
    unnamed: Host | None = None
    """Who answers when no model is given."""


class MethodSection(Section):
    """A method that gives the client back, changed by what it is given."""

    argument_sets: list[str] = []
    arguments: dict[str, Spellings] = {}
    options: dict[Option, Spellings] = {}


class PromptObjectSection(Section):
    """Classes and functions that make a message, a prompt template or a part of one."""

    names: list[Dotted] = Field(min_length=1)
    role: str = ""
    role_from: Spellings | None = None
    """The argument that says the role."""
    text: Spellings | None = None
    messages: Spellings | None = None
    history: bool = False
    """It stands for the messages so far."""
    holes: bool = False
    """`{name}` in its texts is filled in later."""


class SpelledCallSection(Section):
    """Functions, and which of their arguments is meant."""

    names: list[Dotted] = Field(min_length=1)
    argument: Spellings


class ClientSection(Section):
    """Client classes, or modules used as a client, that are alike."""

    names: list[Dotted] = Field(min_length=1)
    """All dotted names under which they can be imported."""
    same_as: Dotted | None = None
    """A client (of any provider file) from which everything is taken that is not said here."""
    asynchronous: bool | None = None
    module: bool = False
    host: Host | Literal["unknown"] | None = None
    """Who answers when nothing redirects."""
    endpoints: bool = True
    """False for clients with call paths of their own, which are known only so that they aren't mistaken."""
    option_sets: list[str] = []
    options: dict[Option, Spellings] = {}
    argument_sets: list[str] = []
    arguments: dict[str, Spellings] = {}
    """What the construction gives to every request."""
    defaults: dict[str, str | int | float | bool | None] = {}
    """What the client itself sends when nobody says anything, by canonical name."""
    model_names: str = ""
    """How its models are named: a name of `model_names`."""
    ambient: str = ""
    """It uses the client that was set for the whole program: a name of `ambient`."""
    optional: bool = False
    """Without such a call it answers as its own host."""
    dialect: str = ""


class WrapperSection(Section):
    """Functions that give a client: from one that goes in, or (`builds`) from nothing."""

    names: list[DottedPattern] = Field(min_length=1)
    client: Spellings = SpellingSection(name="client", position=0)
    builds: bool = False
    same_as: Dotted | None = None
    """The client class that comes out. Needed with `builds`."""
    asynchronous: bool | None = None
    options: dict[Option, Spellings] = {}
    argument_sets: list[str] = []
    arguments: dict[str, Spellings] = {}
    """What it gives to every request of the client that comes out."""
    model_names: str = ""
    """How its models are named: a name of `model_names`."""
    dialect: str = ""
    in_place: bool = False
    """It changes the client that it is given."""
    source: str = ""

    @model_validator(mode="after")
    def _built_class_is_named(self) -> WrapperSection:
        if self.builds and self.same_as is None:
            raise PydanticCustomError(
                "no_class", "`builds` without `same_as`", {"hint": "name the client class that comes out"}
            )
        return self


class ResourceSection(Section):
    """Classes of what a path on a client gives."""

    names: list[Dotted] = Field(min_length=1)
    path: Dotted
    asynchronous: bool = False


class DialectSection(Section):
    """What a wrapper adds to the client inside."""

    keepers: list[str] = []
    """Attributes of the wrapped client that are that client itself."""
    paths: dict[Dotted, Dotted] = {}
    """More call paths and the endpoint that each stands for."""
    arguments: dict[str, Spellings] = {}
    methods: dict[str, MethodSection] = {}
    """Methods that give the client back, changed by what they are given."""
    modes: dict[str, Literal["json_object", "json_schema", "tools", "prose_json"]] = {}
    """Values of the option `mode` (dotted name or text) and the output format that they ask for."""
    default_format: Literal["", "json_object", "json_schema", "tools", "prose_json"] = ""
    returns_parsed: bool = False
    """A call with a format gives the parsed object itself, not the API's answer."""
    source: str = ""


class ProviderFile(Section):
    """One provider: its clients, call paths and spellings."""

    provider: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]
    as_of: Date
    """When this was read."""
    sources: dict[str, str] = {}
    exclusive: bool = True
    """No module of a project is taken for its packages, whatever its name."""
    hosts: dict[HostName, Host] = {}
    """Host names and who answers there; a leading dot stands for any subdomain."""
    variables: dict[str, Host] = {}
    """Environment variables that hold a URL, and who answers there."""
    api_types: dict[str, Host] = {}
    """Values of the option `api_type`, and who answers then."""
    environment: dict[Option, list[str]] = {}
    """Environment variables that set options of the client."""
    keepers: list[str] = []
    options_methods: list[str] = []
    containers: list[str] = []
    sentinels: list[Dotted] = []
    formats: dict[str, Literal["text", "json_object", "json_schema", "tools"]] = {}
    tool_helpers: list[Dotted] = []
    format_helpers: list[Dotted] = []
    redirects: dict[Dotted, Host] = {}
    """Functions whose result, given as the option `provider`, sends the calls elsewhere."""
    drop_ins: dict[Dotted, Dotted] = {}
    """Modules that stand in for another one, name by name."""
    vocabulary: list[Annotated[list[Word], Field(min_length=1)]] = []
    """Words that all stand in a file if it holds a call of some kind or builds a client; one entry is
    enough.
    """
    called_as: list[Word] = []
    """Attributes in which programs keep a client that is called itself, in another file than where it is built."""
    model_names: dict[str, ModelNamesSection] = {}
    ambient: dict[str, list[SpelledCallSection]] = {}
    """Calls that set the client for the whole program."""
    prompt_objects: list[PromptObjectSection] = []
    roles: dict[str, Literal["system", "developer", "user", "assistant", "tool", "history"]] = {}
    """Other words for the roles of messages."""
    prompt_keepers: list[str] = []
    """Methods of templates that give the prompt, filled in by their keywords or by a mapping."""
    parsers: dict[Dotted, Literal["text", "json", "pydantic"]] = {}
    """Steps behind a client in a pipeline, and how they read its answer."""
    senders: list[SenderSection] = []
    routes: list[RouteSection] = []
    option_sets: dict[str, dict[Option, Spellings]] = {}
    argument_sets: dict[str, dict[str, Spellings]] = {}
    prompts: dict[str, list[PartSection]] = {}
    answers: dict[str, dict[Answer, list[AnswerPath]]] = {}
    clients: list[ClientSection] = []
    wrappers: list[WrapperSection] = []
    resources: list[ResourceSection] = []
    dialects: dict[str, DialectSection] = {}
    endpoints: dict[str, EndpointSection] = {}
    other_methods: list[str] = []
    """Globs of call paths that are known not to be inference, so that no shape claims them."""
