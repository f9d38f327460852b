"""Print hits on a terminal."""

from rich.syntax import Syntax
from rich.text import Text

from gardener_core.cli.output import Output
from gardener_core.cli.remedies import advice
from gardener_core.events.index import EmbedderTried, Hit, Retrieved
from gardener_core.system.terminal_text import clean, clean_line

SHOWN_LINES = 8


def show_hits(retrieved: Retrieved, out: Output) -> None:
    """Print every hit with its place, its reasons and its first lines."""
    for hit in retrieved.hits:
        _show(hit, out)
    if retrieved.tests:
        out.say("Tests:")
        for hit in retrieved.tests:
            out.say(f"  {hit.path}:{hit.start_line}  {hit.symbol or hit.kind}")
    if retrieved.note:
        out.say(advice(retrieved.note, retrieved.remedy))
    count = len(retrieved.hits)
    out.say(f"{count} hit{'' if count == 1 else 's'} in {retrieved.seconds * 1000:.0f} ms")


def cost_of(tried: EmbedderTried) -> str:
    """What another embedder would cost, in one sentence; the time was measured on a few chunks."""
    known = f", {tried.known:,} of them known already" if tried.known else ""
    measured = f" (measured on {tried.sampled})" if tried.sampled else ""
    return (
        f"{tried.embedder}: {tried.chunks:,} chunks{known}, "
        f"about {duration(tried.seconds)}{measured}, {tried.bytes / 1e6:,.1f} MB. "
        "The old embedder answers until then."
    )


def duration(seconds: float) -> str:
    """A time in words: 12 s, 4 minutes, 1.6 hours."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} minutes" if minutes < 90 else f"{minutes / 60:.1f} hours"


def why(hit: Hit) -> str:
    """Why a hit ranks where it does, in one line."""
    reasons = []
    if hit.why.words_rank:
        reasons.append(f"words {hit.why.words_rank}. ({', '.join(hit.why.terms)})")
    if hit.why.meaning_rank:
        reasons.append(f"meaning {hit.why.meaning_rank}. ({hit.why.meaning_score:.2f})")
    reasons += [f"{item.name} {item.value:+.1f}" for item in hit.why.corrections]
    return " · ".join(reasons)


def _show(hit: Hit, out: Output) -> None:
    place = Text()
    place.append(f"{clean_line(hit.path)}:{hit.start_line}", style="bold cyan")
    place.append(f"  {clean_line(hit.symbol or hit.kind)}", style="bold")
    place.append(f"  {hit.score:.2f}", style="dim")
    out.console.print(place, soft_wrap=True)
    out.console.print(Text(f"    {clean_line(why(hit))}", style="dim"), soft_wrap=True)
    code = "\n".join(clean(hit.text).rstrip("\n").split("\n")[:SHOWN_LINES])
    if out.on_terminal:
        lexer = hit.language if hit.language != "text" else "text"
        out.console.print(
            Syntax(
                code,
                lexer,
                line_numbers=True,
                start_line=hit.start_line,
                background_color="default",
                theme="ansi_dark",
            )
        )
    else:
        for number, line in enumerate(code.split("\n"), start=hit.start_line):
            out.say(f"{number:8} {line}")
    for also in hit.also:
        out.say(f"    nearly the same: {also}")
    out.say("")
