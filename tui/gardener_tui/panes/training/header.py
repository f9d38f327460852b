"""What a run is doing, in a few lines."""

from collections.abc import Mapping

from rich.cells import cell_len
from textual.content import Content

from gardener_core.events.index import FilesRead
from gardener_core.events.run import Heard, Phase
from gardener_core.events.sentences import sentence, time_worked
from gardener_core.jobs.phases import Estimate
from gardener_core.store.garden.runs import RunState
from gardener_core.system.numbers import duration, size
from gardener_tui.keymap import Keymap
from gardener_tui.panes.training.progress import RunProgress, Trouble
from gardener_tui.widgets.charts.meter import meter
from gardener_tui.widgets.plain_text import Part, styled
from gardener_tui.widgets.states import PHASES, StateLook, run_look
from gardener_tui.widgets.wording import count, counted

STATE = 12
# The bar depends on the pane alone, so that no number beside it makes it jump.
_BAR_MOST, _BAR_LEAST, _BESIDE_THE_BAR = 30, 10, 52
_TROUBLE_LINES = 6
MEMORY = 0.9  # of the smoothed line whose lowest value is the best one
# The keys that help in a state, by their ids, and what they do.
_KEYS: Mapping[RunState, tuple[tuple[str, str], ...]] = {
    "failed": (("run.pause", "tries again"), ("run.log", "log")),
    "died": (("run.pause", "resumes from the last checkpoint"), ("run.log", "log")),
    "stopped": (("run.pause", "resumes from the last checkpoint"),),
    "queued": (("run.stop", "leaves the queue"),),
    "paused": (("run.pause", "resumes"),),
}
_SILENT_KEYS = (("run.stop", "stops it"), ("run.log", "log"))
# Parts that count nothing are described in words.
_OBJECTS: Mapping[Phase, str] = {
    "importing": "the libraries",
    "looking": "for a source",
    "verifying": "every byte",
    "reading": "the files",
    "preparing": "the rows",
    "converting": "the base for llama.cpp",
    "loading": "the model",
    "probing": "one step, for its time and memory",
    "saving": "the adapter",
    "writing": "the files",
}


def header(progress: RunProgress, width: int, keys: Keymap, now: float) -> Content:
    """The lines above the chart."""
    rows = [_state(progress, width)]
    if measures := _measures(progress, width):
        rows.append(measures)
    if progress.scores:
        rows.append(_held_out(progress))
    if progress.trouble:
        rows.append(_trouble(progress.trouble))
    if progress.heard is not None:
        rows.append(_heard(progress.heard))
    silent = progress.silent_since
    if silent is not None:
        rows.append(styled((f"? silent for {duration(now - silent)}", "$warning")))
    helping = _SILENT_KEYS if silent is not None else _KEYS.get(progress.state, ())
    if helping:
        rows.append(_key_line(helping, keys))
    return Content("\n").join(rows)


def look_of(progress: RunProgress) -> StateLook:
    """How the run's state is shown, by the current part of its work."""
    phase = progress.phases.current if progress.files is None else None
    return run_look(progress.state, progress.kind, phase)


def _key_line(helping: tuple[tuple[str, str], ...], keys: Keymap) -> Content:
    parts: list[Part] = []
    for key_id, does in helping:
        parts += [(keys.key(key_id).shown, "bold $accent"), (f" {does}", "$label"), "   "]
    return styled(*parts[:-1])


def _state(progress: RunProgress, width: int) -> Content:
    look = look_of(progress)
    state = f"{look.glyph} {look.word}"
    left = styled((state + " " * max(1, STATE - cell_len(state)), f"bold {look.colour}"))
    share = progress.part
    if progress.state == "finished":
        return styled(left, *_steps(progress), *_took(progress))
    if progress.state == "queued":
        return styled(left, (f"behind {counted(progress.ahead, 'run')}", "$label"))
    if share is not None:
        cells = max(_BAR_LEAST, min(_BAR_MOST, width - _BESIDE_THE_BAR))
        left = Content.assemble(left, meter(share, cells), f" {share:4.0%}  ")
    return styled(left, *_fitting(progress, width - left.cell_length))


