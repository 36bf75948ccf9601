"""Facts of many modules and the catalogue come in; call sites with everything known about them go out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from llmlint.catalog import Catalog
from llmlint.catalog.assumptions import Assumptions
from llmlint.facts import call_site
from llmlint.facts.call_site import CallPath, CallSite, Fact, State, Step
from llmlint.facts.vocabulary import FACTS
from llmlint.linking.calls import hosts, outputs, paths, tasks
from llmlint.linking.calls.clients import setting
from llmlint.linking.calls.flows import Tracer
from llmlint.linking.calls.model_hosts import by_model
from llmlint.linking.calls.models import days_until, model_facts, model_of
from llmlint.linking.calls.prompts import Prompt, key_facts, prompt_facts
from llmlint.linking.calls.requests import Request, fact_of, request_of
from llmlint.linking.calls.sites import Site, sites_in
from llmlint.linking.calls.targets import target_of
from llmlint.linking.calls.uses import DIFFERS, ClientUse
from llmlint.linking.calls.vocabulary import Vocabulary
from llmlint.linking.evaluation import conditions
from llmlint.linking.evaluation.callers import Callers
from llmlint.linking.evaluation.computing import room_to_nest
from llmlint.linking.evaluation.frames import Frame, at_call
from llmlint.linking.evaluation.resolver import Resolver
from llmlint.linking.program.importers import Importers, Imports
from llmlint.linking.program.module import Module
from llmlint.linking.program.modules import Modules
from llmlint.linking.program.project import Linked, Project
from llmlint.linking.program.recording import Reads, Recorded, Sources
from llmlint.linking.surroundings.roles import Roles
from llmlint.linking.surroundings.surroundings import Seen, all_loops, joined_loop, surroundings_facts

UNIT_LIMIT = 40
"""Candidates that are linked together, though they are in several folders."""

_IN_ORDER = frozenset({"prompt.segments"})
"""Lists that make no sense when they are mixed."""
_CLIENT_OPTIONS = ("timeout", "max_retries", "headers", "project", "organization")
_BUILT_ELSEWHERE = "the client is built where it can't be followed"
_ARGUMENTS = tuple(spec.name.removeprefix("argument.") for spec in FACTS if spec.name.startswith("argument."))


@dataclass(frozen=True)
class _Run:
    """What the call sites of one unit share."""

    resolver: Resolver
    roles: Roles
    vocabulary: Vocabulary
    today: str


@dataclass(frozen=True)
class Unit:
    """The call sites of one unit, and all that they rest on."""

    call_sites: tuple[CallSite, ...]
    reads: Reads
    statistics: Mapping[str, int]


class Linker:
    """Links a project in units: candidates of neighbouring folders. What is found in one doesn't depend on what was
    looked at before it, so units can be linked in any order, in several processes, and kept.
    """

    def __init__(
        self,
        project: Project,
        catalog: Catalog,
        *,
        today: str,
        assumptions: Assumptions | None = None,
        imports: Mapping[str, Imports] | None = None,
    ) -> None:
        """`today` is an ISO date; `imports` is what some files are known to import."""
        self._project = project
        self._catalog = catalog
        self._today = today
        self._assumptions = assumptions
        shared = _packages(catalog, exclusive=False) | catalog.ecosystem.packages
        self._modules = Modules(project, _packages(catalog, exclusive=True), shared)
        self.importers = Importers(project, self._modules, imports)
        self._vocabulary = Vocabulary(catalog)
        self.sources = Sources(project)

    @property
    def units(self) -> Iterator[tuple[str, ...]]:
        """The project's candidates by folder, in order."""
        yield from _together(sorted(self._project.candidates), 0)

    def link(self, paths: Sequence[str]) -> Unit:
        """One unit."""
        project = Recorded(self._project, self.sources)
        modules = self._modules.seen_by(project)
        resolver = Resolver(project, self._catalog, modules, self._assumptions)
        roles = Roles(resolver, self.importers)
        resolver.callers = Callers(resolver, lambda path: roles.path_has("test", path))
        resolver.answers_requests = roles.answers_requests
        resolver.package_of = roles.package_of
        resolver.is_published = roles.is_published
        run = _Run(resolver, roles, self._vocabulary, self._today)
        found: list[CallSite] = []
        with room_to_nest():
            for path in paths:
                module = modules.at(path) if _may_hold(run, path) else None
                if module is not None:
                    found.extend(_of_module(run, module))
        return Unit(tuple(found), project.reads, dict(resolver.statistics))


