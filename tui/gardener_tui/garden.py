"""What the screen asks of the core."""

from typing import Protocol

from gardener_core.errors import GardenError
from gardener_core.garden.adapters import Adapters
from gardener_core.garden.chats.conversations import Conversations
from gardener_core.garden.chats.questions import Chats
from gardener_core.garden.chats.switching import Switching
from gardener_core.garden.code import Code
from gardener_core.garden.data import Data
from gardener_core.garden.evaluation.comparing import Comparing
from gardener_core.garden.evaluation.scores import Scores
from gardener_core.garden.evaluation.votes import Votes
from gardener_core.garden.exports import Exports
from gardener_core.garden.index import Index
from gardener_core.garden.models import Models
from gardener_core.garden.projects import Projects
from gardener_core.garden.retraining import Retraining
from gardener_core.garden.runs import Runs
from gardener_core.garden.settings import SettingsDoor
from gardener_core.garden.versions.deployments import Deployments
from gardener_core.garden.versions.versions import Versions
from gardener_core.upkeep.machine import MachineMeter
from gardener_core.upkeep.orphans import Orphans


class ScreenGarden(Protocol):
    """The garden, as the screen uses it; a test hands in a scripted one."""

    @property
    def projects(self) -> Projects:
        """The projects."""
        ...

    @property
    def runs(self) -> Runs:
        """The runs."""
        ...

    @property
    def index(self) -> Index:
        """Search and the index."""
        ...

    @property
    def code(self) -> Code:
        """Code, its neighbours, pins and bans."""
        ...

    @property
    def data(self) -> Data:
        """What an adapter learns from."""
        ...

    @property
    def chats(self) -> Chats:
        """Questions and completions."""
        ...

    @property
    def conversations(self) -> Conversations:
        """The conversations that are kept."""
        ...

    @property
    def switching(self) -> Switching:
        """Going from project to project."""
        ...

    @property
    def adapters(self) -> Adapters:
        """The adapters."""
        ...

    @property
    def versions(self) -> Versions:
        """The versions of adapters."""
        ...

    @property
    def deployments(self) -> Deployments:
        """Our models on an Ollama server."""
        ...

    @property
    def exports(self) -> Exports:
        """Adapters as files for other programs."""
        ...

    @property
    def scores(self) -> Scores:
        """The cards of the adapters."""
        ...

    @property
    def comparing(self) -> Comparing:
        """Two adapters or runs beside each other."""
        ...

    @property
    def votes(self) -> Votes:
        """Blind votes between two answers."""
        ...

    @property
    def retraining(self) -> Retraining:
        """Updates of adapters."""
        ...

    @property
    def models(self) -> Models:
        """The models."""
        ...

    @property
    def settings(self) -> SettingsDoor:
        """The settings."""
        ...

    @property
    def orphans(self) -> Orphans:
        """Folders whose rows were lost."""
        ...

    @property
    def machine(self) -> MachineMeter:
        """How busy the machine is."""
        ...

    @property
    def obstacle(self) -> GardenError | None:
        """Why nothing can be kept now, where that is so."""
        ...

    def changes(self) -> int:
        """A number that moves when another process wrote to the database."""
        ...

    def close(self) -> None:
        """End what belongs to this screen; runs continue."""
        ...
