"""Where a project's chat was left."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from gardener_core.errors import ProjectMissing
from gardener_core.store.database import Database


@dataclass(frozen=True, slots=True)
class ChatView:
    """The conversation in view, the answers on its branch, and what stands in the prompt."""

    chat: str = ""
    path: tuple[int, ...] = ()
    draft: str = ""


class ChatViewTable:
    """The table `chat_views`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, project: str) -> ChatView:
        """Where a project's chat was left."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT chat, path, draft FROM chat_views WHERE project = ?", (project,)
            ).fetchone()
        if row is None:
            return ChatView()
        try:
            path = json.loads(row["path"])
        except ValueError:
            path = []  # the newest branch is shown
        return self._database.parse_row(ChatView, {**dict(row), "path": path})

    def keep_chat(self, project: str, chat: str, path: Sequence[int]) -> None:
        """Keep which conversation is in view, and which branch of it."""
        self._put(project, "chat = excluded.chat, path = excluded.path", chat, path, "")

    def keep_draft(self, project: str, draft: str) -> None:
        """Keep what stands in the prompt."""
        self._put(project, "draft = excluded.draft", "", (), draft)

    def _put(self, project: str, change: str, chat: str, path: Sequence[int], draft: str) -> None:
        with self._database.writing() as connection:
            done = connection.execute(
                "INSERT INTO chat_views SELECT id, ?, ?, ? FROM projects WHERE id = ? "
                f"ON CONFLICT (project) DO UPDATE SET {change}",
                (chat, json.dumps(list(path)), draft, project),
            )
            if not done.rowcount:
                raise ProjectMissing("That project no longer exists.", hint="")
