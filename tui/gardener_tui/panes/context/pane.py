"""Pane 3: what the tool sees of the project."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget

from gardener_core.events.answer import Prompted
from gardener_core.search.indexing.files import ProjectFile
from gardener_core.store.garden.projects import Project
from gardener_tui import keymap
from gardener_tui.garden import ScreenGarden
from gardener_tui.messages import AnswerOpened, CitationFollowed, Found, HitsFound
from gardener_tui.panes.context.code_actions import copy_code, edit_code
from gardener_tui.panes.context.lines import FilterLine, QueryLine
from gardener_tui.panes.context.memory import ContextMemory
from gardener_tui.panes.context.page import Page
from gardener_tui.panes.context.pages.around import open_around
from gardener_tui.panes.context.pages.cited import CitedPage
from gardener_tui.panes.context.pages.files import FilesPage, open_files
from gardener_tui.panes.context.pages.map import open_map
from gardener_tui.panes.context.pages.measured import Measurement
from gardener_tui.panes.context.pages.prompt import PromptPage
from gardener_tui.panes.context.pages.search import SearchPage
from gardener_tui.panes.context.pages.seen import SeenPage
from gardener_tui.panes.context.pinning import Pinning
from gardener_tui.panes.context.restoring import KeptContext
from gardener_tui.panes.context.rows.files import FileRow
from gardener_tui.panes.context.stack import PageStack
from gardener_tui.panes.pane import Pane
from gardener_tui.widgets.line_input import LineInput


class ContextPane(Pane):
    """A stack of pages: hits, and over them neighbours, files, choices, map or measurement."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("context")

    def __init__(self, garden: ScreenGarden) -> None:
        super().__init__(3, "Context", id="context")
        self._garden = garden
        self.stack = PageStack(garden)
        self.search = SearchPage(garden, self.stack)
        self.stack.begin_with(self.search)
        self._memory = ContextMemory(self.stack, self.search)
        self._pinning = Pinning(garden, self.stack, self.search)
        self._measurement = Measurement(garden, self.stack)
        self._kept = KeptContext(garden, self.stack, self.search)

    def compose(self) -> ComposeResult:
        """The stack fills the pane."""
        yield self.stack

    def on_mount(self) -> None:
        """Keep what is searched for the next screen."""
        self._kept.begin(self)

    @property
    def home(self) -> Widget:
        """The list, so that letters are commands."""
        return self.stack.rows

    def begin_search(self) -> Widget:
        """Close every page over the hits, and give the line to write in."""
        self.stack.back_to_first()
        return self.query_one(QueryLine)

    @property
    def file(self) -> ProjectFile | None:
        """The file that the current row stands for."""
        row = self.stack.rows.current
        return row.file if isinstance(row, FileRow) else None

    def place_of(self, focused: Widget) -> str:
        """The input lines have their own keys."""
        if isinstance(focused, QueryLine):
            return "query"
        return "filter" if isinstance(focused, FilterLine) else "context"

    def select(self, project: Project | None) -> None:
        """Show another project as it was left, without what was found in the one before."""
        before, self.stack.project = self.stack.project, project
        self.query_one(QueryLine).hint(f"Search {project.name}" if project else "Search the code")
        if project is None or before is None or before.id != project.id:
            if before is not None:
                self._memory.keep(before.id)
            if project is None:
                self.search.leave_project()
            else:
                self._memory.show(project.id)
                self._kept.restore(project)
                self._pinning.load(project)
        elif isinstance(page := self.stack.page, FilesPage) and before != project:
            page.load(project)

    def show_found(self, found: Found) -> bool:
        """Show what the chat found or followed; whether one should come here to see it."""
        if self.stack.project is None or found.project.id != self.stack.project.id:
            return False
        match found:
            case HitsFound(question=question, retrieved=retrieved):
                self.search.show(retrieved, question)
                return False
            case CitationFollowed():
                page: Page = CitedPage(found.cited, found.number, found.located)
            case AnswerOpened(prompted=Prompted() as prompted, prompt=True):
                text = self._garden.chats.prompt(prompted)
                page = PromptPage(prompted, found.retrieved, text)
            case AnswerOpened():
                page = SeenPage(found)
            case _:
                return False
        self.stack.back_to_first()
        self.stack.open(page)
        return True

    @on(PageStack.Drawn)
    def _drawn(self, event: PageStack.Drawn) -> None:
        event.stop()
        page = self.stack.page
        self.set_title(f"Context · {page.title}" if page.title else "Context")
        self.set_summary(page.summary)

    @on(LineInput.Changed, "#query")
    def _query_changed(self, event: LineInput.Changed) -> None:
        event.stop()
        self.search.typed()

    @on(LineInput.Submitted, "#query")
    def _query_submitted(self, event: LineInput.Submitted) -> None:
        event.stop()
        self.search.submit()

    @on(LineInput.Changed, "#filter")
    def _filter_changed(self, event: LineInput.Changed) -> None:
        event.stop()
        if isinstance(page := self.stack.page, FilesPage):
            page.narrow()

    @on(LineInput.Submitted, "#filter")
    def _filter_submitted(self, event: LineInput.Submitted) -> None:
        event.stop()
        self.stack.rows.focus()

    # Keys: the list and the code beside it.

    def action_step(self, by: int) -> None:
        """Go to a row beside the current one."""
        self.stack.rows.step(by)

    def action_first(self) -> None:
        """Go to the first row."""
        self.stack.rows.go(0)

    def action_last(self) -> None:
        """Go to the last row."""
        self.stack.rows.go(len(self.stack.page.rows) - 1)

    def action_scroll(self, by: int) -> None:
        """Scroll the code."""
        self.stack.detail.scroll(by)

    def action_across(self, by: int) -> None:
        """Scroll along long lines of code."""
        self.stack.detail.scroll_across(by)

    def action_why(self) -> None:
        """Show why a row is there, or its code again."""
        self.stack.switch_reason()

    def action_copy(self) -> None:
        """Copy the code of the current row, with its place."""
        copy_code(self._garden, self.stack)

    def action_open(self) -> None:
        """Open the code in the person's editor."""
        edit_code(self.stack)

    # Keys: pages.

    def action_back(self) -> None:
        """Go back to the page before, if there is one."""
        self.stack.close()

    def action_scope(self) -> None:
        """Search code, tests, or all."""
        self.search.next_scope()

    def action_around(self, group: str = "") -> None:
        """Show what stands around the code of the current row."""
        open_around(self._garden, self.stack, group)

    def action_files(self) -> None:
        """Show every file and its state; on that page, narrow the list."""
        open_files(self._garden, self.stack)

    def action_map(self) -> None:
        """Show what matters most in the project, for what stands in the search line."""
        open_map(self._garden, self.stack)

    def action_measured(self) -> None:
        """Show how well search answers here; on that page, measure it."""
        self._measurement.open()

    def action_chosen(self) -> None:
        """Show what is pinned and banned."""
        self._pinning.open_page()

    def action_pin(self) -> None:
        """Keep the code on top of the hits, or no longer."""
        self._pinning.switch("pin")

    def action_ban(self) -> None:
        """Hide the code from now on, or no longer."""
        self._pinning.switch("ban")
