-- Posters and the most prominent keyframes of a video, without reading a single thumbnail.
CREATE INDEX keyframe_prominence ON keyframe (video_id, prominence DESC, time_us);
