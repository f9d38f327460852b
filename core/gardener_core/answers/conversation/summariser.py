"""Let a model write the summaries of older exchanges."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext

from gardener_core.answers.conversation.exchanges import summary_of
from gardener_core.answers.conversation.first_sentences import short_question
from gardener_core.answers.conversation.stored import entries_of
from gardener_core.answers.conversation.tree import Entry
from gardener_core.answers.explain.explainer import Explainer
from gardener_core.answers.explain.names import names_of
from gardener_core.answers.explain.speaker import Prepared, Speaker, read_in_parts
from gardener_core.answers.requests import SummariseRequest
from gardener_core.answers.serving import ServedBases
from gardener_core.events.answer import SummariesMade, SummariesSkipped
from gardener_core.models.chat_template import ChatTurn
from gardener_core.models.model import OLLAMA
from gardener_core.store.database import Database
from gardener_core.store.garden.chats.messages import MessageTable
from gardener_core.store.garden.chats.summaries import Summary, SummaryTable

WANTED = "Say in one short sentence what the answer says. Write names of code as they stand there."
ALONE = "You shorten what was said about the code of a project."
MOST_READ = 1500  # characters of an answer
MOST_TOKENS = 60
SHORTEST = 12  # characters of a sentence that says something
_SENTENCE = re.compile(r"\A.*?[.!?](?=\s|\Z)", re.DOTALL)


class Summariser:
    """Stores a summary of each exchange; a model's where one may write it.

    Whoever asks a question meanwhile waits for one token at most, and finds the beginning of its
    prompt read: a summary is asked for with the same beginning.
    """

    def __init__(
        self, bases: ServedBases, explainer: Explainer, database: Callable[[], Database]
    ) -> None:
        self._bases = bases
        self._explainer = explainer
        self._database = database

    def summarise(
        self, request: SummariseRequest, skipped: SummariesSkipped, cancelled: Callable[[], bool]
    ) -> Iterator[SummariesMade]:
        """`SummariesMade`; `skipped` says why no model writes now."""
        started, made = time.perf_counter(), 0
        table = SummaryTable(self._database())
        kept = table.of_chat(request.chat)
        entries = self._entries(request)
        for entry in entries:
            if entry.kept not in kept:
                table.keep(summary_of(entry))
        waiting = [
            entry
            for entry in reversed(entries)  # the newest are the likeliest to be read
            if entry.kept not in kept or kept[entry.kept].maker == "sentences"
        ]
        reason = skipped or self._obstacle(request)
        while waiting and not reason:
            if cancelled():
                reason = "changed"
                break
            entry = waiting.pop(0)
            text, model = self._written(request, entry, cancelled)
            if text:
                made += table.keep(Summary(entry.kept, text, "model", model))
        seconds = round(time.perf_counter() - started, 4)
        yield SummariesMade(request.chat, made, len(entries) - made, seconds, reason)

    def _entries(self, request: SummariseRequest) -> list[Entry]:
        messages = MessageTable(self._database()).all(request.chat)
        wanted = frozenset(request.answers)
        return [one for one in entries_of(messages, lambda _: False) if one.kept in wanted]

    def _obstacle(self, request: SummariseRequest) -> SummariesSkipped:
        """Why no model writes: there is none, or it would have to be loaded for this alone."""
        base = request.ask.base
        if not base:
            return "nothing"
        if base.startswith(OLLAMA) or not request.spare:
            return ""
        return "" if self._bases.is_loaded(self._bases.base(base)) else "unloaded"

    def _written(
        self, request: SummariseRequest, entry: Entry, cancelled: Callable[[], bool]
    ) -> tuple[str, str]:
        """What a model says of an exchange, and the model; empty where it is of no use."""
        is_ollama = request.ask.base.startswith(OLLAMA)
        with nullcontext() if is_ollama else self._bases.answering:
            if cancelled():
                return "", ""
            speaker = self._explainer.ready(request.ask)
            reader = (request.ask.project, speaker.identity)
            system = self._explainer.beginnings.get(reader, ChatTurn("system", ALONE))
            sent = speaker.prepare((system, ChatTurn("user", _material(entry))))
            said = self._said(speaker, reader, sent, cancelled)
        text = _sentence(said)
        source = f"{entry.text}\n{entry.answer}"
        is_useful = len(text) >= SHORTEST and not text.endswith("?")
        if cancelled() or not is_useful or any(name not in source for name in names_of(text)):
            return "", speaker.model
        return f"{short_question(entry)} — {text}", speaker.model

    def _said(
        self,
        speaker: Speaker,
        reader: tuple[str, str],
        sent: Prepared,
        cancelled: Callable[[], bool],
    ) -> str:
        """The model's words; what it read is known to whoever reads a question ahead."""
        held = self._explainer.held(reader, speaker, sent)
        for done in read_in_parts(speaker, sent, held, cancelled):
            self._explainer.note_read(reader, sent.ids[:done])
        if cancelled():
            return ""
        pieces = speaker.stream(sent, MOST_TOKENS, cancelled)
        return "".join(getattr(piece, "text", "") for piece in pieces)


def _material(entry: Entry) -> str:
    answer = entry.answer[:MOST_READ].replace("</data>", "<\\/data>")
    question = entry.text[:MOST_READ].replace("</data>", "<\\/data>")
    return f"<data>\nQuestion: {question}\nAnswer: {answer}\n</data>\n\n{WANTED}"


def _sentence(said: str) -> str:
    """The first sentence, if it came to its end."""
    text = " ".join(said.rpartition("</think>")[2].split())
    whole = _SENTENCE.match(text)
    return whole.group().strip() if whole else ""
