"""What FFmpeg reads of a file: containers, packets, pictures, sound and subtitles."""
