"""The migrations of vectors.db."""

from collections.abc import Sequence

# Forward only: a released step is never changed, new ones are added at the end.
VECTOR_STEPS: Sequence[str] = (
    """
    CREATE TABLE embedders (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE vectors (
        embedder INTEGER NOT NULL REFERENCES embedders (id),
        hash BLOB NOT NULL,
        used INTEGER NOT NULL,
        vector BLOB NOT NULL,
        PRIMARY KEY (embedder, hash)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX vectors_by_use ON vectors (used);
    CREATE TABLE held (bytes INTEGER NOT NULL) STRICT;
    INSERT INTO held VALUES (0);
    CREATE TABLE digests (
        path TEXT PRIMARY KEY,
        bytes INTEGER NOT NULL,
        changed_ns INTEGER NOT NULL,
        digest TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
)
