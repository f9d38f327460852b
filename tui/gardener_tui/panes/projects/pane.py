"""Pane 1: the projects."""

import asyncio
import time
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from gardener_core.errors import GardenError
from gardener_core.garden.index import Health
from gardener_core.store.garden.projects import Project
from gardener_tui import keymap
from gardener_tui.garden import ScreenGarden
from gardener_tui.messages import (
    ProjectOpened,
    ProjectSelected,
    ProjectSheet,
    ProjectSheetWanted,
)
from gardener_tui.panes.background import call
from gardener_tui.panes.overview import Overview
from gardener_tui.panes.pane import Pane
from gardener_tui.panes.projects.index_state import INDEXING, IndexState, live_run, state_of
from gardener_tui.panes.projects.rows import entry, facts
from gardener_tui.widgets.empty_state import EmptyState
from gardener_tui.widgets.plain_text import PlainText
from gardener_tui.widgets.wording import counted

# Each index is checked again after five minutes and when its project has changed, one at a time,
# and for no more than a quarter of the time.
IDLE_SECONDS = 1.0
SHORTEST_SECONDS = 0.1
REST = 3.0
AGAIN_SECONDS = 300.0
NOTHING = "No project yet."
ADD = ("project.add", "adds a folder")


class ProjectList(OptionList):
    """The list itself; highlighting a project selects it."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("projects")

    def __init__(self) -> None:
        super().__init__(id="project-list", markup=False)
        self.passed: set[str] = set()  # the ids of projects that could not be opened

    def action_open(self) -> None:
        """Open the highlighted project."""
        self.action_select()

    def action_cursor_down(self) -> None:
        """Go to the next project."""
        self._step(1)

    def action_cursor_up(self) -> None:
        """Go to the project before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        """Go on to a project that can be opened; where there is no other, try one again."""
        count = self.option_count
        at = self.highlighted if self.highlighted is not None else min(-by, 0)
        rows = [(at + by * step) % count for step in range(1, count)]
        others = [row for row in rows if self.get_option_at_index(row).id not in self.passed]
        for row in (others or rows)[:1]:
            self.highlighted = row

    def action_sheet(self, sheet: ProjectSheet) -> None:
        """Open a sheet about the highlighted project."""
        self.post_message(ProjectSheetWanted(sheet))


