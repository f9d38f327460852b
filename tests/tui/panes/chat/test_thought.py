"""A model's thinking and its answer."""

import pytest

from gardener_tui.panes.chat.thought import Thought, split_thought


@pytest.mark.parametrize(
    ("text", "thought"),
    [
        ("Words.", Thought("", "Words.")),
        ("", Thought("", "")),
        ("<thi", Thought("", "", True)),
        ("<think>so so", Thought("so so", "", True)),
        ("\n<think>so</think>\n\nWords.", Thought("so", "Words.")),
        ("so it was opened before</think>Words.", Thought("so it was opened before", "Words.")),
        ("a < b", Thought("", "a < b")),
    ],
)
def test_thinking_is_told_from_words(text: str, thought: Thought) -> None:
    assert split_thought(text) == thought
