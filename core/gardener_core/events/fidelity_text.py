"""Word how faithful an export is."""

from collections.abc import Mapping

from gardener_core.events.parts import Fidelity, FidelityProblem
from gardener_core.system.numbers import size

_WORDS: Mapping[FidelityProblem, str] = {
    "prompts": "it writes the prompt of a conversation otherwise",
    "tokens": "it splits text into other tokens",
    "end token": "its end token does not end a text",
    "gap": "its likeliest tokens are too far from those of the trained model",
    "greedy": "it would write another token at too many places",
    "bits": "it needs more bits for a byte than the trained model",
}


def problems_of(fidelity: Fidelity) -> str:
    """What is not as it was trained; empty where all is."""
    return "; ".join(_WORDS[problem] for problem in fidelity.problems)


def verdict_of(fidelity: Fidelity) -> str:
    """Whether it answers as the trained model does, in a few words."""
    if not fidelity.problems:
        return "answers as the trained model does"
    said = f"does not answer as the trained model does: {problems_of(fidelity)}"
    return f"{said}; accepted: {fidelity.reason}" if fidelity.passes else said


def outcome_of(fidelity: Fidelity | None) -> str:
    """What follows the number of written files; empty where nothing was measured."""
    if fidelity is None:
        return ""
    return f": {fidelity.format} {verdict_of(fidelity)} ({fidelity.bits_lost:+.2%} bits per byte)"


def in_short(fidelity: Fidelity) -> str:
    """What is lost, and whether that is allowed, in a line or two."""
    return (
        f"It {verdict_of(fidelity)}: {fidelity.bits_lost:+.2%} bits per byte "
        f"({fidelity.bits_low:+.2%} to {fidelity.bits_high:+.2%}), the same token at "
        f"{fidelity.greedy_equal} of {fidelity.positions} places."
    )


def figures_of(fidelity: Fidelity) -> str:
    """What was measured, in a line."""
    bound = f" (bound {fidelity.gap_bound:.1e})" if fidelity.gap_bound else ""
    parts = [
        f"likeliest tokens within {fidelity.worst_adapter:.1e} nats{bound} at "
        f"{fidelity.positions} places, the base alone within {fidelity.worst_base:.1e}",
        f"the same token at {fidelity.greedy_equal} of them",
        f"token ids of {fidelity.token_texts_differing} of {fidelity.token_texts} texts differ",
    ]
    if fidelity.prompts:
        parts.append(f"{fidelity.prompts_differing} of {fidelity.prompts} prompts differ")
    if fidelity.scored_tokens:
        parts.append(_bits(fidelity))
    if fidelity.memory_bytes:
        parts.append(
            f"{size(fidelity.memory_bytes)} of memory, {fidelity.tokens_a_second:.0f} tokens a "
            "second written here"
        )
    return "; ".join(parts)


def _bits(fidelity: Fidelity) -> str:
    kind = "held-out file" if fidelity.held_out else "file"
    files = f"{fidelity.scored_files} {kind}{'' if fidelity.scored_files == 1 else 's'}"
    return (
        f"bits per byte of {files}: base {fidelity.bits_base:.4f}, trained "
        f"{fidelity.bits_trained:.4f}, exported {fidelity.bits_exported:.4f} "
        f"({fidelity.bits_lost:+.2%}, {fidelity.bits_low:+.2%} to {fidelity.bits_high:+.2%})"
    )
