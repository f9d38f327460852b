"""One question with its answer."""

import asyncio

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from gardener_core.events.answer import Answered, Completed, Composed
from gardener_core.events.card_text import COMPOSED
from gardener_core.events.parts import Citation
from gardener_core.system.terminal_text import clean_line
from gardener_tui.panes.chat.card_view import CardView
from gardener_tui.widgets.code import highlighted
from gardener_tui.widgets.plain_text import PlainText, styled
from gardener_tui.widgets.prose import Block, blocks, paragraph
from gardener_tui.widgets.wording import counted, lines, short_time


class Turn(Vertical):
    """A question or some code, and its answer; tokens are gathered until they are painted."""

    def __init__(self, written: str) -> None:
        super().__init__(classes="turn")
        self._written = written
        self._text = ""
        self._code = ""  # what is continued, where this is no answer
        self._stale = False
        self._has_card = False
        self._blocks: list[Block] = []
        self._painting = asyncio.Lock()

    def compose(self) -> ComposeResult:
        """The question, room for the answer, and a line about it."""
        yield PlainText(self._written, classes="asked")
        yield Vertical(classes="answer")
        yield PlainText(styled(("…", "$label")), classes="status")

    @property
    def answer(self) -> str:
        """The text of the answer so far."""
        return self._text

    def write(self, text: str) -> None:
        """Add a piece of the answer."""
        self._text += text
        self._stale = True

    async def paint(self) -> None:
        """Paint what has arrived; a finished block is not drawn again."""
        if self._stale:
            self._stale = False
            # The clock and the end of the answer may both come here.
            async with self._painting:
                await (self._paint_code() if self._code else self._paint_blocks())

    async def _paint_blocks(self) -> None:
        wanted = blocks(self._text)
        shown = list(self.query(".block").results(PlainText))
        for at, block in enumerate(wanted):
            if at >= len(shown):
                await self.query_one(".answer").mount(_widget(block))
            elif self._blocks[at] != block:
                shown[at].show(_content(block))
                shown[at].set_class(block.code, "code")
        for extra in shown[len(wanted) :]:
            await extra.remove()
        self._blocks = wanted

    async def _paint_code(self) -> None:
        shown = styled((self._code, "$label"), highlighted(self._text, "python"))
        for widget in self.query(".block").results(PlainText):
            widget.show(shown)
            return
        await self.query_one(".answer").mount(PlainText(shown, classes="block code"))

    async def show_card(self, card: Composed) -> None:
        """Show the lines of a card, each with its number and place."""
        self._has_card = True
        await self.query_one(".answer").mount(CardView(card))

    async def finish(self, answer: Answered) -> None:
        """Show the whole answer, its citations, and what it cost."""
        self._text = answer.text
        if self._has_card and not answer.model:
            self.set_class(not answer.found, "-not-found")
            self.show_status(_facts(answer))
            return
        self._stale = True
        await self.paint()
        for citation in answer.citations:
            await self.query_one(".answer").mount(PlainText(_cited(citation), classes="citation"))
        self.set_class(not answer.found, "-not-found")
        self.show_status(_facts(answer))

    def begin_code(self, code: str) -> None:
        """Show code; what is written from now on continues it."""
        self._code = code
        self._stale = True

    async def complete(self, done: Completed) -> None:
        """Show the whole continuation, and which model wrote it."""
        self._text = done.text
        self._stale = True
        await self.paint()
        who = f"adapter {clean_line(done.adapter)}" if done.adapter else "base model alone"
        model = f"{clean_line(done.model)}, {who}" if done.model else who
        self.show_status(
            styled(
                (
                    f"{model} · {counted(done.tokens, 'token')} · {short_time(done.seconds)}",
                    "$label",
                )
            )
        )

    def show_status(self, text: Content) -> None:
        """Write the line below the answer."""
        self.query_one(".status", PlainText).show(text)


def _widget(block: Block) -> PlainText:
    return PlainText(_content(block), classes="block code" if block.code else "block")


def _content(block: Block) -> Content:
    return highlighted(block.text, block.language) if block.code else paragraph(block.text)


def _cited(citation: Citation) -> Content:
    return styled(
        (f"[{citation.n}] ", "$accent"),
        clean_line(citation.path),
        (f":{lines(citation.start_line, citation.end_line)}", "$label"),
        (f"  {clean_line(citation.symbol)}", "$label"),
    )


def _facts(answer: Answered) -> Content:
    model = COMPOSED if answer.backend == "card" else answer.model
    named = [model, f"adapter {answer.adapter}" if answer.adapter else ""]
    facts = [clean_line(name) for name in named if name]
    if answer.tokens:
        facts.append(counted(answer.tokens, "token"))
    facts.append(short_time(answer.seconds))
    verdict = "" if answer.found else "? not found in this project · "
    return styled((verdict, "$warning"), (" · ".join(facts), "$label"))
