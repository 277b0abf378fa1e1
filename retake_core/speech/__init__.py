"""From sound to words: a Whisper model in CTranslate2's form, in a process of its own."""
