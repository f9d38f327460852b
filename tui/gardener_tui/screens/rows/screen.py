"""Look through the rows that an adapter learns from."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import ClassVar, Literal, assert_never, get_args

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList
from textual.worker import Worker

from gardener_core.errors import GardenError
from gardener_core.events.run import Died, Failed, PhaseAdvanced, Stopped
from gardener_core.events.union import Event
from gardener_core.store.garden.projects import Project
from gardener_core.system.terminal_text import clean_line
from gardener_core.training.data.kept.folder import DataItem, RowFolder
from gardener_core.training.data.kept.row import SHARES, DataRow
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, each, start
from gardener_tui.screens.pickers.pick_box import PickList
from gardener_tui.screens.rows.flow import flow
from gardener_tui.screens.rows.preview import item_line, line, place_of, preview
from gardener_tui.screens.sheet import Sheet
from gardener_tui.toasts import error_text
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import PlainText, styled
from gardener_tui.widgets.wording import count

Page = Literal["flow", "rows", "items"]
PAGES: tuple[Page, ...] = get_args(Page)
MOST_ROWS = 2000  # that are listed; more are seen by share
NONE_YET = "No rows were prepared yet. {key} prepares them."


class RowsScreen(Sheet[None]):
    """The flow of the data, the list of rows, and one of them with its mask."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("rows")

    def __init__(self, garden: ScreenGarden, project: Project) -> None:
        super().__init__()
        self._garden = garden
        self._project = project
        self._folder: RowFolder | None = None
        self._rows: list[DataRow] = []
        self._items: list[DataItem] = []
        self._share = ""
        self._page: Page = "flow"

    def compose(self) -> ComposeResult:
        """The flow, and behind it the rows."""
        with Vertical(classes="sheet-box -whole") as box:
            box.border_title = Content(clean_line(f"What {self._project.name} teaches"))
            yield PlainText(id="rows-state")
            with VerticalScroll(id="rows-flow", can_focus=False):
                yield PlainText(id="rows-flow-text")
            with Horizontal(id="rows-both"):
                yield PickList(id="rows-list")
                with VerticalScroll(id="rows-preview", can_focus=False):
                    yield PlainText(id="rows-preview-text")
            yield PickList(id="rows-items")
        yield Hints("rows")

    def on_mount(self) -> None:
        """Read the rows that were last prepared."""
        for name in ("#rows-list", "#rows-items"):
            self.query_one(name, PickList).can_focus = False
        self._turn("flow")
        start(self, "rows", self._read)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the error of a call that failed."""
        toasts.show_worker_error(self.app, event)

    async def _read(self) -> None:
        self._folder = await call(partial(self._garden.data.newest, self._project))
        if self._folder is None:
            key = keymap.of(self.app).key("rows.prepare").shown
            self._say(NONE_YET.format(key=key))
            return
        report = await call(self._folder.report)
        self.query_one("#rows-flow-text", PlainText).show(flow(report))
        self._items = await call(partial(_items_of, self._folder))
        box = self.query_one("#rows-items", PickList)
        box.clear_options()
        box.add_options([item_line(item) for item in self._items])
        box.highlighted = 0 if self._items else None
        await self._list()

    async def _list(self) -> None:
        """The rows of a share, or of all."""
        if self._folder is None:
            return
        listed = partial(self._garden.data.some, self._folder, MOST_ROWS, self._share)
        self._rows = await call(listed)
        box = self.query_one("#rows-list", PickList)
        box.clear_options()
        box.add_options([line(row) for row in self._rows])
        share = f" of {self._share}" if self._share else ""
        self._say(f"{count(len(self._rows))} rows{share} · learned: ⟦ … ⟧")
        box.highlighted = 0 if self._rows else None
        self._show()

    async def _prepare(self) -> None:
        """Prepare the rows of the project as it is now, and follow that."""
        run = await call(partial(self._garden.data.prepare, self._project))

        def events(stop: Callable[[], bool]) -> Iterator[Event]:
            for batch in self._garden.runs.follow(run.id, stop):
                yield from batch

        async for event in each(events):
            match event:
                case PhaseAdvanced(phase=phase, done=done, total=total, unit=unit):
                    far = f" {count(done)} of {count(total)} {unit}" if total else ""
                    self._say(f"{phase}{far}…")
                case Failed(what=what) | Died(what=what):
                    self._say(f"✖ {what}")
                    return
                case Stopped():
                    self._say("stopped")
                    return
                case _:
                    pass
        await self._read()

    def _say(self, text: str) -> None:
        self.query_one("#rows-state", PlainText).show(styled((text, "$label")))

    @on(OptionList.OptionHighlighted)
    def _show(self) -> None:
        """Show the highlighted row."""
        row = self._row()
        text = preview(row) if row else Content("")
        self.query_one("#rows-preview-text", PlainText).show(text)
        self.query_one("#rows-preview", VerticalScroll).scroll_home(animate=False)

    def _row(self) -> DataRow | None:
        at = self.query_one("#rows-list", PickList).highlighted
        return self._rows[at] if at is not None and at < len(self._rows) else None

    def _turn(self, page: Page) -> None:
        self._page = page
        for name, widget in (
            ("flow", "#rows-flow"),
            ("rows", "#rows-both"),
            ("items", "#rows-items"),
        ):
            self.query_one(widget).display = name == page

    # Keys.

    def action_turn(self) -> None:
        """Go from the flow to the rows, to the files and symbols, and back."""
        self._turn(PAGES[(PAGES.index(self._page) + 1) % len(PAGES)])

    def action_step(self, by: int) -> None:
        """Go to another row, file or symbol; the flow scrolls."""
        if self._page == "flow":
            self.query_one("#rows-flow", VerticalScroll).scroll_relative(y=by, animate=False)
            return
        box = self.query_one("#rows-list" if self._page == "rows" else "#rows-items", PickList)
        if box.option_count:
            at = (box.highlighted or 0) + by
            box.highlighted = min(max(at, 0), box.option_count - 1)

    def action_scroll(self, by: int) -> None:
        """Scroll what is shown by half of it."""
        if self._page == "items":
            self.action_step(by * max(1, self.query_one("#rows-items").size.height // 2))
            return
        name = "#rows-flow" if self._page == "flow" else "#rows-preview"
        shown = self.query_one(name, VerticalScroll)
        shown.scroll_relative(y=by * max(1, shown.size.height // 2), animate=False)

    def action_share(self) -> None:
        """List the rows of the next share, then of all again."""
        shares = ["", *SHARES]
        self._share = shares[(shares.index(self._share) + 1) % len(shares)]
        self._turn("rows")
        start(self, "rows", self._list)

    def action_prepare(self) -> None:
        """Prepare the rows anew."""
        start(self, "rows", self._prepare)

    def action_choose(self, accepted: bool) -> None:
        """Accept or reject a file or symbol, from the next preparation on."""
        if place := self._place():
            start(self, "choose", partial(self._choose, place, accepted))

    def _place(self) -> str:
        """What the keys decide about: the symbol of a row, or the file or symbol of the list."""
        row, at = self._row(), self.query_one("#rows-items", PickList).highlighted
        match self._page:
            case "flow":
                return ""
            case "rows":
                return place_of(row.origin.path, row.origin.symbol) if row else ""
            case "items":
                item = self._items[at] if at is not None else None
                return place_of(item.path, item.symbol) if item else ""
            case _ as never:
                assert_never(never)

    async def _choose(self, place: str, accepted: bool) -> None:
        try:
            await call(partial(self._garden.data.choose, self._project, place, accepted))
        except GardenError as problem:
            self._say(f"✖ {error_text(self.app, problem)}")
            return
        key = keymap.of(self.app).key("rows.prepare").shown
        word = "accepted" if accepted else "rejected"
        self._say(f"{place} is {word}; {key} prepares the rows anew")

    def action_leave(self) -> None:
        """Go back; a preparation that runs goes on."""
        self.dismiss(None)


def _items_of(rows: RowFolder) -> list[DataItem]:
    """Files and symbols, those that are left out first."""
    items = list(rows.items())
    items.sort(key=lambda item: item.accepted)
    return list(islice(items, MOST_ROWS))
