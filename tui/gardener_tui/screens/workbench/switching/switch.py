"""Switch the screen to another project, as one act."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from gardener_core.errors import GardenError
from gardener_core.events.sentences import without_adapter
from gardener_core.events.switch import StepName, Switched, SwitchStep
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.switches import Outcome, SwitchReport
from gardener_tui import keymap, toasts
from gardener_tui.messages import BadgeChanged
from gardener_tui.panes.background import call, each
from gardener_tui.panes.chat.pane import ChatPane
from gardener_tui.panes.projects.pane import ProjectsPane
from gardener_tui.remedies import advice
from gardener_tui.screens.sheets.report import Report
from gardener_tui.screens.workbench.host import Host
from gardener_tui.screens.workbench.projects import ProjectActions
from gardener_tui.screens.workbench.switching.report import findings_of
from gardener_tui.screens.workbench.updates.freshness import Freshness
from gardener_tui.widgets.banner import Banner
from gardener_tui.widgets.head import Head

# A project that is only passed in the list is not opened, and has nothing loaded.
REST_SECONDS = 0.2
# After a switch, until what is needed for the next one is loaded.
WARM_SECONDS = 3.0
MOST_TRIES = 5


@dataclass(slots=True)
class _Switch:
    """A switch while it is going on; `began` is on the clock of durations."""

    before: Project
    project: Project
    began: float
    guess: str
    started: float = field(default_factory=time.time)
    shown_seconds: float = 0.0
    steps: list[SwitchStep] = field(default_factory=list)

    def step(self, name: StepName, since: float) -> float:
        """Enter a step that ends now; the present time is given back."""
        now = time.perf_counter()
        self.steps.append(SwitchStep(name, round(now - since, 4)))
        return now


class Switching:
    """Keeps what is seen of the old project, shows the new one, and lets the engine turn to it.

    The old one stays in memory until the new one is whole: where a step fails, it is shown again
    as it was, under a banner.
    """

    def __init__(
        self,
        host: Host,
        panes: tuple[ProjectsPane, ChatPane],
        lines: tuple[Head, Banner],
        projects: ProjectActions,
        freshness: Freshness,
    ) -> None:
        """`panes` have the projects and the chat, `lines` are the first of the screen."""
        self._host = host
        self._list, self._chat = panes
        self._head, self._banner = lines
        self._projects = projects
        self._freshness = freshness
        self._shown: Project | None = None
        self._returning = False
        self._guess = ""  # the id of the project that is expected next

    def select(self, project: Project | None) -> None:
        """Show a project; where it is another one, that is a switch."""
        before, self._shown = self._shown, project
        is_same = before is not None and project is not None and before.id == project.id
        if project is None or before is None or is_same or self._returning:
            self._returning = False
            self._show(project)
            if before and project and is_same and before.adapter != project.adapter:
                self.turn_again()
            return
        began = time.perf_counter()
        switch = _Switch(before, project, began, self._guess)
        self._guess = ""
        self._banner.clear()
        self._chat.dialogue.keep_place()
        kept = switch.step("keep", began)
        self._show(project)
        self._host.call_after_refresh(self._drawn, switch, kept)

    def badge_changed(self, event: BadgeChanged) -> None:
        """Show in the first line what is loaded; load what was chosen instead."""
        self._head.show_loaded(event.short, event.memory)
        if event.is_other_voice:
            self.turn_again()

    def turn_again(self) -> None:
        """Let the engine load what was chosen since, if it has loaded anything."""
        project, told = self._shown, self._chat.badge.told
        if project is not None and told is not None and told.base:
            self._host.start("switch", lambda: self._turn_until_whole(project))

    def show_reports(self) -> None:
        """Show what the last switches took."""
        self._host.start("list", self._show_reports)

    async def _show_reports(self) -> None:
        garden = self._host.garden
        reports = await call(garden.switching.reports)
        share = await call(garden.switching.share)
        if not reports:
            key = keymap.of(self._host.app).key("project.switch").shown
            toasts.show(self._host.app, f"No switch was made yet; {key} makes one.", "warning")
            return
        names = {project.id: project.name for project in self._host.overview.projects}
        findings = findings_of(reports, names, share, time.time())
        await self._host.app.push_screen_wait(Report("What the last switches took", findings))

    def _show(self, project: Project | None) -> None:
        """Let every pane show a project."""
        host = self._host
        self._projects.selected(project)
        self._freshness.watch(project)
        host.training.offer(project, host.overview)
        self._chat.select(project)
        host.context.select(project)
        self._head.show(project.name if project else "", host.overview.live)

    def _drawn(self, switch: _Switch, since: float) -> None:
        """The new project is on the screen."""
        now = switch.step("show", since)
        switch.shown_seconds = round(now - switch.began, 4)
        self._host.start("switch", lambda: self._finish(switch))

    async def _finish(self, switch: _Switch) -> None:
        project = switch.project
        await asyncio.sleep(REST_SECONDS)
        since = time.perf_counter()
        try:
            await call(lambda: self._host.garden.switching.require(project))
            await self._chat.dialogue.ready(project)
        except GardenError as problem:
            await self._go_back(switch, problem)
            return
        self._list.stop_at(project)
        switch.step("read", since)
        told = await self._turn(project)
        switch.steps += told.steps
        ready = round(time.perf_counter() - switch.began - REST_SECONDS, 4)
        await self._keep(_report(switch, told, ready))
        self._take(told)
        if told.without:
            await self._retry(project, told)
        await self._expect(project)

    async def _go_back(self, switch: _Switch, problem: GardenError) -> None:
        """Show the old project again, whole as it was."""
        host, before = self._host, switch.before
        if host.overview.project(before.id) is not None and self._shown == switch.project:
            self._returning = True
            self._list.pass_over(switch.project)
            host.show(host.overview, before.id)
        self._projects.could_not_open(switch.project)
        what = f"{switch.project.name} could not be opened; this is {before.name}, as it was. "
        self._banner.say(
            what + problem.what, advice(problem.hint, problem.remedy, keymap.of(host.app))
        )
        report = SwitchReport(
            switch.project.id,
            before.id,
            switch.shown_seconds,
            0.0,
            "failed",
            tuple(switch.steps),
            problem=problem.what,
            guess=switch.guess,
            started=switch.started,
        )
        await self._keep(report)

    async def _turn(self, project: Project) -> Switched:
        """Let the engine turn to a project; what went wrong is told as well."""
        door, voice = self._host.garden.switching, self._chat.dialogue.voice

        def turn(stop: Callable[[], bool]) -> Iterator[Switched]:
            wished = door.wished(project, voice.model, adapter=voice.adapter)
            yield door.turn(project, wished, cancelled=stop)

        try:
            async for told in each(turn):
                return told
        except GardenError as problem:
            what = f"{problem.what} {problem.hint}".strip()
            return Switched(project.id, (), not_loaded="failed", problem=what)
        raise AssertionError("a turn gives one event")

    async def _turn_until_whole(self, project: Project) -> None:
        told = await self._turn(project)
        self._take(told)
        if told.without:
            await self._retry(project, told)

    async def _retry(self, project: Project, told: Switched) -> None:
        """Try an adapter that did not load again, after 1, 2, 4 and 8 seconds."""
        for _ in range(MOST_TRIES):
            if not told.without or not told.retry_seconds:
                return
            await asyncio.sleep(told.retry_seconds)
            told = await self._turn(project)
            self._take(told)

    def _take(self, told: Switched) -> None:
        """Show what is loaded, and what is not as it was wished for."""
        if not self._chat.show_loaded(told):
            return
        keys = keymap.of(self._host.app)
        if told.without:
            next_try = f" · tried again in {told.retry_seconds:g} s" if told.retry_seconds else ""
            choose, repair = keys.key("adapter.choose").shown, keys.key("project.repair").shown
            tries = f"{choose} chooses another adapter, {repair} checks its files{next_try}"
            self._banner.say(f"Answering {without_adapter(told.without)}", tries)
        elif told.problem:
            self._banner.say(f"No base is loaded, the card answers alone. {told.problem}")
        else:
            self._banner.clear()

    async def _keep(self, report: SwitchReport) -> None:
        garden = self._host.garden
        if garden.obstacle is None:
            try:
                await call(lambda: garden.switching.keep(report))
            except GardenError:
                return  # as of a project that is gone; the banner says so

    async def _expect(self, project: Project) -> None:
        """Guess which project is next, and load what it needs."""
        door = self._host.garden.switching
        expected = await call(lambda: door.guess(project))
        if expected is None or expected.id == project.id:
            return
        self._guess = expected.id
        await asyncio.sleep(WARM_SECONDS)
        try:
            await call(lambda: door.warm(expected))
        except GardenError:
            return  # nobody has asked for it


def _report(switch: _Switch, told: Switched, ready: float) -> SwitchReport:
    return SwitchReport(
        switch.project.id,
        switch.before.id,
        switch.shown_seconds,
        ready,
        _outcome(told),
        tuple(switch.steps),
        answers=" + ".join(filter(None, (told.base, told.adapter))),
        problem=told.without or told.problem,
        guess=switch.guess,
        memory=told.memory,
        started=switch.started,
    )


def _outcome(told: Switched) -> Outcome:
    if told.base:
        return "without" if told.without else "ready"
    return "card" if told.not_loaded in ("none", "failed") else "waiting"