def link(project: Project, catalog: Catalog, *, today: str, assumptions: Assumptions | None = None) -> Linked:
    """All call sites of the project's candidates, in order of path and place. `today` is an ISO date."""
    linker = Linker(project, catalog, today=today, assumptions=assumptions)
    return together(linker.link(paths) for paths in linker.units)


def together(units: Iterable[Unit]) -> Linked:
    """What was found in all units, in order of path and place."""
    found: list[CallSite] = []
    statistics: Counter[str] = Counter()
    for unit in units:
        found.extend(unit.call_sites)
        statistics.update(unit.statistics)
    return Linked(tuple(sorted(found, key=_path_of)), dict(sorted(statistics.items())))


def _path_of(site: CallSite) -> str:
    return site.location.path


def _together(paths: Sequence[str], depth: int) -> Iterator[tuple[str, ...]]:
    """The files of a folder, `depth` levels down, as one unit if they are few, else each folder in it by itself."""
    if len(paths) <= UNIT_LIMIT:
        if paths:
            yield tuple(paths)
        return
    here = tuple(path for path in paths if path.count("/") == depth)
    if here:
        yield here
    below = (path for path in paths if path.count("/") > depth)
    for _, inside in groupby(below, key=lambda path: path.split("/")[depth]):
        yield from _together(tuple(inside), depth + 1)


def _may_hold(run: _Run, path: str) -> bool:
    source = run.resolver.project.source(path)
    return path.endswith(".ipynb") or source is None or run.vocabulary.may_hold(source)


def _packages(catalog: Catalog, *, exclusive: bool) -> frozenset[str]:
    """Packages of clients and of what wraps them. Exclusive ones are never taken for the project's own."""
    found: set[str] = set()
    for provider in catalog.data.providers:
        if provider.own or provider.exclusive != exclusive:
            continue  # what users describe may be modules of their own project
        found.update(client.name.split(".")[0] for client in provider.clients)
        found.update(wrapper.name.split(".")[0] for wrapper in provider.wrappers)
        found.update(name.split(".")[0] for name in provider.drop_ins)
    return frozenset(found)


def _of_module(run: _Run, module: Module) -> list[CallSite]:
    found: list[CallSite] = []
    for site in sites_in(run.resolver, module, run.vocabulary):
        run.resolver.start()
        found.append(_call_site(run, site))
    return [_beside_schema(one, found) for one in found]


def _beside_schema(site: CallSite, others: list[CallSite]) -> CallSite:
    """With the fact `output.schema_beside`: is it the way out for models that take no schema?"""
    beside = any(one is not site and _sends_schema_too(one, site) for one in others)
    fact = {"output.schema_beside": call_site.known(beside)}
    found = tuple(CallPath({**path.facts, **fact}, path.callers) for path in site.paths)
    return CallSite(site.location, site.function, site.callee, {**site.joined, **fact}, found, site.callers)


def _sends_schema_too(one: CallSite, site: CallSite) -> bool:
    together = site.function != "" and one.function == site.function
    return (
        together
        and one.fact("prompt.text") == site.fact("prompt.text")
        and one.fact("output.sent_as").value == "json_schema"
    )


