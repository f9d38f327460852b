"""How a question is to be answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from gardener_core.answers.requests import Exchange
from gardener_core.garden.chats.conversations import ChatPlace


@dataclass(frozen=True, slots=True)
class AskOptions:
    """Who explains a card, what goes along, and where the answer is kept.

    `model` is a base that is to explain; where none is named, the project's own may. With `explain`
    false the card is alone. `before` is the conversation so far, the oldest first, `given` a text
    that goes along. A kept answer is not given again if it is wanted `anew`; `thorough` lets the
    model read more. With a `place` the answer is kept in a conversation, which says what was
    `before`.
    """

    model: str = ""
    explain: bool = True
    adapter: bool = True
    before: Sequence[Exchange] = ()
    given: str = ""
    anew: bool = False
    thorough: bool = False
    place: ChatPlace | None = None


USUAL = AskOptions()
