"""Provider files with their documents come in; mistakes that no single key shows go out: names that lead
nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice

from llmlint.catalog.endpoint_build import complete, endpoint_arguments, with_sets
from llmlint.catalog.provider_schema import (
    ARGUMENTS,
    ClientSection,
    EndpointSection,
    ProviderFile,
    Spellings,
    WrapperSection,
)
from llmlint.document import Document, Path
from llmlint.errors import Problem, suggest

Source = tuple[Document, ProviderFile]
LONGEST_ROW = 20
"""Clients or endpoints that are like one another, one after the other."""
MAX_PROBLEMS = 100
"""Of one file; more of them help nobody."""


def check_providers(sources: Sequence[Source]) -> list[Problem]:
    """All such mistakes of all files; none means that they can be built."""
    known = _Known([file for _, file in sources])
    problems = [problem for source in sources for problem in islice(_File(*source, known).problems(), MAX_PROBLEMS)]
    return problems + list(islice(_described_twice(sources), MAX_PROBLEMS))


def _described_twice(sources: Sequence[Source]) -> Iterator[Problem]:
    """Names that an earlier file, or an earlier place of the same one, has taken."""
    seen: dict[tuple[str, str], str] = {}
    for document, file in sources:
        places: list[tuple[str, str, Path]] = [("provider", file.provider, ("provider",))]
        places += [("dialect", name, ("dialects", name)) for name in file.dialects]
        for index, section in enumerate(file.clients):
            places += [("client", name, ("clients", index, "names")) for name in section.names]
        for index, wrapper in enumerate(file.wrappers):
            places += [("wrapper", name, ("wrappers", index, "names")) for name in wrapper.names]
        for what, name, path in places:
            if (what, name) in seen:
                hint = f"it is described in {seen[what, name]} already; keep one"
                yield document.problem(path, f"{what} `{name}` is described twice", hint)
            seen.setdefault((what, name), document.name)


class _Known:
    """Names that files may speak of in other files."""

    def __init__(self, files: Sequence[ProviderFile]) -> None:
        sections = [(section, name) for file in files for section in file.clients for name in section.names]
        self.clients = {name for _, name in sections}
        self.same_as = {name: section.same_as for section, name in sections}
        self.dialects = {name for file in files for name in file.dialects}

    def in_circle(self, client: str) -> bool:
        """Whether a client is like itself, over however many others."""
        seen: set[str] = set()
        name: str | None = client
        while name is not None and name not in seen:
            seen.add(name)
            name = self.same_as.get(name)
            if len(seen) > LONGEST_ROW:
                return True
        return name is not None


class _File:
    """The mistakes of one file."""

    def __init__(self, document: Document, file: ProviderFile, known: _Known) -> None:
        self.document = document
        self.file = file
        self.known = known

    def problems(self) -> Iterator[Problem]:
        yield from self._clients()
        yield from self._wrappers()
        yield from self._canonical_names()
        yield from self._prompts()
        yield from self._dialects()
        for id_, section in self.file.endpoints.items():
            mistakes = list(self._references(id_, section))
            yield from mistakes
            if not mistakes:
                yield from self._endpoint(id_, complete(self.file, id_))
        yield from self._paths()
        yield from self._routes()

    def _clients(self) -> Iterator[Problem]:
        for index, section in enumerate(self.file.clients):
            here: Path = ("clients", index)
            if section.same_as is not None:
                yield from self._name((*here, "same_as"), section.same_as, self.known.clients, "client")
                if self.known.in_circle(section.names[0]):
                    hint = "name one that stands alone"
                    yield self.document.problem(
                        (*here, "same_as"), "it is like itself in the end, or at the end of too long a row", hint
                    )
            elif section.host is None:
                yield self.document.problem(
                    here, "neither `host` nor `same_as`", "say who answers, or which client it is like"
                )
            for name in section.option_sets:
                yield from self._name((*here, "option_sets"), name, self.file.option_sets, "set of options")
            yield from self._dialect((*here, "dialect"), section.dialect)
            yield from self._sets(here, section.argument_sets)
            for name in section.defaults:
                yield from self._name((*here, "defaults", name), name, ARGUMENTS, "argument")
            if section.model_names:
                yield from self._model_names(here, section.model_names)
            if section.ambient:
                yield from self._name((*here, "ambient"), section.ambient, self.file.ambient, "program-wide client")

    def _sets(self, here: Path, names: Sequence[str]) -> Iterator[Problem]:
        for name in names:
            yield from self._name((*here, "argument_sets"), name, self.file.argument_sets, "set of arguments")

    def _model_names(self, here: Path, name: str) -> Iterator[Problem]:
        yield from self._name((*here, "model_names"), name, self.file.model_names, "way of naming models")

    def _routes(self) -> Iterator[Problem]:
        for index, route in enumerate(self.file.routes):
            yield from self._name(("routes", index, "endpoint"), route.endpoint, self.file.endpoints, "endpoint")

    def _wrappers(self) -> Iterator[Problem]:
        for index, section in enumerate(self.file.wrappers):
            here: Path = ("wrappers", index)
            if section.same_as is not None:
                yield from self._name((*here, "same_as"), section.same_as, self.known.clients, "client")
            yield from self._dialect((*here, "dialect"), section.dialect)
            yield from self._sets(here, section.argument_sets)
            if section.model_names:
                yield from self._model_names(here, section.model_names)

    def _dialect(self, path: Path, name: str) -> Iterator[Problem]:
        if name:
            yield from self._name(path, name, self.known.dialects, "dialect")

    def _dialects(self) -> Iterator[Problem]:
        for name, section in self.file.dialects.items():
            for path, target in section.paths.items():
                yield from self._name(("dialects", name, "paths", path), target, self.file.endpoints, "endpoint")
            for method, said in section.methods.items():
                yield from self._sets(("dialects", name, "methods", method), said.argument_sets)

    def _canonical_names(self) -> Iterator[Problem]:
        places: list[tuple[Path, Mapping[str, Spellings]]] = []
        places += [(("argument_sets", name), given) for name, given in self.file.argument_sets.items()]
        places += [(("endpoints", name, "arguments"), e.arguments) for name, e in self.file.endpoints.items()]
        places += [(("dialects", name, "arguments"), d.arguments) for name, d in self.file.dialects.items()]
        places += [
            (("dialects", name, "methods", method, "arguments"), said.arguments)
            for name, d in self.file.dialects.items()
            for method, said in d.methods.items()
        ]
        places += [(("clients", i, "arguments"), c.arguments) for i, c in enumerate(self.file.clients)]
        places += [(("wrappers", i, "arguments"), w.arguments) for i, w in enumerate(self.file.wrappers)]
        for path, given in places:
            for canonical in given:
                yield from self._name((*path, canonical), canonical, ARGUMENTS, "argument")

    def _prompts(self) -> Iterator[Problem]:
        for name, parts in self.file.prompts.items():
            for index, part in enumerate(parts):
                path: Path = ("prompts", name, index, "argument")
                yield from self._name(path, part.argument, ARGUMENTS, "argument")

    def _references(self, id_: str, section: EndpointSection) -> Iterator[Problem]:
        here: Path = ("endpoints", id_)
        if section.like:
            yield from self._name((*here, "like"), section.like, self.file.endpoints, "endpoint")
            if section.like in self.file.endpoints and self._in_circle(id_):
                yield self.document.problem(
                    (*here, "like"),
                    "it is like itself in the end, or at the end of too long a row",
                    "name one that stands alone",
                )
        elif not {"kind", "api"} <= section.model_fields_set:
            yield self.document.problem(
                here, "`kind` and `api` are missing", "add them, or `like` with another endpoint"
            )
        yield from self._sets(here, section.argument_sets)
        if not section.paths and id_ not in self._led_to():
            yield self.document.problem((*here, "paths"), "nothing leads to it", "add a call path")
        if section.prompt:
            yield from self._name((*here, "prompt"), section.prompt, self.file.prompts, "prompt")
        if section.answer:
            yield from self._name((*here, "answer"), section.answer, self.file.answers, "answer")

    def _in_circle(self, id_: str) -> bool:
        seen: set[str] = set()
        while (section := self.file.endpoints.get(id_)) and section.like:
            if id_ in seen or len(seen) > LONGEST_ROW:
                return True
            seen.add(id_)
            id_ = section.like
        return False

    def _endpoint(self, id_: str, section: EndpointSection) -> Iterator[Problem]:
        """What holds only when the section is complete."""
        here: Path = ("endpoints", id_)
        arguments = endpoint_arguments(self.file, section)
        if section.cap:
            given = [arguments, *(with_sets(self.file, m.argument_sets, m.arguments) for m in self._makers())]
            spelled = {".".join(s.path) for one in given for s in one.get("output_cap", ()) if not s.use}
            yield from self._name((*here, "cap"), section.cap, spelled, "current spelling of output_cap")
        for name in section.defaults:
            yield from self._name((*here, "defaults", name), name, ARGUMENTS, "argument")

    def _led_to(self) -> set[str]:
        """The endpoints to which dialects or routes lead."""
        targets = {target for dialect in self.file.dialects.values() for target in dialect.paths.values()}
        return targets | {route.endpoint for route in self.file.routes}

    def _makers(self) -> Sequence[ClientSection | WrapperSection]:
        """What may set the arguments of a call before it."""
        return [*self.file.clients, *self.file.wrappers]

    def _paths(self) -> Iterator[Problem]:
        seen: dict[str, str] = {}
        for id_, section in self.file.endpoints.items():
            for path in section.paths:
                if path in seen:
                    message = f"call path `{path}` belongs to `{seen[path]}` already"
                    yield self.document.problem(("endpoints", id_, "paths"), message, "keep one")
                seen[path] = id_

    def _name(self, path: Path, name: str, allowed: Collection[str], what: str) -> Iterator[Problem]:
        if name not in allowed:
            hint = suggest(name, allowed) if len(allowed) < 2_000 else ""
            yield self.document.problem(path, f"unknown {what} `{name}`", hint)
