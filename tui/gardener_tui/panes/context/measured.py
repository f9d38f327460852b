"""How well search answers questions of the project itself, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from textual.content import Content

from gardener_core.search.measuring.records import Arm, Retrieval
from gardener_core.system.terminal_text import clean_line
from gardener_tui.panes.context.cards import Heading
from gardener_tui.widgets.meter import meter
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.rows import Row

BAR = 8
NAME = 10
PATH_WIDTH = 34
_TITLES = {"docs": "Asked by their docs", "commits": "Asked by commits"}
_ASKED = {
    "docs": "Functions are asked for by what their docs say, in an index without any docs.",
    "commits": "What commits touched is asked for by what they say.",
}
_TOLD = {
    "words": "The words of the question, counted where they stand (BM25).",
    "vectors": "The embedder alone: what is nearest in meaning.",
    "joined": "Words and meaning together, as every search here does it.",
    "grep-like": "How many of the words stand in a text, then how often: what grep would give.",
}


@dataclass(frozen=True, slots=True)
class ArmRow:
    """One way of ranking: the mean of the reciprocal ranks, and where 95 of 100 draws put it."""

    arm: Arm
    heading: bool = False

    def draw(self, width: int, lines: int) -> Sequence[Content]:
        """One line, or two where there is little room."""
        arm = self.arm
        lead = styled(" ") + meter(arm.mrr, BAR)
        name = styled((f" {arm.arm:<{NAME}}", "bold"), f"{arm.mrr:.3f}")
        told = styled((f"  {arm.low:.3f} to {arm.high:.3f}  n {arm.n}", "$label"))
        if lines == 1:
            return [lead + name + told]
        return [lead + name, styled(" " * lead.cell_length) + told]


def measured_rows(found: Retrieval | None) -> list[Row]:
    """The ways of ranking beside each other, a group for each kind of questions."""
    rows: list[Row] = []
    for kind, title in _TITLES.items():
        arms = [arm for arm in (found.arms if found else ()) if arm.questions == kind]
        if arms:
            rows += [Heading(title), *map(ArmRow, arms)]
    return rows


def measured_text(found: Retrieval, arm: Arm) -> Content:
    """The figure, the weight that it suggests, and where its record is."""
    of_ten = [
        ("first", arm.recall_1),
        ("among five", arm.recall_5),
        ("among ten", arm.recall_10),
    ]
    rows = [
        styled((_TOLD.get(arm.arm, arm.arm), "bold")),
        styled((_ASKED.get(arm.questions, ""), "$label")),
        styled(""),
        styled(("MRR@10  ", "$label"), f"{arm.mrr:.3f}  ", ("of ", "$label"), f"{arm.n} questions"),
        *(styled((f"{name:<12}", "$label"), f"{share:.0%}") for name, share in of_ten),
        styled(""),
        styled(_of_weight(found)),
        styled(""),
        styled(("measured  ", "$label"), found.measured),
        styled(("every question", "$label")),
        *map(styled, wrap(clean_line(found.record), PATH_WIDTH)),
    ]
    return Content("\n").join(rows)


def _of_weight(found: Retrieval) -> str:
    name = clean_line(found.embedder)
    if found.weight is None:
        return f"The questions were too few to choose a weight for {name}."
    gain = (
        f"{found.gain:+.3f} over words ({found.gain_low:+.3f} to {found.gain_high:+.3f}) on the "
        "half of the questions that did not choose it"
    )
    if found.weight == 0:
        return f"{name} would be set to count nothing here: {gain}."
    return f"{name} would be set to {found.weight:g} beside words: {gain}."
