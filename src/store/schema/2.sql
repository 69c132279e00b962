-- A file of the journal that was found damaged, empty or gone: what stood in it protects no more. Its length and the
-- time of its last change (milliseconds since 1970) tell it from another of the same name; NULL where it is gone.
CREATE TABLE loss (
    id INTEGER PRIMARY KEY,
    file TEXT NOT NULL,
    length INTEGER,
    changed INTEGER,
    damage TEXT NOT NULL,
    time INTEGER NOT NULL,
    seal BLOB NOT NULL
) STRICT;

-- That a person was told of a loss and orders all the same.
CREATE TABLE acknowledgment (
    loss INTEGER PRIMARY KEY REFERENCES loss (id),
    words TEXT NOT NULL,
    user TEXT NOT NULL,
    time INTEGER NOT NULL,
    seal BLOB NOT NULL
) STRICT;

-- A look for an order of unknown outcome: why it proves nothing, if it does not, and what may be the order, as JSON.
CREATE TABLE look (
    intent INTEGER NOT NULL REFERENCES intent (id),
    series INTEGER NOT NULL,
    number INTEGER NOT NULL,
    time INTEGER NOT NULL,
    blind TEXT,
    candidates TEXT NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (intent, series, number)
) STRICT;

-- What a person says to have checked in CertCentral, and decides by that. The last one of an intent counts, and
-- counts before a decision.
CREATE TABLE statement (
    id INTEGER PRIMARY KEY,
    intent INTEGER NOT NULL REFERENCES intent (id),
    kind TEXT NOT NULL CHECK (kind IN ('adopted', 'not_placed')),
    adopted INTEGER CHECK ((adopted IS NOT NULL) = (kind = 'adopted')),
    sentence TEXT NOT NULL,
    user TEXT NOT NULL,
    time INTEGER NOT NULL,
    seal BLOB NOT NULL
) STRICT;

-- A cleaned excerpt of the server's own words about an order. The last one counts.
CREATE TABLE words (
    id INTEGER PRIMARY KEY,
    intent INTEGER NOT NULL REFERENCES intent (id),
    text TEXT NOT NULL,
    seal BLOB NOT NULL
) STRICT;

CREATE TRIGGER loss_stays BEFORE DELETE ON loss BEGIN SELECT raise(ABORT, 'it stays'); END;
CREATE TRIGGER loss_stays_so BEFORE UPDATE ON loss BEGIN SELECT raise(ABORT, 'it stays'); END;
CREATE TRIGGER acknowledgment_stays BEFORE DELETE ON acknowledgment BEGIN SELECT raise(ABORT, 'it stays'); END;
CREATE TRIGGER acknowledgment_stays_so BEFORE UPDATE ON acknowledgment BEGIN SELECT raise(ABORT, 'it stays'); END;
CREATE TRIGGER look_stays BEFORE DELETE ON look BEGIN SELECT raise(ABORT, 'it stays'); END;
CREATE TRIGGER look_stays_so BEFORE UPDATE ON look BEGIN SELECT raise(ABORT, 'it stays'); END;
CREATE TRIGGER statement_stays BEFORE DELETE ON statement BEGIN SELECT raise(ABORT, 'it stays'); END;
CREATE TRIGGER statement_stays_so BEFORE UPDATE ON statement BEGIN SELECT raise(ABORT, 'it stays'); END;
CREATE TRIGGER words_stay BEFORE DELETE ON words BEGIN SELECT raise(ABORT, 'it stays'); END;
CREATE TRIGGER words_stay_so BEFORE UPDATE ON words BEGIN SELECT raise(ABORT, 'it stays'); END;
