"""The migrations of garden.db."""

from collections.abc import Sequence

# Forward only: a released step is never changed, new ones are added at the end.
GARDEN_STEPS: Sequence[str] = (
    """
    CREATE TABLE projects (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        path TEXT NOT NULL UNIQUE,
        created REAL NOT NULL,
        files INTEGER NOT NULL DEFAULT 0,
        chunks INTEGER NOT NULL DEFAULT 0,
        languages TEXT NOT NULL DEFAULT '[]',
        state TEXT NOT NULL DEFAULT 'new',
        base TEXT NOT NULL DEFAULT '',
        adapter TEXT NOT NULL DEFAULT '',
        versions INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        project TEXT NOT NULL,
        started REAL NOT NULL,
        state TEXT NOT NULL,
        step INTEGER NOT NULL DEFAULT 0,
        steps INTEGER NOT NULL DEFAULT 0,
        loss REAL
    ) STRICT;
    CREATE INDEX runs_by_project ON runs (project, started);
    CREATE TABLE adapters (
        project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
        version TEXT NOT NULL,
        base TEXT NOT NULL,
        run TEXT NOT NULL,
        created REAL NOT NULL,
        bytes INTEGER NOT NULL,
        PRIMARY KEY (project, version)
    ) STRICT;
    """,
    # A removed project keeps its row until its time in the trash is over (`until`), so names and
    # folders are unique only among projects that are not removed. Runs are numbered in the order
    # of insertion: a clock that is set back does not change it.
    """
    CREATE TABLE new_projects (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        path TEXT NOT NULL,
        created REAL NOT NULL,
        files INTEGER NOT NULL DEFAULT 0,
        chunks INTEGER NOT NULL DEFAULT 0,
        languages TEXT NOT NULL DEFAULT '[]',
        state TEXT NOT NULL DEFAULT 'new',
        base TEXT NOT NULL DEFAULT '',
        adapter TEXT NOT NULL DEFAULT '',
        versions INTEGER NOT NULL DEFAULT 0,
        until REAL
    ) STRICT;
    INSERT INTO new_projects SELECT id, name, path, created, files, chunks, languages, state, base,
        adapter, versions, NULL FROM projects;
    DROP TABLE projects;
    ALTER TABLE new_projects RENAME TO projects;
    CREATE UNIQUE INDEX projects_by_name ON projects (name) WHERE until IS NULL;
    CREATE UNIQUE INDEX projects_by_path ON projects (path) WHERE until IS NULL;

    CREATE TABLE new_runs (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        project TEXT NOT NULL,
        started REAL NOT NULL,
        state TEXT NOT NULL,
        step INTEGER NOT NULL DEFAULT 0,
        steps INTEGER NOT NULL DEFAULT 0,
        loss REAL
    ) STRICT;
    INSERT INTO new_runs (id, kind, project, started, state, step, steps, loss)
        SELECT id, kind, project, started, state, step, steps, loss FROM runs ORDER BY started, id;
    DROP TABLE runs;
    ALTER TABLE new_runs RENAME TO runs;
    CREATE INDEX runs_by_project ON runs (project, number);

    CREATE TABLE conversations (
        id TEXT PRIMARY KEY,
        project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
        title TEXT NOT NULL,
        created REAL NOT NULL
    ) STRICT;
    CREATE INDEX conversations_by_project ON conversations (project);
    CREATE TABLE messages (
        number INTEGER PRIMARY KEY,
        conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        parent INTEGER REFERENCES messages (number),
        role TEXT NOT NULL,
        text TEXT NOT NULL,
        created REAL NOT NULL
    ) STRICT;
    CREATE INDEX messages_by_conversation ON messages (conversation, number);
    CREATE TABLE project_settings (
        project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (project, key)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE audit (
        number INTEGER PRIMARY KEY,
        wall REAL NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        detail TEXT NOT NULL,
        hash TEXT NOT NULL
    ) STRICT;
    CREATE TABLE audit_head (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        number INTEGER NOT NULL,
        hash TEXT NOT NULL
    ) STRICT;
    INSERT INTO audit_head VALUES (1, 0, '');
    CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
    CREATE TRIGGER audit_keeps BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
    """,
    # Conversations are written to. What is being written is not searched yet; `writer` tells who
    # writes it. `source` is what an imported conversation was made from.
    """
    ALTER TABLE conversations ADD COLUMN until REAL;
    ALTER TABLE conversations ADD COLUMN source TEXT NOT NULL DEFAULT '';
    CREATE UNIQUE INDEX conversations_by_source ON conversations (project, source)
        WHERE source <> '';
    ALTER TABLE messages ADD COLUMN state TEXT NOT NULL DEFAULT 'whole';
    ALTER TABLE messages ADD COLUMN writer TEXT NOT NULL DEFAULT '';
    ALTER TABLE messages ADD COLUMN details TEXT NOT NULL DEFAULT '{}';
    CREATE INDEX messages_by_parent ON messages (parent);
    CREATE INDEX messages_being_written ON messages (number) WHERE state = 'writing';
    CREATE VIEW written_messages AS SELECT number, text FROM messages WHERE state <> 'writing';
    CREATE VIRTUAL TABLE message_words USING fts5 (
        text, content = 'written_messages', content_rowid = 'number',
        tokenize = 'unicode61 remove_diacritics 2'
    );
    CREATE TRIGGER message_added AFTER INSERT ON messages WHEN new.state <> 'writing'
        BEGIN INSERT INTO message_words (rowid, text) VALUES (new.number, new.text); END;
    CREATE TRIGGER message_deleted AFTER DELETE ON messages WHEN old.state <> 'writing'
        BEGIN INSERT INTO message_words (message_words, rowid, text)
            VALUES ('delete', old.number, old.text); END;
    CREATE TRIGGER message_left AFTER UPDATE OF text, state ON messages
        WHEN old.state <> 'writing'
        BEGIN INSERT INTO message_words (message_words, rowid, text)
            VALUES ('delete', old.number, old.text); END;
    CREATE TRIGGER message_written AFTER UPDATE OF text, state ON messages
        WHEN new.state <> 'writing'
        BEGIN INSERT INTO message_words (rowid, text) VALUES (new.number, new.text); END;
    INSERT INTO message_words (message_words) VALUES ('rebuild');
    CREATE TABLE chat_views (
        project TEXT PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
        chat TEXT NOT NULL,
        path TEXT NOT NULL,
        draft TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    # What each switch from a project to another took; `place` is where its chat was scrolled to.
    """
    CREATE TABLE switches (
        number INTEGER PRIMARY KEY,
        before TEXT NOT NULL,
        project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
        started REAL NOT NULL,
        guess TEXT NOT NULL,
        report TEXT NOT NULL
    ) STRICT;
    CREATE INDEX switches_by_before ON switches (before, number);
    ALTER TABLE chat_views ADD COLUMN place TEXT NOT NULL DEFAULT '';
    """,
    # What older exchanges of a conversation said, in short. `maker` is "person", "model" (named by
    # `model`) or "sentences"; messages themselves are never changed by it.
    """
    CREATE TABLE summaries (
        answer INTEGER PRIMARY KEY REFERENCES messages (number) ON DELETE CASCADE,
        text TEXT NOT NULL,
        maker TEXT NOT NULL,
        model TEXT NOT NULL DEFAULT '',
        created REAL NOT NULL
    ) STRICT;
    """,
    # What stood in the search line of a project, and the page over the hits.
    """
    CREATE TABLE context_views (
        project TEXT PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
        view TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    # What was found out about an adapter, and why a person lets one answer that has not passed.
    """
    ALTER TABLE adapters ADD COLUMN state TEXT NOT NULL DEFAULT 'trained';
    ALTER TABLE adapters ADD COLUMN reason TEXT NOT NULL DEFAULT '';
    """,
    # What a person says of a version, and where it was put: `was` is the state of an archived one,
    # `until` is set while it is in the trash. Each change of the version that answers is kept, so
    # that it can be taken back.
    """
    ALTER TABLE adapters ADD COLUMN name TEXT NOT NULL DEFAULT '';
    ALTER TABLE adapters ADD COLUMN note TEXT NOT NULL DEFAULT '';
    ALTER TABLE adapters ADD COLUMN was TEXT NOT NULL DEFAULT '';
    ALTER TABLE adapters ADD COLUMN until REAL;
    CREATE TABLE adapter_uses (
        number INTEGER PRIMARY KEY,
        project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
        before TEXT NOT NULL,
        version TEXT NOT NULL,
        wall REAL NOT NULL
    ) STRICT;
    CREATE INDEX adapter_uses_by_project ON adapter_uses (project, number);
    """,
    # The models that an Ollama server got, each with the digest that the server knows it by.
    """
    CREATE TABLE deployments (
        number INTEGER PRIMARY KEY,
        project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
        version TEXT NOT NULL,
        server TEXT NOT NULL,
        name TEXT NOT NULL,
        model TEXT NOT NULL,
        digest TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        quant TEXT NOT NULL,
        route TEXT NOT NULL,
        run TEXT NOT NULL,
        created REAL NOT NULL
    ) STRICT;
    CREATE INDEX deployments_by_project ON deployments (project, number);
    """,
)
