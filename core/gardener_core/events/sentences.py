"""A sentence for each event, for screen and command alike."""

from collections.abc import Callable
from typing import assert_never

from gardener_core.events.answer import (
    Answered,
    Completed,
    Composed,
    NamesChecked,
    Placed,
    Prompted,
    ReadAhead,
    SummariesMade,
    Token,
)
from gardener_core.events.export import Deployed, Exported
from gardener_core.events.fidelity_text import outcome_of
from gardener_core.events.index import (
    ChunksEmbedded,
    EmbedderChanged,
    EmbedderTried,
    FilesRead,
    Indexed,
    Linked,
    Refreshed,
    Retrieved,
    Settled,
    Stale,
    Stalled,
    Surveyed,
    TableChecked,
    Watching,
)
from gardener_core.events.pull import Pulled, SourceTried
from gardener_core.events.run import (
    Died,
    Failed,
    Finished,
    Heard,
    Noted,
    Paused,
    PhaseAdvanced,
    Queued,
    Resumed,
    Silent,
    Started,
    Stopped,
)
from gardener_core.events.switch import Switched
from gardener_core.events.train import (
    AlertRaised,
    Checkpointed,
    DeviceChosen,
    EarlyStopped,
    Forecast,
    ForecastChecked,
    Gated,
    Grown,
    HeldOutScored,
    LinesCompleted,
    Planned,
    RateHalved,
    RecentScored,
    RetentionMeasured,
    Saved,
    Scored,
    StepDone,
    StepSkipped,
)
from gardener_core.events.union import Event, Unknown
from gardener_core.system.numbers import duration, size

_HEARD = {
    "pause": "Will pause as soon as nothing is lost by it",
    "stop": "Will stop as soon as nothing is lost by it",
    "checkpoint": "Will write a checkpoint after this step",
}
_WHEN = {
    "control": "with another project's adapter",
    "parent": "with the adapter that it goes on from",
}
_LANGUAGES = 3  # that are named of a survey


def sentence(event: Event, thousands: str = ",") -> str:
    """What happened, without markup; "" for what a bar, a chart or an answer shows.

    `thousands` stands between the thousands of a number.
    """
    counted = _counter(thousands)
    match event:
        case Planned():
            return _plan(event, counted)
        case Scored():
            return _score(event, counted)
        case Saved() | Grown():
            return _made(event, counted)
        case Surveyed():
            return _survey(event, counted)
        case Indexed():
            return _index(event, counted)
        case EmbedderChanged() | Settled() | Stalled():
            return _table_work(event, counted)
        case Exported(files=files, fidelity=fidelity):
            wrote = f"Wrote {counted(len(files), 'file')}" if files else "Measured"
            return f"{wrote}{outcome_of(fidelity)}"
        case Deployed():
            return _deployed(event)
        case SourceTried(source=source, where=where, what=what):
            return f"Not from {source} ({where}): {what}"
        case Pulled():
            return _pulled(event)
        case Noted(text=text):
            return text
        case DeviceChosen() | LinesCompleted() | AlertRaised() | RecentScored():
            return _remark(event)
        case Unknown(name=name):
            return f"{name}: an event of a newer program"
        case Queued() | Started() | Paused() | Heard() | Resumed() | Stopped() | Finished():
            return _life(event, counted)
        case Failed() | Died() | Silent():
            return _trouble(event)
        case Forecast() | ForecastChecked():
            return _outlook(event, counted)
        case StepSkipped() | RateHalved() | EarlyStopped() | RetentionMeasured() | Gated():
            return _turn(event, counted)
        case StepDone() | HeldOutScored() | Checkpointed() | PhaseAdvanced():
            return ""
        case FilesRead() | ChunksEmbedded():
            return ""
        case Linked() | Watching() | Refreshed() | Stale() | EmbedderTried() | TableChecked():
            return ""
        case Retrieved() | Token() | Composed() | Prompted() | Answered() | Completed():
            return ""
        case ReadAhead() | SummariesMade() | NamesChecked() | Placed() | Switched():
            return ""
        case _ as never:
            assert_never(never)


def _deployed(event: Deployed) -> str:
    how = f"merged, {event.quant}" if event.route == "merged" else f"beside {event.base}"
    kept = f"; {event.rollback} is the one before" if event.rollback else ""
    return (
        f"Deployed {event.version} as {event.latest} ({how}, {size(event.bytes)}, digest "
        f"{event.digest[:12]}) to Ollama {event.server_version} at {event.server}{kept}"
    )


def without_adapter(reason: str) -> str:
    """What is said of an answer that the project's adapter took no part in."""
    return f"WITHOUT the adapter: {reason}"


def of_the_gate(adapter: str, caveat: str) -> str:
    """What stands beside an answer whose adapter has not passed the gate."""
    return f"Adapter {adapter} has not passed the gate: {caveat}"


