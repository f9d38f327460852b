"""Three projects on one base, and a walk between them that looks for what belongs to another."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from gardener_core.answers.requests import CompleteRequest
from gardener_core.code.workers import ReadingPool
from gardener_core.engine.client import Engine
from gardener_core.engine.protocol import SearchRequest, SwitchRequest
from gardener_core.events.answer import Completed
from gardener_core.events.index import Retrieved
from gardener_core.events.switch import Likely, Switched
from gardener_core.models.model import BaseModel
from gardener_core.search.embedders.static import load_static
from gardener_core.search.indexing.update import refresh
from gardener_core.search.table import ChunkTable
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.places import Places
from support.random_adapters import write_random_adapter

CLOSE, FAR = 0.05, 0.1  # nats
TOP = 8
NAMES = ("amber", "birch", "cedar")


@dataclass(frozen=True)
class Place:
    """A project of the walk, and what belongs to it alone: a word, a prompt, how it answers."""

    id: str
    root: Path
    word: str
    prompt: str
    top: tuple[Likely, ...] = ()
    text: str = ""
    answer_top: tuple[Likely, ...] = ()


def three_projects(places: Places, base: BaseModel, folder: Path) -> list[Place]:
    """Indexed projects, each with one file and with an adapter v1 on the base."""
    database = Database(places.database)
    projects, adapters = ProjectTable(database), AdapterTable(database)
    made = []
    for number, name in enumerate(NAMES):
        place = Place(f"{number:012x}", folder / name, f"{name}_token", prompt_of(name))
        place.root.mkdir(parents=True)
        (place.root / f"{name}.py").write_text(f"def {place.word}(limit):\n    return limit\n")
        projects.insert(name, place.root, place.id)
        table = ChunkTable.open_or_create(places.index(place.id), load_static())
        with ReadingPool(place.root, 1) as pool:
            list(refresh(place.root, Catalog(places.catalog(place.id)), table, load_static(), pool))
        write_random_adapter(base, places.adapters(place.id) / "v1", number)
        adapters.register(place.id, "v1", base.name, "r", 1)
        made.append(place)
    return made


def with_fingerprints(engine: Engine, base: BaseModel, projects: list[Place]) -> list[Place]:
    """What each adapter says, seen before the walk; no two are alike."""
    seen = []
    for place in projects:
        told = turn(engine, base, place)
        assert (told.adapter, told.without) == ("v1", ""), told
        # Read at once or token by token, near ties may fall otherwise: the second time counts.
        done = [complete(engine, base, place) for _ in range(2)][-1]
        alone = engine.result(replace(asked(base, place), adapter=""), Completed)
        assert not alike(done.top, alone.top, FAR), "the base alone would answer alike"
        complete(engine, base, place)
        seen.append(replace(place, top=told.top, text=done.text, answer_top=done.top))
    tops = [place.top for place in seen]
    assert all(not alike(a, b, FAR) for a in tops for b in tops if a is not b)
    assert len({place.text for place in seen}) == len(seen)
    return seen


def walk(
    engine: Engine,
    base: BaseModel,
    projects: list[Place],
    switches: int,
    meanwhile: Callable[[int], None] = lambda number: None,
) -> Iterator[Switched]:
    """Switch so many times; whatever is not the project's own fails."""
    chance = random.Random(1)
    place = projects[0]
    for number in range(switches):
        meanwhile(number)
        place = chance.choice([other for other in projects if other.id != place.id])
        told = turn(engine, base, place)
        assert (told.project, told.adapter, told.without) == (place.id, "v1", ""), number
        assert told.memory.index > 0, "the open indexes take memory"
        assert alike(told.top, place.top, CLOSE), (number, place.root.name)
        assert not any(alike(told.top, other.top, FAR) for other in projects if other is not place)
        found = engine.result(SearchRequest(place.id, "token", 10), Retrieved)
        foreign = [hit.path for hit in found.hits if place.root.name not in hit.path]
        assert found.hits and not foreign, (number, found)
        done = complete(engine, base, place)
        assert (done.text, done.adapter) == (place.text, "v1"), (number, place.root.name)
        assert alike(done.top, place.answer_top, CLOSE), (number, place.root.name, done.top)
        yield told


def turn(engine: Engine, base: BaseModel, place: Place) -> Switched:
    request = SwitchRequest(place.id, base.name, "v1", context=1024, engine="llama.cpp")
    return engine.result(request, Switched)


def complete(engine: Engine, base: BaseModel, place: Place) -> Completed:
    return engine.result(asked(base, place), Completed)


def asked(base: BaseModel, place: Place) -> CompleteRequest:
    return CompleteRequest(
        place.id, base.name, "v1", place.prompt, 8, context=1024, engine="llama.cpp", top=TOP
    )


def alike(one: tuple[Likely, ...], other: tuple[Likely, ...], most: float) -> bool:
    """Whether the same tokens come next, each as likely."""
    known = {token.id: token.logprob for token in other}
    gaps = [abs(token.logprob - known[token.id]) for token in one if token.id in known]
    return 2 * len(gaps) > len(one) and max(gaps) <= most


def prompt_of(name: str) -> str:
    return f'NOTES = """What {name} does with paths.\n' + f"The {name} reads its own file.\n" * 12
