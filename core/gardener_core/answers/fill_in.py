"""Build the prompt of a completion."""

from gardener_core.errors import BadInput
from gardener_core.models.llama.client import Llama

# Before the prefix, before the suffix, and where the code between begins; by maker.
FILL_IN_TOKENS = (
    ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),  # Qwen, CodeGemma
    ("<fim_prefix>", "<fim_suffix>", "<fim_middle>"),  # StarCoder, Granite
    ("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"),  # DeepSeek  # noqa: RUF001
    ("<|code_prefix|>", "<|code_suffix|>", "<|code_middle|>"),  # CodeGeeX
    ("▁<PRE>", "▁<SUF>", "▁<MID>"),  # Code Llama
)


def fill_in_prompt(llama: Llama, base: str, prefix: str, suffix: str) -> list[int]:
    """The ids to continue: the prefix, or prefix and suffix as the base learned to fill in."""
    if not suffix:
        return llama.tokenize(prefix)
    for names in FILL_IN_TOKENS:
        before, after, between = (llama.special(name) for name in names)
        if before is not None and after is not None and between is not None:
            return [before, *llama.tokenize(prefix), after, *llama.tokenize(suffix), between]
    raise BadInput(
        f"{base} cannot fill in code between two parts: it has no tokens for that.",
        hint="Leave the suffix out, or take a base for code such as Qwen2.5-Coder.",
    )
