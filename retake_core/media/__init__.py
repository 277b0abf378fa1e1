"""Reading video files: metadata, frames with their real presentation times, thumbnails."""
