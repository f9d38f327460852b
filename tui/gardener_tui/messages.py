"""Messages between widgets, panes and screen."""

from dataclasses import dataclass
from typing import Literal

from textual.message import Message

from gardener_core.answers.requests import Exchange
from gardener_core.code.quotes import Located
from gardener_core.events.answer import Composed, Prompted
from gardener_core.events.index import Retrieved
from gardener_core.events.parts import Citation
from gardener_core.events.switch import MemoryUse
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
class Found(Message):
    """Something of a project is to be seen in the context pane."""

    project: Project


@dataclass
class HitsFound(Found):
    """A question found this code."""

    question: str
    retrieved: Retrieved


@dataclass
class CitationFollowed(Found):
    """A number of an answer was followed: all its places, and where this one is now."""

    cited: tuple[Citation, ...]
    number: int
    located: Located


@dataclass
class AnswerOpened(Found):
    """An answer is to be looked into: what it saw, or the exact prompt that a model read."""

    question: str
    retrieved: Retrieved
    card: Composed | None
    prompted: Prompted | None
    prompt: bool


@dataclass
class QuestionEdited(Message):
    """A question is to be changed in the prompt."""

    text: str


@dataclass
class ComparisonWanted(Message):
    """A question is to be answered with the adapter and without, `blind` without names."""

    project: Project
    question: str
    model: str
    before: tuple[Exchange, ...]
    blind: bool = False


@dataclass
class ChatOpened(Message):
    """A conversation was read; `draft` is what stood in the prompt."""

    project: Project
    draft: str


@dataclass
class Spoke(Message):
    """A model of a project writes or has written: the base and the adapter that did.

    `without` says why the project's adapter took no part where it was wished for.
    """

    project: Project
    base: str
    adapter: str
    without: str = ""


@dataclass
class BadgeChanged(Message):
    """The engine has told what it has loaded for the selected project.

    With `is_other_voice` the person has chosen another base, or turned the adapter on or off.
    """

    short: str
    memory: MemoryUse
    is_other_voice: bool = False


ChatSheet = Literal["explainer", "list", "rename", "remove", "find", "short"]


@dataclass
class ChatSheetWanted(Message):
    """The person wants to choose the base that explains, or another conversation, or change it."""

    sheet: ChatSheet


ProjectSheet = Literal[
    "rename",
    "remove",
    "score",
    "card",
    "learned",
    "roll back",
    "deploy",
    "compare",
    "vote",
    "export",
]


@dataclass
class ProjectSheetWanted(Message):
    """The person wants to change the selected project, or to see what its adapter is worth."""

    sheet: ProjectSheet


class LineLeft(Message):
    """The user left an input line without submitting it."""


@dataclass
class LineStepped(Message):
    """The user moves through the rows below an input line."""

    by: int
