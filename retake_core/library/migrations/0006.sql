-- While a library changes from one encoder to another, a keyframe has a vector of each.
CREATE TABLE embedding_of_each (
    encoder TEXT NOT NULL,
    keyframe_id INTEGER NOT NULL REFERENCES keyframe (id) ON DELETE CASCADE,
    vector BLOB NOT NULL,
    from_thumbnail INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (encoder, keyframe_id)
) STRICT;

INSERT INTO embedding_of_each (encoder, keyframe_id, vector)
SELECT encoder, keyframe_id, vector FROM embedding ORDER BY encoder, keyframe_id;

DROP TABLE embedding;
ALTER TABLE embedding_of_each RENAME TO embedding;
CREATE INDEX embedding_keyframe ON embedding (keyframe_id);

-- Which embeddings the encoder that the settings call so makes.
CREATE TABLE encoder (
    name TEXT PRIMARY KEY,
    id TEXT NOT NULL
) STRICT;

INSERT INTO encoder (name, id)
SELECT 'builtin', max(encoder) FROM embedding WHERE encoder LIKE 'builtin-%' HAVING count(*) > 0;

-- Such an id is "siglip:", the model's name without its organisation, and a colon with 16 digits.
INSERT OR REPLACE INTO encoder (name, id)
SELECT DISTINCT 'siglip:google/' || substr(encoder, 8, length(encoder) - 24), encoder
FROM embedding WHERE encoder LIKE 'siglip:siglip%:%';