def time_worked(event: Finished) -> str:
    """How long a run worked, and how long it waited where it did."""
    waited = event.waited_seconds
    return f"{duration(event.seconds)}{f', waited {duration(waited)}' if waited >= 1 else ''}"


def _life(
    event: Queued | Started | Paused | Heard | Resumed | Stopped | Finished,
    counted: Callable[[int, str], str],
) -> str:
    match event:
        case Queued(ahead=ahead):
            return f"Queued behind {counted(ahead, 'run')}"
        case Started():
            return ""
        case Paused(reason=reason):
            return f"Paused: {reason} It resumes by itself." if reason else "Paused"
        case Heard(wish=wish):
            return _HEARD[wish]
        case Resumed():
            return "Resumed"
        case Stopped():
            return "Stopped"
        case Finished():
            return f"Finished in {time_worked(event)}"
        case _ as never:
            assert_never(never)


def _trouble(event: Failed | Died | Silent) -> str:
    match event:
        case Failed(what=what):
            return f"Failed: {what}"
        case Died(what=what):
            lines = what.strip().splitlines()
            return f"Died: {lines[-1] if lines else 'without a message'}"
        case Silent(seconds=seconds):
            return f"Silent for {duration(seconds)}; the process is still there"
        case _ as never:
            assert_never(never)


def _score(event: Scored, counted: Callable[[int, str], str]) -> str:
    files = counted(event.n, "held-out file")
    if event.characters:
        files = (
            f"{event.n} of {counted(event.of, 'held-out file')}, "
            f"the first {counted(event.characters, 'character')} of each"
        )
    when = _WHEN.get(event.when, event.when)
    return f"{event.measure.replace('_', ' ')} {when}: {event.value:.4f} over {files}"


def _gate(event: Gated) -> str:
    named = ", ".join(event.undecided)
    match event.verdict:
        case "unmeasured":
            return f"The gate has not seen {event.version} yet: too little was measured"
        case "pass":
            basis = ", on bits per byte only" if event.on_bits_only else ""
            use = " and answers now" if event.answers else ""
            return f"{event.version} passed the gate{basis}{use}"
        case "fail":
            return f"{event.version} failed the gate: {named}"
        case "inconclusive":
            return f"{event.version} has not passed the gate, nor failed it: {named}"
        case _ as never:
            assert_never(never)


def _retention(event: RetentionMeasured, counted: Callable[[int, str], str]) -> str:
    change = event.after / event.before - 1 if event.before else 0.0
    return (
        f"Unchanged code, bits per byte: {event.before:.4f} with {event.version}, "
        f"{event.after:.4f} now ({change:+.1%}) over {counted(event.n, 'held-out file')}"
    )


def _plan(event: Planned, counted: Callable[[int, str], str]) -> str:
    does = "Growing" if event.kind == "grow" else "Training on"
    work = f"{counted(event.steps, 'step')}, {counted(event.tokens, 'token')}"
    files = f"{counted(event.train_files, 'file')} to learn from, {event.held_out_files} held out"
    return f"{does} {event.base}: {work}" + ("" if event.kind == "grow" else f", {files}")


def _outlook(event: Forecast | ForecastChecked, counted: Callable[[int, str], str]) -> str:
    match event:
        case Forecast():
            memory = f"{size(event.formula_bytes)} by the formula"
            if event.probe_bytes:
                memory = f"{size(event.probe_bytes)} by a probe of one step, {memory}"
            return (
                f"Will take {_spread(event.shortest_seconds, event.longest_seconds)} "
                f"({duration(event.cpu_seconds)} of one core) and {memory}; "
                f"{counted(event.parameters, 'parameter')}, an adapter of "
                f"{size(event.adapter_bytes)}"
            )
        case ForecastChecked():
            expected = _spread(event.shortest_seconds, event.longest_seconds)
            return (
                f"Took {duration(event.seconds)} where {expected} were expected, "
                f"{duration(event.cpu_seconds)} of one core "
                f"({_against(event.cpu_seconds, event.expected_cpu_seconds)}) and "
                f"{size(event.memory_bytes)} "
                f"({_against(event.memory_bytes, event.expected_memory_bytes)})"
            )
        case _ as never:
            assert_never(never)


def _made(event: Saved | Grown, counted: Callable[[int, str], str]) -> str:
    match event:
        case Saved(version=version, path=path, bytes=written, partial=partial):
            return (
                f"Saved {'partial ' if partial else ''}adapter {version}: {size(written)} in {path}"
            )
        case Grown(model=model, parameters=parameters, tokens=tokens, seconds=seconds):
            facts = f"{counted(parameters, 'parameter')}, {counted(tokens, 'token')}"
            return f"Grown {model}: {facts}, {duration(seconds)}"
        case _ as never:
            assert_never(never)


