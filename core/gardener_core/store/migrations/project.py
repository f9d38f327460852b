"""The migrations of a project's catalog.db."""

from collections.abc import Sequence

# Forward only: a released step is never changed, new ones are added at the end.
PROJECT_STEPS: Sequence[str] = (
    """
    CREATE TABLE files (
        path TEXT PRIMARY KEY,
        bytes INTEGER NOT NULL,
        changed_ns INTEGER NOT NULL,
        hash TEXT NOT NULL,
        chunks INTEGER NOT NULL,
        skipped TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    "ALTER TABLE files ADD COLUMN secrets TEXT NOT NULL DEFAULT '[]';",
    # Files that were read without their symbols count as changed in the next refresh; their hash
    # stays, so that their vectors do. `before` is the outline that the present links were made
    # from, while it differs from the present one.
    """
    CREATE TABLE sources (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,
        language TEXT NOT NULL,
        outline BLOB NOT NULL,
        uses BLOB NOT NULL,
        before BLOB,
        needs BLOB NOT NULL DEFAULT x'',
        state TEXT NOT NULL
    ) STRICT;
    CREATE INDEX sources_by_state ON sources (state);
    CREATE TABLE symbols (
        file INTEGER NOT NULL,
        symbol TEXT NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        line INTEGER NOT NULL,
        last_line INTEGER NOT NULL,
        signature TEXT NOT NULL
    ) STRICT;
    CREATE INDEX symbols_by_file ON symbols (file, line);
    CREATE INDEX symbols_by_name ON symbols (name);
    CREATE TABLE knobs (
        file INTEGER NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        line INTEGER NOT NULL,
        value TEXT NOT NULL
    ) STRICT;
    CREATE INDEX knobs_by_file ON knobs (file);
    CREATE TABLE links (
        file INTEGER NOT NULL,
        symbol TEXT NOT NULL,
        to_file INTEGER NOT NULL,
        to_symbol TEXT NOT NULL,
        line INTEGER NOT NULL,
        grade TEXT NOT NULL,
        sort TEXT NOT NULL
    ) STRICT;
    CREATE INDEX links_by_file ON links (file, symbol);
    CREATE INDEX links_by_target ON links (to_file, to_symbol);
    UPDATE files SET changed_ns = -1;
    """,
    "CREATE TABLE anyway (path TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;",
    # Every change of symbols or links increments the number in the same transaction: ranks made
    # from another number are stale. Older links lack imports, so they are remade.
    """
    CREATE TABLE changes (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        number INTEGER NOT NULL
    ) STRICT;
    INSERT INTO changes VALUES (1, 0);
    CREATE TABLE ranks (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        made_from TEXT NOT NULL,
        symbols BLOB NOT NULL,
        symbol_ranks BLOB NOT NULL,
        files BLOB NOT NULL,
        file_ranks BLOB NOT NULL
    ) STRICT;
    UPDATE sources SET state = 'stale', before = x'' WHERE state = 'linked';
    """,
    """
    CREATE TABLE weights (
        embedder TEXT PRIMARY KEY,
        weight REAL NOT NULL,
        measured TEXT NOT NULL,
        n INTEGER NOT NULL,
        record TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    # The side of a file in training is decided once; a file that was renamed keeps it.
    """
    CREATE TABLE sides (
        path TEXT PRIMARY KEY,
        side TEXT NOT NULL,
        hash TEXT NOT NULL,
        seen REAL NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE data_choices (
        path TEXT NOT NULL,
        symbol TEXT NOT NULL,
        accepted INTEGER NOT NULL,
        PRIMARY KEY (path, symbol)
    ) STRICT, WITHOUT ROWID;
    """,
)
