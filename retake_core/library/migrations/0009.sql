-- What a person says of a video, which hangs on its content and so goes where the file goes.
CREATE TABLE mark (
    video_id INTEGER PRIMARY KEY REFERENCES video (id) ON DELETE CASCADE,
    stars INTEGER NOT NULL DEFAULT 0 CHECK (stars BETWEEN 0 AND 5),
    favourite INTEGER NOT NULL DEFAULT 0,
    hidden INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Tags of the same key are the same, however a person writes them.
CREATE TABLE tag (
    video_id INTEGER NOT NULL REFERENCES video (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (video_id, key)
) STRICT;

CREATE INDEX tag_key ON tag (key);

-- Without a time it is about the whole video; `text` has it as well, for the search.
CREATE TABLE note (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    video_id INTEGER NOT NULL REFERENCES video (id) ON DELETE CASCADE,
    time_us INTEGER,
    content TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    changed_us INTEGER NOT NULL
) STRICT;

CREATE INDEX note_video ON note (video_id);

-- Where a person stopped to watch, and when.
CREATE TABLE watching (
    video_id INTEGER PRIMARY KEY REFERENCES video (id) ON DELETE CASCADE,
    position_us INTEGER NOT NULL,
    watched_us INTEGER NOT NULL
) STRICT;
