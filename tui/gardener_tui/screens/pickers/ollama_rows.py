"""What an Ollama server has, as rows of the list of models."""

from collections.abc import Collection, Mapping

from textual.content import Content

from gardener_core.events.run import PhaseAdvanced
from gardener_core.garden.base_models.offers import OllamaOffers
from gardener_core.models.model import OLLAMA, latest
from gardener_core.system.terminal_text import clean_line
from gardener_tui.screens.pickers.model_rows import FIT, choice_of, how_far
from gardener_tui.screens.pickers.pick_box import Choice
from gardener_tui.widgets.plain_text import styled

SERVER = "ollama server"  # the row of the server itself; no model has a blank in its name
HOW_TO_GET = f"Write {OLLAMA}NAME to get a model of its library."


def ollama_choices(
    found: OllamaOffers | None, progress: Mapping[str, PhaseAdvanced | None]
) -> list[Choice]:
    """The models that the server has, those that it gets now, and the server itself."""
    models = found.models if found else ()
    known = {model.name for model in models}
    rows = [choice_of(model, None) for model in models]
    coming = [name for name in progress if name.startswith(OLLAMA) and name not in known]
    rows += [_coming(name, how_far(progress[name])) for name in coming]
    return [*rows, _server(found)]


def typed_choice(written: str, known: Collection[str]) -> Choice | None:
    """A row that gets the model whose name is written, unless it is in the list."""
    name = latest(written.strip())
    if not name.startswith(OLLAMA) or name == OLLAMA or " " in name or name in known:
        return None
    line = styled(("○ ", "$label"), (clean_line(name), "bold"), ("  get it by Ollama", "$label"))
    return Choice(name, line, name)


def server_details(found: OllamaOffers | None) -> Content:
    """What the server can do now, and what helps."""
    if found is None:
        return styled(("Looking for an Ollama server …", "$label"))
    status = found.status
    what = styled((clean_line(status.what), "bold" if status.state == "up" else "$warning"))
    return Content("\n").join([what, styled((clean_line(status.hint or HOW_TO_GET), "$label"))])


def _server(found: OllamaOffers | None) -> Choice:
    what = clean_line(found.status.what) if found else "looking for a server …"
    is_up = found is not None and found.status.state == "up"
    mark = ("● ", "$success") if is_up else ("○ ", "$label")
    line = styled(mark, ("Ollama  ", "bold"), (what, "$label"))
    return Choice(SERVER, line, "ollama server")


def _coming(name: str, how: str) -> Choice:
    line = styled(
        ("◌ ", "$warning"), (f"{clean_line(name)}  ", "bold"), (f"{how:<{FIT}}", "$warning")
    )
    return Choice(name, line, name)
