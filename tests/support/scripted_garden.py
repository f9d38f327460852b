"""A garden that follows a script."""

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gardener_core.answers.requests import Exchange
from gardener_core.errors import BadInput, GardenError, RunMissing
from gardener_core.evaluation.held_out import Scores
from gardener_core.events.answer import Completed, Prompted, ReadAhead, SummariesMade, Token
from gardener_core.events.index import Retrieved
from gardener_core.events.run import Paused, PhaseAdvanced, Resumed, Stopped
from gardener_core.events.union import Event
from gardener_core.garden.adapters import Adapters
from gardener_core.garden.base_models.offers import ModelOffer, OllamaOffers
from gardener_core.garden.base_models.use import Users, VerifiedModel
from gardener_core.garden.chats.conversations import ChatPlace, Conversations
from gardener_core.garden.chats.options import USUAL, AskOptions
from gardener_core.garden.chats.questions import Chats
from gardener_core.garden.evaluation.comparing import Comparing
from gardener_core.garden.evaluation.votes import Votes
from gardener_core.garden.index import Health, Index
from gardener_core.garden.models import Models
from gardener_core.garden.projects import Projects
from gardener_core.garden.runs import Runs
from gardener_core.garden.settings import SettingsDoor
from gardener_core.graph.map import ProjectMap
from gardener_core.jobs.follow import Steps, TimedEvent
from gardener_core.jobs.outlook import Outlook
from gardener_core.models.model import BaseModel
from gardener_core.models.ollama.states import Status
from gardener_core.search.indexing.files import ProjectFile
from gardener_core.search.measuring.records import Retrieval
from gardener_core.search.query import Filter, Scope, filters_of
from gardener_core.settings.presets import STEPS, Preset
from gardener_core.settings.reading import ExplainedSetting, Problem
from gardener_core.settings.schema import ScreenSettings, Settings
from gardener_core.store.garden.adapter_files import Partial
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project, Removed
from gardener_core.store.garden.runs import Run, RunKind
from gardener_core.system.places import Places
from gardener_core.upkeep.explaining import Explaining, Explains
from gardener_core.upkeep.machine import MachineMeter, MachineReading
from gardener_core.upkeep.orphans import Orphans
from gardener_core.upkeep.repaired import Repaired
from support.scripted_code import ScriptedCode
from support.scripted_conversations import ScriptedConversations
from support.scripted_data import ScriptedData
from support.scripted_retraining import ScriptedRetraining
from support.scripted_scores import ScriptedScores
from support.scripted_switching import ScriptedSwitching
from support.scripted_versions import ScriptedDeployments, ScriptedExports, ScriptedVersions

WAIT_SECONDS = 0.02
WAIT_MOST_SECONDS = 20.0


def never() -> bool:
    return False


def a_project(name: str = "acme", **facts: object) -> Project:
    told = {
        "id": f"id-{name}",
        "name": name,
        "path": Path("/code") / name,
        "languages": ("python",),
        "files": 12,
        "chunks": 48,
        "state": "ready",
        "base": "",
        "adapter": "",
        "created": 1.0,
    }
    return Project(**{**told, **facts})  # type: ignore[arg-type]


def a_base(name: str) -> BaseModel:
    path = Path("/models") / f"{name}.gguf"
    return BaseModel(
        name, "base", "gguf", path, 1_000_000, "0" * 64, True, 2048, "llama", path, path
    )


