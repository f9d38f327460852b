"""Tell a model's thinking from its answer."""

from dataclasses import dataclass

_OPENS, _CLOSES = "<think>", "</think>"


@dataclass(frozen=True, slots=True)
class Thought:
    """What a model wrote, in two parts; `open` while the thinking is not at its end."""

    thinking: str
    words: str
    open: bool = False


def split_thought(text: str) -> Thought:
    """Split at the marks that models put around their thinking, also while they are written.

    A prompt may have opened the thinking already, so that only its end is seen.
    """
    begun = text.lstrip()
    if begun and _OPENS.startswith(begun):
        return Thought("", "", True)
    thinking, closes, words = begun.removeprefix(_OPENS).partition(_CLOSES)
    if closes:
        return Thought(thinking.strip(), words.lstrip())
    if begun.startswith(_OPENS):
        return Thought(thinking.strip(), "", True)
    return Thought("", text)
