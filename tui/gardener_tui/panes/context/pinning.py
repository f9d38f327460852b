"""Pins and bans of the selected project."""

import asyncio
from typing import Literal

from gardener_core.events.parts import CodeSpan
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.choices import Choices
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, start
from gardener_tui.panes.context.pages.chosen import ChosenPage
from gardener_tui.panes.context.pages.search import SearchPage
from gardener_tui.panes.context.rows.files import FileRow
from gardener_tui.panes.context.stack import PageStack

# A project that is only passed in the list has nothing read.
REST_SECONDS = 0.2


class Pinning:
    """Pins and bans code, and shows it in the hits."""

    def __init__(self, garden: ScreenGarden, stack: PageStack, search: SearchPage) -> None:
        self._garden = garden
        self._stack = stack
        self._search = search
        self._choices = Choices()

    def load(self, project: Project) -> None:
        """Read what is pinned and banned in a project that was just selected."""
        self._choices = Choices()
        start(self._stack, "choices", lambda: self._load(project))

    def open_page(self) -> None:
        """Open the page with what is pinned and banned."""
        if not isinstance(self._stack.page, ChosenPage):
            self._stack.open(ChosenPage(self._choices))
            self._stack.rows.focus()

    def switch(self, how: Literal["pin", "ban"]) -> None:
        """Pin or ban the code of the current row, or no longer."""
        stack = self._stack
        if isinstance(stack.rows.current, FileRow):
            toasts.show(stack.app, "A hit can be pinned or banned, a file cannot.", "warning")
            return
        spot, project = stack.needed_spot, stack.project
        if spot is not None and project is not None:
            start(stack, "choose", lambda: self._switch(project, spot.code, how))

    async def _switch(self, project: Project, code: CodeSpan, how: Literal["pin", "ban"]) -> None:
        door = self._garden.code
        name = clean_line(code.symbol or f"{code.path}:{code.start_line}")
        key = keymap.of(self._stack.app).key("context.chosen").shown
        chosen = self._choices.pins if how == "pin" else self._choices.bans
        if any(one.same(code) for one in chosen):
            await call(lambda: door.free(project, code))
            text = f"{name} is no longer {'pinned' if how == 'pin' else 'banned'}."
        elif how == "pin":
            await call(lambda: door.pin(project, code))
            text = f"{name} is pinned: it stays on top.  {key} shows what is pinned"
        else:
            await call(lambda: door.ban(project, code))
            text = f"{name} is banned: it is not shown any more.  {key} shows it"
        await self._read(project)
        toasts.show(self._stack.app, text)

    async def _load(self, project: Project) -> None:
        await asyncio.sleep(REST_SECONDS)
        await self._read(project)

    async def _read(self, project: Project) -> None:
        choices = await call(lambda: self._garden.code.choices(project))
        selected = self._stack.project
        if selected is None or selected.id != project.id or choices == self._choices:
            return
        self._choices = choices
        self._search.choices_changed(choices)
        page = self._stack.page
        if isinstance(page, ChosenPage):
            page.show(choices)
            self._stack.redraw(page)
