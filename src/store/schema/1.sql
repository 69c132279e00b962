-- An order that is about to be sent. Ids of the server are unsigned 64-bit numbers, kept in SQLite's signed ones;
-- lists of them are decimal, by spaces, and NULL where they could not be had.
CREATE TABLE intent (
    id INTEGER PRIMARY KEY,
    draft INTEGER,
    host TEXT NOT NULL,
    account TEXT NOT NULL,
    product TEXT NOT NULL,
    organization INTEGER,
    digest TEXT NOT NULL,
    body TEXT NOT NULL,
    user INTEGER,
    known_orders TEXT,
    known_requests TEXT,
    server_time TEXT,
    local_time INTEGER NOT NULL,
    seal BLOB NOT NULL
) STRICT;

-- How the attempt to send it ended. None: nobody wrote it down.
CREATE TABLE outcome (
    intent INTEGER PRIMARY KEY REFERENCES intent (id),
    kind TEXT NOT NULL CHECK (kind IN ('placed', 'refused', 'not_sent', 'unknown')),
    placed INTEGER CHECK ((placed IS NOT NULL) = (kind = 'placed')),
    requests TEXT CHECK ((requests IS NOT NULL) = (kind = 'placed')),
    status INTEGER CHECK ((status IS NOT NULL) = (kind = 'refused')),
    why TEXT CHECK ((why IS NOT NULL) = (kind = 'unknown')),
    seal BLOB NOT NULL
) STRICT;

-- What a person decided where nobody knows.
CREATE TABLE decision (
    intent INTEGER PRIMARY KEY REFERENCES intent (id),
    kind TEXT NOT NULL CHECK (kind IN ('adopted', 'not_placed')),
    adopted INTEGER CHECK ((adopted IS NOT NULL) = (kind = 'adopted')),
    seal BLOB NOT NULL
) STRICT;

CREATE TABLE draft (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    product TEXT NOT NULL,
    step TEXT NOT NULL,
    title TEXT NOT NULL,
    payload TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    seal BLOB NOT NULL
) STRICT;

CREATE TRIGGER intent_stays BEFORE DELETE ON intent BEGIN SELECT raise(ABORT, 'it stays'); END;
CREATE TRIGGER intent_stays_so BEFORE UPDATE ON intent BEGIN SELECT raise(ABORT, 'it stays'); END;
CREATE TRIGGER outcome_stays BEFORE DELETE ON outcome BEGIN SELECT raise(ABORT, 'it stays'); END;
CREATE TRIGGER outcome_stays_so BEFORE UPDATE ON outcome BEGIN SELECT raise(ABORT, 'it stays'); END;
CREATE TRIGGER decision_stays BEFORE DELETE ON decision BEGIN SELECT raise(ABORT, 'it stays'); END;
CREATE TRIGGER decision_stays_so BEFORE UPDATE ON decision BEGIN SELECT raise(ABORT, 'it stays'); END;
