"""Links a project with all cores, and takes over from earlier runs what rests on nothing that changed since."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import msgspec

from llmlint.cache import Store
from llmlint.catalog.catalog import Catalog, decode_catalog
from llmlint.catalog.tokens import Notes, consulting
from llmlint.facts import encoding
from llmlint.facts.call_site import CallSite
from llmlint.facts.syntax import SCHEMA, ModuleFacts, SourceProblem
from llmlint.frontend import lower
from llmlint.knowledge import Knowledge
from llmlint.linking import Linked, Linker, Unit, together
from llmlint.linking.program.recording import Reads
from llmlint.linking.program.spelling import Purpose, Spelling
from llmlint.project import Learned, SourceProject
from llmlint.snapshot import digest, digest_of_names

VERSIONS = 4
"""Results kept for one unit: so many branches can be switched between."""

WORTH_A_PROCESS = 200_000
"""Bytes of candidates that are worth starting a process for."""


class Basis(msgspec.Struct, frozen=True, array_like=True):
    """What a unit rests on: digests of files, data files, of which files mention a word, and which change a name.

    `seen` are digests of the files that were only asked how they spell names, `spellings` purpose, name, the files
    that were asked, by their place among all files, and those that said yes.
    """

    files: dict[str, str]
    texts: dict[str, str]
    words: dict[str, str]
    names: dict[str, str]
    seen: dict[str, str]
    spellings: list[tuple[Purpose, str, list[int], list[int]]]


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """What linking one unit gave. `learned` is what another process did for it."""

    basis: Basis
    call_sites: tuple[CallSite, ...]
    statistics: dict[str, int]
    problems: dict[str, SourceProblem]
    learned: Learned


_encode = msgspec.msgpack.Encoder().encode
_decode_kept = msgspec.msgpack.Decoder(Kept).decode
_decode_counts = msgspec.msgpack.Decoder(dict[str, int]).decode
_decode_bases = msgspec.msgpack.Decoder(list[Basis]).decode


@dataclass(frozen=True)
class Means:
    """What a run may use: results of earlier runs, and so many processes."""

    store: Store
    jobs: int = 1


NO_MEANS = Means(Store.nothing())


class KeptFacts:
    """Lowers files, each content once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def lower(self, data: bytes, notebook: bool) -> ModuleFacts | SourceProblem:
        """What the bytes of a file say, or why they can't be read."""
        key = digest(data, b"notebook" if notebook else b"module", str(SCHEMA).encode())
        stored = self._store.get("facts", key)
        if stored is not None:
            with suppress(msgspec.MsgspecError):
                return encoding.decode(stored)
        result = lower(data, notebook=notebook)
        if isinstance(result, ModuleFacts):
            with suppress(UnicodeEncodeError):  # half a surrogate pair in a literal: nothing that can be stored
                self._store.put("facts", key, encoding.encode(result))
        return result


def catalog_bytes(catalog: Catalog) -> bytes:
    """Bytes that are the same for the same catalogue in any process, also where it comes from the cache: what stands
    for a default is left out by encoding only if it is the same object.
    """
    return msgspec.json.encode(decode_catalog(catalog.encode()).data, order="deterministic")


def relinked(
    project: SourceProject, knowledge: Knowledge, means: Means, tell: Callable[[int], None] = lambda _: None
) -> Linked:
    """The call sites of a project. `tell` gets their number as it grows."""
    settings = knowledge.settings
    linker = Linker(
        project,
        knowledge.catalog,
        today=knowledge.today,
        assumptions=settings.assumptions,
        imports=project.imports_seen,
    )
    assumed = repr(settings.assumptions).encode("utf-8", "surrogatepass")
    context = digest(catalog_bytes(knowledge.catalog), assumed, knowledge.today.encode())
    found = Relinker(project, linker, means.store, context).link(means.jobs, tell)
    project.imports = linker.importers.imports
    return found


