"""Do the window's main job on a library, and take a picture: for a computer without a screen.

python use_window.py PICTURE [--data-dir DIR] [--query TEXT] [--video NAME --question TEXT]
"""

import argparse
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication
from window_driver import ask_about, click_citation, find_video, open_desktop, save, search_for, wait

from retake_core.data_dir import default_data_dir
from retake_core.display import clock


def main() -> int:
    parser = argparse.ArgumentParser(description="Do the window's main job, and take a picture.")
    parser.add_argument("picture", type=Path)
    parser.add_argument("--data-dir", type=Path, default=default_data_dir())
    parser.add_argument("--query")
    parser.add_argument("--video", help="its name without the ending")
    parser.add_argument("--question")
    options = parser.parse_args()
    app = QApplication(sys.argv[:1])
    desktop = open_desktop(app, options.data_dir, (1280, 800))
    window = desktop.window
    wait(lambda: bool(window.library.model.items))
    print(f"The window shows {len(window.library.model.items)} videos.")
    if options.query:
        count = search_for(desktop, options.query)
        where = f"{window.page.video.path.name} at {clock(window.page.playback.time)}"
        found = "1 moment" if count == 1 else f"{count} moments"
        print(f"Searching for “{options.query}” found {found}; a click on the first shows {where}.")
    elif (first := window.library.model.items[0]).entry.keyframes:
        window.open_video(first.entry)
        wait(lambda: not window.page.surface.image.isNull())
    video = find_video(desktop, options.video) if options.question and desktop.store.settings.model else None
    if video is not None:
        exchange = ask_about(desktop, video, options.question)
        print(f"Asked “{options.question}”, the window answers: {exchange.answer.strip() or exchange.reason}")
        if (cited := click_citation(desktop)) is not None:
            print(f"A click on its first source shows {clock(cited.time)}.")
    options.picture.parent.mkdir(parents=True, exist_ok=True)
    save(window, options.picture)
    desktop.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
