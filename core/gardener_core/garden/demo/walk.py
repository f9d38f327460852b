"""The whole way on the sample project."""

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

from gardener_core.errors import (
    Damaged,
    EngineLost,
    GardenError,
    ModelUnfit,
    ProjectMissing,
    Remedy,
)
from gardener_core.evaluation.held_out import HeldOut, Scores
from gardener_core.events.answer import Composed
from gardener_core.events.export import Exported
from gardener_core.events.run import Failed, Finished, Noted
from gardener_core.events.union import Event
from gardener_core.garden.demo.sample import CONTROL_PACKAGES, PACKAGES, lay_out_sample
from gardener_core.garden.door import Garden
from gardener_core.models.catalogue.entry import STARTER
from gardener_core.models.store import SEEDLING
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.places import Places
from gardener_core.upkeep.bench_answers import wrong_citations

NAME, CONTROL = "demo", "demo-control"
QUERY = "replace a folder with a filled one"
QUESTION = "where is a folder replaced with a filled one?"
PREFIX = "    def __init__(self, places: Places"
REASON = "the demo shows an adapter, whatever the gate would say"
# Enough to see a gain in two minutes of two cores; a project of one's own takes more.
STEPS, ROWS_A_STEP = 20, 1
# llama.cpp multiplies quantised activations: an adapter is held to the gap of its own base.
CLOSE_ENOUGH, OF_THE_BASE = 1e-4, 2.0


def demo(
    garden: Garden, places: Places, *, grow_steps: int | None = None, steps: int | None = None
) -> Iterator[Event]:
    """Every step on real parts; raises where one fails."""
    yield Noted("1 Project: a part of our own source")
    project = yield from _project(garden, places, NAME, PACKAGES)
    yield Noted("2 Index")
    yield from _run(garden, garden.runs.index(project).id)
    yield Noted(f"3 Search: {QUERY}")
    found = garden.index.search(project, QUERY)
    yield found
    if not found.hits:
        raise Damaged("The search found nothing in our own source.", hint="Run the demo again.")
    yield Noted(f"4 Ask: {QUESTION}")
    yield from _ask(garden, places, project)
    yield Noted("5 A base model")
    base = yield from _base(garden, grow_steps)
    yield Noted("6 Another project's adapter, as the control")
    control = yield from _control(garden, places, base, steps or STEPS)
    yield Noted("7 Train an adapter, measured on held-out files before and after")
    yield from _train(garden, project, base, steps or STEPS, control)
    adapter = garden.adapters.all(project)[0]
    yield Noted(_gain(garden.adapters.held_out(adapter)))
    if adapter.state != "passed":
        yield Noted(f"The gate: {adapter.caveat}. The demo uses it anyway, and says so: {REASON}.")
    project = garden.adapters.use(project, adapter.version, REASON)
    yield Noted("8 Export to GGUF, compared with PEFT")
    yield from _export(garden, project, adapter.version, places.data / "exports" / NAME)
    yield Noted(f"9 Complete {PREFIX.strip()!r}, with the adapter and without")
    for is_on in (True, False):
        yield garden.chats.complete(project, PREFIX, adapter=is_on)


def _base(garden: Garden, grow_steps: int | None) -> Generator[Event, None, str]:
    """The starter where it is here; else a tiny model that is grown, and said to be no more."""
    here = {model.name for model in garden.models.all()}
    if STARTER in here:
        yield Noted(f"{STARTER} is here.")
        return STARTER
    yield Noted(
        f"{STARTER} is not here, so a fixture takes its place: a model of a million parameters "
        "that shows every step and knows no code. "
        f"To walk on a real one: gardener models pull {STARTER}"
    )
    if SEEDLING not in here:
        yield from _run(garden, garden.runs.grow(steps=grow_steps).id)
    return SEEDLING


def _control(
    garden: Garden, places: Places, base: str, steps: int
) -> Generator[Event, None, Adapter]:
    """An adapter of another project on the same base, trained with as many steps; once."""
    project = yield from _project(garden, places, CONTROL, CONTROL_PACKAGES)
    for adapter in garden.adapters.all(project):
        if adapter.base == base:
            return adapter
    yield from _train(garden, project, base, steps)
    return garden.adapters.all(project)[0]


def _train(
    garden: Garden, project: Project, base: str, steps: int, control: Adapter | None = None
) -> Iterator[Event]:
    run = garden.runs.train(
        project,
        base=base,
        steps=steps,
        rows_a_step=ROWS_A_STEP,
        control=control,
        measured=control is not None,  # the control itself is measured on our files
    )
    yield from _run(garden, run.id)


def _gain(scores: Scores | None) -> str:
    """What the adapter gained, with its interval, and what the control gained."""
    if not isinstance(scores, HeldOut) or scores.control is None:
        raise Damaged("The training left no record of its scores.", remedy=Remedy("repair", NAME))
    control = scores.control / scores.before - 1
    return (
        f"Bits per byte {scores.change:+.1%} (95 of 100 draws of the files lie between "
        f"{scores.low:+.1%} and {scores.high:+.1%}); with the control {control:+.1%}."
    )


def _project(
    garden: Garden, places: Places, name: str, packages: Sequence[str]
) -> Generator[Event, None, Project]:
    """A project of the demo, registered and surveyed the first time."""
    folder = lay_out_sample(places.samples / name, packages)
    try:
        project = garden.projects.find(name)
    except ProjectMissing:
        project = garden.projects.add(folder, name)
        yield from _run(garden, garden.runs.survey(project).id)
    if project.path != folder.resolve():
        raise GardenError(
            f"A project of yours is named {name!r}.",
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


def _ask(garden: Garden, places: Places, project: Project) -> Iterator[Event]:
    for event in garden.chats.ask(project, QUESTION):
        yield event
        if isinstance(event, Composed):
            _check_card(project, places, event)


def _check_card(project: Project, places: Places, card: Composed) -> None:
    """Every place of the card must hold what the card says."""
    if card.outcome != "answered":
        raise Damaged(
            "The answer to the demo's question was not found.", remedy=Remedy("index", NAME)
        )
    wrong = wrong_citations(project.path, Catalog(places.catalog(project.id)), card)
    if wrong:
        raise Damaged(wrong[0], remedy=Remedy("read everything", NAME))


def _export(garden: Garden, project: Project, version: str, folder: Path) -> Iterator[Event]:
    run = garden.exports.start(project, version, "gguf-lora", folder)
    for event in _run(garden, run.id):
        yield event
        if isinstance(event, Exported) and event.fidelity:
            found = event.fidelity
            allowed = max(CLOSE_ENOUGH, OF_THE_BASE * found.worst_base)
            if found.worst_adapter > allowed or found.token_texts_differing:
                raise ModelUnfit(
                    f"llama.cpp and PEFT disagree by {found.worst_adapter:.1e}.",
                    remedy=Remedy("list models"),
                )
