"""Starts gardener-tui on a scripted garden."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from gardener_core.events.index import Retrieved
from gardener_core.events.union import Event
from gardener_core.garden.chats.options import USUAL, AskOptions
from gardener_core.store.garden.projects import Project
from gardener_core.system.places import Places
from gardener_tui import cli
from gardener_tui.garden import ScreenGarden
from support.hostile_garden import hostile_garden
from support.scripted_garden import (
    ScriptedChats,
    ScriptedGarden,
    ScriptedSettings,
    a_project,
    never,
)
from support.showroom import full_garden, hit


class Deaf(ScriptedChats):
    """Never answers, and does not listen when it is cancelled."""

    def ask(
        self,
        project: Project,
        question: str,
        options: AskOptions = USUAL,
        *,
        cancelled: Callable[[], bool] = never,
    ) -> Iterator[Event]:
        threading.Event().wait(600)
        answer: list[Event] = []
        yield from answer


def deaf_garden() -> ScriptedGarden:
    garden = ScriptedGarden(a_project())
    garden.chats = Deaf(garden.record)
    return garden


class Crashing(ScriptedSettings):
    """Breaks when the screen stands."""

    def warning(self) -> str:
        raise ValueError("a fault")


def crashing_garden() -> ScriptedGarden:
    garden = ScriptedGarden(a_project())
    garden.settings = Crashing(garden.record)
    return garden


def editable_garden() -> ScriptedGarden:
    """One hit in a file that is really there."""
    garden = ScriptedGarden(a_project("support", path=Path(__file__).parent))
    found = hit(1, "pty_driver.py", 3, "main", "function", (1.0, 0.0), "import threading\n")
    garden.index.found = Retrieved((found,), 0.01)
    return garden


GARDENS = {
    "editable": editable_garden,
    "full": full_garden,
    "hostile": hostile_garden,
    "still": lambda: ScriptedGarden(a_project("acme"), a_project("beta")),
    "deaf": deaf_garden,
    "crashing": crashing_garden,
}


def main(name: str) -> None:
    """Show one of the gardens."""

    def opener(places: Places) -> ScreenGarden:
        return GARDENS[name]()

    cli.main([], opener)
