"""The events of an answer that a model explains."""

from gardener_core.events.answer import (
    Answered,
    CardLine,
    Composed,
    Prompted,
    PromptPart,
    Token,
)
from gardener_core.events.parts import Citation, CodeSpan
from gardener_core.events.union import Event
from support.showroom import hits

WORDS = "It rotates the token [1]. It calls `burn_all`."
SUBJECT = CodeSpan("src/auth/session.py", "Sessions.refresh_token", "method", "python", 118, 125)


def card() -> Composed:
    """A card of three lines, two of them with a place."""
    lines = (
        CardLine("where", "refresh_token", 1, "src/auth/session.py", 118, 125, SUBJECT.symbol),
        CardLine("called_by", "refresh", 2, "src/api/tokens.py", 33, 33, "refresh", "sure"),
        CardLine("tested_in", "", absent="no_test"),
    )
    return Composed(lines, "where", "answered", 0.02, subject=SUBJECT)


def prompted(file: str = "") -> Prompted:
    """What the model reads: two pieces of code, one cut and one left out."""
    parts = (
        PromptPart("words", 90),
        PromptPart("card", 60),
        PromptPart("question", 5),
        PromptPart("code", 40, "signature", "src/auth/session.py", 118, 125),
        PromptPart("code", 300, "left_out", "src/auth/store.py", 40, 43),
    )
    return Prompted(parts, 195, "coder", "v7", "llama.cpp", file)


def answered(text: str = WORDS, **facts: object) -> Answered:
    """The answer, with a name and a sentence that do not hold."""
    told: dict[str, object] = {
        "citations": (
            Citation(1, "src/auth/session.py", 118, 125, SUBJECT.symbol),
            Citation(2, "src/api/tokens.py", 33, 33, "refresh"),
        ),
        "backend": "llama.cpp", "model": "coder", "adapter": "v7", "tokens": 14,
         "seconds_to_first_token": 0.8, "seconds": 1.9, 
        "tokens_read": 195,
        "unknown_names": ("burn_all",), "unsourced": ("It calls `burn_all`.",),
    }  # fmt: skip
    return Answered(text, True, **{**told, **facts})  # type: ignore[arg-type]


def explained(words: str = WORDS, file: str = "") -> list[Event]:
    """Retrieved, the card, the prompt, words one by one, the answer."""
    return [
        hits(),
        card(),
        prompted(file),
        *(Token(piece) for piece in words.replace(" ", " \0").split("\0")),
        answered(words),
    ]
