"""Open the garden: all that commands and screens may ask for."""

from collections.abc import Iterator
from dataclasses import dataclass

from gardener_core.engine.client import Engine
from gardener_core.errors import DiskFull, GardenBusy, GardenError, NotOurs, ReadOnly
from gardener_core.garden.adapters import Adapters
from gardener_core.garden.chats import Chats
from gardener_core.garden.code import Code
from gardener_core.garden.index import Index
from gardener_core.garden.model_use import ModelUse
from gardener_core.garden.models import Models
from gardener_core.garden.projects import Projects
from gardener_core.garden.runs import Runs
from gardener_core.garden.settings import SettingsDoor
from gardener_core.store.copies import copy_daily
from gardener_core.store.database import ChangeCounter, Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.conversations import ConversationTable
from gardener_core.store.garden.project_settings import ProjectSettings
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.garden.runs import RunTable
from gardener_core.system.log import Log
from gardener_core.system.places import Places
from gardener_core.upkeep.doctor import Check, Doctor
from gardener_core.upkeep.orphans import Orphans


@dataclass(frozen=True, slots=True)
class Garden:
    """Everything a command or screen may ask for; plain synchronous calls, from any thread.

    `obstacle` says why nothing can be written now, where that is so; reading works.
    """

    projects: Projects
    runs: Runs
    index: Index
    code: Code
    chats: Chats
    adapters: Adapters
    models: Models
    settings: SettingsDoor
    audit: AuditLog
    orphans: Orphans
    doctor_checks: Doctor
    log: Log
    engine: Engine
    database: Database
    watch: ChangeCounter
    obstacle: GardenError | None

    def changes(self) -> int:
        """A number that moves when another process wrote to the database."""
        return self.watch.number()

    def doctor(self) -> Iterator[Check]:
        """What works on this machine and what is missing; the quick checks come first."""
        return self.doctor_checks.checks()

    def close(self) -> None:
        """End the engine and copy the database once a day; runs go on."""
        self.engine.close()
        self.watch.close()
        if self.obstacle is None:
            copy_daily(self.database.path)


def open_garden(places: Places) -> Garden:
    """Open the database and wire everything together; nothing heavy is loaded."""
    database = Database(places.database)
    project_table, run_table = ProjectTable(database), RunTable(database)
    adapter_table = AdapterTable(database)
    orphans = Orphans(places, project_table, run_table, adapter_table, ConversationTable(database))
    engine = Engine(places)
    audit, own = AuditLog(database), ProjectSettings(database)
    settings = SettingsDoor(places, own, audit)
    runs = Runs(places, run_table, project_table, adapter_table, audit, settings)
    index = Index(places, engine, settings, project_table, runs.index)
    projects = Projects(places, project_table, adapter_table, runs, index.check)
    use = ModelUse(places, project_table, adapter_table, run_table, settings)
    models = Models(places, settings, own, runs, use)
    obstacle = _recover(projects, runs, models)
    return Garden(
        projects=projects,
        runs=runs,
        index=index,
        code=Code(places),
        chats=Chats(places, engine, adapter_table, settings),
        adapters=Adapters(places, adapter_table, project_table),
        models=models,
        settings=settings,
        audit=audit,
        orphans=orphans,
        doctor_checks=Doctor(places, database, audit, settings.warning, orphans),
        log=Log(places.log, details=settings.current().log.level == "debug"),
        engine=engine,
        database=database,
        watch=database.watch(),
        obstacle=obstacle,
    )


def _recover(projects: Projects, runs: Runs, models: Models) -> GardenError | None:
    """Finish interrupted moves and empty the trash; the error if that is impossible now."""
    try:
        projects.recover()
        runs.recover()
        models.recover()
    except (DiskFull, ReadOnly, NotOurs, GardenBusy) as problem:
        return problem
    return None
