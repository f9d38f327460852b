"""How to use a model: prefixes, pooling, length."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gardener_core.models.encoders.encoder import Pooling
from gardener_core.search.embedders.choice import AUTOMATIC, EmbedderChoice

_CODE_QUERY = "Represent this query for searching relevant code: "
CHARACTERS_A_TOKEN = 3  # of code; a text with too many tokens is halved
MAX_CHARACTERS = 6_000


@dataclass(frozen=True, slots=True)
class Recipe:
    """The prefixes of a model, and the pooling of its states."""

    query_prefix: str = ""
    document_prefix: str = ""
    pooling: Pooling = "mean"


# By a part of the model's name, the first match; from the models' cards.
_KNOWN: Sequence[tuple[str, Recipe]] = (
    ("coderankembed", Recipe(_CODE_QUERY, "", "cls")),
    ("nomicembedcode", Recipe(_CODE_QUERY, "", "last")),
    ("nomicembedtext", Recipe("search_query: ", "search_document: ", "mean")),
    ("nomicbert", Recipe("search_query: ", "search_document: ", "mean")),
)


def recipe_for(names: Sequence[str], default: Recipe) -> Recipe:
    """The recipe of a model by its names, the most reliable name first."""
    for name in names:
        plain = "".join(letter for letter in name.lower() if letter.isalnum())
        for part, recipe in _KNOWN:
            if part in plain:
                return recipe
    return default


def with_settings(recipe: Recipe, choice: EmbedderChoice) -> Recipe:
    """The recipe with what the settings change."""
    if choice.query_prefix != AUTOMATIC:
        recipe = replace(recipe, query_prefix=choice.query_prefix)
    if choice.document_prefix != AUTOMATIC:
        recipe = replace(recipe, document_prefix=choice.document_prefix)
    match choice.pooling:
        case "mean" | "cls" | "last" as pooling:
            return replace(recipe, pooling=pooling)
    return recipe


def max_characters(context: int) -> int:
    """How much of a text to send to a model with this context."""
    return min(context * CHARACTERS_A_TOKEN, MAX_CHARACTERS) if context else MAX_CHARACTERS
