"""Let a base model explain a card."""

import hashlib
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from gardener_core.answers.explain.known_names import KnownNames
from gardener_core.answers.explain.prompt import Material, explain_prompt
from gardener_core.answers.explain.said import Said
from gardener_core.answers.explain.speaker import BaseSpeaker, Speaker
from gardener_core.answers.requests import AskRequest
from gardener_core.answers.serving import ServedBases
from gardener_core.events.answer import Answered, Prompted
from gardener_core.events.union import Event
from gardener_core.models.serving.routing import RequestSize
from gardener_core.system.files.atomic import make_folder, write_whole
from gardener_core.system.places import Places

# What is read before the first word should come within so many seconds.
SECONDS_TO_FIRST_TOKEN = 4.0
FEWEST_TOKENS, MOST_TOKENS = 300, 3000
MOST_PROMPTS = 50  # that are kept


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, what its prompt is made of, and the names that exist."""

    request: AskRequest
    material: Material
    names: KnownNames


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
            started = time.perf_counter()
            speaker = yield from self._open(asked.request)
            yield from self._explained(asked, speaker, whole, started, cancelled)

    def _open(self, request: AskRequest) -> Generator[Event, None, BaseSpeaker]:
        """The model that explains, ready to."""
        base = self._bases.base(request.base)
        chosen = self._bases.adapter(request.project, request.adapter, base)
        context = min(base.context, request.tokens_of_context)
        size = RequestSize(3 * FEWEST_TOKENS, request.tokens, context)
        served = yield from self._bases.open(base, chosen, size, request)
        return BaseSpeaker(self._bases, served, request.adapter, context)

    def _explained(
        self,
        asked: Asked,
        speaker: Speaker,
        whole: Answered,
        started: float,
        cancelled: Callable[[], bool],
    ) -> Iterator[Event]:
        material, tokens, first = asked.material, 0, 0.0
        budget = min(self._budget(speaker), speaker.context - asked.request.tokens)
        prompt = explain_prompt(material, speaker.count, budget, cites=speaker.cites)
        sent = speaker.prepare(prompt.messages)
        file = str(self._keep(sent.text))
        yield Prompted(
            prompt.parts, sent.tokens, speaker.model, speaker.adapter, speaker.backend, file
        )
        asked.names.add_read(prompt.data)
        said = Said(asked.names.knows)
        for piece in speaker.stream(sent, asked.request.tokens, cancelled):
            first = first or time.perf_counter() - started
            tokens += piece.tokens
            yield from said.take(piece.text)
        yield from said.rest()
        verified = said.verify(material.card.lines, prompt.code)
        read = speaker.reading(sent)
        yield replace(
            whole,
            text=said.text,
            backend=speaker.backend,
            model=speaker.model,
            adapter=speaker.adapter,
            tokens=tokens,
            tokens_read=sent.tokens,
            tokens_evaluated=read.evaluated,
            prompt_read=read.reading,
            unknown_names=verified.checked.unknown_names,
            names_checked=asked.names.judges,
            sources=verified.sources,
            unsourced=verified.unsourced,
            wrong_numbers=verified.checked.wrong_numbers,
            seconds_to_first_token=round(first, 4),
            seconds=round(whole.seconds + time.perf_counter() - started, 4),
        )

    def _budget(self, speaker: Speaker) -> int:
        """How many tokens are read before the first word has to come."""
        return int(min(max(speaker.speed * SECONDS_TO_FIRST_TOKEN, FEWEST_TOKENS), MOST_TOKENS))

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
