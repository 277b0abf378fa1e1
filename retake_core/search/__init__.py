"""Finding moments: by words, picture or keyframe."""
