"""The measured quality of search, as rows and as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from textual.content import Content

from gardener_core.search.measuring.records import Arm, Retrieval
from gardener_core.system.terminal_text import clean_line
from gardener_tui.panes.context.rows.places import Heading
from gardener_tui.widgets.charts.meter import meter
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.rows import Row

BAR = 8
NAME = 10
PATH_WIDTH = 34
_TITLES = {"docs": "Asked by their docs", "commits": "Asked by commits"}
_QUESTIONS = {
    "docs": "Each question is the documentation of a function, in an index without documentation.",
    "commits": "Each question is the message of a commit; the code it changed is the answer.",
}
_ARMS = {
    "words": "The words of the question alone (BM25).",
    "vectors": "The embedder alone: the nearest in meaning.",
    "joined": "Words and meaning together, as in every search.",
    "grep-like": "By how many of the words a text has, then how often: as with grep.",
}


@dataclass(frozen=True, slots=True)
class ArmRow:
    """A way of ranking: its mean reciprocal rank, with the 95 % interval."""

    arm: Arm
    heading: bool = False

    def draw(self, width: int, lines: int) -> Sequence[Content]:
        """One line, or two where there is little room."""
        arm = self.arm
        lead = styled(" ") + meter(arm.mrr, BAR)
        name = styled((f" {arm.arm:<{NAME}}", "bold"), f"{arm.mrr:.3f}")
        interval = styled((f"  {arm.low:.3f} to {arm.high:.3f}  n {arm.n}", "$label"))
        if lines == 1:
            return [lead + name + interval]
        return [lead + name, styled(" " * lead.cell_length) + interval]


def measured_rows(retrieval: Retrieval | None) -> list[Row]:
    """The ways of ranking, grouped by the kind of questions."""
    rows: list[Row] = []
    for kind, title in _TITLES.items():
        arms = [arm for arm in (retrieval.arms if retrieval else ()) if arm.questions == kind]
        if arms:
            rows += [Heading(title), *map(ArmRow, arms)]
    return rows


def measured_text(retrieval: Retrieval, arm: Arm) -> Content:
    """What a figure means, the embedder's weight that follows, and the file with every question."""
    of_ten = [
        ("first", arm.recall_1),
        ("among five", arm.recall_5),
        ("among ten", arm.recall_10),
    ]
    rows = [
        styled((_ARMS.get(arm.arm, arm.arm), "bold")),
        styled((_QUESTIONS.get(arm.questions, ""), "$label")),
        styled(""),
        styled(("MRR@10  ", "$label"), f"{arm.mrr:.3f}  ", ("of ", "$label"), f"{arm.n} questions"),
        *(styled((f"{name:<12}", "$label"), f"{share:.0%}") for name, share in of_ten),
        styled(""),
        styled(_weight_text(retrieval)),
        styled(""),
        styled(("measured  ", "$label"), retrieval.measured),
        styled(("every question", "$label")),
        *map(styled, wrap(clean_line(retrieval.record), PATH_WIDTH)),
    ]
    return Content("\n").join(rows)


def _weight_text(retrieval: Retrieval) -> str:
    name = clean_line(retrieval.embedder)
    if retrieval.weight is None:
        return f"There were too few questions to choose the weight of {name}."
    gain = (
        f"{retrieval.gain:+.3f} over words ({retrieval.gain_low:+.3f} to "
        f"{retrieval.gain_high:+.3f}) on the half of the questions that did not choose it"
    )
    if retrieval.weight == 0:
        return f"{name} would get no weight here: {gain}."
    return f"{name} would get the weight {retrieval.weight:g} beside the words: {gain}."