def _call_site(run: _Run, site: Site) -> CallSite:
    place = site.module.facts.calls[site.call.index]
    frames = paths.frames_of(run.resolver, site.module, site.module.function_around(place.scope))
    reaching = [frame for frame in frames if conditions.reaches(run.resolver, frame, site.call)]
    frames = reaching or [run.resolver.frames.root(site.module, frames[0].scope)]  # by none that is known
    found = [CallPath(_facts(run, site, frame), paths.steps_of(frame)) for frame in frames]
    callers = tuple(dict.fromkeys(step for path in found for step in path.callers))
    together = dict(joined([path.facts for path in found]))
    together["surroundings.role"] = run.roles.joined(site.module, site.call, frames)
    loop = joined_loop([path.facts["surroundings.loop"] for path in found], together["surroundings.role"])
    together["surroundings.loop"] = loop or together["surroundings.loop"]
    return CallSite(
        site.module.call_location(site.call),
        site.module.qualified_name(site.module.function_around(place.scope)),
        place.text,
        together,
        tuple(found),
        callers,
    )


def _facts(run: _Run, site: Site, frame: Frame) -> dict[str, Fact]:
    """All facts of a call on one path."""
    resolver = run.resolver
    callee = resolver.evaluate(site.callee, at_call(frame, site.call))
    target = target_of(resolver, callee, None, site.invocation(frame)) or site.target
    request = request_of(resolver, target, site.invocation(frame))
    use = hosts.settled(resolver, by_model(resolver, target.use, request), request, at_call(frame, site.call))
    reading = Tracer(resolver, target.endpoint, frame).follow(site, outputs.given_by(request, use))
    facts = _endpoint_facts(request, run.today) | _client_facts(resolver, use)
    facts |= {f"argument.{name}": fact_of(resolver, request.argument(name)) for name in _ARGUMENTS}
    facts |= {name: _names_only(facts[name]) for name in ("client.headers", "argument.headers") if name in facts}
    model = model_of(resolver, request.argument("model"), use.host == "azure", use.names)
    facts |= model_facts(resolver, model, _needs(request, facts), run.today)
    prompt = Prompt(request, site.invocation(frame), lambda: bool(all_loops(resolver, site, frame)))
    facts |= prompt_facts(prompt, model.entry) | key_facts(request)
    asks = facts.get("prompt.asks_json", call_site.ABSENT)
    if target.endpoint.answer:
        facts |= outputs.output_facts(request, use, reading, asks)
    elif {"format", "tools"} & target.endpoint.arguments.keys():
        facts |= outputs.format_facts(request, use, reading, asks)
    facts |= surroundings_facts(run.roles, Seen(site, frame, prompt, reading))
    return facts | tasks.task_facts(facts)


def _endpoint_facts(request: Request, today: str) -> dict[str, Fact]:
    endpoint = request.endpoint
    shutdown = endpoint.lifecycle.shutdown
    cap = call_site.known(endpoint.cap_parameter) if endpoint.cap_parameter else call_site.absent()
    return {
        "endpoint.id": call_site.known(endpoint.id),
        "endpoint.kind": call_site.known(endpoint.kind),
        "endpoint.api": call_site.known(endpoint.api),
        "endpoint.lifecycle": call_site.known(endpoint.lifecycle.on(today)),
        "endpoint.days_left": call_site.known(days_until(shutdown, today)) if shutdown else call_site.absent(),
        "endpoint.batchable": call_site.known(endpoint.batchable),
        "endpoint.cap_parameter": cap,
    }


def _client_facts(resolver: Resolver, use: ClientUse) -> dict[str, Fact]:
    steps = use.trail
    host = call_site.known(use.host, *steps) if use.host else call_site.unknown(use.reason, *steps)
    if use.client is None:
        unknown = call_site.unknown(use.reason or "it is another vendor's", *steps)
        options = {f"client.{name}": _setting(resolver, use, name) for name in _CLIENT_OPTIONS}
        return {"client.host": host, "client.class": unknown, "client.sdk": unknown, **options}
    every = (use, *use.others)
    return {
        "client.host": host,
        "client.class": _alike([call_site.known(one.client.name, *steps) for one in every if one.client is not None]),
        "client.sdk": _alike([call_site.known(one.client.provider, *steps) for one in every if one.client is not None]),
        "client.async": call_site.known(use.client.asynchronous, *steps),
        "client.gives": _alike([_gives(one) for one in every]),
        "client.built": _alike([_built(one) for one in every]),
        **{f"client.{name}": _setting(resolver, use, name) for name in _CLIENT_OPTIONS},
    }