def _remark(event: DeviceChosen | LinesCompleted | AlertRaised | RecentScored) -> str:
    match event:
        case RecentScored(since=since, before=before, after=after, n=n):
            change = after / before - 1 if before else 0.0
            files = f"{n} held-out file{'' if n == 1 else 's'} added since {since}"
            return (
                f"By time, bits per byte: {before:.4f} to {after:.4f} ({change:+.1%}) over {files}"
            )
        case AlertRaised():
            return f"Alert at step {event.step}: {_alert(event)}"
        case DeviceChosen(name=name, precision=precision, why=why):
            return f"Computes on {name} in {precision}: {why}"
        case LinesCompleted(step=step, lines=lines):
            exact = sum(line.is_exact for line in lines)
            return f"Held-out lines after step {step}: {exact} of {len(lines)} as they stand there"
        case _ as never:
            assert_never(never)


def _alert(event: AlertRaised) -> str:
    match event.rule:
        case "nan":
            return "a loss or a gradient is not a finite number"
        case "plateau":
            return f"no smoothed loss below {event.value:.3f} for {event.limit:.0f} steps"
        case "held-out":
            times = f"{event.limit:.0f} times in a row"
            return f"held-out bits per byte rose {times}, to {event.value:.3f}"
        case "disk" | "memory":
            left = f"{size(int(event.value))} of {event.rule} are left"
            return f"{left}, less than {size(int(event.limit))}"
        case _ as never:
            assert_never(never)


def _turn(
    event: StepSkipped | RateHalved | EarlyStopped | RetentionMeasured | Gated,
    counted: Callable[[int, str], str],
) -> str:
    match event:
        case Gated():
            return _gate(event)
        case RetentionMeasured():
            return _retention(event, counted)
        case StepSkipped(step=step, quantity=quantity):
            return f"Skipped step {step}: its {quantity} is not a finite number"
        case RateHalved(step=step, rate=rate):
            return (
                f"Nothing held out got better by step {step}: "
                f"begins anew with a learning rate of {rate:.1e}"
            )
        case EarlyStopped(step=step, best_step=best):
            return f"Stopped at step {step}, since step {best} was the best; kept that one"
        case _ as never:
            assert_never(never)


def _spread(shortest: float, longest: float) -> str:
    low, high = duration(shortest), duration(longest)
    return low if low == high else f"{low} to {high}"


def _against(value: float, expected: float) -> str:
    if not expected:
        return "none expected"
    return f"{100 * (value / expected - 1):+.0f} % against the forecast"


def _table_work(
    event: EmbedderChanged | Settled | Stalled, counted: Callable[[int, str], str]
) -> str:
    match event:
        case EmbedderChanged(after=after, dimensions=dimensions, chunks=chunks, seconds=seconds):
            facts = f"{counted(chunks, 'chunk')}, {counted(dimensions, 'dimension')}"
            return f"{after} answers now: {facts}, {duration(seconds)}"
        case Settled(fragments_before=before, fragments_after=after, seconds=seconds):
            return (
                f"Merged {counted(before, 'fragment')} of the table into {after} in {seconds:.2f} s"
            )
        case Stalled(path=path, seconds=seconds):
            return f"{path} takes long to read: {seconds:.0f} s so far"
        case _ as never:
            assert_never(never)


def _survey(event: Surveyed, counted: Callable[[int, str], str]) -> str:
    found = f"{counted(event.files, 'file')}, {counted(event.lines, 'line')}, {size(event.bytes)}"
    names = ", ".join(language.name for language in event.languages[:_LANGUAGES])
    unreadable = f"; {len(event.unreadable)} cannot be read" if event.unreadable else ""
    return f"{found}{f': {names}' if names else ''}{unreadable}; {duration(event.seconds)}"


def _index(event: Indexed, counted: Callable[[int, str], str]) -> str:
    skipped = f", {len(event.skipped)} left out" if event.skipped else ""
    return (
        f"Indexed {counted(event.files, 'file')}, {counted(event.chunks, 'chunk')} in "
        f"{duration(event.seconds)}: {event.changed} changed, {event.removed} removed{skipped}"
    )


def _pulled(event: Pulled) -> str:
    took = f" in {duration(event.seconds)}" if event.fetched else ", used where it is"
    seen = ", ".join(event.first_seen)
    recorded = f"; the sha256 of {seen} was seen for the first time and is recorded" if seen else ""
    return (
        f"{event.model} is here: {size(event.bytes)} from {event.source}{took}, "
        f"sha256 {event.sha256[:12]}{recorded}"
    )


def _counter(thousands: str) -> Callable[[int, str], str]:
    def counted(number: int, noun: str) -> str:
        grouped = f"{number:,}".replace(",", thousands)
        return f"{grouped} {noun if number == 1 else noun + 's'}"

    return counted
