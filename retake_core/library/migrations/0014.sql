-- Whether it has a sound track: what has none is listened to at no cost. Unknown of videos that were indexed before.
ALTER TABLE video ADD COLUMN has_sound INTEGER;
