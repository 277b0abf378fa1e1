-- What the pixels of keyframes tell without a network: colours, brightness, plain shapes.
CREATE TABLE keyframe_attributes (
    keyframe_id INTEGER PRIMARY KEY REFERENCES keyframe (id) ON DELETE CASCADE,
    measure TEXT NOT NULL,
    numbers BLOB NOT NULL
) STRICT;
