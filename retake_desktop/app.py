"""The composition root: makes the parts of the app and joins them."""

import argparse
import os
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSettings
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox

from retake_core import __version__
from retake_core.data_dir import DataDir, current_place, default_data_dir
from retake_core.errors import DamagedError, UserError
from retake_core.library.database import Database
from retake_core.library.folders import folders
from retake_core.settings import change_settings
from retake_core.system.bundled import demo_model
from retake_core.system.files import open_private
from retake_core.system.log_file import log_to
from retake_core.system.programs import module_command
from retake_desktop.common.engine_sentences import translated
from retake_desktop.engine.background import Background
from retake_desktop.engine.client import EngineClient
from retake_desktop.engine.models_client import ModelsClient
from retake_desktop.engine.settings_store import SettingsStore
from retake_desktop.indexing.encoder_switch import EncoderSwitch
from retake_desktop.startup.appearance import Appearance, ThemeAction
from retake_desktop.startup.automatic_copies import AutomaticCopies
from retake_desktop.startup.crash import CrashReporter
from retake_desktop.startup.garbage_collection import Collector
from retake_desktop.startup.rescue import RescueDialog
from retake_desktop.startup.single_instance import SingleInstance
from retake_desktop.window.main_window import MainWindow

if TYPE_CHECKING:
    from retake_desktop.preferences.dialog import Preferences

WORKER = module_command("retake_core.worker")
REOPEN = 75
"""What the event loop ends with when the window is to be made anew: the library or its looks are others now."""
MODELS = module_command("retake_core.worker.models")


class Desktop:
    """The app on one library.

    Attributes:
        damage: the damage that a read met; the app closes because of it.

    Args:
        app: the running QApplication.
        data_dir: the library's.
        worker: the command that runs a worker.
        models: the command that runs the models process.

    Raises:
        UserError: the library cannot be opened.
    """

    def __init__(
        self,
        app: QApplication,
        data_dir: DataDir,
        worker: Sequence[str] = WORKER,
        models: Sequence[str] = MODELS,
    ) -> None:
        data_dir.create()
        os.close(open_private(data_dir.root / "window.ini", os.O_WRONLY))
        window_state = QSettings(str(data_dir.root / "window.ini"), QSettings.Format.IniFormat)
        self.damage: DamagedError | None = None
        self.database = Database(data_dir.database)
        self.store = SettingsStore(data_dir.settings)
        self.appearance = Appearance(app, self.store)
        self.background = Background(self.database)
        self.engine = EngineClient(worker, data_dir)
        self.window = MainWindow(data_dir, self.engine, self.background, self.store, window_state)
        self.models = ModelsClient(models, data_dir)
        self.models.downloaded.connect(self.window.notifications.tell_of_download)
        for name, page in (("preferences", "folders"), ("preferences_models", "models")):
            action = self.window.actions_by_name[name]
            action.triggered.connect(lambda _=False, page=page: self.preferences.open_page(page))
        ThemeAction(self.window.actions_by_name["dark"], self.store)
        self.copies = AutomaticCopies(self.engine, self.background, data_dir)
        EncoderSwitch(self.store, self.window.activity)
        self.store.changed.connect(self.window.ask_actions.show_settings)
        if problem := self.store.problem or self.window.shortcuts.problem:
            self.window.notice.tell(problem)

    @cached_property
    def preferences(self) -> "Preferences":
        """The preferences, loaded and made when they are first opened: that brings the window on screen sooner."""
        from retake_desktop.preferences.pages import make_preferences

        return make_preferences(self.window, self.models, reopen=lambda: QCoreApplication.exit(REOPEN))

    def has_folders(self) -> bool:
        """Return whether there is something to index."""
        with self.database.reading() as connection:
            return bool(folders(connection))

    def close(self) -> None:
        """End what runs."""
        if "preferences" in vars(self):
            self.preferences.close()
        self.models.close()
        self.window.close()
        self.appearance.close()
        self.database.close()


