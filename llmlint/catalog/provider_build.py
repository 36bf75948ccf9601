"""Checked provider files come in, `Provider` records with all sets filled in go out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from llmlint.catalog.endpoint_build import arguments_of, build_endpoints, path, spellings
from llmlint.catalog.entries import Client, Dialect, Provider, Resource, Spelling, Wrapper
from llmlint.catalog.provider_schema import ClientSection, ProviderFile

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
        dialect=section.dialect or plain.dialect,
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
                dialect=section.dialect,
                in_place=section.in_place,
                hosts=dict(section.hosts),
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
            modes=dict(section.modes),
            default_format=section.default_format,
            returns_parsed=section.returns_parsed,
        )
