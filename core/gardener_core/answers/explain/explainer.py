"""Let a base model explain a card."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from gardener_core.answers.explain.checking import check_answer, words_of
from gardener_core.answers.explain.prompt import Material, explain_prompt
from gardener_core.answers.requests import AskRequest
from gardener_core.answers.serving import Served, ServedBases
from gardener_core.events.answer import Answered, Prompted, Token
from gardener_core.events.union import Event
from gardener_core.models.chat_template import chat_prompt
from gardener_core.models.serving.routing import RequestSize
from gardener_core.system.files.atomic import make_folder, write_whole
from gardener_core.system.places import Places

# What is read before the first word should come within so many seconds.
SECONDS_TO_FIRST_TOKEN = 4.0
USUAL_SPEED = 90  # tokens a second, where nobody has measured it
FEWEST_TOKENS, MOST_TOKENS = 300, 3000
MOST_PROMPTS = 50  # that are kept


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, what its prompt is made of, and what is known of the project."""

    request: AskRequest
    material: Material
    is_known: Callable[[str], bool]


class Explainer:
    """Puts a model's words below a card, and marks what does not hold."""

    def __init__(self, bases: ServedBases, places: Places) -> None:
        self._bases = bases
        self._prompts = places.prompts

    def explain(
        self, asked: Asked, whole: Answered, cancelled: Callable[[], bool]
    ) -> Iterator[Event]:
        """`Prompted`, `Token`s, then `whole` with the model's words and what they cost."""
        with self._bases.answering:
            yield from self._explained(asked, whole, cancelled)

    def _explained(
        self, asked: Asked, whole: Answered, cancelled: Callable[[], bool]
    ) -> Iterator[Event]:
        started = time.perf_counter()
        request = asked.request
        base = self._bases.base(request.base)
        chosen = self._bases.adapter(request.project, request.adapter, base)
        context = min(base.context, request.tokens_of_context)
        size = RequestSize(3 * FEWEST_TOKENS, request.tokens, context)
        served = yield from self._bases.open(base, chosen, size, request)
        budget = min(self._budget(served), context - request.tokens)
        prompt = explain_prompt(
            asked.material, lambda text: len(served.model.tokenize(text)), budget
        )
        ids, text = chat_prompt(served.model, base, prompt.messages)
        file = self._keep(text)
        yield Prompted(prompt.parts, len(ids), base.name, request.adapter, served.engine, str(file))
        said, tokens, first = "", 0, 0.0
        for piece in served.model.stream(ids, served.scales, request.tokens):
            first = first or time.perf_counter() - started
            tokens += piece.tokens
            if piece.text:
                said += piece.text
                yield Token(piece.text)
            if cancelled():
                break
        numbers = frozenset(line.n for line in asked.material.card.lines if line.n)
        read = frozenset(words_of(prompt.data))
        checked = check_answer(said, numbers, lambda name: name in read or asked.is_known(name))
        yield replace(
            whole,
            text=said,
            backend=served.engine,
            model=base.name,
            adapter=request.adapter,
            tokens=tokens,
            tokens_read=len(ids),
            unknown_names=checked.unknown_names,
            unsourced=checked.unsourced,
            seconds_to_first_token=round(first, 4),
            seconds=round(whole.seconds + time.perf_counter() - started, 4),
        )

    def _budget(self, served: Served) -> int:
        """How many tokens are read before the first word has to come."""
        speed = self._bases.speed(served.base, served.engine)
        read = speed.read if speed else USUAL_SPEED
        return int(min(max(read * SECONDS_TO_FIRST_TOKEN, FEWEST_TOKENS), MOST_TOKENS))

    def _keep(self, text: str) -> Path:
        """The exact prompt as a file; the oldest of many are removed."""
        data = text.encode()
        folder = make_folder(self._prompts)
        file = folder / f"{hashlib.sha256(data).hexdigest()}.txt"
        write_whole(file, data)
        by_age = sorted(folder.glob("*.txt"), key=lambda one: one.stat().st_mtime_ns)
        for old in by_age[:-MOST_PROMPTS]:
            old.unlink(missing_ok=True)
        return file
