"""Conversations are kept, found, changed and written by commands."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.indexed import IndexedGardens

from gardener_core.cli.main import run

CODE = {
    "session.py": "class Session:\n    def refresh_token(self):\n        return rotate(self)\n",
    "store.py": "def rotate(session):\n    return session\n",
}


class Face:
    """Runs commands in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str, status: int = 0) -> str:
        assert run(list(arguments)) == status, self._capsys.readouterr()
        said = self._capsys.readouterr()
        return said.out + said.err

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json"))

    def events(self, *arguments: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self(*arguments, "--json").splitlines()]


@pytest.fixture
def face(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    indexed: IndexedGardens,
) -> Face:
    indexed.lay_out(tmp_path, CODE)
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return Face(capsys)


def test_a_conversation_from_its_first_question_to_its_end(face: Face, tmp_path: Path) -> None:
    assert "No conversation" in face("chats")
    face("ask", "web", "where is rotate")
    assert face.json("chats")["chats"] == [], "nothing is kept unless it is asked for"
    placed = face.events("ask", "web", "where is refresh_token", "--chat", "new")[0]
    assert placed["event"] == "Placed"
    chat = placed["chat"]
    # "It" is what was spoken of before.
    events = face.events("ask", "web", "who calls it?", "--chat", chat)
    composed = next(event for event in events if event["event"] == "Composed")
    assert composed["understood"] == "who calls `Session.refresh_token`?"
    assert "understood" in face("ask", "web", "and is it tested?", "--chat", "last", "--json")
    (listed,) = face.json("chats", "web")["chats"]
    assert (listed["id"], listed["project"], listed["messages"]) == (chat, "web", 6)
    assert listed["title"] == "where is refresh_token"
    assert chat in face("chats") and chat in face("chats", "web")

    shown = face("chats", "show", chat)
    assert "## who calls it?" in shown and "session.py" in shown
    data = face.json("chats", "show", chat)
    assert [entry["text"] for entry in data["entries"]][1] == "who calls it?"
    assert all(entry["ended"] == "whole" for entry in data["entries"])
    (found, *_) = face.json("chats", "search", "who calls")["matches"]
    assert (found["chat"], found["role"], found["project_name"]) == (chat, "user", "web")
    assert "No message" in face("chats", "search", "zebra")

    face("chats", "export", chat, "talk.md")
    assert (tmp_path / "talk.md").read_text() == face("chats", "export", chat, "--markdown")
    assert "exists already" in face("chats", "export", chat, "talk.md", status=1)
    assert json.loads(face("chats", "export", chat, "--json")) == data

    assert face.json("chats", "rename", chat, "Tokens")["chat"]["title"] == "Tokens"
    face("chats", "remove", chat)
    assert face.json("chats")["chats"] == [] and chat in face("chats", "--removed")
    assert face.json("chats", "search", "who calls")["matches"] == []
    assert "There is no conversation" in face("ask", "web", "x", "--chat", chat, status=1)
    face("chats", "restore", chat)
    assert face.json("chats")["chats"][0]["title"] == "Tokens"


def test_a_summary_is_shown_edited_and_deleted(face: Face, tmp_path: Path) -> None:
    placed = face.events("ask", "web", "where is rotate?", "--chat", "new")[0]
    chat, answer = placed["chat"], str(placed["answer"])
    (made,) = face.json("chats", "summary", chat)["summaries"]
    assert made["maker"] == "sentences" and made["text"].startswith("where is rotate? — Where: ")
    assert not made["older"], "it goes along whole"
    face("chats", "summary", chat, "--answer", answer, "--edit", "It is\nin the store.")
    shown = face("chats", "summary", chat)
    assert "It is in the store." in shown and "you" in shown
    (tmp_path / "short.txt").write_text("From a file.")
    face("chats", "summary", chat, "--answer", answer, "--file", "short.txt")
    assert face.json("chats", "summary", chat)["summaries"][0]["text"] == "From a file."
    face("chats", "summary", chat, "--answer", answer, "--delete")
    assert face.json("chats", "summary", chat)["summaries"] == [made]
    assert "It is\nin" not in face("chats", "show", chat), "the exchange itself stays"
    for wrong, status in (
        (("--edit", "x"), 2),
        (("--answer", "99", "--edit", "x"), 1),
        (("--answer", answer, "--edit", " "), 1),
        (("--answer", answer, "--file", "nowhere"), 1),
        (("--answer", "99"), 1),
        (("--make", "--delete"), 2),
    ):
        face("chats", "summary", chat, *wrong, status=status)


def test_a_conversation_belongs_to_its_project(face: Face, tmp_path: Path) -> None:
    chat = face.events("ask", "web", "where is rotate", "--chat", "new")[0]["chat"]
    (tmp_path / "other").mkdir()
    face("add", "other", "--no-index")
    said = face("ask", "other", "where is rotate", "--chat", chat, status=1)
    assert "There is no conversation" in said and "gardener chats" in said
    assert face.json("chats", "other")["chats"] == []


def test_an_export_of_another_program_is_taken_over_once(face: Face, tmp_path: Path) -> None:
    talk = {
        "uuid": "1",
        "name": "Elsewhere",
        "chat_messages": [
            {"sender": "human", "text": "where is the zebra?"},
            {"sender": "assistant", "text": "in the barn"},
            {"sender": "human", "text": "thanks"},
            {"sender": "human", "content": [{"type": "image"}]},
        ],
    }
    silent = {"uuid": "2", "name": "Nothing", "chat_messages": []}
    (tmp_path / "conversations.json").write_text(json.dumps([talk, silent]))
    done = face.json("chats", "import", "conversations.json", "web")
    assert done == {
        "imported": 1, "already": 0, "messages": 3, "empty": 1, "left_out": {"no_words": 1}
    }  # fmt: skip
    assert "1 were there" in face("chats", "import", "conversations.json", "web")
    (listed,) = face.json("chats", "web")["chats"]
    assert listed["title"] == "Elsewhere"
    shown = face("chats", "show", listed["id"])
    assert shown.index("zebra") < shown.index("in the barn") < shown.index("thanks")
    assert "broken off" not in shown
    assert face.json("chats", "search", "barn")["matches"][0]["chat"] == listed["id"]
    for name in ("nowhere.json", "."):
        assert "cannot be read" in face("chats", "import", name, "web", status=1)
