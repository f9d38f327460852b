"""Keep the token ids of recent texts."""

from collections import OrderedDict
from collections.abc import Callable

MOST_TEXTS = 400
LONGEST_TEXT = 8000


class TokenCache:
    """Asks a tokenizer in another process once for each text."""

    def __init__(self, tokenize: Callable[[str], list[int]], most: int = MOST_TEXTS) -> None:
        self._tokenize = tokenize
        self._most = most
        self._ids: OrderedDict[str, list[int]] = OrderedDict()

    def ids_of(self, text: str) -> list[int]:
        """The ids of a text; long ones are not kept."""
        if len(text) > LONGEST_TEXT:
            return self._tokenize(text)
        if text not in self._ids:
            self._ids[text] = self._tokenize(text)
            if len(self._ids) > self._most:
                self._ids.popitem(last=False)
        self._ids.move_to_end(text)
        return list(self._ids[text])
