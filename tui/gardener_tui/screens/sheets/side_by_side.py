"""The same question answered with and without the adapter."""

import difflib
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.worker import Worker

from gardener_core.errors import GardenError
from gardener_core.events.answer import Answered, Prompted, Token
from gardener_core.events.union import Event
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap, toasts
from gardener_tui.panes.background import each, start
from gardener_tui.screens.sheet import Sheet
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import PlainText, styled
from gardener_tui.widgets.wording import counted, short_time

PAINTS_A_SECOND = 10
TITLES = ("with the adapter", "without")
NO_MODEL = "No model explains here, so there is nothing to compare.\n{key} chooses one."
OTHER_BASE = "The adapter is of another base than {model}, so this is what the base says alone."
_WORDS = re.compile(r"\s+|[^\s]+")
_MARK = "bold $accent"

Ask = Callable[[bool, Callable[[], bool]], Iterator[Event]]


class SideBySide(Sheet[None]):
    """Asks twice, one after the other; what only one of the two says is marked."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("sides")

    def __init__(self, question: str, ask: Ask) -> None:
        """`ask` gives the events of an answer, with the adapter or without."""
        super().__init__()
        self._question = question
        self._ask = ask
        self._words = ["", ""]
        self._facts = ["waits", "waits"]
        self._answers: list[Answered | None] = [None, None]

    def compose(self) -> ComposeResult:
        """Two columns."""
        with Vertical(classes="sheet-box -large") as box:
            box.border_title = Content(clean_line(self._question))
            with VerticalScroll(id="sides", can_focus=False), Horizontal(id="side-columns"):
                for at in range(2):
                    with Vertical(classes="side"):
                        yield PlainText(id=f"side-head-{at}", classes="side-head")
                        yield PlainText(id=f"side-text-{at}")
        yield Hints("sides")

    def on_mount(self) -> None:
        """Ask, and paint at the clock's pace."""
        self._paint()
        self.set_interval(1 / PAINTS_A_SECOND, self._paint)
        start(self, "sides", self._run)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the error of a call that failed."""
        toasts.show_worker_error(self.app, event)

    async def _run(self) -> None:
        for at, adapter in enumerate((True, False)):
            self._facts[at] = "…"
            try:
                async for event in each(partial(self._ask, adapter)):
                    self._take(at, event)
            except GardenError as problem:
                self._facts[at] = f"✖ {problem.what}"
                raise
            answer = self._answers[at]
            if answer is not None and not answer.model:
                self._words[at] = ""
                key = keymap.of(self.app).key("chat.explainer").shown
                self._facts = [answer.problem or NO_MODEL.format(key=key), ""]
                return
            if answer is not None and adapter and not answer.adapter:
                self._facts[1] = OTHER_BASE.format(model=clean_line(answer.model))
                return

    def _take(self, at: int, event: Event) -> None:
        match event:
            case Prompted():
                self._facts[at] = f"… reads {counted(event.tokens, 'token')}"
            case Token(text=text):
                self._words[at] += text
                self._facts[at] = "… writes"
            case Answered():
                self._answers[at] = event
                self._words[at] = event.text
                self._facts[at] = _facts(event)
            case _:
                pass

    def _paint(self) -> None:
        both = all(self._answers)
        texts = differences(*self._words) if both else [styled(words) for words in self._words]
        for at in range(2):
            head = styled((TITLES[at], "bold"), f"\n{self._facts[at]}")
            self.query_one(f"#side-head-{at}", PlainText).show(head)
            self.query_one(f"#side-text-{at}", PlainText).show(texts[at])

    def action_scroll(self, by: int) -> None:
        """Scroll both."""
        box = self.query_one("#sides", VerticalScroll)
        box.scroll_relative(y=by * max(1, box.size.height // 2), animate=False)

    def action_leave(self) -> None:
        """Go back; what is being written ends."""
        self.dismiss(None)


def differences(left: str, right: str) -> list[Content]:
    """Both texts; words that the other one lacks at this place are marked."""
    words: list[list[str]] = [_WORDS.findall(text) for text in (left, right)]
    matcher = difflib.SequenceMatcher(None, words[0], words[1], autojunk=False)
    parts: list[list[Content]] = [[], []]
    for kind, a, b, c, d in matcher.get_opcodes():
        style = "" if kind == "equal" else _MARK
        for at, piece in enumerate((words[0][a:b], words[1][c:d])):
            if piece:
                parts[at].append(styled(("".join(piece), style)))
    return [Content("").join(part) for part in parts]


def _facts(answer: Answered) -> str:
    adapter = f"adapter {answer.adapter}" if answer.adapter else "base model alone"
    cost = f"{counted(answer.tokens, 'token')} · {short_time(answer.seconds)}"
    return clean_line(f"{answer.model} · {adapter} · {cost}")
