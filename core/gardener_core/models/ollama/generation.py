"""Let an Ollama server continue code or a talk."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from gardener_core.errors import (
    OLLAMA_ERRORS,
    GardenError,
    OllamaBusy,
    OllamaDown,
    OllamaSilent,
)
from gardener_core.models.ollama.client import Ollama
from gardener_core.models.ollama.states import Status, is_too_old, knows_truncate

# A server that starts again is asked again after so long; it is tried sooner once it listens.
WAITS = (1.0, 2.0, 4.0, 8.0)
NO_WAITS: tuple[float, ...] = ()
LOOK_AGAIN_SECONDS = 0.5
CANCEL_SECONDS = 0.05
FORM_TOKENS = 16  # what a model's own form puts around a prompt
KEEP_ALIVE = "10m"
Reading = Literal["whole", "cut", "unknown"]


@dataclass(frozen=True, slots=True)
class OllamaPrompt:
    """What a model continues; with a suffix it fills in what is between, with messages it answers.

    Messages are pairs of a role and a text; then there is no prompt. `context` is what the server
    reserves: by itself it would take 4,096 tokens, and cut a longer prompt in the middle without a
    word.
    """

    model: str
    prompt: str
    tokens: int
    context: int
    suffix: str = ""
    messages: tuple[tuple[str, str], ...] = ()

    @property
    def bytes(self) -> int:
        """The size of all that is read."""
        texts = (self.prompt, self.suffix, *(text for _, text in self.messages))
        return sum(len(text.encode()) for text in texts)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The server does not answer now; it is asked again."""

    reason: str
    seconds: float


@dataclass(frozen=True, slots=True)
class PromptRead:
    """Whether the model read the whole prompt.

    A server that knows `truncate` refuses a prompt that it would have to cut. Of an older one it
    is known before where the prompt is short, else by the counts of its last line, or not at all.
    """

    reading: Reading
    tokens: int
    context: int


def continue_code(
    server: Ollama,
    prompt: OllamaPrompt,
    cancelled: Callable[[], bool],
    waits: tuple[float, ...] = WAITS,
) -> Iterator[str | Waiting | PromptRead]:
    """The continuation piece by piece; closing the generator ends the request.

    A server that is down or busy is asked again, as long as nothing of an answer has come.
    Cancelled, it ends at once, wherever it waits.
    """
    for wait in (*waits, None):
        begun = False
        try:
            version = server.version()
        except (OllamaDown, OllamaBusy, OllamaSilent) as problem:
            fault: GardenError = problem
        else:
            if is_too_old(version):
                raise Status("too old", server.address, version=version).error()
            try:
                for piece in _pieces(server, prompt, version, cancelled):
                    begun = True
                    yield piece
                return
            except (OllamaDown, OllamaBusy) as problem:
                fault = problem
        if cancelled():
            return
        if begun or wait is None:
            raise fault
        yield Waiting(fault.what, wait)
        _wait_until_it_listens(server, wait, cancelled)
        if cancelled():
            return


def _pieces(
    server: Ollama, prompt: OllamaPrompt, version: str, cancelled: Callable[[], bool]
) -> Iterator[str | PromptRead]:
    refuses = knows_truncate(version)
    longest = 0 if refuses else _longest(server, prompt.model)
    is_whole = refuses or _surely_fits(prompt, longest)
    for at, fields in enumerate(server.generate(_body(prompt), cancelled)):
        if is_whole and not at:
            yield PromptRead("whole", 0, prompt.context)
        if text := _text_in(fields):
            yield text
        if fields.get("done") is True and not is_whole:
            yield _by_its_counts(prompt, longest, fields)


def _text_in(fields: Mapping[str, Any]) -> str:
    """The text of a line; what a model only thinks is none of it."""
    message = fields.get("message")
    text = message.get("content") if isinstance(message, dict) else fields.get("response")
    return text if isinstance(text, str) else ""


def _body(prompt: OllamaPrompt) -> Mapping[str, Any]:
    """Raw, so that no chat template is put around code; a suffix needs the model's own form."""
    body = {
        "model": prompt.model,
        "stream": True,
        "truncate": False,
        "shift": False,
        "keep_alive": KEEP_ALIVE,
        "options": {
            "num_ctx": prompt.context,
            "num_predict": prompt.tokens,
            "temperature": 0,
            "seed": 0,
        },
    }
    if prompt.messages:
        turns = [{"role": role, "content": text} for role, text in prompt.messages]
        return {**body, "messages": turns}
    body["prompt"] = prompt.prompt
    return {**body, "suffix": prompt.suffix} if prompt.suffix else {**body, "raw": True}


def _longest(server: Ollama, model: str) -> int:
    with suppress(*OLLAMA_ERRORS):  # what is wrong with it is told by the request itself
        return server.longest_context(model)
    return 0


def _surely_fits(prompt: OllamaPrompt, longest: int) -> bool:
    """Whether it fits even if each of its bytes were a token."""
    form = FORM_TOKENS * (1 + len(prompt.messages))
    return prompt.bytes + prompt.tokens + form <= min(prompt.context, longest)


def _by_its_counts(prompt: OllamaPrompt, longest: int, fields: Mapping[str, Any]) -> PromptRead:
    """What the last line says of the prompt, where the server would not have refused it.

    One that was cut has as many tokens as the context. One that was pushed out while the model
    wrote has more, together with what was written.
    """
    read, written = (_count(fields.get(f"{name}_count")) for name in ("prompt_eval", "eval"))
    context = min(prompt.context, longest or prompt.context)
    if read == context or (read and read + written > context):
        return PromptRead("cut", read, context)
    return PromptRead("whole" if read and longest else "unknown", read, context)


def _count(value: object) -> int:
    return value if type(value) is int and value > 0 else 0


def _wait_until_it_listens(server: Ollama, seconds: float, cancelled: Callable[[], bool]) -> None:
    """Wait so long, or until the server answers again."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if _cancelled_within(min(LOOK_AGAIN_SECONDS, left), cancelled):
            return
        with suppress(*OLLAMA_ERRORS):
            server.version()
            return


def _cancelled_within(seconds: float, cancelled: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if cancelled():
            return True
        time.sleep(min(CANCEL_SECONDS, left))
    return cancelled()
