"""What the panes tell the screen."""

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
    """Somebody wants to work with this project."""

    project: Project


@dataclass
class HitsFound(Message):
    """A question found this code."""

    project: Project
    question: str
    found: Retrieved


@dataclass
class FolderGiven(Message):
    """Somebody wrote a folder that is to become a project."""

    path: str


class PromptLeft(Message):
    """Somebody left a line of input without sending it."""
