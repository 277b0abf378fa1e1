-- What is said, written and named in videos, and the searches that a person keeps.
CREATE TABLE text (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    video_id INTEGER NOT NULL REFERENCES video (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    language TEXT,
    start_us INTEGER,
    end_us INTEGER,
    content TEXT NOT NULL,
    stems TEXT NOT NULL
) STRICT;

CREATE INDEX text_source ON text (video_id, source);

-- The stems are split already, as no tokenizer of SQLite splits every language; see tests/benchmarks/text_index.py.
CREATE VIRTUAL TABLE text_index USING fts5 (stems, content = 'text', content_rowid = 'id', tokenize = 'ascii');
CREATE VIRTUAL TABLE text_vocabulary USING fts5vocab (text_index, 'row');

CREATE TRIGGER text_added AFTER INSERT ON text BEGIN
    INSERT INTO text_index (rowid, stems) VALUES (new.id, new.stems);
END;

CREATE TRIGGER text_removed AFTER DELETE ON text BEGIN
    INSERT INTO text_index (text_index, rowid, stems) VALUES ('delete', old.id, old.stems);
END;

-- Which state of a source was read last.
CREATE TABLE text_reading (
    video_id INTEGER NOT NULL REFERENCES video (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    stamp TEXT NOT NULL,
    PRIMARY KEY (video_id, source)
) STRICT;

CREATE TABLE saved_search (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    query TEXT NOT NULL
) STRICT;
