"""What a run is doing, in two or three lines."""

from collections.abc import Mapping

from textual.content import Content

from gardener_core.events import FilesRead
from gardener_tui.keymap import Keymap
from gardener_tui.panes.training.progress import Progress, Trouble
from gardener_tui.widgets.meter import meter
from gardener_tui.widgets.plain_text import Part, styled
from gardener_tui.widgets.states import run_look
from gardener_tui.widgets.wording import count, counted, duration

_BAR_MOST, _BAR_LEAST = 30, 8
_TROUBLE_LINES = 6
# The keys that help in a state, by their ids, and what they do about it.
_REMEDIES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "failed": (("run.pause", "tries again"), ("run.log", "log")),
    "died": (("run.pause", "goes on from the last checkpoint"), ("run.log", "log")),
    "stopped": (("run.pause", "goes on from the last checkpoint"),),
    "queued": (("run.stop", "leaves the queue"),),
    "paused": (("run.pause", "goes on"),),
    "silent": (("run.stop", "stops it"), ("run.log", "log")),
}


def header(progress: Progress, width: int, keys: Keymap, now: float) -> Content:
    """The lines above the chart."""
    rows = [_state(progress, width)]
    if progress.curve or progress.scores:
        rows.append(_measures(progress))
    if progress.trouble:
        rows.append(_trouble(progress.trouble))
    silent = progress.silent_since
    if silent is not None:
        rows.append(styled((f"? silent for {duration(now - silent)}", "$warning")))
    remedies = _REMEDIES.get("silent" if silent is not None else progress.state, ())
    if remedies:
        rows.append(_remedies(remedies, keys))
    return Content("\n").join(rows)


def _remedies(remedies: tuple[tuple[str, str], ...], keys: Keymap) -> Content:
    parts: list[Part] = []
    for key_id, does in remedies:
        parts += [(keys.key(key_id).shown, "bold $accent"), (f" {does}", "$label"), "   "]
    return styled(*parts[:-1])


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
        what = "files " if isinstance(progress.files, FilesRead) else "chunks embedded "
        return [(what, "$label"), f"{count(progress.files.done)}/{count(progress.files.total)}"]
    return []


def _rest(progress: Progress) -> list[Part]:
    if progress.seconds is not None and progress.state == "finished":
        return [("  in ", "$label"), duration(progress.seconds)]
    eta, pace = progress.eta_seconds, progress.steps_a_second
    if eta is None or pace is None:
        return []
    return [(" ETA ", "$label"), duration(eta), (f"  {_pace(pace)}", "$label")]


def _pace(steps_a_second: float) -> str:
    if steps_a_second >= 1:
        return f"{steps_a_second:.1f} steps/s"
    return f"{1 / steps_a_second:.1f} s/step"


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
