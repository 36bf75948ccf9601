"""The endpoints of a checked provider file come in, `Endpoint` records with sets and likeness filled in go
out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from llmlint.catalog.entries import Endpoint, Lifecycle, Path, PromptPart, Shape, Spelling
from llmlint.catalog.provider_schema import (
    EndpointSection,
    LifecycleSection,
    ProviderFile,
    Spellings,
    SpellingSection,
)

Name = TypeVar("Name", bound=str)


def build_endpoints(file: ProviderFile) -> Iterable[Endpoint]:
    """All endpoints of a file, in its order."""
    return (_endpoint(file, id_, complete(file, id_)) for id_ in file.endpoints)


def complete(file: ProviderFile, id_: str) -> EndpointSection:
    """A section with all that it takes from the one that it is like. Arguments add up; paths and shapes are
    its own.
    """
    section = file.endpoints[id_]
    if not section.like:
        return section
    model = complete(file, section.like)
    said = {name: getattr(section, name) for name in section.model_fields_set}
    said["arguments"] = {**model.arguments, **section.arguments}
    return model.model_copy(update={"shapes": {}, **said, "like": ""})


def _endpoint(file: ProviderFile, id_: str, section: EndpointSection) -> Endpoint:
    answers = file.answers.get(section.answer, {})
    return Endpoint(
        id=id_,
        provider=file.provider,
        kind=section.kind,
        api=section.api,
        paths=tuple(map(path, section.paths)),
        module_only=section.module_only,
        shapes=tuple(Shape(path=path(tail), needs=tuple(needs)) for tail, needs in section.shapes.items()),
        lifecycle=_lifecycle(section.lifecycle),
        batchable=section.batchable,
        cap_parameter=section.cap,
        arguments=endpoint_arguments(file, section),
        defaults=dict(section.defaults),
        prompt=tuple(PromptPart(argument=p.argument, shape=p.shape) for p in file.prompts.get(section.prompt, ())),
        answer={what: tuple(map(path, places)) for what, places in answers.items()},
        manager=section.manager,
        returns=section.returns,
        client=spellings(section.client) if section.client is not None else (),
        asynchronous=section.asynchronous,
    )


def endpoint_arguments(file: ProviderFile, section: EndpointSection) -> dict[str, tuple[Spelling, ...]]:
    """The arguments of its sets and its own; later ones win, and an empty list removes one."""
    return with_sets(file, section.argument_sets, section.arguments)


def with_sets(file: ProviderFile, sets: Sequence[str], own: Mapping[str, Spellings]) -> dict[str, tuple[Spelling, ...]]:
    """The arguments of some sets of a file and more; later ones win, and an empty list removes one."""
    given: dict[str, Spellings] = {}
    for name in sets:
        given.update(file.argument_sets[name])
    return arguments_of({**given, **own})


def arguments_of(given: Mapping[Name, Spellings]) -> dict[str, tuple[Spelling, ...]]:
    """Canonical names with their spellings, without those that have none."""
    return {name: found for name, spelled in given.items() if (found := spellings(spelled))}


def spellings(given: Spellings) -> tuple[Spelling, ...]:
    """Spellings in the order of the file, from each of the forms that it allows."""
    if isinstance(given, list):
        return tuple(spelling for item in given for spelling in spellings(item))
    if isinstance(given, SpellingSection):
        return (Spelling(path=path(given.name), position=given.position, use=given.use or ""),)
    return (Spelling(path=path(given)),)


def path(dotted: str) -> Path:
    """`text.format` as a path."""
    return tuple(dotted.split("."))


def _lifecycle(section: LifecycleSection | None) -> Lifecycle:
    if section is None:
        return Lifecycle()
    return Lifecycle(status=section.status, shutdown=section.shutdown or "", replacement=section.replacement)
