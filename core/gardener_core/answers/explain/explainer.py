"""Let a model explain a card."""

import hashlib
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from gardener_core.answers.explain.kept_answers import KeptAnswers, answer_key
from gardener_core.answers.explain.known_names import KnownNames
from gardener_core.answers.explain.ollama_speaker import OllamaSpeaker
from gardener_core.answers.explain.prompt import Budget, ExplainPrompt, Material, explain_prompt
from gardener_core.answers.explain.said import Said
from gardener_core.answers.explain.speaker import (
    BaseSpeaker,
    Prepared,
    Speaker,
    read_in_parts,
)
from gardener_core.answers.requests import AskRequest
from gardener_core.answers.serving import ServedBases
from gardener_core.events.answer import Answered, Prompted, ReadAhead
from gardener_core.events.run import Noted
from gardener_core.events.union import Event
from gardener_core.models.chat_template import ChatTurn
from gardener_core.models.model import OLLAMA
from gardener_core.models.serving.routing import RequestSize
from gardener_core.system.files.atomic import make_folder, write_whole
from gardener_core.system.places import Places

# What is read before the first word takes at most so many seconds: where nothing was read before,
# and where the words, the rules and the map were.
COLD_SECONDS, WARM_SECONDS = 4.0, 2.0
FEWEST_KEPT, FEWEST_FRESH, MOST_TOKENS = 110, 130, 3000
FORM_TOKENS = 20  # what a chat template puts around the turns
USUAL_PROMPT_CHARACTERS = 900
MOST_PROMPTS = 50  # that are kept
MOST_READERS = 24


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, what its prompt is made of, the project's folder, and the names that exist."""

    request: AskRequest
    material: Material
    root: Path
    names: KnownNames


@dataclass(frozen=True, slots=True)
class _Ready:
    """A model with the prompt that it is sent."""

    speaker: Speaker
    prompt: ExplainPrompt
    sent: Prepared
    key: str