class ProjectsPane(Pane):
    """Lists the projects; the other panes show the selected one."""

    def __init__(self, garden: ScreenGarden) -> None:
        super().__init__(1, "Projects", id="projects")
        self._garden = garden
        self._overview = Overview()
        self._selected = ""
        self._health: dict[str, Health] = {}
        # When each index was checked, and the project as it was then.
        self._checks: dict[str, tuple[float, Project]] = {}
        self._entries: list[tuple[str, Content]] = []
        self._placed: int | None = None  # the row that was last highlighted here

    def compose(self) -> ComposeResult:
        """The list, its empty state, and facts about the selected project."""
        yield ProjectList()
        yield EmptyState(NOTHING, ADD, id="no-projects")
        with Vertical(id="project-detail"):
            yield PlainText(id="project-facts")

    def on_mount(self) -> None:
        """Show the empty list, and begin to check the indexes."""
        self._fill()
        self._check_all()

    @property
    def home(self) -> Widget:
        """The list."""
        return self.query_one(ProjectList)

    @property
    def key_owner(self) -> Widget:
        """The list."""
        return self.home

    @property
    def all_checked(self) -> bool:
        """Whether every index has been checked."""
        return all(project.id in self._health for project in self._overview.projects)

    @property
    def selected(self) -> Project | None:
        """The project that the other panes show."""
        return self._overview.project(self._selected)

    def show(self, overview: Overview, select: str = "") -> None:
        """Show what the garden holds now; the selection stays where it was."""
        before = self.selected
        changed = overview != self._overview
        self._overview = overview
        wanted = select or self._selected
        if overview.project(wanted) is None:
            wanted = overview.projects[0].id if overview.projects else ""
        self._selected = wanted
        if changed or select:
            if select:
                self._placed = self.query_one(ProjectList).highlighted
            self._fill()
        if self.selected != before:
            self.post_message(ProjectSelected(self.selected))

    def pass_over(self, project: Project) -> None:
        """Let the keys go past a project that could not be opened; others still choose it."""
        self.query_one(ProjectList).passed.add(project.id)

    def stop_at(self, project: Project) -> None:
        """Let the keys stop at a project again."""
        self.query_one(ProjectList).passed.discard(project.id)

    def check_again(self, project_id: str) -> None:
        """Check an index again, because it has changed."""
        self._checks.pop(project_id, None)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._placed = event.option_index
        if event.option_id and event.option_id != self._selected:
            self._selected = event.option_id
            self._show_facts()
            self.post_message(ProjectSelected(self.selected))

    @on(OptionList.OptionSelected)
    def _opened(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if project := self._overview.project(event.option_id or ""):
            self.post_message(ProjectOpened(project))

    def on_resize(self) -> None:
        """Cut the rows and the facts to the new width."""
        self._fill()

    # Checking the indexes.

    @work(exclusive=True, group="health", exit_on_error=False)
    async def _check_all(self) -> None:
        while True:
            began = time.monotonic()
            project = self._due()
            if project is not None:
                await self._check(project)
            spent = time.monotonic() - began
            await asyncio.sleep(max(SHORTEST_SECONDS, spent * REST) if project else IDLE_SECONDS)

    async def _check(self, project: Project) -> None:
        self._checks[project.id] = (time.monotonic(), project)
        try:
            health = await call(lambda: self._garden.index.health(project))
        except GardenError as problem:
            health = Health(0, 0, problem.what)
        if health != self._health.get(project.id):
            self._health[project.id] = health
            self._fill()

    def _due(self) -> Project | None:
        """A project whose index is due for a check; the selected one comes first."""
        projects = sorted(self._overview.projects, key=lambda item: item.id != self._selected)
        busy = {run.project for run in self._overview.runs if run.live}
        for project in projects:
            if project.id in busy and project.id in self._health:
                self.check_again(project.id)  # once the run is over
                continue
            seconds, then = self._checks.get(project.id, (-AGAIN_SECONDS, None))
            if time.monotonic() - seconds > AGAIN_SECONDS or then != project:
                return project
        return None

    # Drawing.

    def _fill(self) -> None:
        options = self.query_one(ProjectList)
        projects, width = self._overview.projects, self.content_size.width
        self.set_class(not projects, "-empty")
        self._show_empty()
        keys = keymap.of(self.app)
        entries = [
            (item.id, entry(item, self._state(item), self._health_of(item), keys, width))
            for item in projects
        ]
        at = self._at(options)
        if not _same(entries, self._entries):
            self._entries = entries
            options.set_options(Option(text, id=project_id) for project_id, text in entries)
        options.highlighted = self._placed = next(
            (row for row, project in enumerate(projects) if project.id == at), None
        )
        self.set_summary(counted(len(projects), "project") if projects else "")
        self._show_facts()

    def _show_empty(self) -> None:
        """Say that there is no project, or that the list of projects was lost."""
        lost = ", ".join(self._overview.unlisted)
        sentence = f"The list of projects was lost; their folders are kept: {lost}."
        repair = ("project.repair", "makes the list again")
        empty = self.query_one(EmptyState)
        empty.say(sentence, repair) if lost else empty.say(NOTHING, ADD)

    def _at(self, options: ProjectList) -> str:
        """The project to highlight: the selected one, unless a key has just moved on."""
        row = options.highlighted
        if row is None or row == self._placed:
            return self._selected
        return options.get_option_at_index(row).id or self._selected

    def _health_of(self, project: Project) -> Health | None:
        """The last check of an index, unless it is being written."""
        runs = (run for run in self._overview.runs if run.project == project.id)
        run = live_run(runs)
        writes = run is not None and run.kind in INDEXING
        return None if writes else self._health.get(project.id)

    def _state(self, project: Project) -> IndexState:
        return state_of(project, self._overview, self._health_of(project))

    def _show_facts(self) -> None:
        text = self.query_one("#project-facts", PlainText)
        project = self.selected
        if project is None:
            text.show("")
            return
        health, adapters = self._health_of(project), self._overview.adapters_of(project)
        width, keys = self.content_size.width, keymap.of(self.app)
        scored, drift = self._overview.held_out, self._overview.drifts.get(project.id)
        state = self._state(project)
        text.show(facts(project, state, health, adapters, scored, drift, keys, width))


def _same(one: list[tuple[str, Content]], other: list[tuple[str, Content]]) -> bool:
    """Whether two lists look the same; then none is laid out again."""
    return len(one) == len(other) and all(
        a == b and first.is_same(second) for (a, first), (b, second) in zip(one, other, strict=True)
    )
