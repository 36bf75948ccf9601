"""Checked provider files come in, `Provider` records with all sets filled in go out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from llmlint.catalog.endpoint_build import arguments_of, build_endpoints, path, spellings, with_sets
from llmlint.catalog.entries import (
    Client,
    Dialect,
    Method,
    ModelNames,
    PromptObject,
    Provider,
    Resource,
    Sender,
    Spelling,
    Wrapper,
)
from llmlint.catalog.provider_schema import ClientSection, ProviderFile, SpelledCallSection, Spellings

Options = dict[str, tuple[Spelling, ...]]


def build_providers(files: Sequence[ProviderFile]) -> tuple[Provider, ...]:
    """All providers. The files must have passed `provider_check`."""
    sections = {name: (file, section) for file in files for section in file.clients for name in section.names}
    clients: dict[str, Client] = {}
    for name in sections:
        _build_client(name, sections, clients)
    return tuple(_provider(file, [c for c in clients.values() if c.provider == file.provider]) for file in files)


def _build_client(
    name: str, sections: Mapping[str, tuple[ProviderFile, ClientSection]], clients: dict[str, Client]
) -> Client:
    """One client, after the one that it is like."""
    if name not in clients:
        file, section = sections[name]
        model = _build_client(section.same_as, sections, clients) if section.same_as else None
        clients[name] = _client(name, file, section, model)
    return clients[name]


def _provider(file: ProviderFile, clients: Sequence[Client]) -> Provider:
    return Provider(
        name=file.provider,
        exclusive=file.exclusive,
        clients=tuple(clients),
        wrappers=tuple(_wrappers(file)),
        resources=tuple(_resources(file)),
        dialects=tuple(_dialects(file)),
        endpoints=tuple(build_endpoints(file)),
        other_methods=tuple(file.other_methods),
        keepers=tuple(file.keepers),
        options_methods=tuple(file.options_methods),
        containers=tuple(file.containers),
        sentinels=tuple(file.sentinels),
        formats=dict(file.formats),
        tool_helpers=tuple(file.tool_helpers),
        format_helpers=tuple(file.format_helpers),
        environment={option: tuple(names) for option, names in file.environment.items()},
        hosts=dict(file.hosts),
        variables=dict(file.variables),
        api_types=dict(file.api_types),
        drop_ins=dict(file.drop_ins),
        redirects=dict(file.redirects),
        ambient={name: _ambient(calls) for name, calls in file.ambient.items()},
        prompt_objects=tuple(_prompt_objects(file)),
        roles=dict(file.roles),
        prompt_keepers=tuple(file.prompt_keepers),
        parsers=dict(file.parsers),
        senders=tuple(_senders(file)),
        routes={route.path: route.endpoint for route in file.routes},
        called_as=tuple(file.called_as),
        vocabulary=tuple(tuple(words) for words in file.vocabulary),
    )


def _client(name: str, file: ProviderFile, section: ClientSection, model: Client | None) -> Client:
    """A client; what its section doesn't say is as in `model`."""
    plain = model or Client(name="", provider="", endpoints=file.provider if section.endpoints else "", host="other")
    return Client(
        name=name,
        provider=file.provider,
        endpoints=plain.endpoints,
        host=section.host or plain.host,
        asynchronous=plain.asynchronous if section.asynchronous is None else section.asynchronous,
        module=section.module or plain.module,
        options={**plain.options, **_options(file, section)},
        arguments={**plain.arguments, **with_sets(file, section.argument_sets, section.arguments)},
        defaults={**plain.defaults, **section.defaults},
        model_names=_model_names(file, section.model_names) or plain.model_names,
        ambient=section.ambient or plain.ambient,
        optional=section.optional or plain.optional,
        dialect=section.dialect or plain.dialect,
    )


def _model_names(file: ProviderFile, name: str) -> ModelNames | None:
    section = file.model_names.get(name)
    if section is None:
        return None
    return ModelNames(
        separator=section.separator,
        hosts=dict(section.hosts),
        bare=tuple(section.bare),
        option=section.option,
        unnamed=section.unnamed,
    )


def _options(file: ProviderFile, section: ClientSection) -> Options:
    options: Options = {}
    for name in section.option_sets:
        options.update(arguments_of(file.option_sets[name]))
    options.update(arguments_of(section.options))
    return options


def _wrappers(file: ProviderFile) -> Iterable[Wrapper]:
    for section in file.wrappers:
        for name in section.names:
            yield Wrapper(
                name=name,
                provider=file.provider,
                client=() if section.builds else spellings(section.client),
                builds=section.builds,
                same_as=section.same_as or "",
                asynchronous=section.asynchronous,
                options=arguments_of(section.options),
                arguments=with_sets(file, section.argument_sets, section.arguments),
                model_names=_model_names(file, section.model_names),
                dialect=section.dialect,
                in_place=section.in_place,
            )


def _resources(file: ProviderFile) -> Iterable[Resource]:
    for section in file.resources:
        for name in section.names:
            yield Resource(
                name=name, provider=file.provider, path=path(section.path), asynchronous=section.asynchronous
            )


def _dialects(file: ProviderFile) -> Iterable[Dialect]:
    for name, section in file.dialects.items():
        yield Dialect(
            name=name,
            provider=file.provider,
            keepers=tuple(section.keepers),
            paths=dict(section.paths),
            arguments=arguments_of(section.arguments),
            methods={
                method: Method(
                    options=arguments_of(said.options), arguments=with_sets(file, said.argument_sets, said.arguments)
                )
                for method, said in section.methods.items()
            },
            modes=dict(section.modes),
            default_format=section.default_format,
            returns_parsed=section.returns_parsed,
        )


def _ambient(calls: Sequence[SpelledCallSection]) -> dict[str, tuple[Spelling, ...]]:
    return {name: spellings(call.argument) for call in calls for name in call.names}


def _prompt_objects(file: ProviderFile) -> Iterable[PromptObject]:
    for section in file.prompt_objects:
        for name in section.names:
            yield PromptObject(
                name=name,
                role=section.role,
                role_from=_spelled(section.role_from),
                text=_spelled(section.text),
                messages=_spelled(section.messages),
                history=section.history,
                holes=section.holes,
            )


def _senders(file: ProviderFile) -> Iterable[Sender]:
    for section in file.senders:
        for name in section.names:
            yield Sender(
                name=name,
                provider=file.provider,
                url=spellings(section.url),
                body=spellings(section.body),
                base=section.base or "",
                timeout=_spelled(section.timeout),
                headers=_spelled(section.headers),
                asynchronous=section.asynchronous,
            )


def _spelled(given: Spellings | None) -> tuple[Spelling, ...]:
    return spellings(given) if given is not None else ()
