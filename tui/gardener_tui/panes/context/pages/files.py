"""The page with every file of the project."""

from textual.content import Content

from gardener_core.search.indexing.files import ProjectFile
from gardener_core.store.garden.projects import Project
from gardener_tui.garden import ScreenGarden
from gardener_tui.keymap import Keymap
from gardener_tui.panes.background import call, start
from gardener_tui.panes.context.lines import FilterLine
from gardener_tui.panes.context.page import EmptyText, Page
from gardener_tui.panes.context.rows.files import FileRow, file_rows, file_text
from gardener_tui.panes.context.stack import PageStack
from gardener_tui.widgets.rows import Row
from gardener_tui.widgets.wording import counted

READING = EmptyText("Reading the list of files …")
NO_FILE = EmptyText("No file matches.")


class FilesPage(Page):
    """Every file with its state; the line above narrows the list."""

    has_filter = True

    def __init__(self, garden: ScreenGarden, stack: PageStack) -> None:
        super().__init__("files", empty=READING)
        self._garden = garden
        self._stack = stack
        self._files: list[ProjectFile] | None = None
        self._narrowed = ""

    def load(self, project: Project) -> None:
        """Read the list of files, and show it once it is there."""
        start(self._stack, "files", lambda: self._load(project))

    async def _load(self, project: Project) -> None:
        with self._stack.while_loading(self):
            self._files = await call(lambda: self._garden.index.files(project))
        self._show()

    def narrow(self) -> None:
        """Show the files that match what is written now."""
        if self._files is not None and self._stack.query_one(FilterLine).text != self._narrowed:
            self.at = 0
            self._show()

    def _show(self) -> None:
        files = self._files or []
        self.empty = NO_FILE
        self._narrowed = self._stack.query_one(FilterLine).text
        self.rows = file_rows(files, self._narrowed)
        shown = sum(not row.heading for row in self.rows)
        all_files = counted(len(files), "file")
        self.summary = all_files if shown == len(files) else f"{shown} of {all_files}"
        self._stack.redraw(self)

    def text_of(self, row: Row, wants_reason: bool, width: int, keys: Keymap) -> Content | None:
        """The facts of a file, where they are asked for or there is no text of it."""
        if isinstance(row, FileRow) and (wants_reason or row.spot.text is not None):
            return file_text(row.file, keys)
        return None


def open_files(garden: ScreenGarden, stack: PageStack) -> None:
    """Open the files of the project; where they are open, go to the line that narrows them."""
    line = stack.query_one(FilterLine)
    if isinstance(stack.page, FilesPage):
        line.focus()
    elif stack.project is not None:
        line.value = ""
        page = FilesPage(garden, stack)
        stack.open(page)
        stack.rows.focus()
        page.load(stack.project)
