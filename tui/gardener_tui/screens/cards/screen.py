"""Show the card of an adapter, and the items of its figures."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Literal, assert_never, get_args

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList
from textual.worker import Worker

from gardener_core.errors import GardenError
from gardener_core.evaluation.card.card import Card
from gardener_core.evaluation.card.item_text import MEASURES, items_of
from gardener_core.evaluation.card.items import Item
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, start
from gardener_tui.screens.cards.card_text import Since, card_text, item_line, item_page
from gardener_tui.screens.cards.learned_pages import Entry, learned_entries
from gardener_tui.screens.pickers.pick_box import PickList
from gardener_tui.screens.sheet import Sheet
from gardener_tui.toasts import error_text
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import PlainText, styled

Page = Literal["card", "items", "learned"]
PAGES: tuple[Page, ...] = get_args(Page)
SIGNS_OF_ITEMS = "base, then adapter: = exact, ~ near, · other"
NO_BITS = "No bits by token were kept for this adapter."
NOT_YET = "{version} is {caveat}. In the projects pane {key} measures it."


class CardScreen(Sheet[None]):
    """The card of one adapter, and behind it every item that was measured."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("worth")

    def __init__(
        self,
        garden: ScreenGarden,
        project: Project,
        adapters: Sequence[Adapter],
        page: Page = "card",
    ) -> None:
        """`adapters` are the project's, newest first; the one that answers is shown first."""
        super().__init__()
        self._garden = garden
        self._project = project
        self._adapters = tuple(adapters)
        active = [at for at, one in enumerate(adapters) if one.version == project.adapter]
        self._at = active[0] if active else 0
        self._card: Card | None = None
        self._items: list[Item] = []
        self._since = Since()
        self._measure = MEASURES[0]
        self._page = page
        self._entries: list[Entry] = []
        self._missing = ""

    def compose(self) -> ComposeResult:
        """The card, and a list of items beside one of them."""
        with Vertical(classes="sheet-box -whole"):
            yield PlainText(id="rows-state")
            with VerticalScroll(id="card-whole", can_focus=False):
                yield PlainText(id="card-text")
            with Horizontal(id="rows-both"):
                yield PickList(id="rows-list")
                with VerticalScroll(id="rows-preview", can_focus=False):
                    yield PlainText(id="rows-preview-text")
        yield Hints("worth")

    def on_mount(self) -> None:
        """Read the card."""
        self.query_one("#rows-list", PickList).can_focus = False
        self._turn(self._page)
        start(self, "card", self._read)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the error of a call that failed."""
        toasts.show_worker_error(self.app, event)

    def on_resize(self, event: events.Resize) -> None:
        """Draw the card for the new width."""
        self._draw_card()

    @property
    def _adapter(self) -> Adapter:
        return self._adapters[self._at]

    async def _read(self) -> None:
        adapter = self._adapter
        title = f"{self._project.name} {adapter.version}"
        self.query_one(Vertical).border_title = Content(clean_line(title))
        self._card, self._items, self._since, self._missing = None, [], Since(), ""
        try:
            self._card = await call(partial(self._garden.scores.card, adapter))
            self._items = await call(partial(self._garden.scores.items, adapter))
            self._since = await call(partial(self._read_since, adapter, self._card))
        except GardenError as problem:
            self._missing = f"✖ {error_text(self.app, problem)}"
        else:
            key = keymap.of(self.app).key("adapter.score").shown
            caveat = adapter.caveat or "passed"
            missing = NOT_YET.format(version=adapter.version, caveat=caveat, key=key)
            self._missing = "" if self._card else missing
        self._draw_card()
        self._turn(self._page)

    def _read_since(self, adapter: Adapter, card: Card | None) -> Since:
        tallies = self._garden.votes.tallies(self._project, adapter)
        return Since(self._garden.scores.explained(card) if card else (), tallies)

    def _draw_card(self) -> None:
        box = self.query_one("#card-text", PlainText)
        width = self.query_one("#card-whole").size.width
        box.show(card_text(self._card, width, self._since) if self._card else "")

    def _list(self) -> None:
        """List the items, or the pages of what was learned."""
        self._entries = (
            learned_entries(self._items)
            if self._page == "learned"
            else [(item_line(item), partial(item_page, item)) for item in self._shown()]
        )
        box = self.query_one("#rows-list", PickList)
        box.clear_options()
        box.add_options([line for line, _ in self._entries])
        box.highlighted = 0 if self._entries else None
        self._show()

    def _shown(self) -> list[Item]:
        return items_of(self._items, self._measure)

    def _say(self, text: str) -> None:
        self.query_one("#rows-state", PlainText).show(styled((clean_line(text), "$label")))

    @on(OptionList.OptionHighlighted)
    def _show(self) -> None:
        """Show what is highlighted."""
        at = self.query_one("#rows-list", PickList).highlighted
        is_one = at is not None and at < len(self._entries)
        text = self._entries[at or 0][1]() if is_one else Content("")
        self.query_one("#rows-preview-text", PlainText).show(text)
        self.query_one("#rows-preview", VerticalScroll).scroll_home(animate=False)

    def _turn(self, page: Page) -> None:
        self._page = page
        self.query_one("#card-whole").display = page == "card"
        self.query_one("#rows-both").display = page != "card"
        if page != "card":
            self._list()
        self._say(self._missing or self._legend())

    def _legend(self) -> str:
        """How what is shown is to be read."""
        match self._page:
            case "card":
                return f"{len(self._items)} items" if self._items else ""
            case "items":
                return f"items: {self._measure.replace('_', ' ')} · {SIGNS_OF_ITEMS}"
            case "learned":
                return "adapter against base" if self._entries else NO_BITS
            case _ as never:
                assert_never(never)

    # Keys.

    def action_turn(self) -> None:
        """Go from the card to its items, to what was learned, and back."""
        self._turn(PAGES[(PAGES.index(self._page) + 1) % len(PAGES)])

    def action_step(self, by: int) -> None:
        """Go to another item; the card scrolls."""
        if self._page == "card":
            self.query_one("#card-whole", VerticalScroll).scroll_relative(y=by, animate=False)
            return
        box = self.query_one("#rows-list", PickList)
        if box.option_count:
            box.highlighted = min(max((box.highlighted or 0) + by, 0), box.option_count - 1)

    def action_scroll(self, by: int) -> None:
        """Scroll what is shown by half of it."""
        name = "#card-whole" if self._page == "card" else "#rows-preview"
        shown = self.query_one(name, VerticalScroll)
        shown.scroll_relative(y=by * max(1, shown.size.height // 2), animate=False)

    def action_measure(self) -> None:
        """List the items of the next measure, then of all again."""
        self._measure = MEASURES[(MEASURES.index(self._measure) + 1) % len(MEASURES)]
        self._turn("items")

    def action_adapter(self, by: int) -> None:
        """Show the card of another adapter."""
        self._at = min(max(self._at + by, 0), len(self._adapters) - 1)
        start(self, "card", self._read)

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)
