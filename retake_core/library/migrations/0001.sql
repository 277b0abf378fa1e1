CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

-- Starts anywhere: the caches of another library must not look current to one that took its place.
INSERT INTO counter (name, value) VALUES ('generation', random() & 0xffffffffffff);

CREATE TABLE folder (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE video (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    fingerprint TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    duration_us INTEGER,
    width INTEGER,
    height INTEGER,
    rotation INTEGER,
    codec TEXT,
    container TEXT,
    frame_rate REAL,
    start_us INTEGER,
    recorded TEXT,
    depth INTEGER NOT NULL DEFAULT 0,
    recipe TEXT,
    promise REAL,
    spans BLOB,
    error TEXT
) STRICT;

CREATE TABLE file (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    folder_id INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
    video_id INTEGER NOT NULL REFERENCES video (id) ON DELETE CASCADE,
    path BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    missing INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX file_folder ON file (folder_id);
CREATE INDEX file_video ON file (video_id);

CREATE TABLE keyframe (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    video_id INTEGER NOT NULL REFERENCES video (id) ON DELETE CASCADE,
    time_us INTEGER NOT NULL,
    prominence REAL NOT NULL,
    thumbnail BLOB NOT NULL,
    UNIQUE (video_id, time_us)
) STRICT;

CREATE TABLE embedding (
    keyframe_id INTEGER PRIMARY KEY REFERENCES keyframe (id) ON DELETE CASCADE,
    encoder TEXT NOT NULL,
    vector BLOB NOT NULL
) STRICT;

CREATE INDEX embedding_encoder ON embedding (encoder, keyframe_id);

CREATE TABLE job (
    video_id INTEGER PRIMARY KEY REFERENCES video (id) ON DELETE CASCADE,
    depth INTEGER NOT NULL,
    recipe TEXT NOT NULL,
    decoder TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    resume_us INTEGER NOT NULL DEFAULT 0,
    state BLOB
) STRICT;