class Record:
    """What the screen has asked for, in order."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []

    def note(self, *call: object) -> None:
        self.calls.append(call)

    def names(self) -> list[object]:
        return [call[0] for call in self.calls]


class ScriptedProjects(Projects):
    def __init__(self, record: Record, projects: list[Project]) -> None:
        self.record = record
        self.projects = projects
        self.trash: list[Project] = []
        self.lost: list[str] = []

    def add(self, path: Path, name: str | None = None, *, survey: bool = True) -> Project:
        self.record.note("add", path)
        if not path.is_dir():
            raise BadInput(f"{path} is not a folder.", hint="Choose a folder with code.")
        project = a_project(name or path.name, path=path, state="new", chunks=0)
        self.projects.append(project)
        return project

    def all(self) -> list[Project]:
        return list(self.projects)

    def find(self, name: str) -> Project:
        return next(item for item in self.projects if item.name == name)

    def rename(self, project: Project, name: str) -> Project:
        self.record.note("rename", project.id, name)
        if any(item.name == name and item.id != project.id for item in self.projects):
            raise BadInput(f"The name {name!r} is taken.", hint="Choose another one.")
        at = next(at for at, item in enumerate(self.projects) if item.id == project.id)
        self.projects[at] = replace(self.projects[at], name=name)
        return self.projects[at]

    def remove(self, project: Project) -> Removed:
        self.record.note("remove", project.id)
        self.projects[:] = [item for item in self.projects if item.id != project.id]
        self.trash.append(project)
        return Removed(project.id, project.name, time.time() + 7 * 86_400)

    def restore(self, name_or_id: str) -> Project:
        self.record.note("restore", name_or_id)
        project = next(item for item in self.trash if item.id == name_or_id)
        self.trash.remove(project)
        self.projects.append(project)
        return project

    def repair(self, project: Project) -> Iterator[Repaired]:
        self.record.note("repair", project.id)
        yield Repaired("folder", "Whole.", "")
        yield Repaired("index", "The table was lost.", "All files are read again.")

    def unlisted(self) -> list[str]:
        return self.lost

    def trashed(self) -> list[Removed]:
        return [Removed(item.id, item.name, time.time() + 86_400) for item in self.trash]


class ScriptedRuns(Runs):
    """Runs whose batches a test hands out; a live run waits until it is told more."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.runs: list[Run] = []
        self.trash: list[Run] = []
        self.batches: dict[str, list[list[Event | TimedEvent | Steps]]] = {}
        self.changed = threading.Condition()
        self.subjects: dict[str, str] = {}
        self.phases: dict[str, PhaseAdvanced] = {}
        self.expected = Outlook("id-acme", "seedling", 0, 150, 307_200, 10, 2, 0)
        self.next_script: list[Event] = []
        self.numbers = itertools.count(1)

    def put(self, run: Run, *batches: Sequence[Event | TimedEvent | Steps]) -> Run:
        """A run that began before the screen did."""
        self.runs.insert(0, run)
        self.batches[run.id] = [list(batch) for batch in batches]
        return run

    def tell(self, run_id: str, *events: Event | TimedEvent | Steps) -> None:
        """Let a run tell more."""
        with self.changed:
            self.batches[run_id].append(list(events))
            self.changed.notify_all()

    def begin(self, kind: RunKind, project: str, call: str = "") -> Run:
        run = Run(f"run-{next(self.numbers)}", kind, project, 2.0, "starting")
        self.record.note(call or kind, project)
        return self.put(run, list(self.next_script))

    def survey(self, project: Project, *, then_index: bool = False) -> Run:
        self.record.note("survey, then index" if then_index else "survey", project.id)
        run = Run(f"run-{next(self.numbers)}", "survey", project.id, 2.0, "starting")
        return self.put(run, list(self.next_script))

    def index(self, project: Project, *, full: bool = False, even_if_empty: bool = False) -> Run:
        call = "index, even if empty" if even_if_empty else ""
        return self.begin("index", project.id, call)

    def train(
        self,
        project: Project,
        *,
        base: str | None = None,
        steps: int | None = None,
        rows_a_step: int | None = None,
        control: Adapter | None = None,
        measured: bool = True,
        fit: bool = False,
        preset: Preset | None = None,
    ) -> Run:
        if base or preset:
            self.record.note("train with", f"{base} {preset}")
        return self.begin("train", project.id)

    def keep(self, run_id: str) -> Run:
        self.record.note("keep", run_id)
        return self.find(run_id)

    def grow(self, *, steps: int | None = None) -> Run:
        return self.begin("grow", "")

    def export(self, project: Project, version: str, format: str, folder: Path) -> Run:
        return self.begin("export", project.id)

    def all(self, project: Project | None = None) -> list[Run]:
        return [run for run in self.runs if project is None or run.project == project.id]

    def find(self, run_id: str) -> Run:
        for run in self.runs:
            if run.id == run_id:
                return run
        raise RunMissing(f"There is no run {run_id!r}.")

    def outlook(
        self,
        project: Project,
        *,
        base: str | None = None,
        steps: int | None = None,
        preset: Preset | None = None,
    ) -> Outlook:
        self.record.note("outlook", project.id)
        steps = STEPS[preset] if preset else self.expected.steps
        return replace(self.expected, base=base or self.expected.base, steps=steps)

    def subject(self, run: Run) -> str:
        return self.subjects.get(run.id, "")

    def phase(self, run: Run) -> PhaseAdvanced | None:
        return self.phases.get(run.id)

    def follow(self, run_id: str, stop: Callable[[], bool] = never) -> Iterator[list[Event]]:
        for batch in self.read(run_id, stop):
            yield [told.event for told in batch if isinstance(told, TimedEvent)]

    def read(
        self, run_id: str, stop: Callable[[], bool] = never
    ) -> Iterator[list[TimedEvent | Steps]]:
        """What was told; a fact without a time came half a second after the one before."""
        self.record.note("follow", run_id)
        told, seconds = 0, 0.0
        while not stop():
            with self.changed:
                batches = self.batches[run_id]
                if told == len(batches):
                    self.changed.wait(WAIT_SECONDS)
            if told == len(batches):
                yield []
                continue
            told += 1
            batch: list[TimedEvent | Steps] = []
            for item in batches[told - 1]:
                if not isinstance(item, TimedEvent | Steps):
                    seconds += 0.5
                    item = TimedEvent(item, seconds)
                batch.append(item)
            yield batch
            last = batch[-1] if batch else None
            if isinstance(last, TimedEvent) and _ends(last.event):
                return

    def pause(self, run_id: str) -> None:
        self.record.note("pause", run_id)
        self.tell(run_id, Paused())

    def resume(self, run_id: str) -> Run:
        self.record.note("resume", run_id)
        # The journal of the run stays and goes on; what had ended it is history now.
        history = [event for batch in self.batches[run_id] for event in batch]
        self.batches[run_id] = [[*history, Resumed()]]
        return self.find(run_id)

    def stop(self, run_id: str) -> None:
        self.record.note("stop", run_id)
        self.tell(run_id, Stopped())

    def drop(self, run_id: str) -> Run:
        self.record.note("drop", run_id)
        run = self.find(run_id)
        self.runs.remove(run)
        self.trash.append(run)
        return run

    def restore(self, run_id: str) -> Run:
        self.record.note("restore", run_id)
        run = next(item for item in self.trash if item.id == run_id)
        self.trash.remove(run)
        self.runs.insert(0, run)
        return run

    def checkpoint(self, run_id: str) -> None:
        self.record.note("checkpoint", run_id)


