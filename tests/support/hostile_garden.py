"""A garden in which every string wants to do harm."""

from pathlib import Path

from gardener_core.events import (
    Answered,
    Citation,
    Completed,
    Died,
    Hit,
    Noted,
    Planned,
    Retrieved,
    Started,
    StepDone,
    Token,
    Why,
)
from gardener_core.keeping.adapters import Adapter
from gardener_core.keeping.runs import Run
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
    why = Why(1, 1.0, PAYLOADS)
    hit = Hit(1, EVERYTHING, 1, 20, EVERYTHING, EVERYTHING, EVERYTHING, 2.0, why, LINES)
    garden.index.found = Retrieved((hit,), 0.1)
    cited = Citation(1, EVERYTHING, 1, 2, EVERYTHING)
    answer = f"{LINES}\n\n```{PAYLOADS[0]}\n{LINES}\n```\n"
    garden.chats.script = [
        garden.index.found,
        *(Token(letter) for letter in answer),
        Answered(answer, True, (cited,), "quotes", EVERYTHING, EVERYTHING, 1, 0.1, 0.2),
    ]
    garden.chats.completed = Completed(LINES, EVERYTHING, 2, 0.1)
    planned = Planned("r", EVERYTHING, EVERYTHING, 2, 2, 2, 2)
    told = [Started(), planned, Noted(LINES), StepDone("r", EVERYTHING, 1, 2, 1.0)]
    garden.runs.put(Run("r", EVERYTHING, "bad", 1.0, "running"), [*told, Died(LINES)])
    return garden
