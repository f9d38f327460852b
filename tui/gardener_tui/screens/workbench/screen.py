"""The screen with the four panes."""

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.worker import Worker

from gardener_core.store.garden.projects import Project
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.keys import ANYWHERE
from gardener_tui.messages import (
    BadgeChanged,
    ChatSheetWanted,
    ComparisonWanted,
    Found,
    ProjectOpened,
    ProjectSelected,
    ProjectSheetWanted,
)
from gardener_tui.panes.background import start
from gardener_tui.panes.chat.pane import ChatPane
from gardener_tui.panes.context.pane import ContextPane
from gardener_tui.panes.overview import Overview
from gardener_tui.panes.projects.pane import ProjectsPane
from gardener_tui.panes.training.pane import TrainingPane
from gardener_tui.screens.resize import drop_outdated
from gardener_tui.screens.workbench.answers import AnswerActions
from gardener_tui.screens.workbench.chats import ChatActions
from gardener_tui.screens.workbench.drawn import free_drawn
from gardener_tui.screens.workbench.files import FileActions
from gardener_tui.screens.workbench.models import ModelActions
from gardener_tui.screens.workbench.navigation import Navigation
from gardener_tui.screens.workbench.projects import ProjectActions
from gardener_tui.screens.workbench.runs import RunActions
from gardener_tui.screens.workbench.switching.switch import Switching
from gardener_tui.screens.workbench.undo import UndoStack
from gardener_tui.screens.workbench.updates.freshness import Freshness
from gardener_tui.screens.workbench.updates.refresh import Refresh
from gardener_tui.widgets.banner import Banner
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.head import Head
from gardener_tui.widgets.notices import Notices
from gardener_tui.widgets.welcome import Welcome

# The class that the screen gets from this many columns or rows on.
WIDTHS = [(0, "-narrow"), (100, "-medium"), (136, "-wide"), (180, "-broad")]
HEIGHTS = [(0, "-short"), (30, "-tall")]