def _alike(facts: list[Fact]) -> Fact:
    """What holds of a client in whatever way it is built."""
    same = all((fact.state, fact.value) == (facts[0].state, facts[0].value) for fact in facts)
    return facts[0] if same else call_site.unknown(DIFFERS, *(step for fact in facts for step in fact.evidence[:1]))


def _names_only(headers: Fact) -> Fact:
    """Headers without their values: keys that somebody wrote into the code must not get into reports."""
    if not isinstance(headers.value, dict):
        return headers
    return call_site.known(dict.fromkeys(headers.value), *headers.evidence)


def _gives(use: ClientUse) -> Fact:
    """The arguments that the construction gives to all calls. Of several nested ones that which gives most, as a chain
    around a model has no more to say than its prompt; else the outermost.
    """
    made = [one for one in reversed(use.settings) if one.arguments and not one.method]
    if not made:
        return call_site.absent()
    fullest = max(made, key=lambda one: len(one.arguments))
    place = fullest.made.at.module.call_location(fullest.made.call)
    return call_site.known([*sorted(fullest.arguments)], Step(place, "the client is constructed"))


def _setting(resolver: Resolver, use: ClientUse, name: str) -> Fact:
    value = setting(resolver, use, name)
    if value is not None:
        return fact_of(resolver, value)
    seen = use.made is not None or use.settings or (use.client is not None and use.client.module)
    return call_site.absent() if seen else call_site.unknown(use.unseen or _BUILT_ELSEWHERE, *use.trail)


def _built(use: ClientUse) -> Fact:
    if use.made is None:
        return call_site.unknown(_BUILT_ELSEWHERE)
    at = use.made.at
    place = at.module.call_location(use.made.call)
    inside = at.module.facts.scopes[at.module.function_around(at.scope)].kind == "function"
    return call_site.known("function" if inside else "module", Step(place, "the client is built"))


def _needs(request: Request, facts: dict[str, Fact]) -> frozenset[str]:
    """What a cheaper model must be able to do as well."""
    needs = {request.endpoint.api} & {"chat", "responses"}
    if facts["argument.tools"].state is not State.ABSENT:
        needs.add("tools")
    value = facts["argument.format"].value
    if isinstance(value, dict) and value.get("type") == "json_schema":
        needs.add("schema")
    return frozenset(needs)


# --- joining paths ------------------------------------------------------------------------------------------


def joined(found: Sequence[Mapping[str, Fact]]) -> Mapping[str, Fact]:
    """What holds on all paths: equal facts as they are, lists united, all else unknown."""
    if len(found) == 1:
        return found[0]
    names = dict.fromkeys(name for facts in found for name in facts)
    return {name: _join([facts.get(name, call_site.ABSENT) for facts in found], name) for name in names}


def _join(facts: list[Fact], name: str) -> Fact:
    first = facts[0]
    if all(fact.state is first.state and fact.value == first.value for fact in facts):
        return first
    certain = [fact for fact in facts if fact.state is State.KNOWN]
    if certain and name not in _IN_ORDER and all(isinstance(fact.value, list) for fact in certain):
        union: dict[str, None] = {}
        for fact in certain:
            union.update((str(one), None) for one in fact.value)  # type: ignore[union-attr]
        return call_site.known(list(union), *(step for fact in certain for step in fact.evidence[:2]))
    if len(certain) == len(facts) and name.startswith("argument."):
        return call_site.known(None, *(step for fact in certain for step in fact.evidence[:1]))
    reason = next((fact.reason for fact in facts if fact.reason), "it differs from way to way")
    return call_site.unknown(reason, *(step for fact in facts for step in fact.evidence[:1]))
