"""The screen with the four panes."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.worker import Worker

from gardener_core.errors import GardenError
from gardener_core.keeping.projects import Project
from gardener_tui import keymap, toasts
from gardener_tui.messages import HitsFound, ProjectOpened, ProjectSelected
from gardener_tui.panes.background import call
from gardener_tui.panes.chat.pane import ChatPane
from gardener_tui.panes.context import ContextPane
from gardener_tui.panes.overview import Overview
from gardener_tui.panes.pane import Pane
from gardener_tui.panes.projects import ProjectsPane
from gardener_tui.panes.training.pane import TrainingPane
from gardener_tui.screens.add_project import AddProject
from gardener_tui.screens.confirm import Confirm
from gardener_tui.screens.help import Help
from gardener_tui.screens.safe import SafeScreen
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.head import Head

if TYPE_CHECKING:
    from gardener_core.garden.door import Garden

LOOK_SECONDS = 1.0
# The order in which tab goes round, by the panes' numbers.
ROUND = (1, 2, 4, 3)
NO_PROJECT = "Add a project first: n"


class Workbench(SafeScreen):
    """Four panes on one garden; the selected project decides what three of them show."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings(keymap.ANYWHERE)
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - the base class declares it like this
        (0, "-narrow"),
        (100, "-medium"),
        (136, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 - the same

    def __init__(self, garden: "Garden") -> None:
        super().__init__(id="workbench")
        self.garden = garden
        self._overview = Overview()
        self._at = 1

    def compose(self) -> ComposeResult:
        """Head, panes, footer."""
        yield Head()
        with Horizontal(id="body"):
            yield ProjectsPane()
            with Vertical(id="middle"):
                yield TrainingPane(self.garden)
                yield ChatPane(self.garden)
            yield ContextPane(self.garden)
        yield Hints()

    def on_mount(self) -> None:
        """Begin at the projects, and look at the garden once a second."""
        self._arrive(1)
        self._select(None)
        self._watch()

    @property
    def project(self) -> Project | None:
        """The selected project."""
        return self.query_one(ProjectsPane).selected

    @property
    def training(self) -> TrainingPane:
        """The pane with the run that the run keys act on."""
        return self.query_one(TrainingPane)

    # What the garden tells.

    @work(exclusive=True, group="watch", exit_on_error=False)
    async def _watch(self) -> None:
        seen: int | None = None
        told = ""
        while True:
            try:
                now = await call(self.garden.changes)
                # The step of a live run stands in its folder, so the database does not tell.
                if now != seen or self._overview.live:
                    self.show(await call(self._read))
                    seen = now
                told = ""
            except GardenError as problem:
                if problem.what != told:
                    toasts.tell_error(self.app, problem)
                told = problem.what
            await asyncio.sleep(LOOK_SECONDS)

    def _read(self) -> Overview:
        return Overview.read(self.garden)

    def show(self, overview: Overview, select: str = "") -> None:
        """Show what the garden holds now."""
        self._overview = overview
        self.query_one(ProjectsPane).show(overview, select)
        self._select(self.project)

    @work(exclusive=True, group="look", exit_on_error=False)
    async def look(self, select: str = "") -> None:
        """Look at the garden now, not at the next second."""
        self.show(await call(self._read), select)

    def _select(self, project: Project | None) -> None:
        self.training.offer(project, self._overview.newest_run(project) if project else None)
        self.query_one(ChatPane).select(project)
        self.query_one(ContextPane).select(project)
        self.query_one(Head).show(
            project.name if project else "", project.adapter if project else "", self._overview.live
        )

    # What the panes tell.

    @on(ProjectSelected)
    def _project_selected(self, event: ProjectSelected) -> None:
        self._select(event.project)

    @on(ProjectOpened)
    def _project_opened(self, event: ProjectOpened) -> None:
        if event.project.state == "ready":
            self.action_pane(4)
        else:
            self.action_index()

    @on(HitsFound)
    def _hits_found(self, event: HitsFound) -> None:
        if self.project is not None and self.project.id == event.project.id:
            self.query_one(ContextPane).show_hits(event.found)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Know where one is: for the footer, and for the pane that a narrow screen shows."""
        pane = self._pane_of(event.widget)
        if pane is not None:
            self._arrive(pane.number)
            self.query_one(Hints).show(pane.place_of(event.widget))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the error of a call that failed."""
        toasts.tell_worker(self.app, event)

    # Where one is.

    def _pane_of(self, widget: Widget) -> Pane | None:
        return next((node for node in widget.ancestors_with_self if isinstance(node, Pane)), None)

    def _go(self, pane: Pane, widget: Widget) -> None:
        # The focus moves first: hiding the pane that has it would make Textual choose.
        self.set_focus(widget, scroll_visible=False)
        self._arrive(pane.number)

    def _arrive(self, number: int) -> None:
        self._at = number
        for other in ROUND:
            self.set_class(other == number, f"-p{other}")

    def action_pane(self, number: int) -> None:
        """Go to a pane."""
        pane = next(pane for pane in self.query(Pane) if pane.number == number)
        self._go(pane, pane.home)

    def action_turn(self, by: int) -> None:
        """Go round the panes."""
        self.action_pane(ROUND[(ROUND.index(self._at) + by) % len(ROUND)])

    # What the keys do.

    def action_help(self) -> None:
        """Show the keys of the place where one is."""
        self.app.push_screen(Help(self.query_one(Hints).where))

    def action_detach(self) -> None:
        """Leave; runs go on."""
        self.app.exit()

    @work(exclusive=True, group="add", exit_on_error=False)
    async def action_add(self) -> None:
        """Add a project."""
        project = await self.app.push_screen_wait(AddProject(self.garden))
        if project is not None:
            self.look(project.id)
            self.training.index(project)
            toasts.tell(self.app, f"{project.name} is added and is being indexed.")

    def action_train(self) -> None:
        """Train an adapter on the selected project."""
        if project := self._needed_project():
            self.action_pane(2)
            self.training.train(project)

    def action_index(self) -> None:
        """Bring the selected project's index up to date."""
        if project := self._needed_project():
            self.action_pane(2)
            self.training.index(project)

    def action_pause(self) -> None:
        """Pause the run shown, or let it go on."""
        self.training.pause_or_resume()

    @work(exclusive=True, group="stop", exit_on_error=False)
    async def action_stop(self) -> None:
        """Stop the run shown, if that is really wanted."""
        if not self.training.going_on:
            toasts.tell(self.app, "No run goes on here.", "warning")
        elif await self.app.push_screen_wait(
            Confirm("Stop this run?", self.training.what_a_stop_means(), "Keep running", "Stop")
        ):
            self.training.stop()

    def action_search(self) -> None:
        """Search the selected project's code."""
        if self._needed_project():
            context = self.query_one(ContextPane)
            self._go(context, context.search_line)

    def _needed_project(self) -> Project | None:
        if self.project is None:
            toasts.tell(self.app, NO_PROJECT, "warning")
        return self.project

    def action_adapter(self) -> None:
        """Complete code with the adapter or without."""
        self.query_one(ChatPane).switch_adapter()

    def action_cancel(self) -> None:
        """Cancel the answer that is on its way."""
        self.query_one(ChatPane).cancel()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave ctrl+c to the input line while there is nothing to cancel."""
        return action != "cancel" or self.query_one(ChatPane).answering
