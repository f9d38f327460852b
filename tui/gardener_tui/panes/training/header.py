"""What a run is doing, in two or three lines."""

from textual.content import Content

from gardener_tui.panes.training.progress import Progress, Trouble
from gardener_tui.widgets.meter import meter
from gardener_tui.widgets.plain_text import Part, styled
from gardener_tui.widgets.states import run_look
from gardener_tui.widgets.wording import count, counted, duration

_BAR_MOST, _BAR_LEAST = 30, 8
_TROUBLE_LINES = 6
_REMEDY = {
    "failed": ("p", "tries again"),
    "died": ("p", "goes on from the last checkpoint"),
    "stopped": ("p", "goes on from the last checkpoint"),
}


def header(progress: Progress, width: int) -> Content:
    """The lines above the chart."""
    rows = [_state(progress, width)]
    if progress.curve or progress.scores:
        rows.append(_measures(progress))
    if progress.trouble:
        rows.append(_trouble(progress.trouble))
    if progress.state in _REMEDY:
        key, does = _REMEDY[progress.state]
        rows.append(styled((key, "bold $accent"), f" {does}"))
    return Content("\n").join(rows)


def _state(progress: Progress, width: int) -> Content:
    look = run_look(progress.state, progress.kind)
    left = styled((f"{look.glyph} {look.word}", f"bold {look.colour}"), "  ", *_place(progress))
    right = styled(*_rest(progress))
    part = progress.part
    if part is None or progress.state in ("finished", "queued"):
        return left + right
    room = width - left.cell_length - right.cell_length - 8
    bar = meter(part, min(_BAR_MOST, room)) if room >= _BAR_LEAST else Content("")
    return Content.assemble(left, "  ", bar, f" {part:4.0%} ", right)


def _place(progress: Progress) -> list[Part]:
    if progress.state == "queued" and progress.ahead:
        return [(f"behind {counted(progress.ahead, 'run')}", "$label")]
    if progress.steps:
        return [("step ", "$label"), f"{count(progress.step)}/{count(progress.steps)}"]
    if progress.files:
        return [("files ", "$label"), f"{count(progress.files.done)}/{count(progress.files.total)}"]
    return []


def _rest(progress: Progress) -> list[Part]:
    if progress.seconds is not None and progress.state == "finished":
        return [("  in ", "$label"), duration(progress.seconds)]
    eta = progress.eta_seconds
    return [] if eta is None else [(" ETA ", "$label"), duration(eta)]


def _measures(progress: Progress) -> Content:
    parts: list[Part] = []
    if progress.loss is not None:
        parts += [("loss ", "$label"), (f"{progress.loss:.4f}", "bold $series"), "   "]
    before, after = progress.scores.get("before"), progress.scores.get("after")
    known = after or before
    if known is not None:
        parts.append((f"held out, {known.measure.replace('_', ' ')} ", "$label"))
        parts.append(f"{before.value:.3f}" if before else "?")
        if after:
            parts += [(" → ", "$label"), (f"{after.value:.3f}", "bold $success")]
        parts.append((f"   n {count(known.n)}", "$label"))
    return styled(*parts)


def _trouble(trouble: Trouble) -> Content:
    lines = trouble.what.strip().split("\n")[-_TROUBLE_LINES:]
    told = styled((lines[0], "$error"), *((f"\n{line}", "$label") for line in lines[1:]))
    return told + styled(f"\n{trouble.hint}") if trouble.hint else told
