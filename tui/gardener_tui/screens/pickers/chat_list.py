"""Choose a conversation."""

import time
from collections.abc import Sequence

from gardener_core.store.garden.chats.conversations import Chat
from gardener_core.store.garden.projects import Project
from gardener_core.system.terminal_text import clean_line
from gardener_tui.screens.pickers.pick_box import Choice
from gardener_tui.screens.pickers.picker import Picker
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.wording import counted, when

NEW = "new"


def chat_picker(project: Project, chats: Sequence[Chat], shown: str) -> Picker:
    """A picker of a project's conversations and a new one; it gives the id, or "new"."""
    new = Choice(NEW, styled(("+ A new conversation", "bold")), "a new conversation")
    now = time.time()
    choices = [new, *(_choice(chat, chat.id == shown, now) for chat in chats)]
    title = f"Conversations about {project.name}"
    return Picker(title, "Which one?", choices, shown or NEW)


def _choice(chat: Chat, is_shown: bool, now: float) -> Choice:
    title = clean_line(chat.title)
    line = styled(
        ("● " if is_shown else "○ ", "$accent"),
        (f"{title[:48]:<50}", "bold"),
        (f"{counted(chat.messages, 'message'):>13}  {when(chat.updated, now)}", "$label"),
    )
    return Choice(chat.id, line, title)
