"""Keep the items of a measurement as they are measured."""

import os
from pathlib import Path

from gardener_core.evaluation.card.items import ITEMS, Item, item_line, read_items
from gardener_core.system.files.atomic import append_line, write_whole


class KeptItems:
    """The items in the folder of a run; an attempt goes on behind those of the one before."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / ITEMS
        self.items = list(read_items(self.path))
        whole = b"".join(item_line(item) + b"\n" for item in self.items)
        write_whole(self.path, whole)  # without a last line that a kill cut short
        self._descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND)

    def add(self, item: Item) -> None:
        """Keep one more."""
        append_line(self._descriptor, item_line(item))
        self.items.append(item)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)
