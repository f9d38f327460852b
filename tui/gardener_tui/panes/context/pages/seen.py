"""The page with what an answer saw."""

from gardener_core.events.answer import CardLine, PromptPart
from gardener_core.events.card_text import label_of
from gardener_tui.messages import AnswerOpened
from gardener_tui.panes.context.page import EmptyText, Page
from gardener_tui.panes.context.rows.places import Heading, HitRow, PlaceRow, best_score
from gardener_tui.panes.context.rows.read_code import spot_at, spot_of_part
from gardener_tui.widgets.rows import Row
from gardener_tui.widgets.wording import counted

NOTHING_SEEN = EmptyText("This answer saw no code.")


class SeenPage(Page):
    """What the model read, what its budget dropped, what is on the card, what else was found."""

    def __init__(self, opened: AnswerOpened) -> None:
        self.question = opened.question
        parts = opened.prompted.parts if opened.prompted else ()
        read = [part for part in parts if part.path and part.form != "left_out"]
        dropped = [part for part in parts if part.path and part.form == "left_out"]
        lines = [line for line in (opened.card.lines if opened.card else ()) if line.n]
        found = opened.retrieved
        hits = (*found.hits, *found.tests)
        most = best_score(hits)
        groups: list[tuple[str, list[Row]]] = [
            ("Read by the model", [_of_part(part, opened) for part in read]),
            ("Dropped by the budget", [_of_part(part, opened) for part in dropped]),
            ("On the card", [_of_line(line, opened) for line in lines]),
            ("Found by the search", [HitRow(hit, most) for hit in hits]),
        ]
        rows: list[Row] = []
        for title, group in groups:
            if group:
                rows += [Heading(title, len(group)), *group]
        summary = f"{counted(len(read), 'piece')} read · {len(dropped)} dropped"
        super().__init__(
            "what this answer saw", rows, summary=summary if parts else "", empty=NOTHING_SEEN
        )


def _of_part(part: PromptPart, opened: AnswerOpened) -> Row:
    sign = ("✖", "$warning") if part.form == "left_out" else ("●", "$success")
    cut = f"{part.form}, " if part.form in ("signature", "cut") else ""
    pinned = "pinned, " if part.name == "pinned" else ""
    what = f"{pinned}{cut}{counted(part.tokens, 'token')}"
    return PlaceRow(spot_of_part(part, opened.retrieved), sign, what)


def _of_line(line: CardLine, opened: AnswerOpened) -> Row:
    spot = spot_at(opened.retrieved, line.path, line.start_line, line.end_line, line.symbol)
    return PlaceRow(spot, (str(line.n), "bold $accent"), label_of(line), line=line.start_line)