class Relinker:
    """Links the units of one project. `context` stands for all else that results rest on: catalogue, settings, day."""

    def __init__(self, project: SourceProject, linker: Linker, store: Store, context: str) -> None:
        self._project = project
        self._linker = linker
        self._store = store
        self._context = context
        self._digests: dict[tuple[str, str], str] = {}

    def link(self, jobs: int, tell: Callable[[int], None] = lambda _: None) -> Linked:
        """All call sites, found in at most so many processes. `tell` gets their number as it grows."""
        world = self._world()
        units = list(self._linker.units)
        keys = [digest(self._context.encode(), world.encode(), digest_of_names(paths).encode()) for paths in units]
        bases = [self._bases(key) for key in keys]
        found = [self._valid(key, each) for key, each in zip(keys, bases, strict=True)]
        missing = [index for index, kept in enumerate(found) if kept is None]
        sites = sum(len(kept.call_sites) for kept in found if kept is not None)
        for index, kept in self._linked([units[index] for index in missing], jobs):
            found[missing[index]] = kept
            sites += len(kept.call_sites)
            tell(sites)
            self._keep(keys[missing[index]], kept, bases[missing[index]])
        return together(self._taken(kept) for kept in found if kept is not None)

    def _world(self) -> str:
        """What all units rest on: which files there are, which can hold a call site, and which import which."""
        imports = self._linker.importers.imports
        listed = [f"{path}\0{' '.join(below)}\0{' '.join(outside)}" for path, (below, outside) in imports.items()]
        return digest_of_names(map(digest_of_names, (self._project.paths, self._project.candidates, sorted(listed))))

    # --- what earlier runs found ----------------------------------------------------------------------------

    def _bases(self, key: str) -> list[Basis]:
        data = self._store.get("bases", key)
        try:
            return _decode_bases(data) if data is not None else []
        except msgspec.MsgspecError:
            return []

    def _valid(self, key: str, bases: Sequence[Basis]) -> Kept | None:
        for basis in bases:
            data = self._store.get("unit", digest(key.encode(), _encode(basis))) if self._holds(basis) else None
            if data is not None:
                try:
                    return _decode_kept(data)
                except msgspec.MsgspecError:
                    continue
        return None

    def _holds(self, basis: Basis) -> bool:
        return (
            all(self._project.digest(path) == known for path, known in basis.files.items())
            and all(self._text(path) == known for path, known in basis.texts.items())
            and all(self._word(word) == known for word, known in basis.words.items())
            and all(self._name(name) == known for name, known in basis.names.items())
            and self._spelt_alike(basis)
        )

    def _spelt_alike(self, basis: Basis) -> bool:
        """Whether the files that were only asked about names would give the same answers."""
        changed = {path for path, known in basis.seen.items() if self._project.digest(path) != known}
        if not changed:
            return True
        sources = {self._project.place(path): self._linker.sources.at(path) for path in changed}
        for purpose, name, asked, yes in basis.spellings:
            for place in sources.keys() & asked:
                if Spelling(sources[place], name).may(purpose) != (place in yes):
                    return False
        return True

    def _keep(self, key: str, kept: Kept, older: Sequence[Basis]) -> None:
        try:
            value = _encode(msgspec.structs.replace(kept, learned=Learned({}, [])))
            bases = _encode([kept.basis, *(basis for basis in older if basis != kept.basis)][:VERSIONS])
        except UnicodeEncodeError:  # half a surrogate pair in a literal: nothing that can be stored
            return
        self._store.put("unit", digest(key.encode(), _encode(kept.basis)), value)
        self._store.put("bases", key, bases)

    def _taken(self, kept: Kept) -> Unit:
        self._project.problems.update(kept.problems)
        self._project.note_texts(kept.basis.texts)
        return Unit(kept.call_sites, Reads(), kept.statistics)

    # --- linking --------------------------------------------------------------------------------------------

    def _linked(self, units: Sequence[tuple[str, ...]], jobs: int) -> Iterator[tuple[int, Kept]]:
        """Each unit's index with what is found in it, as they get done."""
        sizes = [sum(len(self._project.source(path) or b"") for path in paths) for paths in units]
        jobs = min(jobs, len(units), sum(sizes) // WORTH_A_PROCESS + 1)
        waiting = sorted(range(len(units)), key=lambda index: -sizes[index])
        done: set[int] = set()
        if jobs > 1 and "fork" in multiprocessing.get_all_start_methods():
            try:
                for index, kept in self._in_processes(units, waiting, jobs):
                    done.add(index)
                    yield index, kept
            except BrokenProcessPool:
                pass  # a process was killed, be it for memory: what is missing is done here
        for index in waiting:
            if index not in done:
                yield index, self._link(units[index])

    def _in_processes(
        self, units: Sequence[tuple[str, ...]], order: Sequence[int], jobs: int
    ) -> Iterator[tuple[int, Kept]]:
        self._project.prepare()
        _Child.units, _Child.relinker = units, self
        try:
            with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork")) as pool:
                for index, data in pool.map(_Child.link, order):
                    if data:
                        kept = _decode_kept(data)
                        self._project.learn(kept.learned)
                        yield index, kept
        finally:
            _Child.units, _Child.relinker = (), None

    def _link(self, paths: Sequence[str]) -> Kept:
        with self._counting(paths):
            unit = self._linker.link(paths)
        reads = unit.reads
        basis = Basis(
            {path: self._project.digest(path) for path in sorted(reads.files)},
            {path: self._text(path) for path in sorted(reads.texts)},
            {word: self._word(word) for word in sorted(reads.words)},
            {name: self._name(name) for name in sorted(reads.names)},
            {path: self._project.digest(path) for path in sorted(_only_asked(reads))},
            [(purpose, name, *self._places(answers)) for (purpose, name), answers in sorted(reads.spellings.items())],
        )
        problems = {path: self._project.problems[path] for path in basis.files if path in self._project.problems}
        return Kept(basis, unit.call_sites, dict(unit.statistics), problems, self._project.learned())

    @contextmanager
    def _counting(self, paths: Sequence[str]) -> Iterator[None]:
        """Tokens are counted with what an earlier run noted for these files, however they changed."""
        key = digest_of_names(paths)
        known: dict[str, int] = {}
        if (data := self._store.get("tokens", key)) is not None:
            with suppress(msgspec.MsgspecError):
                known = _decode_counts(data)
        notes = Notes(known)
        with consulting(notes):
            yield
        if notes.noted != known:
            self._store.put("tokens", key, _encode(notes.noted))

    def _places(self, answers: Mapping[str, bool]) -> tuple[list[int], list[int]]:
        places = {self._project.place(path): answer for path, answer in sorted(answers.items())}
        return list(places), [place for place, answer in places.items() if answer]

    # --- digests --------------------------------------------------------------------------------------------

    def _text(self, path: str) -> str:
        text = self._project.text(path)
        return digest(text.encode("utf-8", "surrogatepass")) if text is not None else ""

    def _word(self, word: str) -> str:
        return self._once("word", word, self._project.containing)

    def _name(self, name: str) -> str:
        return self._once("name", name, self._project.changing)

    def _once(self, what: str, name: str, paths: Callable[[str], Sequence[str]]) -> str:
        if (what, name) not in self._digests:
            self._digests[what, name] = digest_of_names(paths(name))
        return self._digests[what, name]


def _only_asked(reads: Reads) -> set[str]:
    return {path for answers in reads.spellings.values() for path in answers} - reads.files


class _Child:
    """What a process that was forked finds where its parent left it."""

    relinker: Relinker | None = None
    units: Sequence[tuple[str, ...]] = ()

    @staticmethod
    def link(index: int) -> tuple[int, bytes]:
        if _Child.relinker is None:
            raise RuntimeError("the process wasn't forked from one that links")
        try:
            return index, _encode(_Child.relinker._link(_Child.units[index]))
        except UnicodeEncodeError:  # half a surrogate pair in a literal: the parent has to do it
            return index, b""
