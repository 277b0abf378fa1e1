-- Who says a text, and whether its source writes down only a part of what is said, such as signs.
ALTER TABLE text ADD COLUMN speaker TEXT;
ALTER TABLE text ADD COLUMN partial INTEGER NOT NULL DEFAULT 0;

-- When a recording was made by the best of what tells it: as it was told, as an instant, and what told it.
ALTER TABLE video ADD COLUMN dated TEXT;
ALTER TABLE video ADD COLUMN dated_us INTEGER;
ALTER TABLE video ADD COLUMN dated_by TEXT;
