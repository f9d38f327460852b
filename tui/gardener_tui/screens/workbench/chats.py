"""What the keys do with conversations."""

from typing import assert_never

from gardener_core.answers.conversation.exchanges import older_of
from gardener_core.store.garden.chats.conversations import Chat
from gardener_core.store.garden.projects import Project
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap, toasts
from gardener_tui.messages import ChatSheet
from gardener_tui.panes.background import call
from gardener_tui.panes.chat.pane import ChatPane
from gardener_tui.screens.pickers.chat_list import NEW, chat_picker
from gardener_tui.screens.pickers.chat_search import ChatSearch
from gardener_tui.screens.pickers.summary_list import SummaryList
from gardener_tui.screens.sheets.line import LineSheet
from gardener_tui.screens.workbench.answers import AnswerActions
from gardener_tui.screens.workbench.host import Host
from gardener_tui.screens.workbench.undo import Undoable, UndoStack


class ChatActions:
    """Opens, renames, removes and finds conversations."""

    def __init__(self, host: Host, pane: ChatPane, answers: AnswerActions, undo: UndoStack) -> None:
        self._host = host
        self._pane = pane
        self._answers = answers
        self._undo = undo

    def show(self, sheet: ChatSheet) -> None:
        """Show the sheet that a key asks for."""
        project = self._host.needed_project()
        if project is None:
            return
        match sheet:
            case "explainer":
                self._answers.choose_explainer(self._pane.choose_model)
            case "list":
                self._host.start("list", lambda: self._choose(project))
            case "find":
                self._host.start("list", self._find)
            case "short":
                self._host.start("list", self._short)
            case "rename":
                self._host.start("list", lambda: self._rename(self._pane.chat))
            case "remove":
                self._host.start("list", lambda: self._remove(project, self._pane.chat))
            case _ as never:
                assert_never(never)

    async def _choose(self, project: Project) -> None:
        host, shown = self._host, self._pane.chat
        chats = await call(lambda: host.garden.conversations.all(project))
        chosen = await host.app.push_screen_wait(chat_picker(project, chats, shown))
        if chosen is not None and chosen != shown:
            self._pane.open_chat(project, "" if chosen == NEW else chosen)

    async def _find(self) -> None:
        host = self._host
        match = await host.app.push_screen_wait(ChatSearch(host.garden))
        project = host.overview.project(match.project) if match else None
        if match is None or project is None:
            return
        host.show(host.overview, project.id)
        self._pane.open_chat(project, match.chat, match.number)
        host.go_to_pane(4)

    async def _short(self) -> None:
        shown = self._pane.transcript
        older = older_of(shown.conversation.path) if shown else []
        if shown is None or not older:
            toasts.show(self._host.app, "A model reads all of this conversation whole.", "warning")
            return
        sheet = SummaryList(self._host.garden, shown.chat, shown.conversation)
        number = await self._host.app.push_screen_wait(sheet)
        await self._pane.read_summaries(shown)
        if number is not None:
            await shown.show_path(number)
            shown.focus()

    async def _rename(self, chat: str) -> None:
        host = self._host
        if not self._is_kept(chat):
            return
        before = await call(lambda: host.garden.conversations.get(chat))
        sheet = LineSheet[Chat](
            "Rename the conversation",
            "Its first question is its title until you give it another.",
            before.title,
            lambda title: host.garden.conversations.rename(chat, title),
        )
        if await host.app.push_screen_wait(sheet) is None:
            return

        def undo() -> str:
            host.garden.conversations.rename(chat, before.title)
            return ""

        self._undo.add("It has another title.", Undoable("It has its title again.", undo))

    async def _remove(self, project: Project, chat: str) -> None:
        host = self._host
        if not self._is_kept(chat):
            return
        removed = await call(lambda: host.garden.conversations.get(chat))
        await call(lambda: host.garden.conversations.remove(chat))
        self._pane.open_chat(project, "")

        def undo() -> str:
            host.garden.conversations.restore(chat)
            host.app.call_from_thread(self._pane.open_chat, project, chat)
            return project.id

        title = clean_line(removed.title)
        self._undo.add(f"{title} is in the trash for 7 days.", Undoable(f"{title} is back.", undo))

    def _is_kept(self, chat: str) -> bool:
        if not chat:
            key = keymap.of(self._host.app).key("chat.list").shown
            text = f"Nothing was asked in this conversation yet; {key} lists the others."
            toasts.show(self._host.app, text, "warning")
        return bool(chat)
