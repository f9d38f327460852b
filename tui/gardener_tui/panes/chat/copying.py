"""Copy an answer, or write it into a file."""

import time

from textual.widget import Widget

from gardener_core.answers.conversation.forms import answer_markdown, json_text, markdown
from gardener_core.answers.conversation.tree import Conversation, Entry
from gardener_core.system.terminal_text import clean_line
from gardener_tui import toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, start

TWICE_SECONDS = 5.0  # about as long as the sentence that tells of it stands
KEPT = "{what} is in {place}."


class Copying:
    """Copies through the terminal; the same key once more writes a file and says where."""

    def __init__(self, garden: ScreenGarden, node: Widget) -> None:
        self._garden = garden
        self._node = node
        self._copied = (0, 0.0)  # an entry, and when

    def copy(self, project: str, entry: Entry) -> None:
        """Copy the answer; the second time write it into a file."""
        number, moment = self._copied
        now = time.monotonic()
        if number == entry.number and now - moment < TWICE_SECONDS:
            self._copied = (0, 0.0)
            text = answer_markdown(entry)
            start(self._node, "keep", lambda: self.keep(f"{project}-answer.md", text, "The answer"))
            return
        self._copied = (entry.number, now)
        toasts.copy(
            self._node.app, entry.answer, "The answer is copied; the same key writes it to a file."
        )

    def export(self, project: str, conversation: Conversation) -> None:
        """Write the branch in view as Markdown, and every branch as JSON."""
        start(self._node, "keep", lambda: self._export(project, conversation))

    async def _export(self, project: str, conversation: Conversation) -> None:
        await self.keep(f"{project}.md", markdown(conversation, project), "The conversation")
        await self.keep(f"{project}.json", json_text(conversation, project), "All branches as data")

    async def keep(self, name: str, text: str, what: str) -> None:
        """Write a text into a file of its own, and say where it is."""
        path = await call(lambda: self._garden.chats.write(name, text))
        toasts.show(self._node.app, KEPT.format(what=what, place=clean_line(str(path))))
