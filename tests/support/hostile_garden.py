"""A garden in which every string wants to do harm."""

from pathlib import Path

from gardener_core.events.answer import Answered, Completed, Token
from gardener_core.events.index import Hit, Retrieved
from gardener_core.events.parts import Citation, CodeSpan, Correction, Why
from gardener_core.events.run import Died, Noted, Started
from gardener_core.events.train import Planned, StepDone
from gardener_core.events.union import Event
from gardener_core.garden.index import Health
from gardener_core.graph.neighbours import Group, Neighbour, Neighbours
from gardener_core.search.indexing.files import ProjectFile
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.runs import Run
from gardener_core.store.project.choices import Choices
from support.hostile import CODE, EVERYTHING, PAYLOADS
from support.scripted_garden import ScriptedGarden, a_project

LINES = "\n".join([*CODE, *PAYLOADS])


def hostile_garden() -> ScriptedGarden:
    """Every string that the door can hand over is hostile."""
    name = f"p{EVERYTHING}"
    project = a_project(
        name, id="bad", path=Path(f"/code/{PAYLOADS[0]}"), languages=PAYLOADS, base=EVERYTHING,
        adapter=EVERYTHING, state=PAYLOADS[5],
    )  # fmt: skip
    garden = ScriptedGarden(project)
    garden.adapters.adapters = [Adapter("bad", EVERYTHING, EVERYTHING, "r", 1.0, 5)]
    why = Why(1, 1.0, PAYLOADS, corrections=(Correction(EVERYTHING, 0.5),), words_part=1.5)
    hit = Hit(
        1, EVERYTHING, 1, 20, EVERYTHING, EVERYTHING, EVERYTHING, 2.0, why, LINES,
        also=PAYLOADS,
    )  # fmt: skip
    garden.index.found = Retrieved((hit,), 0.1, note=EVERYTHING)
    _hostile_code(garden)
    cited = Citation(1, EVERYTHING, 1, 2, EVERYTHING)
    answer = f"{LINES}\n\n```{PAYLOADS[0]}\n{LINES}\n```\n"
    garden.chats.script = [
        garden.index.found,
        *(Token(letter) for letter in answer),
        Answered(answer, True, (cited,), "quotes", EVERYTHING, EVERYTHING, 1, 0.1, 0.2),
    ]
    garden.chats.completed = Completed(LINES, EVERYTHING, 2, 0.1)
    planned = Planned("r", EVERYTHING, EVERYTHING, 2, 2, 2, 2)
    told: list[Event] = [Started(), planned, Noted(LINES), StepDone("r", EVERYTHING, 1, 2, 1.0)]
    garden.runs.put(Run("r", "train", "bad", 1.0, "running"), [*told, Died(LINES)])
    return garden


def _hostile_code(garden: ScriptedGarden) -> None:
    """What stands around code, what is pinned, and every file."""
    beside = Neighbour(
        CodeSpan(EVERYTHING, EVERYTHING, EVERYTHING, EVERYTHING, 1, 20), "likely", (1,)
    )
    group = Group((beside,), 1)
    garden.code.around[EVERYTHING] = Neighbours(
        EVERYTHING, EVERYTHING, group, group, group, group, group, group
    )
    garden.code.texts[EVERYTHING] = LINES
    other = f"other {EVERYTHING}"
    garden.code.texts[other] = LINES
    garden.code.kept["bad"] = Choices((CodeSpan(other, EVERYTHING, EVERYTHING, EVERYTHING, 1, 9),))
    garden.index.known = [
        ProjectFile(EVERYTHING, EVERYTHING, 1, 1, ((1, EVERYTHING),), "", "indexed", "again"),
        ProjectFile(other, EVERYTHING, 1, 1, (), EVERYTHING, "failed", "again"),
    ]
    garden.index.healths["bad"] = Health(1, 1, f"problem {EVERYTHING}")
