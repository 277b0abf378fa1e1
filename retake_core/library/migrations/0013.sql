-- What texts mean: the vector of a sentence, which is one text or several that follow each other in one source.
CREATE TABLE passage (
    text_id INTEGER PRIMARY KEY REFERENCES text (id) ON DELETE CASCADE,
    last_id INTEGER NOT NULL,
    vector BLOB NOT NULL
) STRICT;

-- Drawn anew with every change of passages, also where they go with their texts: caches of another one are stale.
INSERT INTO counter (name, value) VALUES ('passages', random() & 0xffffffffffff);

CREATE TRIGGER passage_added AFTER INSERT ON passage BEGIN
    UPDATE counter SET value = random() & 0xffffffffffff WHERE name = 'passages';
END;

CREATE TRIGGER passage_removed AFTER DELETE ON passage BEGIN
    UPDATE counter SET value = random() & 0xffffffffffff WHERE name = 'passages';
END;
