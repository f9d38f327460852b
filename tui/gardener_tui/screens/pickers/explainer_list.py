"""Choose the base that explains."""

from collections.abc import Sequence

from gardener_core.models.model import BaseModel
from gardener_core.system.terminal_text import clean_line
from gardener_core.upkeep.explaining import Explains
from gardener_tui.screens.pickers.pick_box import Choice
from gardener_tui.screens.pickers.picker import Picker
from gardener_tui.widgets.plain_text import styled

NONE = "none"
_STANDINGS = {
    "passed": ("✔", "$success"),
    "failed": ("✖", "$error"),
    "not measured": ("○", "$label"),
}


def explainer_picker(models: Sequence[tuple[BaseModel, Explains]]) -> Picker:
    """A picker of the bases that are here, and of none; it gives the name that was taken."""
    card = styled(("  none  ", "bold"), ("the card alone, without a model", "$label"))
    choices = [_choice(model, known) for model, known in models]
    return Picker("Who explains?", "Which base?", [*choices, Choice(NONE, card, NONE)])


def _choice(model: BaseModel, known: Explains) -> Choice:
    name = clean_line(model.name)
    glyph, colour = _STANDINGS[known.standing]
    facts = known.figures or known.standing
    line = styled((f"{glyph} ", colour), (f"{name}  ", "bold"), (facts, "$label"))
    return Choice(model.name, line, name)
