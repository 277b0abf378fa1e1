"""The passes over videos: keyframes, thumbnails, speech, text on screen, names and subtitles."""