class Workbench(Screen[None]):
    """Four panes on one garden; the selected project decides what three of them show."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings(ANYWHERE)
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    def __init__(self, garden: ScreenGarden) -> None:
        super().__init__(id="workbench")
        self.garden = garden
        self.overview = Overview()
        self.training = TrainingPane(garden)
        self.context = ContextPane(garden)
        self._list, self._chat = panes = ProjectsPane(garden), ChatPane(garden)
        self._navigation = Navigation(self)
        self._refresh = Refresh(self)
        self._freshness = Freshness(self, self._list.check_again)
        self._undo = UndoStack(self)
        self._projects = ProjectActions(self, self._undo)
        self._runs = RunActions(self, self._undo)
        self._files = FileActions(self)
        self._models = ModelActions(self, self._undo)
        self._answers = AnswerActions(self)
        self._chats = ChatActions(self, self._chat, self._answers, self._undo)
        self._lines = Head(), Banner()
        self._switching = Switching(self, panes, self._lines, self._projects, self._freshness)

    def compose(self) -> ComposeResult:
        """Head, panes, footer."""
        yield from self._lines
        with Horizontal(id="body"):
            yield self._list
            with Vertical(id="middle"):
                yield self.training
                yield self._chat
            yield self.context
            yield Welcome()
        yield Notices()
        yield Hints()

    def on_mount(self) -> None:
        """Begin at the projects, and read the garden once a second."""
        self._navigation.arrive(1)
        self._switching.select(None)
        self.start("watch", self._refresh.watch)
        self._models.begin()

    def on_screen_resume(self) -> None:
        """Free what a sheet has drawn."""
        free_drawn()

    async def _on_resize(self, event: events.Resize) -> None:
        drop_outdated(self, event)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Follow the focus."""
        self._navigation.focused(event.widget)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the error of a call that failed."""
        toasts.show_worker_error(self.app, event)

    @property
    def project(self) -> Project | None:
        """The selected project."""
        return self._list.selected

    def needed_project(self) -> Project | None:
        """The selected project; without one, say which key adds one."""
        if self.project is None:
            add = keymap.of(self.app).key("project.add").shown
            toasts.show(self.app, f"Add a project first: {add}", "warning")
        return self.project

    def go_to_pane(self, number: int) -> None:
        """Give a pane the focus."""
        self._navigation.go_to_pane(number)

    def start(self, group: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Start work that cancels earlier work of its group."""
        start(self, group, work)

    def cancel(self, group: str) -> None:
        """Cancel the work of a group."""
        self.workers.cancel_group(self, group)

    def reload(self, select: str = "") -> None:
        """Read the garden again now, and select a project where one is named."""
        self.start("reload", lambda: self._refresh.now(select))

    def show(self, overview: Overview, select: str = "") -> None:
        """Show what the garden holds, and what of it belongs to the selected project."""
        self.overview = overview
        self._list.show(overview, select)
        self._navigation.show_welcome(not overview.projects and not overview.unlisted)
        self._switching.select(self.project)

    @on(ProjectSelected)
    def _project_selected(self, event: ProjectSelected) -> None:
        self._switching.select(event.project)

    @on(BadgeChanged)
    def _badge_changed(self, event: BadgeChanged) -> None:
        self._switching.badge_changed(event)

    @on(ProjectOpened)
    def _project_opened(self, event: ProjectOpened) -> None:
        if event.project.state == "ready":
            self.go_to_pane(4)
        else:
            self._runs.index()

    @on(Found)
    def _found(self, event: Found) -> None:
        if self.context.show_found(event):
            self.go_to_pane(3)

    @on(ComparisonWanted)
    def _compare(self, event: ComparisonWanted) -> None:
        self._answers.compare(event)

    def action_pane(self, number: int) -> None:
        """Go to a pane."""
        self._navigation.go_to_pane(number)

    def action_turn(self, by: int) -> None:
        """Go round the panes."""
        self._navigation.turn(by)

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, or show the others again."""
        self.toggle_class("-zoomed")

    def action_jump(self) -> None:
        """Show a letter at each place, and go to the one that is typed."""
        self.start("jump", self._navigation.jump)

    def action_help(self) -> None:
        """Show the keys of the place that has the focus."""
        self._navigation.show_help()

    def action_detach(self) -> None:
        """Leave; runs continue."""
        self.app.exit()

    def action_add(self) -> None:
        """Add a project."""
        self._projects.add()

    @on(ProjectSheetWanted)
    def _project_sheet(self, event: ProjectSheetWanted) -> None:
        self._projects.open(event.sheet)

    def action_switch(self) -> None:
        """Find a project by its name."""
        self._projects.switch()

    def action_back(self) -> None:
        """Go back to the project that was selected before."""
        self._projects.back()

    def action_switches(self) -> None:
        """Show what the last switches took."""
        self._switching.show_reports()

    def action_repair(self) -> None:
        """Check every part of the selected project."""
        self._projects.repair()

    def action_adapters(self) -> None:
        """Choose which adapter of the selected project answers."""
        self._projects.choose_adapter()

    def action_models(self) -> None:
        """Show the models that are here, and those that can be had."""
        self._models.show()

    @on(ChatSheetWanted)
    def _chat_sheet(self, event: ChatSheetWanted) -> None:
        self._chats.show(event.sheet)

    def action_index(self) -> None:
        """Bring the selected project's index up to date."""
        self._runs.index()

    def action_train(self) -> None:
        """Train an adapter on the selected project."""
        self._runs.train()

    def action_pause(self) -> None:
        """Pause the run that is shown, or resume it."""
        self._runs.pause()

    def action_stop(self) -> None:
        """Stop the run that is shown."""
        self._runs.stop()

    def action_drop(self) -> None:
        """Stop the run that is shown and move it to the trash."""
        self._runs.drop()

    def action_runs(self) -> None:
        """Choose a run of any project."""
        self._runs.choose()

    def action_log(self) -> None:
        """Show the log of the run that is shown."""
        self._runs.show_log()

    def action_rows(self) -> None:
        """Show what an adapter of the selected project learns from."""
        self._runs.show_rows()

    def action_compare(self) -> None:
        """Compare the run that is shown with the marked one."""
        self._runs.compare()

    def action_decide(self) -> None:
        """Decide about the selected file."""
        self._files.decide()

    def action_undo(self) -> None:
        """Take back what was done last."""
        self._undo.undo()

    def action_adapter(self) -> None:
        """Answer and complete with the adapter or without."""
        self._chat.switch_adapter()

    def action_again(self) -> None:
        """Ask the current question of the chat once more, as with other pins."""
        self._chat.again()

    def action_cancel(self) -> None:
        """Cancel the answer that is being written."""
        self._chat.cancel()

    def action_search(self) -> None:
        """Search the selected project's code."""
        if self.needed_project():
            self._navigation.go(self.context, self.context.begin_search())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave ctrl+c to the input line while there is nothing to cancel."""
        return action != "cancel" or self._chat.answering
