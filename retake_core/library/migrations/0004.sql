-- Videos that a person took out of the library while their folder stays in it.
CREATE TABLE ignored (
    folder_id INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (folder_id, fingerprint)
) STRICT, WITHOUT ROWID;
