"""What leaves the library as files: clips, contact sheets, chapters, timelines, transcripts and answers.

No export ever touches a recording, and none takes the place of a file without being told to.
"""
