-- How far a recording has been listened to; what was heard by then is in `text`.
CREATE TABLE listening (
    video_id INTEGER PRIMARY KEY REFERENCES video (id) ON DELETE CASCADE,
    stamp TEXT NOT NULL,
    resume_us INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    votes TEXT NOT NULL DEFAULT '{}'
) STRICT;