def _ends(event: Event) -> bool:
    return type(event).__name__ in ("Finished", "Failed", "Stopped", "Died")


class ScriptedIndex(Index):
    def __init__(self, record: Record) -> None:
        self.record = record
        self.found: Retrieved | GardenError = Retrieved((), 0.01)
        self.found_for: dict[str, Retrieved] = {}
        self.waiting = threading.Event()
        self.waiting.set()
        self.seen: list[Event] = []
        self.known: list[ProjectFile] = []
        empty = ProjectMap((), 0, (), 0, 0.01, "There is no code to map in it.")
        self.drawn: ProjectMap | GardenError = empty
        self.measured: Retrieval | None = None
        self.measuring = threading.Event()
        self.lost = ""
        self.healths: dict[str, Health] = {}

    def watch(self, project: Project, cancelled: Callable[[], bool]) -> Iterator[Event]:
        self.record.note("watch", project.id)
        yield from self.seen
        pause = threading.Event()
        while not cancelled():
            pause.wait(WAIT_SECONDS)
        self.record.note("watch ended", project.id)

    def search(
        self, project: Project, query: str, k: int | None = None, scope: Scope = "all"
    ) -> Retrieved:
        self.record.note("search", project.id, query, *([scope] if scope != "all" else []))
        self.waiting.wait(WAIT_MOST_SECONDS)
        if isinstance(self.found, GardenError):
            raise self.found
        return self.found_for.get(query, self.found)

    def filters(self, project: Project, query: str) -> tuple[Filter, ...]:
        return filters_of(query)

    def files(self, project: Project) -> list[ProjectFile]:
        return list(self.known)

    def map(self, project: Project, tokens: int = 2000, question: str = "") -> ProjectMap:
        self.record.note("map", project.id, question)
        if isinstance(self.drawn, GardenError):
            raise self.drawn
        return self.drawn

    def retrieval(self, project: Project) -> Retrieval | None:
        return self.measured

    def emptied(self, project: Project) -> str:
        return self.lost

    def measure(self, project: Project) -> Iterator[str]:
        self.record.note("measure", project.id)
        yield "asked 3 of 9"
        self.measuring.wait(WAIT_MOST_SECONDS)

    def health(self, project: Project) -> Health:
        return self.healths.get(project.id, Health(1024, 0))

    def retry(self, project: Project, paths: Sequence[str]) -> None:
        self.record.note("retry", project.id, *paths)

    def decide(self, project: Project, paths: Sequence[str], *, anyway: bool) -> None:
        self.record.note("decide", project.id, *paths, anyway)


