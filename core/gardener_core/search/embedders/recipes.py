"""How a model wants to be asked: prefix, pooling, length."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gardener_core.models.encoders.encoder import Pooling
from gardener_core.search.embedders.choice import AUTOMATIC, EmbedderChoice

_CODE_QUERY = "Represent this query for searching relevant code: "
CHARACTERS_A_TOKEN = 3  # of code; where a text has more tokens, the model says so and it is halved
MOST_CHARACTERS = 6_000


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the authors of a model put before texts, and which states make the vector."""

    query_prefix: str = ""
    document_prefix: str = ""
    pooling: Pooling = "mean"


# By a part of the model's name, the first that fits; what the models' own cards say.
_KNOWN: Sequence[tuple[str, Recipe]] = (
    ("coderankembed", Recipe(_CODE_QUERY, "", "cls")),
    ("nomicembedcode", Recipe(_CODE_QUERY, "", "last")),
    ("nomicembedtext", Recipe("search_query: ", "search_document: ", "mean")),
    ("nomicbert", Recipe("search_query: ", "search_document: ", "mean")),
)


def recipe_for(names: Sequence[str], otherwise: Recipe) -> Recipe:
    """What is known of a model by its names, the surest name first."""
    for name in names:
        plain = "".join(letter for letter in name.lower() if letter.isalnum())
        for part, recipe in _KNOWN:
            if part in plain:
                return recipe
    return otherwise


def as_wished(recipe: Recipe, choice: EmbedderChoice) -> Recipe:
    """The same with what somebody set otherwise."""
    if choice.query_prefix != AUTOMATIC:
        recipe = replace(recipe, query_prefix=choice.query_prefix)
    if choice.document_prefix != AUTOMATIC:
        recipe = replace(recipe, document_prefix=choice.document_prefix)
    match choice.pooling:
        case "mean" | "cls" | "last" as pooling:
            return replace(recipe, pooling=pooling)
    return recipe


def most_characters(context: int) -> int:
    """How much of a text is worth sending to a model that reads so many tokens."""
    return min(context * CHARACTERS_A_TOKEN, MOST_CHARACTERS) if context else MOST_CHARACTERS
