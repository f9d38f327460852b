"""Show what an adapter learned as plain text."""

from collections.abc import Iterator, Sequence

from gardener_core.evaluation.card.items import Item
from gardener_core.evaluation.card.learned import (
    FileSaved,
    TokenSaved,
    lines_of,
    sign_of,
    tokens_of,
)

BAR = 20
BITS_A_BYTE = "Bits a byte against the base: + where the adapter saves, - where it loses"
SIGNS = "# 4 bits or more saved at a token, + 1 or more; - 1 or more lost, ! 4 or more"


def strip_of(files: Sequence[FileSaved]) -> Iterator[str]:
    """A line for each file, the longest bar where most was saved."""
    most = max((abs(file.share) for file in files), default=0.0) or 1.0
    for file in files:
        length = round(BAR * abs(file.share) / most)
        bar = ("+" if file.share >= 0 else "-") * length
        yield f"{-file.share:+7.1%} {bar:<{BAR}} {file.path}"


def tinted_lines(item: Item) -> Iterator[tuple[list[TokenSaved], str, float]]:
    """The lines of a file: its tokens, the signs below them, and the bits saved in it."""
    for line in lines_of(tokens_of(item)):
        signs = "".join(sign_of(token.saved) * len(token.text) for token in line)
        yield line, signs.rstrip(), sum(token.saved for token in line)


def file_text(item: Item) -> str:
    """A file with the bits saved on each line, and a sign below each token that tells."""
    rows = [SIGNS, ""]
    for line, signs, saved in tinted_lines(item):
        text = "".join(token.text for token in line).expandtabs(1)
        rows.append(f"{saved:+7.1f} │ {text}".rstrip())
        if signs:
            rows.append(f"{'':7} │ {signs}")
    return "\n".join(rows)


def side_by_side(items: Sequence[Item], most: int) -> list[Item]:
    """Masked statements to look at: first where the adapter is right and the base is not."""
    masked = [item for item in items if item.measure in ("statement", "scope")]
    return sorted(masked, key=_interest)[:most]


def _interest(item: Item) -> tuple[bool, float]:
    base, adapter = item.arms["base"], item.arms["adapter"]
    return not (adapter.exact and not base.exact), base.similarity - adapter.similarity
