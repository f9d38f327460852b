"""The conversation with one project, as far as it is in view."""

from collections.abc import Mapping, Sequence
from typing import Literal

from textual import events
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size

from gardener_core.answers.conversation.tree import Conversation, Entry
from gardener_core.store.garden.chats.summaries import Summary
from gardener_core.store.garden.chats.views import END, ScrollPlace
from gardener_tui.panes.chat.turn import Turn

MOUNTED = 4  # turns when a place of the conversation is shown; more where they are short
MORE = 3  # that are mounted when one scrolls to the first or the last
MOST_MOUNTED = 16


class Transcript(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Some turns of a conversation; those above and below come when one scrolls there.

    While an answer comes, the beginning of its turn stays in view, or the end where one went there.
    """

    def __init__(
        self, project: str, chat: str = "", conversation: Conversation | None = None
    ) -> None:
        """`chat` is the id under which it is kept; empty before its first question is."""
        super().__init__(classes="transcript")
        self.project = project
        self.chat = chat
        self.conversation = conversation or Conversation()
        self._path: Sequence[Entry] = ()
        self._first = 0  # the place on the path of the first turn that is mounted
        self._current = 0  # the number of the chosen entry; 0 for the last one
        self._followed: Turn | Literal["end"] | None = None
        self._is_mounting = False
        self.kept_place = END  # as it was last stored
        self.summaries: Mapping[int, Summary] = {}
        self._marked: tuple[int, Content] = (0, Content())

    @property
    def is_written_to(self) -> bool:
        """Whether an answer is being written in it, or was not stored yet."""
        return any(not entry.ended or not entry.kept for entry in self.conversation.path[-1:])

    @property
    def turns(self) -> list[Turn]:
        """What is mounted, oldest first."""
        return list(self.query_children(Turn))

    @property
    def current(self) -> Turn | None:
        """The turn that keys act on: the chosen one, else the last."""
        turns = self.turns
        return self.turn_of(self._current) or (turns[-1] if turns else None)

    def turn_of(self, number: int) -> Turn | None:
        """The turn of an entry, if it is mounted."""
        return next((turn for turn in self.turns if turn.entry.number == number), None)

    async def add(self, entry: Entry) -> Turn:
        """Mount the newest entry, and follow it."""
        turns = self.turns
        at_end = self._first + len(turns) == len(self._path)
        self._path = self.conversation.path
        self._choose(0)
        if not at_end or len(turns) >= MOST_MOUNTED:
            await self._show_from(len(self._path) - MOUNTED)
        else:
            await self.mount(self._made(entry))
        turn = self.turn_of(entry.number)
        assert turn is not None
        self.follow(turn)
        return turn

    async def show_path(self, number: int = 0) -> None:
        """Show the branch that is in view now: around an entry, or its end."""
        self._path = self.conversation.path
        numbers = [entry.number for entry in self._path]
        at = numbers.index(number) if number in numbers else len(numbers) - 1
        await self._show_from(at - MOUNTED // 2 if number else len(numbers) - MOUNTED)
        self._choose(number)
        turn = self.current
        if turn is not None and at >= 0:
            self.follow(turn)

    def mark(self, number: int, line: Content) -> None:
        """Show a line above the turn of an entry, and above no other."""
        self._marked = number, line
        for turn in self.turns:
            turn.show_above(self._line_above(turn.entry))

    def _line_above(self, entry: Entry) -> Content:
        number, line = self._marked
        return line if entry.number == number else Content()

    @property
    def place(self) -> ScrollPlace:
        """Where it is scrolled to; nobody needs to know it at the end."""
        if self._followed is not None or self.scroll_y >= self.max_scroll_y - 1:
            return END
        for turn in self.turns:
            line = round(self.scroll_y) - turn.virtual_region.y
            if line < turn.virtual_region.height and turn.entry.kept:
                return ScrollPlace(turn.entry.kept, line)
        return END

    async def go_to(self, place: ScrollPlace) -> None:
        """Scroll to where it was left; to the end where that answer is not on the branch."""
        numbers = {entry.kept: entry.number for entry in self.conversation.path if entry.kept}
        number = numbers.get(place.answer)
        if number is None:
            await self.show_path()
            return
        await self.show_path(number)
        self._followed = None
        self._is_mounting = True
        self._hold(self.turn_of(number), -place.line)

    def follow(self, turn: Turn) -> None:
        """Keep the beginning of a turn in view while it grows."""
        self._followed = turn
        self.call_after_refresh(self._scroll_to_followed)

    async def step(self, by: int) -> None:
        """Go to the question before or after the current one."""
        current = self.current
        if current is None:
            return
        numbers = [entry.number for entry in self._path]
        at = max(0, min(len(numbers) - 1, numbers.index(current.entry.number) + by))
        if self.turn_of(numbers[at]) is None:
            await self.show_path(numbers[at])
        self._choose(numbers[at])
        turn = self.turn_of(numbers[at])
        if turn is not None:
            self.follow(turn)

    def scroll_by(self, by: int) -> None:
        """Scroll by so many lines; nothing is followed any more."""
        self._followed = None
        self.scroll_relative(y=by, animate=False)
        self._mount_around(by)

    async def go_to_end(self, *, first: bool) -> None:
        """Go to the first message, or to the end and stay there while it grows."""
        self._followed = None if first else "end"
        self._choose(self._path[0].number if first and self._path else 0)
        await self._show_from(0 if first else len(self._path) - MOUNTED)
        if first:
            self.call_after_refresh(self.scroll_home, animate=False)
        else:
            self.call_after_refresh(self._scroll_to_followed)

    async def paint(self) -> None:
        """Paint what has arrived since the last time."""
        for turn in self.turns:
            await turn.paint()

    def watch_virtual_size(self, before: Size, now: Size) -> None:
        """Hold what is followed in view, also once the new places of all turns are known."""
        self._scroll_to_followed()
        self.call_after_refresh(self._scroll_to_followed)
        if self.max_scroll_y == 0:  # what is there leaves room for more
            self._mount_around(-1)

    def watch_scroll_y(self, before: float, now: float) -> None:
        """Mount more turns where one has come to the first or the last that is there."""
        super().watch_scroll_y(before, now)
        self._mount_around(now - before)

    def _mount_around(self, by: float) -> None:
        """Mount more turns where there is nothing left to scroll to that way."""
        if self._is_mounting or not by:
            return
        y, below = self.scroll_y, self._first + len(self.turns) < len(self._path)
        if by < 0 and y <= 1 and self._first:
            self._is_mounting = True
            self.call_later(self._mount_above)
        elif by > 0 and y >= self.max_scroll_y - 1 and below:
            self._is_mounting = True
            self.call_later(self._mount_below)

    async def _mount_above(self) -> None:
        """Mount turns above the first one; what is in view stays where it is."""
        turns = self.turns
        first = max(0, self._first - MORE)
        made = [self._made(entry) for entry in self._path[first : self._first]]
        self._first = first
        await self.remove_children(turns[MOST_MOUNTED - MORE :])
        await self.mount_all(made, before=turns[0] if turns else None)
        self._hold(turns[0] if turns else None, 0)

    async def _mount_below(self) -> None:
        """Mount turns below the last one; what is in view stays where it is."""
        turns = self.turns
        last = self._first + len(turns)
        made = [self._made(entry) for entry in self._path[last : last + MORE]]
        surplus = max(0, len(turns) + len(made) - MOST_MOUNTED)
        shown_at = turns[-1].virtual_region.y - round(self.scroll_y) if turns else 0
        await self.remove_children(turns[:surplus])
        self._first += surplus
        await self.mount_all(made)
        self._hold(turns[-1] if turns else None, shown_at)

    def _hold(self, turn: Turn | None, line: int) -> None:
        """Scroll so that a turn stands at this line of the view; what is followed goes first."""

        def hold() -> None:
            if self._followed is not None:
                self._scroll_to_followed()
            elif turn is not None and turn.is_attached:
                self.scroll_to(y=turn.virtual_region.y - line, animate=False, force=True)
            self._is_mounting = False

        self.call_after_refresh(hold)

    async def _show_from(self, first: int) -> None:
        """Mount the turns from a place of the path on, and no others."""
        self._first = max(0, min(first, len(self._path) - MOUNTED))
        wanted = self._path[self._first : self._first + MOUNTED]
        by_number = {turn.entry.number: turn for turn in self.turns}
        numbers = [entry.number for entry in wanted]
        await self.remove_children([t for n, t in by_number.items() if n not in numbers])
        before: Turn | None = None
        for entry in reversed(wanted):
            turn = by_number.get(entry.number)
            if turn is None:
                turn = self._made(entry)
                await self.mount(turn, before=before)
            else:
                turn.show_branch(*self._branch_of(entry))
            before = turn

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Follow nothing any more."""
        self._followed = None

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Follow nothing any more."""
        self._followed = None

    def _scroll_to_followed(self) -> None:
        turn = self._followed
        if turn == "end":
            self.scroll_end(animate=False, force=True)
        elif turn is not None and turn.is_attached:
            # Below a long card the words begin in the middle of the view at the latest.
            ahead = max(0, turn.words_at - self.size.height // 2)
            y = min(turn.virtual_region.y + ahead, self.max_scroll_y)
            self.scroll_to(y=y, animate=False, force=True)

    def _choose(self, number: int) -> None:
        self._current = number
        for turn in self.turns:
            turn.set_class(turn.entry.number == number, "-current")

    def _made(self, entry: Entry) -> Turn:
        turn = Turn(entry, self._branch_of(entry))
        turn.show_above(self._line_above(entry))
        turn.set_class(entry.number == self._current, "-current")
        return turn

    def _branch_of(self, entry: Entry) -> tuple[int, int]:
        branches = self.conversation.branches(entry.number)
        return branches.index(entry.number) + 1, len(branches)
