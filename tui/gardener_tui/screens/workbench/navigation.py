"""Which pane has the focus, and how to go to another."""

from textual.screen import Screen
from textual.widget import Widget

from gardener_tui.panes.pane import Pane
from gardener_tui.screens.pickers.jump import Jump, Place
from gardener_tui.screens.sheets.help import Help
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.welcome import Welcome

# The order in which tab goes round, by the panes' numbers.
ROUND = (1, 2, 4, 3)
# Where a jump can go, by the ids of widgets.
PLACES = ("project-list", "run-view", "loss-chart", "prompt", "query", "filter", "hits")

# What a narrow screen shows or hides by the pane that has the focus.
SHOWN_BY_PLACE = "#projects, #middle, #training, #context, #chat"


class Navigation:
    """Moves the focus between the panes; a narrow screen shows the pane that has it."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._at = 1

    def arrive(self, number: int) -> None:
        """Take note that a pane has the focus; a narrow screen shows this one."""
        self._at = number
        screen = self._screen
        if screen.has_class(f"-p{number}"):
            return
        # A changed class would style every widget anew; only these hang on it.
        for other in ROUND:
            screen.set_class(other == number, f"-p{other}", update=False)
        screen.app.stylesheet.update_nodes(screen.query(SHOWN_BY_PLACE))

    def focused(self, widget: Widget) -> None:
        """Follow the focus to a widget: the footer shows the keys that hold there."""
        hints = self._screen.query_one(Hints)
        pane = pane_of(widget)
        if pane is not None:
            self.arrive(pane.number)
            hints.show(pane.place_of(widget))
        elif isinstance(widget, Welcome):
            hints.show("welcome")

    def go(self, pane: Pane, widget: Widget) -> None:
        """Go to a widget of a pane."""
        # The focus moves first: hiding the pane that has it would make Textual choose.
        self._screen.set_focus(widget, scroll_visible=False)
        self.arrive(pane.number)

    def go_to_pane(self, number: int) -> None:
        """Go to a pane."""
        pane = next(pane for pane in self._screen.query(Pane) if pane.number == number)
        self.go(pane, pane.home)

    def turn(self, by: int) -> None:
        """Go round the panes."""
        self.go_to_pane(ROUND[(ROUND.index(self._at) + by) % len(ROUND)])

    def show_welcome(self, wanted: bool) -> None:
        """Show what to do first instead of four empty panes, or the panes."""
        screen = self._screen
        if wanted == screen.has_class("-welcome"):
            return
        screen.set_class(wanted, "-welcome")
        if wanted:
            screen.query_one(Welcome).focus()
        else:
            screen.call_after_refresh(self.go_to_pane, 1)

    async def jump(self) -> None:
        """Show a letter at each place, and go to the one that is typed."""
        wanted = await self._screen.app.push_screen_wait(Jump(self._places()))
        if wanted is not None:
            widget = self._screen.query_one(f"#{wanted}")
            pane = pane_of(widget)
            if pane is not None:
                self.go(pane, widget if widget.can_focus else pane.home)

    def show_help(self) -> None:
        """Show the keys of the place that has the focus, over the context pane if it is seen."""
        context = self._screen.query_one("#context").region
        column = context.x if context.area and context.x else 0
        self._screen.app.push_screen(Help(self._screen.query_one(Hints).where, column))

    def _places(self) -> list[Place]:
        widgets = [self._screen.query_one(f"#{name}") for name in PLACES]
        return [Place(str(w.id), w.region.offset) for w in widgets if w.region.area]


def pane_of(widget: Widget) -> Pane | None:
    """The pane that a widget belongs to."""
    return next((node for node in widget.ancestors_with_self if isinstance(node, Pane)), None)
