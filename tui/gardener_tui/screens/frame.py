"""Four panes, and where one is among them."""

from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from gardener_core.store.garden.projects import Project
from gardener_tui import keymap, toasts
from gardener_tui.keys import ANYWHERE
from gardener_tui.panes.chat.pane import ChatPane
from gardener_tui.panes.context.pane import ContextPane
from gardener_tui.panes.overview import Overview
from gardener_tui.panes.pane import Pane
from gardener_tui.panes.projects import ProjectsPane
from gardener_tui.panes.training.pane import TrainingPane
from gardener_tui.screens.help import Help
from gardener_tui.screens.jump import Jump, Place
from gardener_tui.screens.safe import SafeScreen
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.head import Head
from gardener_tui.widgets.notices import Notices
from gardener_tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from gardener_core.garden.door import Garden

# The order in which tab goes round, by the panes' numbers.
ROUND = (1, 2, 4, 3)
# Where a jump can go, by the ids of widgets.
PLACES = ("project-list", "run-view", "loss-chart", "prompt", "query", "filter", "hits")
WIDE = 100


class GardenScreen(SafeScreen):
    """The head, the panes and the footer; knows in which pane one is."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings(ANYWHERE)
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - the base class declares it like this
        (0, "-narrow"),
        (WIDE, "-medium"),
        (136, "-wide"),
        (180, "-broad"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 - the same

    def __init__(self, garden: "Garden") -> None:
        super().__init__(id="workbench")
        self.garden = garden
        self.overview = Overview()
        self._at = 1

    def compose(self) -> ComposeResult:
        """Head, panes, footer."""
        yield Head()
        with Horizontal(id="body"):
            yield ProjectsPane(self.garden)
            with Vertical(id="middle"):
                yield TrainingPane(self.garden)
                yield ChatPane(self.garden)
            yield ContextPane(self.garden)
            yield Welcome()
        yield Notices()
        yield Hints()

    @property
    def project(self) -> Project | None:
        """The selected project."""
        return self.query_one(ProjectsPane).selected

    @property
    def training(self) -> TrainingPane:
        """The pane with the run that the run keys act on."""
        return self.query_one(TrainingPane)

    def needed_project(self) -> Project | None:
        """The selected project; without one, which key adds one."""
        if self.project is None:
            add = keymap.of(self.app).key("project.add").shown
            toasts.tell(self.app, f"Add a project first: {add}", "warning")
        return self.project

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Know where one is: for the footer, and for the pane that a narrow screen shows."""
        pane = self._pane_of(event.widget)
        if pane is not None:
            self.arrive(pane.number)
            self.query_one(Hints).show(pane.place_of(event.widget))
        elif isinstance(event.widget, Welcome):
            self.query_one(Hints).show("welcome")

    def welcome(self, wanted: bool) -> None:
        """Show what to do first instead of four empty panes, or the panes."""
        if wanted == self.has_class("-welcome"):
            return
        self.set_class(wanted, "-welcome")
        if wanted:
            self.query_one(Welcome).focus()
        else:
            self.call_after_refresh(self.action_pane, 1)

    def arrive(self, number: int) -> None:
        """Be in a pane; a narrow screen shows this one."""
        self._at = number
        for other in ROUND:
            self.set_class(other == number, f"-p{other}")

    def go(self, pane: Pane, widget: Widget) -> None:
        """Go to a widget of a pane."""
        # The focus moves first: hiding the pane that has it would make Textual choose.
        self.set_focus(widget, scroll_visible=False)
        self.arrive(pane.number)

    def action_pane(self, number: int) -> None:
        """Go to a pane."""
        pane = next(pane for pane in self.query(Pane) if pane.number == number)
        self.go(pane, pane.home)

    def action_turn(self, by: int) -> None:
        """Go round the panes."""
        self.action_pane(ROUND[(ROUND.index(self._at) + by) % len(ROUND)])

    def action_zoom(self) -> None:
        """Give the pane where one is the whole screen, or show the others again."""
        self.toggle_class("-zoomed")

    @work(exclusive=True, group="jump", exit_on_error=False)
    async def action_jump(self) -> None:
        """Show a letter at each place, and go where one wants."""
        wanted = await self.app.push_screen_wait(Jump(self._places()))
        if wanted is not None:
            widget = self.query_one(f"#{wanted}")
            pane = self._pane_of(widget)
            if pane is not None:
                self.go(pane, widget if widget.can_focus else pane.home)

    def action_help(self) -> None:
        """Show the keys of the place where one is."""
        self.app.push_screen(Help(self.query_one(Hints).where, self._help_column()))

    def action_detach(self) -> None:
        """Leave; runs go on."""
        self.app.exit()

    def _help_column(self) -> int:
        """Where the right column begins, for the help lies over it; 0 where there is none."""
        context = self.query_one(ContextPane).region
        return context.x if context.area and context.x else 0

    def _places(self) -> list[Place]:
        widgets = [self.query_one(f"#{name}") for name in PLACES]
        return [Place(str(w.id), w.region.offset) for w in widgets if w.region.area]

    def _pane_of(self, widget: Widget) -> Pane | None:
        return next((node for node in widget.ancestors_with_self if isinstance(node, Pane)), None)
