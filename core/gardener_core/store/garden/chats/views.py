"""Where a project's chat was left."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gardener_core.errors import ProjectMissing
from gardener_core.store.database import Database


@dataclass(frozen=True, slots=True)
class ScrollPlace:
    """Where a conversation is scrolled to: an answer, and the lines of it above the view.

    `answer` is 0 at the end of the conversation.
    """

    answer: int = 0
    line: int = 0


END = ScrollPlace()


@dataclass(frozen=True, slots=True)
class ChatView:
    """The conversation in view, the answers on its branch, its place, and what is in the prompt."""

    chat: str = ""
    path: tuple[int, ...] = ()
    draft: str = ""
    place: ScrollPlace = END


class ChatViewTable:
    """The table `chat_views`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, project: str) -> ChatView:
        """Where a project's chat was left."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT chat, path, draft, place FROM chat_views WHERE project = ?", (project,)
            ).fetchone()
        if row is None:
            return ChatView()
        try:
            path = json.loads(row["path"])
        except ValueError:
            path = []  # the newest branch is shown
        fields = {**dict(row), "path": path, "place": _place(row["place"])}
        return self._database.parse_row(ChatView, fields)

    def keep_chat(self, project: str, chat: str, path: Sequence[int]) -> None:
        """Keep which conversation is in view, and which branch of it."""
        self._put(project, "chat = excluded.chat, path = excluded.path", chat, path, "")

    def keep_place(self, project: str, place: ScrollPlace) -> None:
        """Keep where the conversation in view is scrolled to."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE chat_views SET place = ? WHERE project = ?",
                (json.dumps(asdict(place)), project),
            )

    def keep_draft(self, project: str, draft: str) -> None:
        """Keep what stands in the prompt."""
        self._put(project, "draft = excluded.draft", "", (), draft)

    def _put(self, project: str, change: str, chat: str, path: Sequence[int], draft: str) -> None:
        with self._database.writing() as connection:
            done = connection.execute(
                "INSERT INTO chat_views (project, chat, path, draft) "
                "SELECT id, ?, ?, ? FROM projects WHERE id = ? "
                f"ON CONFLICT (project) DO UPDATE SET {change}",
                (chat, json.dumps(list(path)), draft, project),
            )
            if not done.rowcount:
                raise ProjectMissing("That project no longer exists.", hint="")


def _place(text: str) -> dict[str, Any]:
    """Where it was scrolled to; the end where nobody knows."""
    try:
        fields = json.loads(text)
    except ValueError:
        fields = None
    numbers = (fields.get("answer"), fields.get("line")) if isinstance(fields, dict) else ()
    return dict(fields) if numbers and all(type(one) is int for one in numbers) else asdict(END)