@dataclass(frozen=True, slots=True)
class Question:
    """What a question was asked with."""

    text: str
    model: str
    adapter: bool
    before: tuple[Exchange, ...]
    anew: bool
    explain: bool
    thorough: bool


class ScriptedExplaining(Explaining):
    """What is known of each model as an explainer."""

    def __init__(self) -> None:
        self.known: dict[str, Explains] = {}

    def of(self, model: str) -> Explains:
        return self.known.get(model, Explains(model, "not measured"))


class ScriptedChats(Chats):
    """Answers with the events of the script; `holding` keeps an answer from ending."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.explaining = ScriptedExplaining()
        self.script: list[Event | GardenError] = []
        self.without_adapter: list[Event] = []  # what it says then, where that differs
        self.completed: Completed | GardenError = Completed("return 1", "", 3, 0.2)
        self.breaks_off: GardenError | None = None  # after the last token
        self.holding = False
        self.asked: list[Question] = []
        self.prompts: dict[str, str] = {}
        self.files: dict[str, str] = {}  # what was written for the person

    def read_ahead(
        self,
        project: Project,
        question: str,
        *,
        model: str = "",
        adapter: bool = True,
        before: Sequence[Exchange] = (),
        cancelled: Callable[[], bool] = never,
    ) -> ReadAhead:
        self.record.note("read ahead", question, model)
        return ReadAhead(12, 12, 0.1)

    def summarise(
        self,
        project: Project,
        chat: str,
        answers: Sequence[int],
        *,
        model: str = "",
        spare: bool = True,
        cancelled: Callable[[], bool] = never,
    ) -> SummariesMade:
        self.record.note("summarise", chat, tuple(answers))
        return SummariesMade(chat, 0, len(answers), 0.0, "load")

    def prompt(self, prompted: Prompted) -> str | None:
        return self.prompts.get(prompted.file)

    def write(self, name: str, text: str) -> Path:
        self.files[name] = text
        return Path("/data/written") / name

    def ask(
        self,
        project: Project,
        question: str,
        options: AskOptions = USUAL,
        *,
        cancelled: Callable[[], bool] = never,
    ) -> Iterator[Event]:
        self.record.note("ask", project.id, question)
        self.asked.append(
            Question(
                question,
                options.model,
                options.adapter,
                tuple(options.before),
                options.anew,
                options.explain,
                options.thorough,
            )
        )
        script = (
            self.script if options.adapter or not self.without_adapter else self.without_adapter
        )
        for event in script:
            if isinstance(event, GardenError):
                raise event
            yield event
        pause = threading.Event()
        while self.holding and not cancelled():
            pause.wait(WAIT_SECONDS)
        if cancelled():
            self.record.note("cancelled")

    def completion(
        self,
        project: Project,
        prefix: str,
        *,
        suffix: str = "",
        adapter: bool = True,
        tokens: int = 32,
        place: ChatPlace | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> Iterator[Event]:
        self.record.note("complete", project.id, prefix, adapter)
        if isinstance(self.completed, GardenError):
            raise self.completed
        for word in self.completed.text.split(" "):
            yield Token(word)
        if self.breaks_off:
            raise self.breaks_off
        yield self.completed


class ScriptedAdapters(Adapters):
    def __init__(self, record: Record) -> None:
        self.record = record
        self.adapters: list[Adapter] = []
        self.scores: dict[str, Scores] = {}
        self.partials: dict[str, Partial] = {}

    def partial(self, adapter: Adapter) -> Partial | None:
        return self.partials.get(adapter.version)

    def held_out(self, adapter: Adapter) -> Scores | None:
        return self.scores.get(adapter.run)

    def all(self, project: Project) -> list[Adapter]:
        return [adapter for adapter in self.adapters if adapter.project == project.id]

    def to_score(self, project: Project, version: str | None = None) -> Adapter:
        return self.all(project)[0]

    def chosen(self, project: Project, version: str | None = None) -> Adapter:
        return self.all(project)[0]

    def made_by(self, run: Run) -> Adapter | None:
        return next((one for one in self.adapters if one.run == run.id), None)

    def use(self, project: Project, version: str, reason: str = "") -> Project:
        self.record.note("use", project.id, version, *([reason] if reason else []))
        return project


class ScriptedModels(Models):
    def __init__(self, record: Record) -> None:
        self.record = record
        self.listed: list[ModelOffer] = []
        self.bases: list[BaseModel] = []
        self.needed = Users()
        self.starter: Run | None = None
        self.served = OllamaOffers(Status("down", "127.0.0.1:11434", "Connection refused"))

    def all(self) -> list[BaseModel]:
        return list(self.bases)

    def offers(self) -> list[ModelOffer]:
        return list(self.listed)

    def ollama(self) -> OllamaOffers:
        return self.served

    def pull(self, name: str, source: str = "") -> Run:
        self.record.note("pull", name)
        self._change(name, run=f"pull-{name}")
        return Run(f"pull-{name}", "pull", "", 1.0, "running")

    def verify(self, name: str = "") -> Iterator[VerifiedModel]:
        self.record.note("verify", name)
        yield VerifiedModel(name, False, "tiny.gguf is not as it was written")

    def users(self, name: str) -> Users:
        return self.needed

    def remove(self, name: str, *, though_used: bool = False) -> Users:
        self.record.note("remove model", name, though_used)
        kept = tuple(model for model in self.served.models if model.name != name)
        self.served = replace(self.served, models=kept)
        self._change(name, here=False)
        return self.needed

    def restore(self, name: str) -> None:
        self.record.note("restore model", name)
        self._change(name, here=True)

    def begin_starter(self) -> Run | None:
        return self.starter

    def _change(self, name: str, **facts: object) -> None:
        self.listed = [
            replace(offer, **facts) if offer.name == name else offer  # type: ignore[arg-type]
            for offer in self.listed
        ]


class ScriptedSettings(SettingsDoor):
    def __init__(self, record: Record) -> None:
        self.record = record
        self.theme = "night"
        self.keys: dict[str, str] = {}
        self.told = ""
        self.motion = True
        self.call_back = "notification"

    def current(self, project: Project | None = None) -> Settings:
        screen = ScreenSettings(theme=self.theme, motion=self.motion, call_back=self.call_back)
        return Settings(screen=screen, keys=self.keys)

    def warning(self) -> str:
        return self.told

    def problems(self) -> list[Problem]:
        return []

    def explain(self, project: Project | None = None) -> list[ExplainedSetting]:
        return []

    def set(self, key: str, text: str) -> ExplainedSetting:
        self.record.note("set", key, text)
        return ExplainedSetting(key, text, "config.toml", "")


class ScriptedOrphans(Orphans):
    """Finds nothing that was lost."""

    def __init__(self) -> None:
        pass

    def mend(self) -> Iterator[Repaired]:
        return iter(())


class ScriptedMachine(MachineMeter):
    """A machine that is always as busy as it says here."""

    def __init__(self) -> None:
        super().__init__(Path("/"))
        self.reading = MachineReading(8, 5.25, 6_400_000_000, 90_000_000_000)

    def read(self) -> MachineReading:
        return self.reading


class ScriptedGarden:
    """The front door with prepared answers; `record` keeps what was asked of it."""

    def __init__(self, *projects: Project) -> None:
        self.record = Record()
        self.projects = ScriptedProjects(self.record, list(projects))
        self.runs = ScriptedRuns(self.record)
        self.index = ScriptedIndex(self.record)
        self.code = ScriptedCode(self.record.note)
        self.data = ScriptedData(self.record.note, lambda project: self.runs.begin("data", project))
        self.chats = ScriptedChats(self.record)
        self.conversations: Conversations = ScriptedConversations(self.record.note)
        self.switching = ScriptedSwitching(self.record.note)
        self.adapters = ScriptedAdapters(self.record)
        self.versions = ScriptedVersions(
            self.record.note,
            self.adapters,
            lambda: self.adapters.adapters,
            lambda project: self.retraining.drift(project),
        )
        self.exports = ScriptedExports(
            self.record.note, lambda project: self.runs.begin("export", project)
        )
        self.deployments = ScriptedDeployments(
            self.record.note, lambda project: self.runs.begin("deploy", project)
        )
        self.scores = ScriptedScores(
            self.record.note, lambda project: self.runs.begin("score", project)
        )
        self.votes = Votes(
            Places(Path("/dev/null"), Path("/dev/null")), self.scores, random.Random(1)
        )
        self.comparing = Comparing(
            Places(Path("/dev/null"), Path("/dev/null")), self.adapters, self.runs, self.scores
        )
        self.retraining = ScriptedRetraining(
            lambda project: self.runs.begin("train", project, "update")
        )
        self.models = ScriptedModels(self.record)
        self.orphans = ScriptedOrphans()
        self.settings = ScriptedSettings(self.record)
        self.machine: MachineMeter = ScriptedMachine()
        self.obstacle: GardenError | None = None
        self.changed = 0
        self.closed = False

    def changes(self) -> int:
        return self.changed

    def close(self) -> None:
        self.closed = True