def tell(desktop: Desktop, reporter: CrashReporter, error: Exception) -> None:
    """Report a read that failed: in a sentence where the user can mend it, else as a defect of the app."""
    if isinstance(error, DamagedError):
        desktop.damage = error
        QCoreApplication.quit()
    elif isinstance(error, UserError):
        desktop.window.notice.tell(translated(str(error)))
    else:
        reporter.report(error)


def main() -> int:
    """Run the app until its window is closed."""
    parser = argparse.ArgumentParser(prog="retake-desktop", description="Browse and search your recordings.")
    parser.add_argument("--data-dir", type=Path, default=default_data_dir(), help="where the library lies")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument("--selftest", action="store_true", help="try whether all parts work, without a screen")
    parser.add_argument("link", nargs="?", default="", help="a retake: link, or a video of the library, to open")
    options = parser.parse_args()
    if options.selftest:
        return selftest()
    app = make_application()
    Collector(app)
    code, link = REOPEN, options.link
    while code == REOPEN:
        code = serve(app, options.data_dir.absolute(), link)
        link = ""
    return code


def serve(app: QApplication, place: Path, link: str) -> int:
    """Open the library of a place, wherever it lies now, and return the exit status, or REOPEN."""
    try:
        data_dir = DataDir(current_place(place))
        data_dir.create()
        log_to(data_dir.log, "window")
        instance = SingleInstance(data_dir)
        if not instance.take(link):
            return 0
    except UserError as error:
        QMessageBox.critical(None, "ReTaKe", translated(str(error)))
        return 2
    reporter = CrashReporter(data_dir.log)
    reporter.install()
    try:
        while True:
            try:
                return run(app, data_dir, reporter, instance, link)
            except UserError as error:
                if not rescued(app, error, data_dir):
                    return 2
    finally:
        instance.close()


def make_application() -> QApplication:
    """Return the application, under its name."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("ReTaKe")
    app.setDesktopFileName("retake-desktop")
    return app


def selftest() -> int:
    """Try the app on a library of its own, without a screen, and return the program's exit status."""
    from retake_desktop.startup.selftest import SelfTest

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = make_application()
    with TemporaryDirectory(prefix="retake-", ignore_cleanup_errors=True) as folder:
        data_dir, videos = DataDir(Path(folder) / "data"), Path(folder) / "videos"
        videos.mkdir()
        data_dir.create()
        log_to(data_dir.log, "window")
        change_settings(data_dir.settings, model=str(demo_model()))
        desktop = Desktop(app, data_dir)
        test = SelfTest(desktop.window, desktop.database, desktop.engine, desktop.models, videos, data_dir.log)
        well = test.run()
        desktop.close()
    return 0 if well else 1


def run(app: QApplication, data_dir: DataDir, reporter: CrashReporter, instance: SingleInstance, link: str) -> int:
    """Show the window until it is closed, and return the program's exit status.

    Raises:
        UserError: the library cannot be opened, or not be read any more.
    """
    desktop = Desktop(app, data_dir)
    try:
        desktop.background.failed.connect(lambda error: tell(desktop, reporter, error))
        indexed = desktop.has_folders()
        desktop.window.show()
        instance.handed_over.connect(desktop.window.links.open)
        if link:
            desktop.window.links.open(link)
        desktop.window.watching.start()
        desktop.window.outside_changes.start()
        if indexed:
            desktop.window.activity.index()
            desktop.window.search.make_ready()
        code: int = app.exec()
    finally:
        desktop.close()
        desktop.window.deleteLater()
    if desktop.damage is not None:
        raise desktop.damage
    return code


def rescued(app: QApplication, error: UserError, data_dir: DataDir) -> bool:
    """Tell why the library cannot be opened, offer what helps, and return whether to open it again."""
    appearance = Appearance(app, SettingsStore(data_dir.settings))
    dialog = RescueDialog(error, data_dir)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted.value
    appearance.close()
    return accepted


if __name__ == "__main__":
    sys.exit(main())
