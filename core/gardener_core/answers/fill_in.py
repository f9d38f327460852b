"""Build the prompt of a completion."""

from typing import Protocol

from gardener_core.errors import BadInput
from gardener_core.models.serving.fill_in_tokens import FILL_IN_TOKENS


class ServedTokens(Protocol):
    """The tokenizer of a served base."""

    def tokenize(self, text: str) -> list[int]:
        """The ids of a text; none of it is taken for a special token."""
        ...

    def special(self, text: str) -> int | None:
        """The id of a special token, if the base has it."""
        ...


def fill_in_prompt(served: ServedTokens, base: str, prefix: str, suffix: str) -> list[int]:
    """The ids to continue: the prefix, or prefix and suffix as the base learned to fill in."""
    if not suffix:
        return served.tokenize(prefix)
    for names in FILL_IN_TOKENS:
        before, after, between = (served.special(name) for name in names)
        if before is not None and after is not None and between is not None:
            return [before, *served.tokenize(prefix), after, *served.tokenize(suffix), between]
    raise BadInput(
        f"{base} cannot fill in code between two parts: it has no tokens for that.",
        hint="Leave the suffix out, or take a base for code such as Qwen2.5-Coder.",
    )
