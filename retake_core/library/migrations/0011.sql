-- People: groups of faces that look like one person's, with a name once a person gives one.
CREATE TABLE person (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT,
    key TEXT UNIQUE,
    hidden INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A face at a keyframe or between two; the box in fractions of the picture. Without a person it is not grouped yet.
CREATE TABLE face (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    video_id INTEGER NOT NULL REFERENCES video (id) ON DELETE CASCADE,
    person_id INTEGER REFERENCES person (id) ON DELETE SET NULL,
    by_hand INTEGER NOT NULL DEFAULT 0,
    time_us INTEGER NOT NULL,
    x0 REAL NOT NULL,
    y0 REAL NOT NULL,
    x1 REAL NOT NULL,
    y1 REAL NOT NULL,
    model TEXT NOT NULL,
    vector BLOB NOT NULL,
    picture BLOB
) STRICT;

CREATE INDEX face_video ON face (video_id, time_us);
CREATE INDEX face_person ON face (person_id, video_id, time_us);

-- Whom a face does not show, by hand.
CREATE TABLE not_person (
    face_id INTEGER NOT NULL REFERENCES face (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    PRIMARY KEY (face_id, person_id)
) STRICT;

CREATE INDEX not_person_person ON not_person (person_id);

-- Which stretches of a video were looked at for faces, and by what; part -1 is the whole video.
CREATE TABLE face_reading (
    video_id INTEGER NOT NULL REFERENCES video (id) ON DELETE CASCADE,
    part INTEGER NOT NULL,
    stamp TEXT NOT NULL,
    PRIMARY KEY (video_id, part)
) STRICT;
