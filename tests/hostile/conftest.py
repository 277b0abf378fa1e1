"""The fixtures of tests/core."""

from tests.core.conftest import clips, data_dir, database, encoder, folder, in_process

__all__ = ["clips", "data_dir", "database", "encoder", "folder", "in_process"]
