"""Choose the base that explains."""

from collections.abc import Sequence

from gardener_core.models.model import BaseModel
from gardener_core.system.numbers import size
from gardener_core.system.terminal_text import clean_line
from gardener_tui.screens.pickers.pick_box import Choice
from gardener_tui.screens.pickers.picker import Picker
from gardener_tui.widgets.plain_text import styled

NONE = "none"


def explainer_picker(models: Sequence[BaseModel]) -> Picker:
    """A picker of the bases that are here, and of none; it gives the name that was taken."""
    card = styled(("none  ", "bold"), ("the card alone, without a model", "$label"))
    choices = [_choice(model) for model in models]
    return Picker("Who explains?", "Which base?", [*choices, Choice(NONE, card, NONE)])


def _choice(model: BaseModel) -> Choice:
    name = clean_line(model.name)
    facts = f"{model.format}, {size(model.bytes)}" if model.bytes else model.format
    return Choice(model.name, styled((f"{name}  ", "bold"), (facts, "$label")), name)
