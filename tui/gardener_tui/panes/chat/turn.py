"""One question with its answer."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from gardener_core.answers.conversation.tree import Entry
from gardener_core.events.parts import Citation
from gardener_core.system.terminal_text import clean_line
from gardener_tui.panes.chat.card_view import CardView
from gardener_tui.panes.chat.facts import facts
from gardener_tui.panes.chat.thought import Thought, split_thought
from gardener_tui.widgets.code import highlighted
from gardener_tui.widgets.markdown.inline import Doubts
from gardener_tui.widgets.markdown.view import MarkdownView
from gardener_tui.widgets.plain_text import PlainText, styled
from gardener_tui.widgets.wording import counted, lines

LEFT, RIGHT = "\u2039", "\u203a"  # around the number of a branch


class Turn(Vertical):
    """An entry of the conversation; words are gathered until they are painted."""

    def __init__(self, entry: Entry, branch: tuple[int, int] = (1, 1)) -> None:
        """`branch` is the number of this entry among those beside it, and how many there are."""
        super().__init__(classes="turn")
        self._entry = entry
        self._branch = branch
        self._raw = entry.words
        self._thought = split_thought(entry.words)
        self._is_unfolded = False
        self._unknown: tuple[str, ...] = ()  # names that are not marked yet
        self._stale = False
        self._above = PlainText(classes="above")
        self._above.display = False
        self._asked = PlainText(self._question(), classes="asked")
        self._answer = Vertical(*self._parts(), classes="answer")
        self._status = PlainText(facts(entry), classes="status")

    def compose(self) -> ComposeResult:
        """The question, the answer, and a line about it."""
        yield self._above
        yield self._asked
        yield self._answer
        yield self._status

    @property
    def entry(self) -> Entry:
        """What is shown."""
        return self._entry

    @property
    def words_at(self) -> int:
        """The line of this turn at which a model's words begin; 0 where there are none."""
        for view in self._answer.query(MarkdownView):
            return self._answer.virtual_region.y + view.virtual_region.y
        return 0

    def show_above(self, line: Content) -> None:
        """Show a line above the question; none where it is empty."""
        self._above.display = bool(line.plain)
        self._above.show(line)

    def write(self, text: str, unknown: tuple[str, ...] = ()) -> None:
        """Add a piece of the answer; names that are `unknown` are underlined."""
        self._raw += text
        self._unknown += unknown
        self._stale = True

    async def show(self, entry: Entry) -> None:
        """Show what has come back by now."""
        before, self._entry = self._entry, entry
        if entry.card is not None and before.card is None:
            await self._answer.mount(CardView(entry.card))
        if entry.ended and not before.ended:
            await self._finish()
        self._status.show(facts(entry))

    def show_facts(self, entry: Entry) -> None:
        """Say what is being done for this answer."""
        self._entry = entry
        self._status.show(facts(entry))

    def show_branch(self, number: int, count: int) -> None:
        """Say which of several answers this is."""
        self._branch = number, count
        self._asked.show(self._question())

    def switch_thinking(self) -> bool:
        """Show what the model thought, or fold it; False where it did not think."""
        if not self._thought.thinking:
            return False
        self._is_unfolded = not self._is_unfolded
        for fold in self.query(".thinking").results(PlainText):
            fold.show(self._thinking())
        return True

    async def paint(self) -> None:
        """Paint what has arrived."""
        if not self._stale:
            return
        self._stale = False
        if self._entry.kind == "code":
            await self._show_code()
            return
        self._thought = split_thought(self._raw)
        if self._thought.thinking or self._thought.open:
            await self._show_thinking()
        words = self._thought.words
        views = list(self._answer.query(MarkdownView))
        if views and not words.startswith(views[0].text):
            await views.pop().remove()  # what was taken for the answer was thinking
        if not words:
            return
        if not views:
            views.append(MarkdownView())
            await self._answer.mount(views[0])
        views[0].feed(words[len(views[0].text) :])
        if self._unknown:
            views[0].doubt(self._unknown)
            self._unknown = ()
        views[0].paint()

    async def _finish(self) -> None:
        """Show the whole answer and what does not hold in it."""
        entry = self._entry
        if entry.words != self._raw:
            self._raw, self._stale = entry.words, True
        await self.paint()
        answer = entry.answered
        self.set_class(answer is not None and not answer.found, "-not-found")
        for view in self._answer.query(MarkdownView):
            view.finish(self._thought.words, _doubts(entry))
        if entry.card is None:
            await self._answer.mount_all(_citations(entry))

    async def _show_thinking(self) -> None:
        for fold in self.query(".thinking").results(PlainText):
            fold.show(self._thinking())
            return
        await self._answer.mount(PlainText(self._thinking(), classes="thinking"))

    async def _show_code(self) -> None:
        for widget in self._answer.query(".code").results(PlainText):
            widget.show(self._code())
            return
        await self._answer.mount(PlainText(self._code(), classes="code"))

    def _parts(self) -> list[Widget]:
        """The parts of an answer that is there already."""
        entry = self._entry
        if entry.kind == "code":
            return [PlainText(self._code(), classes="code")]
        parts: list[Widget] = [CardView(entry.card)] if entry.card else []
        if self._thought.thinking:
            parts.append(PlainText(self._thinking(), classes="thinking"))
        if self._thought.words:
            parts.append(MarkdownView(self._thought.words, _doubts(entry)))
        return parts if entry.card else [*parts, *_citations(entry)]

    def _question(self) -> Content:
        number, count = self._branch
        text = self._entry.text
        if self._entry.kind == "code":
            text = f"/complete {(text.strip().splitlines() or [''])[-1].strip()}"
        which = (f"  {LEFT} {number}/{count} {RIGHT}", "$label") if count > 1 else ""
        return styled(text, which)

    def _thinking(self) -> Content:
        return _thinking(self._thought, is_unfolded=self._is_unfolded)

    def _code(self) -> Content:
        return styled((self._entry.text, "$label"), highlighted(self._raw, "python"))


def _thinking(thought: Thought, *, is_unfolded: bool) -> Content:
    sign = "▾" if is_unfolded else "▸"
    doing = "thinking …" if thought.open else "thought"
    head = f"{sign} {doing} {counted(len(thought.thinking.split()), 'word')}"
    rest = f"\n{thought.thinking}" if is_unfolded else ""
    return styled((head, "$label"), (rest, "$label italic"))


def _doubts(entry: Entry) -> Doubts:
    answer = entry.answered
    if answer is None:
        return Doubts()
    found = tuple((source.sentence, source.n) for source in answer.sources)
    return Doubts(answer.unknown_names, answer.unsourced, answer.wrong_numbers, found)


def _citations(entry: Entry) -> list[Widget]:
    cited = entry.answered.citations if entry.answered else ()
    return [PlainText(_cited(citation), classes="citation") for citation in cited]


def _cited(citation: Citation) -> Content:
    return styled(
        (f"[{citation.n}] ", "$accent"),
        clean_line(citation.path),
        (f":{lines(citation.start_line, citation.end_line)}", "$label"),
        (f"  {clean_line(citation.symbol)}", "$label"),
    )
