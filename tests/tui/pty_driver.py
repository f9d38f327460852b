"""Starts gardener-tui on a scripted garden."""

import sys
import threading

from scripted_garden import ScriptedChats, ScriptedGarden, a_project
from showroom import full_garden
from test_hostile_text import hostile_garden

from gardener_core.events import Event
from gardener_core.garden.door import Garden
from gardener_core.keeping.projects import Project
from gardener_core.places import Places
from gardener_tui import cli


class Deaf(ScriptedChats):
    """Never answers, and does not listen when it is cancelled."""

    def ask(self, project: Project, question: str, **how: object):  # type: ignore[no-untyped-def, override]
        threading.Event().wait(600)
        answer: list[Event] = []
        yield from answer


def deaf_garden() -> ScriptedGarden:
    garden = ScriptedGarden(a_project())
    garden.chats = Deaf(garden.record)
    return garden


def opener(places: Places) -> Garden:
    gardens = {"full": full_garden, "hostile": hostile_garden, "deaf": deaf_garden}
    return gardens[sys.argv[1]]()


if __name__ == "__main__":
    cli.main([], opener)
