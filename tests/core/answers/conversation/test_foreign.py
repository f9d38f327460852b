"""Conversations of ChatGPT and Claude are read with their branches, and hostile ones refused."""

import json
from collections import Counter
from typing import Any

import pytest

from gardener_core.answers.conversation.foreign import MOST_CHARACTERS, MOST_MESSAGES, read_foreign
from gardener_core.errors import BadInput


def node(parent: str | None, role: str, *parts: object, time: object = 5.0) -> dict[str, Any]:
    message = {
        "author": {"role": role},
        "content": {"content_type": "text", "parts": list(parts)},
        "create_time": time,
    }
    return {"parent": parent, "children": [], "message": message}


CHATGPT = {
    "title": "Tokens",
    "conversation_id": "c1",
    "mapping": {
        "root": {"parent": None, "message": None},
        "s": node("root", "system", "be brief"),
        "q": node("s", "user", "where are tokens rotated?", {"image": 1}),
        "a1": node("q", "assistant", "in session.py"),
        "t": node("a1", "tool", "read session.py"),
        "a2": node("t", "assistant", "and in store.py"),
        "b": node("q", "assistant", "nowhere"),
        "q2": node("a2", "user", "and why?"),
    },
}
CLAUDE = {
    "uuid": "c2",
    "name": "",
    "chat_messages": [
        {
            "uuid": "1",
            "sender": "human",
            "text": "who calls it?",
            "created_at": "2026-01-02",
        },
        {"uuid": "2", "sender": "assistant", "content": [{"type": "text", "text": "main does"}]},
        {"uuid": "3", "sender": "assistant", "text": "no one", "parent_message_uuid": "1"},
    ],
}


def read(*chats: object) -> list[list[tuple[int | None, str, str]]]:
    data = json.dumps(chats).encode()
    return [
        [(one.parent, one.role, one.text) for one in chat.messages] for chat in read_foreign(data)
    ]


def test_what_chatgpt_exported_has_its_branches_and_no_tools() -> None:
    (messages,) = read(CHATGPT)
    assert messages == [
        (None, "user", "where are tokens rotated?"),
        (0, "assistant", "in session.py\n\nand in store.py"),
        (1, "user", "and why?"),
        (0, "assistant", "nowhere"),
    ]


def test_what_claude_exported_is_a_row_or_a_tree() -> None:
    (messages,) = read(CLAUDE)
    assert messages == [
        (None, "user", "who calls it?"),
        (0, "assistant", "main does"),
        (0, "assistant", "no one"),
    ]
    (chat,) = read_foreign(json.dumps([CLAUDE]).encode())
    assert chat.messages[0].created > 1e9


def test_the_same_words_have_the_same_source_and_others_another() -> None:
    first, second = read_foreign(json.dumps([CHATGPT, CLAUDE]).encode())
    again, _ = read_foreign(json.dumps([CHATGPT, CLAUDE], indent=2).encode())
    assert first.source == again.source != second.source


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04", "zip"),
        (b"", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"{}", "no list"),
        (b"[1]", "no list"),
        (b"[]", "no conversation"),
        (b'[{"a": 1}]', "no conversation"),
    ],
)
def test_what_is_no_export_is_refused_in_words(data: bytes, what: str) -> None:
    with pytest.raises(BadInput, match=what):
        list(read_foreign(data))


@pytest.mark.parametrize(
    "mapping",
    [
        None,
        [],
        {"a": None},
        {"a": {"message": {"author": [], "content": "x"}}},
        {"a": node("b", "user", "x"), "b": node("a", "assistant", "y")},  # a ring
        {"a": node("a", "user", "x")},
        {"a": node(None, "user", 7, None, ["x"])},
    ],
)
def test_odd_mappings_give_no_message_and_no_trouble(mapping: object) -> None:
    assert read({"mapping": mapping}) == [[]]


def test_what_is_left_out_is_counted_by_its_reason() -> None:
    (chatgpt, claude) = read_foreign(json.dumps([CHATGPT, CLAUDE]).encode())
    assert +Counter(chatgpt.left_out) == {"other_speakers": 2, "no_words": 1}
    assert not +Counter(claude.left_out)
    long = "x" * (MOST_CHARACTERS + 1)
    half = long[: MOST_CHARACTERS // 2 + 1]
    odd = {
        "chat_messages": [
            {"uuid": "1", "sender": "human", "text": long},
            {"uuid": "2", "sender": "human", "content": [{"type": "image"}]},
            {"uuid": "3", "sender": "assistant", "text": half},
            {"uuid": "4", "sender": "assistant", "text": half},
        ]
    }
    (chat,) = read_foreign(json.dumps([odd]).encode())
    assert +Counter(chat.left_out) == {"cut": 2, "no_words": 1}


def test_messages_beyond_the_most_are_counted() -> None:
    turns = [{"uuid": str(n), "sender": "human", "text": "x"} for n in range(MOST_MESSAGES + 3)]
    (chat,) = read_foreign(json.dumps([{"chat_messages": turns}]).encode())
    assert chat.left_out["too_many"] == 3


def test_text_is_bounded_and_can_be_stored() -> None:
    chats = {"mapping": {"a": node(None, "user", "a\0\ud800" + "x" * 10**6, time="never")}}
    ((message,),) = read(chats)
    assert message[2].startswith("a?x") and len(message[2]) == MOST_CHARACTERS
    message[2].encode()


def test_long_rows_need_no_deep_stack() -> None:
    nodes = {str(n): node(str(n - 1), ("user", "assistant")[n % 2], f"m{n}") for n in range(15_000)}
    (messages,) = read({"mapping": nodes})
    assert len(messages) == 15_000 and messages[-1][0] == 14_998
