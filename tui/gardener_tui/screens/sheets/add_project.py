"""The sheet that adds a folder."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.suggester import Suggester

from gardener_core.errors import GardenError
from gardener_core.store.garden.projects import Project
from gardener_core.system.terminal_text import is_safe
from gardener_tui import keymap
from gardener_tui.garden import ScreenGarden
from gardener_tui.messages import LineLeft
from gardener_tui.panes.background import call
from gardener_tui.screens.sheet import Sheet
from gardener_tui.toasts import error_text
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.line_input import LineInput
from gardener_tui.widgets.plain_text import PlainText, styled

ASKS = "Which folder is the project? Nothing in it is changed."


class FolderSuggester(Suggester):
    """Completes the name of a folder."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The first folder that begins like this."""
        return await call(lambda: first_folder(value))


def first_folder(beginning: str) -> str | None:
    """The first folder that begins like this, written as the person began it."""
    if not beginning:
        return None
    written, _, name = beginning.rpartition("/")
    above = Path(f"{written}/").expanduser() if "/" in beginning else Path.cwd()
    try:
        with os.scandir(above) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir())
    except OSError:
        return None
    fits = (item for item in names if item.startswith(name) and is_safe(item))
    first = next((item for item in fits if name or not item.startswith(".")), None)
    return None if first is None else f"{beginning[: len(beginning) - len(name)]}{first}/"


def offered_folder(here: Path, home: Path, known: Collection[Path]) -> str:
    """The current folder as a person would write it; "" where it is unlikely to be a project."""
    if here in (home, Path(here.anchor)) or here in known or not is_safe(str(here)):
        return ""
    return f"~/{here.relative_to(home)}" if here.is_relative_to(home) else str(here)


class FolderLine(LineInput):
    """Where one writes the folder."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("add")

    def __init__(self, offered: str) -> None:
        super().__init__(id="folder", placeholder="~/code/…")
        self.value = offered
        self.suggester = FolderSuggester()

    def on_mount(self) -> None:
        """Select what is offered, so that the first letter replaces it."""
        self.action_select_all()

    def action_fill(self) -> None:
        """Take the folder that is suggested."""
        self.action_cursor_right()


class AddProject(Sheet[Project | None]):
    """Asks for a folder; what is wrong with it is shown here."""

    def __init__(self, garden: ScreenGarden, known: Collection[Path] = ()) -> None:
        super().__init__()
        self._garden = garden
        self._known = known

    def compose(self) -> ComposeResult:
        """The question, the line, and what is wrong."""
        with Vertical(classes="sheet-box") as box:
            box.border_title = Content("Add a project")
            yield PlainText(styled((ASKS, "$label")))
            yield FolderLine(offered_folder(_here(), Path.home(), self._known))
            yield PlainText(id="add-problem")
        yield Hints("add")

    def on_mount(self) -> None:
        """Focus the line."""
        self.query_one(FolderLine).focus()

    @on(LineLeft)
    def _left(self, event: LineLeft) -> None:
        event.stop()
        self.dismiss(None)

    @on(LineInput.Submitted)
    def _submitted(self, event: LineInput.Submitted) -> None:
        event.stop()
        if written := self.query_one(FolderLine).text.strip():
            self._add(Path(written).expanduser().absolute())

    @work(exclusive=True, group="add")
    async def _add(self, path: Path) -> None:
        status = self.query_one("#add-problem", PlainText)
        status.show(styled(("◌ reading the folder …", "$warning")))
        try:
            project = await call(lambda: self._garden.projects.add(path))
        except GardenError as problem:
            status.show(styled((f"✖ {error_text(self.app, problem)}", "$error")))
            return
        self.dismiss(project)


def _here() -> Path:
    """The folder the screen was started in; the root where it is gone."""
    try:
        return Path.cwd()
    except OSError:
        return Path("/")