class Explainer:
    """Puts a model's words below a card, and marks what does not hold."""

    def __init__(self, bases: ServedBases, places: Places) -> None:
        self._bases = bases
        self._prompts = places.prompts
        self._kept = KeptAnswers(places.kept_answers)
        # What was read last, and what each prompt begins with, by project and speaker.
        self._last: dict[tuple[str, str], tuple[int, ...]] = {}
        self.beginnings: dict[tuple[str, str], ChatTurn] = {}

    def explain(
        self, asked: Asked, whole: Answered, cancelled: Callable[[], bool]
    ) -> Iterator[Event]:
        """`Prompted`, `Token`s, then `whole` with the model's words and what they cost."""
        started = time.perf_counter()
        is_ollama = asked.request.base.startswith(OLLAMA)
        with nullcontext() if is_ollama else self._bases.answering:
            ready = yield from self._prepare(asked)
            yield self._prompted(ready)
            caveat = self._bases.caveat(asked.request.project, ready.speaker.adapter)
            whole = replace(whole, caveat=caveat)
            asked.names.add_read(ready.prompt.data)
            said = Said(asked.names.knows)
            again = None if asked.request.anew else self._kept.get(ready.key, asked.root)
            if again is not None:
                yield from said.take(again.text)
                yield from said.rest()
                verified = _verified(whole, asked, ready, said)
                seconds = round(time.perf_counter() - started, 4)
                yield replace(
                    verified,
                    tokens=again.tokens,
                    kept_since=again.written,
                    seconds_to_first_token=seconds,
                    seconds=round(whole.seconds + seconds, 4),
                )
                return
            yield from self._new(asked, ready, said, whole, started, cancelled)

    def read_ahead(self, asked: Asked, cancelled: Callable[[], bool]) -> Iterator[ReadAhead]:
        """Read the prompt in parts, so that its answer can begin at once."""
        if asked.request.base.startswith(OLLAMA):
            yield ReadAhead(0, 0, 0.0, "elsewhere")
            return
        started, done = time.perf_counter(), 0
        with self._bases.answering:
            preparing = self._prepare(asked)
            try:
                while True:
                    next(preparing)  # what loading a model tells is of no interest here
            except StopIteration as ended:
                ready: _Ready = ended.value
            whole = len(ready.sent.ids)
            reader = (asked.request.project, ready.speaker.identity)
            done = self.held(reader, ready.speaker, ready.sent)
            for read in read_in_parts(ready.speaker, ready.sent, done, cancelled):
                self.note_read(reader, ready.sent.ids[:read])
                done = read
        seconds = round(time.perf_counter() - started, 4)
        yield ReadAhead(done, whole, seconds, "" if done == whole else "changed")

    def note_read(self, reader: tuple[str, str], ids: tuple[int, ...]) -> None:
        """Remember what an engine holds of a project; that of long ago is gone by then."""
        self._last.pop(reader, None)
        self._last[reader] = ids
        for old in list(self._last)[:-MOST_READERS]:
            del self._last[old]
            self.beginnings.pop(old, None)

    def held(self, reader: tuple[str, str], speaker: Speaker, sent: Prepared) -> int:
        """How much of a prompt the engine holds already; a shorter part would make it forget."""
        if reader not in self._last:
            return min(speaker.loaded, len(sent.ids))
        pairs = zip(self._last[reader], sent.ids, strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

    def _prepare(self, asked: Asked) -> Generator[Event, None, _Ready]:
        """The model, ready to answer, and the exact prompt."""
        request = asked.request
        speaker = yield from self._open(request)
        budget = _budget(speaker, request)
        prompt = explain_prompt(asked.material, speaker.count, budget, cites=speaker.cites)
        sent = speaker.prepare(prompt.messages)
        self.beginnings[request.project, speaker.identity] = prompt.messages[0]
        sampler = f"greedy {request.tokens}"
        fields = {"prompt": sent.text, "model": speaker.identity, "sampler": sampler}
        return _Ready(speaker, prompt, sent, answer_key(fields))

    def ready(self, request: AskRequest) -> Speaker:
        """The model that a request names, loaded."""
        opening = self._open(request)
        while True:
            try:
                next(opening)  # what loading tells is of no interest here
            except StopIteration as ended:
                speaker: Speaker = ended.value
                return speaker

    def _open(self, request: AskRequest) -> Generator[Event, None, Speaker]:
        if request.base.startswith(OLLAMA):
            return OllamaSpeaker.of(request.base, request.tokens_of_context)
        base = self._bases.base(request.base)
        chosen = self._bases.adapter(request.project, request.adapter, base)
        context = min(base.context, request.tokens_of_context)
        size = RequestSize(USUAL_PROMPT_CHARACTERS, request.tokens, context)
        served = yield from self._bases.open(base, chosen, size, request)
        return BaseSpeaker(self._bases, served, request.adapter, context)

    def _prompted(self, ready: _Ready) -> Prompted:
        speaker, file = ready.speaker, self._keep(ready.sent.text)
        return Prompted(
            ready.prompt.parts,
            ready.sent.tokens,
            speaker.model,
            speaker.adapter,
            speaker.backend,
            str(file),
        )

    def _new(
        self,
        asked: Asked,
        ready: _Ready,
        said: Said,
        whole: Answered,
        started: float,
        cancelled: Callable[[], bool],
    ) -> Iterator[Event]:
        """Let the model write, and keep what it wrote to its end."""
        speaker, tokens, first, stopped = ready.speaker, 0, 0.0, False
        self.note_read((asked.request.project, speaker.identity), ready.sent.ids)
        for piece in speaker.stream(ready.sent, asked.request.tokens, cancelled):
            if isinstance(piece, Noted):
                yield piece
                continue
            first = first or time.perf_counter() - started
            tokens += piece.tokens
            yield from said.take(piece.text)
            stopped = cancelled()
        yield from said.rest()
        read = speaker.reading(ready.sent)
        if not stopped and said.text and read.reading != "cut":
            cited = {line.path for line in asked.material.card.lines if line.n}
            self._kept.keep(ready.key, asked.root, said.text, tokens, cited)
        if isinstance(speaker, BaseSpeaker):
            self._bases.note_speed(speaker.served)
        yield replace(
            _verified(whole, asked, ready, said),
            tokens=tokens,
            tokens_evaluated=read.evaluated,
            tokens_reused=read.reused,
            prompt_read=read.reading,
            seconds_to_first_token=round(first, 4),
            seconds=round(whole.seconds + time.perf_counter() - started, 4),
        )

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


def _verified(whole: Answered, asked: Asked, ready: _Ready, said: Said) -> Answered:
    """The answer with what holds of the model's words."""
    verified, speaker = said.verify(asked.material.card.lines, ready.prompt.code), ready.speaker
    return replace(
        whole,
        text=said.text,
        backend=speaker.backend,
        model=speaker.model,
        adapter=speaker.adapter,
        without=speaker.without or asked.request.without,
        tokens_read=ready.sent.tokens,
        unknown_names=verified.checked.unknown_names,
        names_checked=asked.names.judges,
        sources=verified.sources,
        unsourced=verified.unsourced,
        wrong_numbers=verified.checked.wrong_numbers,
    )


def _budget(speaker: Speaker, request: AskRequest) -> Budget:
    """How much is read before the first word has to come; as much as fits where more is asked."""
    room = speaker.context - request.tokens
    if request.thorough:
        return Budget(min(MOST_TOKENS // 3, room // 3), min(MOST_TOKENS, room * 2 // 3))
    kept = int(speaker.speed * (COLD_SECONDS - WARM_SECONDS))
    fresh = int(speaker.speed * WARM_SECONDS) - FORM_TOKENS
    return Budget(
        min(max(kept, FEWEST_KEPT), MOST_TOKENS // 3, room // 3),
        min(max(fresh, FEWEST_FRESH), MOST_TOKENS, room * 2 // 3),
    )
