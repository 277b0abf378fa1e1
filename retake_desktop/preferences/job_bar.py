"""The bar of a copy that a worker makes."""

from PySide6.QtWidgets import QProgressBar

from retake_core.protocol import answers, indexing_events

STEPS = 1000


class JobBar(QProgressBar):
    """Follows one job at a time.

    Attributes:
        job: its number, 0 for none.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.job = 0
        self.setRange(0, STEPS)
        self.setTextVisible(False)
        self.setAccessibleName(name)

    def follow(self, job: int) -> None:
        """Begin to follow a job."""
        self.job = job
        self.setValue(0)

    def ends_with(self, answer: answers.AnyReply) -> bool:
        """Show how far the job is, and say whether it ends with this answer."""
        if not self.job or answer.id != self.job:
            return False
        if isinstance(answer, answers.JobEvent):
            if isinstance(answer.event, indexing_events.CopyProgress):
                self.setValue(round(answer.event.fraction * STEPS))
            return False
        self.job = 0
        return True
