"""Messages between widgets, panes and screen."""

from dataclasses import dataclass

from textual.message import Message

from gardener_core.events.index import Retrieved
from gardener_core.store.garden.projects import Project


@dataclass
class ProjectSelected(Message):
    """Another project is selected, or none."""

    project: Project | None


@dataclass
class ProjectOpened(Message):
    """The user wants to work with this project."""

    project: Project


@dataclass
class HitsFound(Message):
    """A question found this code."""

    project: Project
    question: str
    retrieved: Retrieved


class LineLeft(Message):
    """The user left an input line without submitting it."""


@dataclass
class LineStepped(Message):
    """The user moves through the rows below an input line."""

    by: int
