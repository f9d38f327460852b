"""The versions of a table: tag them, and remove old ones."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gardener_core.events.index import Settled
from gardener_core.search.lance_errors import lance_errors

MARGIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class CompactionPolicy:
    """When to compact, and how long old versions stay: another process may still read them."""

    max_fragments: int = 60
    keep_for: timedelta = timedelta(days=1)


class TableVersions:
    """Every commit makes a version of the table; a tagged one is kept."""

    def __init__(self, table: Any) -> None:
        self._table = table

    @lance_errors()
    def tag(self, name: str) -> None:
        """Keep the table as it is now under a name."""
        tags = self._table.tags
        if name in tags.list():
            tags.update(name, self._table.version)
        else:
            tags.create(name, self._table.version)

    @lance_errors()
    def tags(self) -> dict[str, int]:
        """The tagged versions by name."""
        return {name: int(tag["version"]) for name, tag in self._table.tags.list().items()}

    @lance_errors()
    def untag(self, name: str) -> None:
        """Keep a version no longer."""
        if name in self._table.tags.list():
            self._table.tags.delete(name)

    @lance_errors()
    def compact(self, policy: CompactionPolicy) -> Settled | None:
        """Merge fragments where there are many, and remove old versions.

        The library does not say what it merged, so it is counted before and after.
        """
        before = self._table.stats()
        if before["fragment_stats"]["num_fragments"] <= policy.max_fragments:
            return None
        started = time.monotonic()
        self._table.optimize(cleanup_older_than=self._retention(policy))
        after = self._table.stats()
        return Settled(
            fragments_before=before["fragment_stats"]["num_fragments"],
            fragments_after=after["fragment_stats"]["num_fragments"],
            bytes_before=before["total_bytes"],
            bytes_after=after["total_bytes"],
            seconds=round(time.monotonic() - started, 3),
        )

    def _retention(self, policy: CompactionPolicy) -> timedelta:
        """How old a version may get: at least as old as the oldest tagged one.

        The library refuses to clean up anything where a tagged version is old enough to go.
        """
        tagged = self.tags().values()
        versions = self._table.list_versions()
        times = [item["timestamp"] for item in versions if item["version"] in tagged]
        if not times:
            return policy.keep_for
        age: timedelta = datetime.now(times[0].tzinfo) - min(times)
        return max(policy.keep_for, age + MARGIN)
