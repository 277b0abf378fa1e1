"""The library on disk: SQLite holds the truth, FAISS a copy of its vectors."""
