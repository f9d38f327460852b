"""The whole way on the sample project."""

from collections.abc import Generator, Iterator
from pathlib import Path

from gardener_core.errors import (
    Damaged,
    EngineLost,
    GardenError,
    ModelUnfit,
    ProjectMissing,
    Remedy,
)
from gardener_core.events.answer import Answered
from gardener_core.events.export import Exported
from gardener_core.events.run import Failed, Finished, Noted
from gardener_core.events.union import Event
from gardener_core.garden.door import Garden
from gardener_core.garden.sample import lay_out_sample
from gardener_core.models.store import SEEDLING
from gardener_core.store.garden.projects import Project
from gardener_core.system.places import Places

NAME = "demo"
QUERY = "replace a folder with a filled one"
QUESTION = "where is a folder replaced with a filled one?"
PREFIX = "    def __init__(self, places: Places"
CLOSE_ENOUGH = 1e-4


def demo(
    garden: Garden, places: Places, *, grow_steps: int | None = None, steps: int | None = None
) -> Iterator[Event]:
    """Every step on real parts; raises where one fails."""
    yield Noted("1 Project: our own source")
    project = yield from _project(garden, places)
    yield Noted("2 Index")
    yield from _run(garden, garden.runs.index(project).id)
    yield Noted(f"3 Search: {QUERY}")
    found = garden.index.search(project, QUERY)
    yield found
    if not found.hits:
        raise Damaged("The search found nothing in our own source.", hint="Run the demo again.")
    yield Noted(f"4 Ask: {QUESTION}")
    yield from _ask(garden, project)
    if all(model.name != SEEDLING for model in garden.models.all()):
        yield Noted("5 Grow a base model, once on this machine")
        yield from _run(garden, garden.runs.grow(steps=grow_steps).id)
    yield Noted("6 Train an adapter, measured on held-out files before and after")
    yield from _run(garden, garden.runs.train(project, base=SEEDLING, steps=steps).id)
    version = garden.adapters.all(project)[0].version
    project = garden.adapters.use(project, version)
    yield Noted("7 Export to GGUF, compared with PEFT")
    yield from _export(garden, project, version, places.data / "exports" / NAME)
    yield Noted(f"8 Complete {PREFIX.strip()!r}, with the adapter and without")
    for adapter in (True, False):
        yield garden.chats.complete(project, PREFIX, adapter=adapter)


def _project(garden: Garden, places: Places) -> Generator[Event, None, Project]:
    """The demo's project, registered and surveyed the first time."""
    folder = lay_out_sample(places.samples / NAME)
    try:
        project = garden.projects.find(NAME)
    except ProjectMissing:
        project = garden.projects.add(folder, NAME)
        yield from _run(garden, garden.runs.survey(project).id)
    if project.path != folder.resolve():
        raise GardenError(
            f"A project of yours is named {NAME!r}.",
            hint="Run the demo apart: GARDENER_HOME=DIR gardener demo",
        )
    return project


def _run(garden: Garden, run_id: str) -> Iterator[Event]:
    last: Event | None = None
    for batch in garden.runs.follow(run_id):
        for last in batch:
            yield last
    if isinstance(last, Finished):
        return
    if isinstance(last, Failed):
        raise EngineLost(last.what, hint=last.hint, remedy=last.remedy)
    raise EngineLost(f"Run {run_id} ended early: {last}.", remedy=Remedy("follow", run_id))


def _ask(garden: Garden, project: Project) -> Iterator[Event]:
    for event in garden.chats.ask(project, QUESTION):
        yield event
        if isinstance(event, Answered):
            _check_citations(project.path, event)


def _check_citations(root: Path, answer: Answered) -> None:
    """Every quoted line must stand where the answer says."""
    if not answer.found:
        raise Damaged(
            "The answer to the demo's question was not found.", remedy=Remedy("index", NAME)
        )
    for citation in answer.citations:
        lines = (root / citation.path).read_text("utf-8").splitlines()
        quoted = "\n".join(lines[citation.start_line - 1 : citation.end_line])
        if quoted not in answer.text:
            raise Damaged(
                f"{citation.path}:{citation.start_line} does not hold what was quoted.",
                remedy=Remedy("read everything", NAME),
            )


def _export(garden: Garden, project: Project, version: str, folder: Path) -> Iterator[Event]:
    run = garden.runs.export(project, version, "gguf-lora", folder)
    for event in _run(garden, run.id):
        yield event
        if isinstance(event, Exported) and event.fidelity:
            found = event.fidelity
            worst = max(found.worst_base, found.worst_adapter)
            if worst > CLOSE_ENOUGH or found.token_texts_differing:
                raise ModelUnfit(
                    f"llama.cpp and PEFT disagree by {worst:.1e}.", remedy=Remedy("list models")
                )
