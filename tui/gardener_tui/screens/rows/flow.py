"""Draw how files become rows."""

from textual.content import Content

from gardener_core.training.data.kept.expectations import expectation, figures, remarks, shortfall
from gardener_core.training.data.kept.report import DataReport, ShareCount, Stage
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.wording import THOUSANDS, count

BAR = 12
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def flow(report: DataReport) -> Content:
    """Each stage with what came and left, and why; then the shares, and what to expect."""
    lines = [_stage(stage) for stage in report.stages]
    lines += [Content(""), *(_share(share, report.tokens) for share in report.shares)]
    said = [
        *figures(report, THOUSANDS),
        *remarks(report),
        expectation(report),
        shortfall(report),
    ]
    return Content("\n").join([*lines, Content(""), *(styled(each) for each in said if each)])


def _stage(stage: Stage) -> Content:
    reasons = " · ".join(f"{why} {count(n)}" for why, n in stage.reasons.items())
    return styled(
        (stage.name.ljust(9), "bold"),
        f"{count(stage.came):>7} ",
        (_bar(stage.left / stage.came if stage.came else 0.0), "$accent"),
        f" {count(stage.left):>7} {stage.unit:8}",
        (reasons, "$label"),
    )


def _share(share: ShareCount, whole: int) -> Content:
    part = share.tokens / whole if whole else 0.0
    facts = f"{count(share.rows)} rows, {count(share.learned)} of {count(share.tokens)} tokens"
    return styled(
        (share.share.ljust(9), "bold"),
        f"{part:>6.0%}  ",
        (_bar(part), "$accent"),
        f" of {share.planned:>4.0%} ",
        (facts, "$label"),
    )


def _bar(share: float) -> str:
    whole, rest = divmod(round(min(1.0, share) * BAR * 8), 8)
    return ("█" * whole + (_EIGHTHS[rest] if rest else "")).ljust(BAR)
