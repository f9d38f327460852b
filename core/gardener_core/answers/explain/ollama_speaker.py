"""Let a model of an Ollama server explain."""

import json
import os
from collections.abc import Callable, Iterator, Sequence

from gardener_core.answers.explain.speaker import Prepared, PromptReading, characters_to_tokens
from gardener_core.errors import OllamaBusy, OllamaDown, OllamaSilent
from gardener_core.events.run import Noted
from gardener_core.models.chat_template import ChatTurn
from gardener_core.models.model import OLLAMA
from gardener_core.models.ollama.client import Ollama
from gardener_core.models.ollama.generation import (
    OllamaPrompt,
    PromptRead,
    Waiting,
    continue_code,
)
from gardener_core.models.serving.served import Piece

SPEED = 250.0  # tokens a second; a server is mostly chosen for being fast, and does not tell before


class OllamaSpeaker:
    """A model of a server; it has its own chat template and counts tokens itself."""

    adapter = without = ""
    loaded = 0
    backend = "ollama"
    cites = True
    speed = SPEED

    def __init__(self, server: Ollama, name: str, digest: str, context: int) -> None:
        self._server = server
        self._name = name
        self._read: PromptRead | None = None
        self.model = OLLAMA + name
        self.identity = f"{server.address} {name} {digest}"
        self.context = context

    @classmethod
    def of(cls, choice: str, context: int) -> "OllamaSpeaker":
        """A model by its name in the settings; its digest says which one it is now."""
        server, name = Ollama.of(os.environ), choice.removeprefix(OLLAMA)
        try:
            digest = server.find(name).digest
        except (OllamaDown, OllamaBusy, OllamaSilent):  # it is waited for when it is asked
            digest = ""
        return cls(server, name, digest, context)

    def count(self, text: str) -> int:
        """About how many tokens a text has, by its characters."""
        return characters_to_tokens(text)

    def prepare(self, messages: Sequence[ChatTurn]) -> Prepared:
        """The messages as they are sent; the server puts the model's own form around them."""
        turns = [{"role": turn.role, "content": turn.content} for turn in messages]
        text = json.dumps(turns, ensure_ascii=False, indent=1)
        tokens = sum(self.count(turn.content) for turn in messages)
        return Prepared(text, tokens, (), tuple(messages))

    def stream(
        self, prompt: Prepared, tokens: int, cancelled: Callable[[], bool]
    ) -> Iterator[Piece | Noted]:
        """The answer; a server that is down is waited for a little, which is said."""
        self._read = None
        turns = tuple((turn.role, turn.content) for turn in prompt.messages)
        asked = OllamaPrompt(self._name, "", tokens, self.context, "", turns)
        for item in continue_code(self._server, asked, cancelled):
            match item:
                case Waiting(reason=reason, seconds=seconds):
                    yield Noted(f"{reason} Asking again within {seconds:.0f} s.")
                case PromptRead():
                    self._read = item
                case text:
                    yield Piece(text, 1)

    def reading(self, prompt: Prepared) -> PromptReading:
        """Whether the server read all of the prompt, as far as it tells."""
        if self._read is None:
            return PromptReading("unknown", 0)
        return PromptReading(self._read.reading, self._read.tokens)
