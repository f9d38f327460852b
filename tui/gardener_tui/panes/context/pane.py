"""Pane 3: what the tool sees of the project."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import SuspendNotSupported
from textual.binding import BindingType
from textual.widget import Widget

from gardener_core.errors import GardenError
from gardener_core.events.parts import CodeSpan
from gardener_core.search.indexing.files import ProjectFile
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.choices import Choices
from gardener_core.system.editor import editor_command, open_in_editor
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap, toasts
from gardener_tui.messages import PromptLeft
from gardener_tui.panes.background import call
from gardener_tui.panes.context.around import around_rows, nothing_in
from gardener_tui.panes.context.cards import PlaceRow
from gardener_tui.panes.context.detail import Detail
from gardener_tui.panes.context.files import FileRow, file_rows
from gardener_tui.panes.context.hits import chosen_rows
from gardener_tui.panes.context.lines import FilterLine, QueryLine, Stepped
from gardener_tui.panes.context.measured import ArmRow, measured_text
from gardener_tui.panes.context.overviews import Overviews
from gardener_tui.panes.context.spot import Spot
from gardener_tui.panes.context.view import NOTHING, Page
from gardener_tui.widgets.line_input import LineInput
from gardener_tui.widgets.rows import Row
from gardener_tui.widgets.wording import counted

if TYPE_CHECKING:
    from gardener_core.garden.door import Garden

# Who moves on through the projects has nothing of them read.
STAYS_SECONDS = 0.2
HERE = ("▸", "bold $accent")
NONE_CHOSEN = "Nothing is pinned or banned."
NO_FILE = "No file fits."
READING = "Reading the list of files …"


class ContextPane(Overviews):
    """Hits with their reasons, what stands around each, every file, what is pinned and banned."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("context")

    def __init__(self, garden: "Garden") -> None:
        super().__init__(garden)
        self._files: list[ProjectFile] = []

    def select(self, project: Project | None) -> None:
        """Show another project: what was found in the one before is put away."""
        before, self._project = self._project, project
        self.query_one(QueryLine).hint(f"Search {project.name}" if project else "Search the code")
        if project is None or before is None or before.id != project.id:
            self._written = ""
            self.query_one(QueryLine).value = ""
            if self.page.rows or self._filters or self.page.nothing != NOTHING:
                self._choices = Choices()
                self.put_away(NOTHING)
            if project is not None:
                self._load_choices(project)
        elif self.page.name == "files" and before != project:
            self._load_files(project)

    @property
    def search_line(self) -> Widget:
        """Where one writes what to search; whatever page there was is put away."""
        while self.close_page():
            pass
        return self.query_one(QueryLine)

    @property
    def file(self) -> ProjectFile | None:
        """The file that the current row stands for."""
        row = self.list.current
        return row.file if isinstance(row, FileRow) else None

    @on(PromptLeft)
    def _left(self, event: PromptLeft) -> None:
        event.stop()
        self.list.focus()

    # Going through the rows.

    @on(Stepped)
    def _stepped(self, event: Stepped) -> None:
        event.stop()
        self.list.step(event.by)

    def action_step(self, by: int) -> None:
        """Go to a row beside the current one."""
        self.list.step(by)

    def action_first(self) -> None:
        """Go to the first row."""
        self.list.go(0)

    def action_last(self) -> None:
        """Go to the last row."""
        self.list.go(len(self.page.rows) - 1)

    def action_scroll(self, by: int) -> None:
        """Scroll the code."""
        self.query_one(Detail).scroll(by)

    def action_across(self, by: int) -> None:
        """Scroll along long lines of code."""
        self.query_one(Detail).scroll_across(by)

    def action_why(self) -> None:
        """Show why a row is there, or its code again."""
        self._asks_why = not self._asks_why
        self.tell_row()

    def action_back(self) -> None:
        """Go back to the page before, if there is one."""
        self.close_page()

    def action_scope(self) -> None:
        """Search code, tests, or all."""
        self.next_scope()

    def tell_row(self) -> None:
        """Show what the current row stands for; a figure tells what it is."""
        super().tell_row()
        row = self.list.current
        if isinstance(row, ArmRow) and self.measured:
            self.query_one(Detail).say(measured_text(self.measured, row.arm))

    # What the keys do with the code of a row.

    def action_copy(self) -> None:
        """Copy the code of the current row, with its place."""
        spot = self._needed_spot()
        if spot is not None and self._project is not None:
            self._copy(self._project, spot)

    @work(exclusive=True, group="copy", exit_on_error=False)
    async def _copy(self, project: Project, spot: Spot) -> None:
        code, text = spot.code, spot.text
        if text is None:
            text = await call(
                lambda: self._garden.code.quote(project, code.path, code.start_line, code.end_line)
            )
        place = f"{code.path}:{code.start_line}"
        toasts.copy(self.app, f"{place}\n{text}", f"The code of {clean_line(place)} is copied.")

    def action_open(self) -> None:
        """Open the code in the person's editor, and come back after it."""
        spot, project = self._needed_spot(), self._project
        if spot is None or project is None:
            return
        path, line = project.path / spot.code.path, spot.uses[0] if spot.uses else 0
        line = line or spot.code.start_line
        try:
            editor_command(path, line)
            with self.app.suspend():
                open_in_editor(path, line)
        except (GardenError, SuspendNotSupported) as problem:
            toasts.tell_error(self.app, problem)

    def action_around(self, group: str = "") -> None:
        """Show what stands around the code of the current row."""
        spot = self._needed_spot()
        if spot is not None and self._project is not None:
            self._look_around(self._project, spot, group)

    @work(exclusive=True, group="around", exit_on_error=False)
    async def _look_around(self, project: Project, spot: Spot, group: str) -> None:
        code = spot.code
        found = await call(
            lambda: self._garden.code.neighbours(project, code.path, code.symbol, code.start_line)
        )
        nothing = nothing_in(found, group) if group else ""
        if nothing:
            toasts.tell(self.app, nothing, "warning")
            return
        rows, starts = around_rows(found)
        here: list[Row] = [PlaceRow(Spot(code, spot.text, hit=spot.hit), HERE)]
        at = starts.get(group, -1) + len(here)
        name = found.symbol.rpartition(".")[2] or code.path.rpartition("/")[2]
        told = f"{counted(found.callers.count, 'caller')} · {counted(found.tests.count, 'test')}"
        self.open_page(Page("around", f"around {name}", [*here, *rows], told, at=at))

    def action_pin(self) -> None:
        """Keep the code on top of the hits, or no longer."""
        self._choose_row("pin")

    def action_ban(self) -> None:
        """Hide the code from now on, or no longer."""
        self._choose_row("ban")

    def _choose_row(self, how: str) -> None:
        if self.file is not None:
            toasts.tell(self.app, "A hit can be pinned or banned, a file cannot.", "warning")
        elif spot := self._needed_spot():
            self._choose(spot.code, how)

    @work(exclusive=True, group="choose", exit_on_error=False)
    async def _choose(self, code: CodeSpan, how: str) -> None:
        project = self._project
        if project is None:
            return
        door = self._garden.code
        pins, bans = self._choices.pins, self._choices.bans
        name = clean_line(code.symbol or f"{code.path}:{code.start_line}")
        key = keymap.of(self.app).key("context.chosen").shown
        if any(one.same(code) for one in (pins if how == "pin" else bans)):
            await call(lambda: door.free(project, code))
            told = f"{name} is no longer {'pinned' if how == 'pin' else 'banned'}."
        elif how == "pin":
            await call(lambda: door.pin(project, code))
            told = f"{name} is pinned: it stays on top.  {key} shows what is pinned"
        else:
            await call(lambda: door.ban(project, code))
            told = f"{name} is banned: it is not shown any more.  {key} shows it"
        await self._take_choices(project)
        toasts.tell(self.app, told)

    @work(exclusive=True, group="choices", exit_on_error=False)
    async def _load_choices(self, project: Project) -> None:
        await asyncio.sleep(STAYS_SECONDS)
        await self._take_choices(project)

    async def _take_choices(self, project: Project) -> None:
        choices = await call(lambda: self._garden.code.choices(project))
        same = self._project is not None and self._project.id == project.id
        if same and choices != self._choices:
            self.choices_changed(choices)
            if self.page.name == "chosen":
                self.show_rows(chosen_rows(choices), "")

    # Other pages.

    def action_chosen(self) -> None:
        """Show what is pinned and banned."""
        if self.page.name != "chosen":
            rows = chosen_rows(self._choices)
            self.open_page(Page("chosen", "pinned and banned", rows, nothing=NONE_CHOSEN))
            self.list.focus()

    def action_files(self) -> None:
        """Show every file and its state; on that page, write which ones."""
        if self._project is None:
            return
        if self.page.name == "files":
            self.query_one(FilterLine).focus()
            return
        self.query_one(FilterLine).value = ""
        self.open_page(Page("files", "files", (), nothing=READING))
        self.list.focus()
        self._load_files(self._project)

    @work(exclusive=True, group="files", exit_on_error=False)
    async def _load_files(self, project: Project) -> None:
        with self.filling("files"):
            self._files = await call(lambda: self._garden.index.files(project))
        if self.page.name == "files":
            self._show_files()

    @on(LineInput.Changed, "#filter")
    def _narrowed(self, event: LineInput.Changed) -> None:
        event.stop()
        if self.page.name == "files" and self.page.nothing == NO_FILE:
            self.page.at = 0
            self._show_files()

    @on(LineInput.Submitted, "#filter")
    def _filtered(self, event: LineInput.Submitted) -> None:
        event.stop()
        self.list.focus()

    def _show_files(self) -> None:
        self.page.nothing = NO_FILE
        rows = file_rows(self._files, self.query_one(FilterLine).text)
        shown = sum(not row.heading for row in rows)
        whole = counted(len(self._files), "file")
        self.show_rows(rows, whole if shown == len(self._files) else f"{shown} of {whole}")

    def _needed_spot(self) -> Spot | None:
        if self.spot is None:
            toasts.tell(self.app, "There is no code here.", "warning")
        return self.spot
