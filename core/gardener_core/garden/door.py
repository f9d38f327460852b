"""Open the garden: all that commands and screens may ask for."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gardener_core.errors import DiskFull, GardenBusy, GardenError, NotOurs, ReadOnly
from gardener_core.events.index import TableChecked
from gardener_core.garden.adapters import Adapters
from gardener_core.garden.projects import Projects
from gardener_core.garden.runs import Runs
from gardener_core.garden.settings import SettingsDoor
from gardener_core.models.cleaning.trash import ModelTrash
from gardener_core.models.cleaning.unfinished import delete_unfinished
from gardener_core.models.store import ModelStore
from gardener_core.store.copies import copy_daily
from gardener_core.store.database import ChangeCounter, Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.chats.recovery import recover_chats
from gardener_core.store.garden.project_settings import ProjectSettings
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.garden.runs import RunTable
from gardener_core.store.garden.versions.trash import AdapterTrash
from gardener_core.system.lazy import load
from gardener_core.system.log import Log
from gardener_core.system.places import Places

if TYPE_CHECKING:
    from gardener_core.engine.client import Engine
    from gardener_core.garden.base_models.use import ModelUse
    from gardener_core.garden.chats.conversations import Conversations
    from gardener_core.garden.chats.questions import Chats
    from gardener_core.garden.chats.switching import Switching
    from gardener_core.garden.code import Code
    from gardener_core.garden.curves import Curves
    from gardener_core.garden.data import Data
    from gardener_core.garden.evaluation.comparing import Comparing
    from gardener_core.garden.evaluation.scores import Scores
    from gardener_core.garden.evaluation.votes import Votes
    from gardener_core.garden.exports import Exports
    from gardener_core.garden.index import Index
    from gardener_core.garden.models import Models
    from gardener_core.garden.retraining import Retraining
    from gardener_core.garden.versions.bundles import Bundles
    from gardener_core.garden.versions.deployments import Deployments
    from gardener_core.garden.versions.exchange import AdapterExchange
    from gardener_core.garden.versions.versions import Versions
    from gardener_core.upkeep.budget import MemoryBudget
    from gardener_core.upkeep.doctor import Check
    from gardener_core.upkeep.machine import MachineMeter
    from gardener_core.upkeep.orphans import Orphans


@dataclass(frozen=True, slots=True)
class _Tables:
    """The tables of garden.db that several nouns share."""

    projects: ProjectTable
    runs: RunTable
    adapters: AdapterTable
    settings: ProjectSettings


class Garden:
    """Everything a command or screen may ask for; plain synchronous calls, from any thread.

    What not every command needs is loaded when it is first asked for. `obstacle` says why nothing
    can be written now, where that is so; reading works.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self.database = Database(places.database)
        self.watch: ChangeCounter = self.database.watch()
        self.audit = AuditLog(self.database)
        self._tables = tables = _Tables(
            ProjectTable(self.database),
            RunTable(self.database),
            AdapterTable(self.database),
            ProjectSettings(self.database),
        )
        self.settings = SettingsDoor(places, tables.settings, self.audit)
        self.log = Log(places.log, details=self.settings.current().log.level == "debug")
        self.adapters = Adapters(places, tables.adapters, tables.projects)
        self.runs = Runs(
            places, tables.runs, tables.projects, tables.adapters, self.audit, self.settings
        )
        self.projects = Projects(
            places, tables.projects, tables.adapters, self.runs, self._check_table
        )
        self.obstacle = _recover(self.projects, self.runs, places, self.database)

    @cached_property
    def engine(self) -> "Engine":
        """The process that searches and answers; started by its first request."""
        engine: Engine = load("gardener_core.engine.client").Engine(self._places)
        return engine

    @cached_property
    def machine(self) -> "MachineMeter":
        """How busy the machine is."""
        meter: MachineMeter = load("gardener_core.upkeep.machine").MachineMeter(self._places.data)
        return meter

    @cached_property
    def curves(self) -> "Curves":
        """The numbers of runs, for other programs."""
        curves: Curves = load("gardener_core.garden.curves").Curves(self._places)
        return curves

    @cached_property
    def index(self) -> "Index":
        """Search, map, files and health of an index."""
        index: Index = load("gardener_core.garden.index").Index(
            self._places, self.engine, self.settings, self._tables.projects, self.runs.index
        )
        return index

    @cached_property
    def code(self) -> "Code":
        """Code, what is around it, pins and bans."""
        code: Code = load("gardener_core.garden.code").Code(self._places)
        return code

    @cached_property
    def data(self) -> "Data":
        """The rows that an adapter learns from."""
        data: Data = load("gardener_core.garden.data").Data(self._places, self.runs, self.audit)
        return data

    @cached_property
    def versions(self) -> "Versions":
        """What is done with the versions of adapters."""
        versions: Versions = load("gardener_core.garden.versions.versions").Versions(
            self._places, self.database, self.adapters
        )
        return versions

    @cached_property
    def exchange(self) -> "AdapterExchange":
        """Adapters from elsewhere, and ours for others."""
        exchange: AdapterExchange = load("gardener_core.garden.versions.exchange").AdapterExchange(
            self._places, self.database
        )
        return exchange

    @cached_property
    def deployments(self) -> "Deployments":
        """Our models on an Ollama server."""
        deployments: Deployments = load("gardener_core.garden.versions.deployments").Deployments(
            self._places, self.database, self.runs, self.settings
        )
        return deployments

    @cached_property
    def scores(self) -> "Scores":
        """The cards of adapters."""
        scores: Scores = load("gardener_core.garden.evaluation.scores").Scores(
            self._places, self.runs, self.settings
        )
        return scores

    @cached_property
    def bundles(self) -> "Bundles":
        """Folders that were exported on another machine."""
        bundles: Bundles = load("gardener_core.garden.versions.bundles").Bundles(
            self._places,
            self.projects,
            self.runs,
            self._tables.adapters,
            lambda: self.exchange,
            self.audit,
        )
        return bundles

    @cached_property
    def exports(self) -> "Exports":
        """Adapters as files for other programs."""
        exports: Exports = load("gardener_core.garden.exports").Exports(
            self._places, self.runs, self._tables.adapters, self.audit
        )
        return exports

    @cached_property
    def comparing(self) -> "Comparing":
        """Two adapters or runs beside each other."""
        comparing: Comparing = load("gardener_core.garden.evaluation.comparing").Comparing(
            self._places, self.adapters, self.runs, self.scores
        )
        return comparing

    @cached_property
    def votes(self) -> "Votes":
        """Blind votes between two answers."""
        votes: Votes = load("gardener_core.garden.evaluation.votes").Votes(
            self._places, self.scores
        )
        return votes

    @cached_property
    def retraining(self) -> "Retraining":
        """Updates of adapters as their projects change."""
        retraining: Retraining = load("gardener_core.garden.retraining").Retraining(
            self._places, self.runs, self._tables.adapters, self.settings, self.log
        )
        return retraining

    @cached_property
    def chats(self) -> "Chats":
        """Questions and completions."""
        chats: Chats = load("gardener_core.garden.chats.questions").Chats(
            self._places, self.engine, self._tables.adapters, self.settings, self.conversations
        )
        return chats

    @cached_property
    def conversations(self) -> "Conversations":
        """Conversations that are kept."""
        conversations: Conversations = load(
            "gardener_core.garden.chats.conversations"
        ).Conversations(self._places, self.database, self.engine)
        return conversations

    @cached_property
    def switching(self) -> "Switching":
        """Going from project to project."""
        switching: Switching = load("gardener_core.garden.chats.switching").Switching(
            self._places,
            self.database,
            self.engine,
            self.chats,
            self.conversations,
            self.settings,
        )
        return switching

    @cached_property
    def models(self) -> "Models":
        """Base models and embedders."""
        tables = self._tables
        use: ModelUse = load("gardener_core.garden.base_models.use").ModelUse(
            self._places, tables.projects, tables.adapters, tables.runs, self.settings
        )
        models: Models = load("gardener_core.garden.models").Models(
            self._places,
            self.settings,
            tables.settings,
            self.runs,
            use,
            self.audit,
            lambda: self.engine,
        )
        return models

    @cached_property
    def orphans(self) -> "Orphans":
        """Folders without a row, and rows without a folder."""
        conversations = load("gardener_core.store.garden.chats.conversations").ConversationTable
        orphans: Orphans = load("gardener_core.upkeep.orphans").Orphans(
            self._places,
            self._tables.projects,
            self._tables.runs,
            self._tables.adapters,
            conversations(self.database),
        )
        return orphans

    def changes(self) -> int:
        """A number that moves when another process wrote to the database."""
        return self.watch.number()

    def doctor(self) -> "Iterator[Check]":
        """What works on this machine and what is missing; the quick checks come first."""
        doctor = load("gardener_core.upkeep.doctor").Doctor
        checks: Iterator[Check] = doctor(
            self._places,
            self.database,
            self.audit,
            self.settings.warning,
            self.orphans,
            self.models.wanted_of_ollama,
            self._budget,
            lambda: self.switching.memory_use,
            lambda: self.retraining.outlook(self.projects.all()),
        ).checks()
        return checks

    def _budget(self) -> "MemoryBudget":
        budget: MemoryBudget = load("gardener_core.upkeep.budget").budget_of(
            self._places,
            self._tables.projects.all(),
            self.settings.current(),
            self._tables.adapters,
        )
        return budget

    def close(self) -> None:
        """End the engine and copy the database once a day; runs go on."""
        if "engine" in self.__dict__:
            self.engine.close()
        self.watch.close()
        if self.obstacle is None:
            copy_daily(self.database.path)

    def _check_table(self, project: Project) -> TableChecked:
        return self.index.check(project)


def open_garden(places: Places) -> Garden:
    """Open the database; nothing heavy is loaded."""
    return Garden(places)


def _recover(
    projects: Projects, runs: Runs, places: Places, database: Database
) -> GardenError | None:
    """Finish interrupted moves and empty the trash; the error if that is impossible now."""
    try:
        projects.recover()
        runs.recover()
        recover_chats(places, database)
        ModelTrash(places, ModelStore(places)).recover()
        AdapterTrash(places, database).recover()
        delete_unfinished(places)
    except (DiskFull, ReadOnly, NotOurs, GardenBusy) as problem:
        return problem
    return None
