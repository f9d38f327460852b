"""Answer an entry of a conversation."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from gardener_core.answers.conversation.tree import Entry
from gardener_core.answers.requests import Exchange
from gardener_core.errors import GardenError
from gardener_core.events.answer import Answered, Completed, Composed, Placed, Prompted, Token
from gardener_core.events.index import Retrieved
from gardener_core.events.run import Noted
from gardener_core.events.union import Event
from gardener_core.garden.chats.conversations import ChatPlace
from gardener_core.garden.chats.options import AskOptions
from gardener_core.store.garden.projects import Project
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import each
from gardener_tui.panes.chat.transcript import Transcript
from gardener_tui.panes.chat.writing.suggestions import NO_MODEL


class Asking:
    """Asks the core for one entry; what comes back goes into the conversation and its turn."""

    def __init__(
        self,
        garden: ScreenGarden,
        project: Project,
        transcript: Transcript,
        entry: Entry,
        place: ChatPlace,
    ) -> None:
        self._garden = garden
        self._project = project
        self._transcript = transcript
        self._entry = entry
        # Where nothing can be kept now, it is answered all the same.
        self._place = place if garden.obstacle is None else None

    async def answer(self, before: Sequence[Exchange], show: Callable[[Event], None]) -> None:
        """Take every event; `show` gets each, for what concerns more than the turn.

        `before` is the conversation up to this question.
        """
        try:
            async for event in each(lambda stop: self._events(before, stop)):
                await self._take(event)
                show(event)
        except GardenError as problem:
            await self._keep(ended="failed", problem=problem.what)
            raise
        except asyncio.CancelledError:
            await self._keep(ended="stopped")
            raise

    def _events(self, before: Sequence[Exchange], stop: Callable[[], bool]) -> Iterator[Event]:
        entry, chats = self._entry, self._garden.chats
        if entry.kind == "code":
            return chats.completion(
                self._project, entry.text, adapter=entry.adapter, place=self._place, cancelled=stop
            )
        return chats.ask(
            self._project,
            entry.text,
            AskOptions(
                model="" if entry.model == NO_MODEL else entry.model,
                explain=entry.model != NO_MODEL,
                adapter=entry.adapter,
                before=before,
                anew=entry.anew,
                thorough=entry.thorough,
                place=self._place,
            ),
            cancelled=stop,
        )

    async def _take(self, event: Event) -> None:
        match event:
            case Token():
                self._write(event)
            case Placed():
                self._transcript.chat = event.chat
                await self._keep(kept=event.answer)
            case Retrieved():
                await self._keep(retrieved=event)
            case Composed():
                await self._keep(card=event)
            case Prompted():
                await self._keep(prompted=event)
            case Answered():
                await self._keep(answered=event, words=self._words(event), ended="whole")
            case Completed():
                await self._keep(completed=event, words=event.text, ended="whole")
            case Noted():
                pass

    def _words(self, answer: Answered) -> str:
        """What a model wrote; a card is shown as such, and needs no words."""
        is_written = bool(answer.model) or self._entry.card is None
        return answer.text if is_written else self._entry.words

    def _write(self, token: Token) -> None:
        number, words = self._entry.number, self._entry.words + token.text
        is_first = not self._entry.words
        self._entry = self._transcript.conversation.keep(number, words=words)
        if turn := self._transcript.turn_of(number):
            turn.write(token.text, token.unknown)
            if is_first:
                turn.show_facts(self._entry)

    async def _keep(self, **facts: Any) -> None:
        number = self._entry.number
        self._entry = self._transcript.conversation.keep(number, **facts)
        # Its turn may be on another branch now, or far above.
        if turn := self._transcript.turn_of(number):
            await turn.show(self._entry)
