-- Questions and answers about a video, a folder, or, where both are empty, the library.
CREATE TABLE conversation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    video_id INTEGER REFERENCES video (id) ON DELETE CASCADE,
    folder_id INTEGER REFERENCES folder (id) ON DELETE CASCADE,
    begun_us INTEGER NOT NULL,
    CHECK (video_id IS NULL OR folder_id IS NULL)
) STRICT;

CREATE INDEX conversation_video ON conversation (video_id);
CREATE INDEX conversation_folder ON conversation (folder_id);

CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    asked_us INTEGER NOT NULL,
    question TEXT NOT NULL,
    state TEXT NOT NULL,
    answer TEXT NOT NULL DEFAULT '',
    details BLOB
) STRICT;

CREATE INDEX message_conversation ON message (conversation_id);

CREATE TABLE citation (
    message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    video_id INTEGER NOT NULL REFERENCES video (id) ON DELETE CASCADE,
    keyframe_id INTEGER REFERENCES keyframe (id) ON DELETE SET NULL,
    time_us INTEGER NOT NULL,
    start_us INTEGER NOT NULL,
    end_us INTEGER NOT NULL,
    strength REAL NOT NULL,
    PRIMARY KEY (message_id, position)
) STRICT;

CREATE INDEX citation_video ON citation (video_id);
CREATE INDEX citation_keyframe ON citation (keyframe_id);
