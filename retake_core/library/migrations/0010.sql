-- The sound track of a video that a person chose to be listened to, counted from 1; null where nobody did.
ALTER TABLE video ADD COLUMN sound_track INTEGER CHECK (sound_track > 0);

-- What tells that a video is the film of a live photo; null where nothing does.
ALTER TABLE video ADD COLUMN live TEXT;
