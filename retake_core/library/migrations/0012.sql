-- Which languages there are, without a look at every text.
CREATE INDEX text_language ON text (language) WHERE language IS NOT NULL;

-- Texts in languages other than English lose the endings of their own language, where only English ones were lost.
CREATE TRIGGER text_changed AFTER UPDATE OF stems ON text BEGIN
    INSERT INTO text_index (text_index, rowid, stems) VALUES ('delete', old.id, old.stems);
    INSERT INTO text_index (rowid, stems) VALUES (new.id, new.stems);
END;

UPDATE text SET stems = stems_of(kind, speaker, content, language)
WHERE language > '' AND language <> 'en' AND language NOT LIKE 'en-%';
