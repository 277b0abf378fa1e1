"""Embedding what is said and written, so that search finds it in other words, too."""

from collections.abc import Callable

from retake_core.cancel import CancelToken
from retake_core.encoders import packaged
from retake_core.indexing.passes.thumbnails import half_of
from retake_core.library.database import Database
from retake_core.library.passages import begin_passages, has_unread, store_passages, unread_texts


def embed_passages(
    database: Database, cancel: CancelToken, cores: int, give_way: Callable[[], bool] = lambda: False
) -> int:
    """Embed the passages of texts that are new. Without MiniLM, texts are found by their words alone.

    Args:
        database: the library.
        cancel: stops it between two batches; what is embedded stays.
        cores: that may be used.
        give_way: whether something is more urgent; what is left is for the next run.

    Returns:
        How many passages were embedded.

    Raises:
        Cancelled: the next run goes on from there.
        UserError: MiniLM is damaged.
    """
    encoder = packaged.MINILM_ID
    with database.reading() as connection:
        due = has_unread(connection, encoder)
    if not due or packaged.MINILM_ARCHIVE.find() is None:
        return 0
    from retake_core.encoders.minilm import shared_minilm  # late: most runs find nothing new

    model = shared_minilm()
    with database.writing() as connection:
        begin_passages(connection, encoder)
    count = 0
    with half_of(cores):
        while due and not give_way():
            cancel.check()
            with database.reading() as connection:
                unread = unread_texts(connection, encoder)
            vectors = model.embed_all([passage.content for passage in unread.passages])
            with database.writing() as connection:
                store_passages(connection, encoder, unread.passages, vectors, unread.seen)
                due = has_unread(connection, encoder)
            count += len(unread.passages)
    return count