def _fitting(progress: RunProgress, room: int) -> list[Part]:
    """Progress and time left, in the longest form for which there is room."""
    long, short = _counts(progress), _counts(progress, short=True)
    estimate = progress.estimate
    ends = _ends(progress, estimate) if estimate else ""
    eta = _eta(estimate) if estimate else ""
    for counts, time in ((long, ends), (long, eta), (short, eta), ("", eta)):
        if cell_len(counts) + cell_len(time) + 2 <= room or not counts:
            return [counts, ("  " if counts and time else "", ""), (time, "$label")]
    return []


def _counts(progress: RunProgress, short: bool = False) -> str:
    if progress.files is not None:
        what = "files " if isinstance(progress.files, FilesRead) else "chunks embedded "
        return f"{what}{count(progress.files.done)}/{count(progress.files.total)}"
    part = progress.phases.part
    if part is None:
        return ""
    if not part.total:
        what = _OBJECTS.get(part.phase, "")
        return f"{count(part.done)} {part.unit}" if part.done else what
    if part.unit == "bytes":
        return size(part.done) if short else f"{size(part.done)} of {size(part.total)}"
    counts = f"{count(part.done)}/{count(part.total)}"
    if part.unit == "steps":
        return counts if short else f"step {counts}"
    return "" if short else f"{counts} {part.unit}"


def _ends(progress: RunProgress, estimate: Estimate) -> str:
    """When the run will be done; a part that was never measured is named, not guessed."""
    if estimate.all_seconds is not None:
        return f"ETA {duration(estimate.all_seconds)}"
    word = look_of(progress).word
    return f"{word} ends in {duration(estimate.part_seconds)}, then {PHASES[estimate.then[0]]}"


def _eta(estimate: Estimate) -> str:
    if estimate.all_seconds is not None:
        return f"ETA {duration(estimate.all_seconds)}"
    return f"{duration(estimate.part_seconds)}, then {PHASES[estimate.then[0]]}"


def _steps(progress: RunProgress) -> list[Part]:
    if progress.steps:
        return [("step ", "$label"), f"{count(progress.step)}/{count(progress.steps)}"]
    return [_counts(progress)] if progress.files is not None else []


def _took(progress: RunProgress) -> list[Part]:
    finished = progress.finished
    return [("  in ", "$label"), time_worked(finished)] if finished else []


def _measures(progress: RunProgress, width: int) -> Content | None:
    """Loss, best loss, learning rate, tokens a second, memory: of the newest step."""
    step, best = progress.last_step, progress.curve.best(MEMORY)
    if step is None or not progress.step:
        return None
    parts: list[Part] = [("loss ", "$label"), (f"{step.loss:.4f}", "bold $series")]
    rest: list[Part] = []
    if step.learning_rate:
        rest += [("  lr ", "$label"), rate(step.learning_rate)]
    if step.tokens_a_second:
        rest += ["  ", count(round(step.tokens_a_second)), (" tok/s", "$label")]
    if step.memory_bytes:
        rest += ["  ", size(step.memory_bytes)]
    if best is None:
        return styled(*parts, *rest)
    parts += [("  best ", "$label"), f"{best.smooth:.3f}"]
    full = styled(*parts, (f" at {count(best.step)}", "$label"), *rest)
    return full if full.cell_length <= width else styled(*parts, *rest)


def rate(learning_rate: float) -> str:
    """A learning rate: 1.9e-4."""
    return f"{learning_rate:.1e}".replace("e-0", "e-")


def _held_out(progress: RunProgress) -> Content:
    before, after = progress.scores.get("before"), progress.scores.get("after")
    known = after or before
    assert known is not None
    parts: list[Part] = [(f"held out, {known.measure.replace('_', ' ')} ", "$label")]
    parts.append(f"{before.value:.3f}" if before else "?")
    if after:
        parts += [(" → ", "$label"), (f"{after.value:.3f}", "bold $success")]
    if before and after and before.value:
        parts.append((f" ({after.value / before.value - 1:+.1%})", "$label"))
    parts.append((f"   n {count(known.n)}", "$label"))
    return styled(*parts)


def _heard(heard: Heard) -> Content:
    return styled((f"◌ {sentence(heard)}", "$warning"))


def _trouble(trouble: Trouble) -> Content:
    lines = trouble.what.strip().split("\n")[-_TROUBLE_LINES:]
    what = styled((lines[0], "$error"), *((f"\n{line}", "$label") for line in lines[1:]))
    return what + styled(f"\n{trouble.hint}") if trouble.hint else what
