"""A model as a row of the list, and its details."""

from textual.content import Content

from gardener_core.events.run import PhaseAdvanced
from gardener_core.garden.base_models.offers import ModelOffer
from gardener_core.system.numbers import duration, size
from gardener_core.system.terminal_text import clean_line
from gardener_tui.screens.pickers.pick_box import Choice
from gardener_tui.widgets.plain_text import Part, styled

NAME, SIZE, FIT = 20, 9, 30


def choice_of(offer: ModelOffer, progress: PhaseAdvanced | None) -> Choice:
    """One line: whether it is here, its size, what fits, its licence."""
    if offer.here:
        state: tuple[str, str] = ("● ", "$success")
    else:
        state = ("◌ ", "$warning") if offer.run else ("○ ", "$label")
    if offer.failure and not offer.run:
        state = ("✖ ", "$error")
    name = clean_line(offer.title if offer.format == "ollama" else offer.name)
    doing = f"{how_far(progress):<{FIT}}" if offer.run else ""
    failed = f"{'was not fetched':<{FIT}}" if offer.failure and not doing else ""
    fit = "" if doing or failed else f"{_fits(offer):<{FIT}}"
    line = styled(
        state,
        (f"{name[: NAME - 1]:<{NAME}}", "bold"),
        (f"{size(offer.bytes) if offer.bytes else 'size ?':>{SIZE}}  ", ""),
        (doing, "$warning"),
        (failed, "$error"),
        (fit, "$primary"),
        (clean_line(offer.licence or offer.role), "$label"),
    )
    words = f"{clean_line(offer.name)} {offer.title} {offer.maker} {offer.licence}"
    return Choice(offer.name, line, words)


def details(offer: ModelOffer) -> Content:
    """What else is known of a model."""
    cost = "here" if offer.here else _cost(offer)
    needs: list[Part] = []
    if offer.needs.serve:
        needs += [("   serving needs ", "$label"), size(offer.needs.serve)]
    if offer.needs.train:
        how = "measured" if offer.needs.measured else "computed"
        needs += [("   training ", "$label"), f"{size(offer.needs.train)} ({how})"]
    places = ", ".join(f"{one.kind} {clean_line(one.where)}" for one in offer.sources)
    rows = [
        styled((clean_line(offer.title), "bold"), (f"   {clean_line(offer.maker)}", "$label")),
        styled(cost, *needs),
    ]
    if offer.failure and not offer.run:
        rows.append(styled((clean_line(offer.failure), "$error")))
    if places and not offer.here:
        rows.append(styled(("from ", "$label"), (places, "$label")))
    known = "" if offer.hash_known else "Its sha256 is recorded when it is first seen."
    if notes := " ".join(filter(None, (clean_line(offer.note), known))):
        rows.append(styled((notes, "$label")))
    return Content("\n").join(rows)


def _cost(offer: ModelOffer) -> str:
    get = f"{size(offer.bytes)} to get" if offer.bytes else "its size is told when it is fetched"
    if offer.seconds is None:
        return f"{get}; how long that takes was not measured here yet"
    return f"{get}, about {duration(offer.seconds)}"


def _fits(offer: ModelOffer) -> str:
    fits = offer.fits
    if offer.format == "ollama":
        return "served by Ollama"
    if fits.serve is False:
        return "too big for this machine now"
    if fits.serve is None:
        return ""
    if fits.serve_while_training is False:
        return "serves, not beside training"
    return "serves, trains" if fits.train else "serves"


def how_far(progress: PhaseAdvanced | None) -> str:
    """The phase of a run that gets a model, and its bytes."""
    if progress is None:
        return "starting"
    if not progress.total:
        return progress.phase
    return f"{progress.phase} {size(progress.done)} of {size(progress.total)}"
