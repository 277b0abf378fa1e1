"""Everything that the window can do: name, icon and key of each action, and the menus they stand in."""

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu

from retake_desktop.common.theme import icon, theme
from retake_desktop.common.wording import without_mnemonic

Focus = Literal["", "page", "grid"]


@dataclass(frozen=True, slots=True)
class Spec:
    """An action. It may have several keys, which hold unless the user has others; the first is shown.

    Attributes:
        focus: where its keys count, as they mean something else elsewhere: "page" is the video page and what is in
            it, "grid" the grid itself; "" is the whole window.
    """

    name: str
    text: str
    icon: str = ""
    keys: tuple[str, ...] = ()
    checkable: bool = False
    focus: Focus = ""


def _T(text: str) -> str:  # noqa: N802
    """Mark a text for translation."""
    return str(QT_TRANSLATE_NOOP("actions", text))


MENUS: tuple[tuple[str, tuple[Spec | None, ...]], ...] = (
    (
        _T("&File"),
        (
            Spec("add_folder", _T("&Add folder…"), "folder-plus-outline", ("Ctrl+O",)),
            Spec("add_files", _T("Add &videos…"), "file-plus-outline", ("Ctrl+I",)),
            Spec("remove_folder", _T("&Remove folder from library"), "folder-remove-outline"),
            Spec("undo", _T("&Undo removal"), "undo", ("Ctrl+Z",)),
            None,
            Spec("update", _T("Look for &new videos"), "refresh", ("F5",)),
            Spec("pause", _T("&Pause indexing"), "pause", ("Ctrl+Shift+J",), checkable=True),
            Spec("stop", _T("&Stop indexing"), "stop", ("Ctrl+.",)),
            Spec("retry_all", _T("&Try failed videos again"), "refresh"),
            None,
            Spec("preferences", _T("&Preferences…"), "cog-outline", ("Ctrl+,",)),
            Spec("preferences_models", _T("&Models…"), "brain"),
            None,
            Spec("quit", _T("&Quit"), "", ("Ctrl+Q",)),
        ),
    ),
    (
        _T("&Video"),
        (
            Spec("open", _T("&Open"), "play-box-outline", ("Ctrl+Return",)),
            Spec("show_in_folder", _T("Show in file &manager"), "folder-open-outline", ("Ctrl+Shift+O",)),
            Spec("copy_path", _T("Copy &path"), "content-copy"),
            Spec("copy_link", _T("Copy &link with time"), "link-variant", ("Ctrl+L",)),
            Spec("copy_frame", _T("Copy &frame"), "image-outline", ("Ctrl+Shift+C",)),
            Spec("save_frame", _T("&Save frame as…"), "image-move", ("Ctrl+Shift+S",)),
            Spec("similar", _T("Find &similar moments"), "image-search-outline", ("Ctrl+Shift+F",)),
            Spec("not_person", _T("Not this perso&n"), "account-remove-outline"),
            None,
            Spec("export_clip", _T("Export &clip…"), "content-cut", ("Ctrl+Shift+X",)),
            Spec("export", _T("&Export…"), "export", ("Ctrl+Shift+E",)),
            Spec("export_results", _T("Export all &results…"), "export-variant"),
            Spec("ask_about", _T("&Ask about these"), "comment-question-outline"),
            None,
            Spec("sound_track", _T("Sound &track…"), "account-voice"),
            Spec("index_first", _T("Index this fi&rst"), "arrow-collapse-up"),
            Spec("retry", _T("&Try again"), "refresh"),
            Spec("reindex", _T("&Index from the start"), "refresh"),
            None,
            Spec("remove_video", _T("&Remove from library"), "playlist-remove"),
        ),
    ),
    (
        _T("&Playback"),
        (
            Spec("play", _T("&Play or pause"), "play", ("Space", "K")),
            Spec("shuttle_back", _T("Play backward; press again for faster"), "rewind", ("J",)),
            Spec("shuttle_forward", _T("Play forward; press again for faster"), "fast-forward", ("L",)),
            Spec("jump_back", _T("Back 5 seconds"), "rewind-5", ("Left",), focus="page"),
            Spec("jump_forward", _T("Forward 5 seconds"), "fast-forward-5", ("Right",), focus="page"),
            Spec("leap_back", _T("Back 30 seconds"), "rewind-30", ("Shift+Left",), focus="page"),
            Spec("leap_forward", _T("Forward 30 seconds"), "fast-forward-30", ("Shift+Right",), focus="page"),
            Spec("go_to_start", _T("Go to the start"), "skip-backward", ("Home",), focus="page"),
            Spec("go_to_end", _T("Go to the end"), "skip-forward", ("End",), focus="page"),
            Spec("go_to_time", _T("Go to a time…"), "clock-outline", ("Ctrl+G",)),
            None,
            Spec("step_back", _T("Previous frame"), "chevron-left", (",",)),
            Spec("step_forward", _T("Next frame"), "chevron-right", (".",)),
            Spec("previous_keyframe", _T("Previous keyframe"), "skip-previous", ("PgUp", "Ctrl+Left")),
            Spec("next_keyframe", _T("Next keyframe"), "skip-next", ("PgDown", "Ctrl+Right")),
            Spec("previous_chapter", _T("Previous chapter"), "page-previous-outline", ("Shift+PgUp",)),
            Spec("next_chapter", _T("Next chapter"), "page-next-outline", ("Shift+PgDown",)),
            Spec("previous_match", _T("Previous match of the search"), "arrow-up", ("Shift+F3",)),
            Spec("next_match", _T("Next match of the search"), "arrow-down", ("F3",)),
            None,
            Spec("mark_start", _T("Range starts here"), "contain-start", ("I",)),
            Spec("mark_end", _T("Range ends here"), "contain-end", ("O",)),
            Spec("clear_range", _T("Clear the range"), "close", ("Shift+X",)),
            Spec("play_range", _T("Play the range"), "play-circle-outline", ("P",)),
            Spec("loop", _T("Repeat the range, or the video"), "repeat", ("R",), checkable=True),
            None,
            Spec("slower", _T("Slower"), "speedometer-slow", ("[",)),
            Spec("faster", _T("Faster"), "speedometer", ("]",)),
            Spec("mute", _T("Mute or unmute"), "volume-high", ("M",)),
            Spec("subtitles", _T("Subtitles"), "subtitles-outline", ("V",), checkable=True),
            Spec("tracks", _T("Sound track and subtitles…"), "closed-caption-outline", ("Shift+V",)),
            Spec("volume_up", _T("Volume up"), "volume-plus", ("Ctrl+Up",)),
            Spec("volume_down", _T("Volume down"), "volume-minus", ("Ctrl+Down",)),
        ),
    ),
    (
        _T("&Organise"),
        (
            Spec("favourite", _T("&Favourite"), "heart-outline", ("Ctrl+Shift+L",), checkable=True),
            Spec("stars_5", _T("&5 stars"), "star-outline", ("5",), focus="grid"),
            Spec("stars_4", _T("&4 stars"), "", ("4",), focus="grid"),
            Spec("stars_3", _T("&3 stars"), "", ("3",), focus="grid"),
            Spec("stars_2", _T("&2 stars"), "", ("2",), focus="grid"),
            Spec("stars_1", _T("&1 star"), "", ("1",), focus="grid"),
            Spec("no_stars", _T("&No stars"), "star-off-outline", ("0",), focus="grid"),
            None,
            Spec("tags", _T("&Tags…"), "tag-outline", ("Ctrl+Shift+T",)),
            Spec("note", _T("N&ote…"), "note-plus-outline", ("Ctrl+M",)),
            Spec("chapters", _T("Titl&e and chapters…"), "format-list-numbered", ("Ctrl+Shift+M",)),
            Spec("hide", _T("&Hidden"), "eye-off-outline", ("Ctrl+Shift+H",), checkable=True),
            Spec("watched", _T("Do not &continue watching"), "play-circle-outline"),
            None,
            Spec("rename", _T("&Rename"), "pencil-outline", ("F2",)),
            Spec("information", _T("&Information"), "information-outline", ("Alt+Return",)),
        ),
    ),
    (
        _T("Vie&w"),
        (
            Spec("back", _T("Back to the &library"), "arrow-left", ("Alt+Left", "Backspace")),
            Spec("transcript", _T("&Transcript"), "text-box-outline", ("Ctrl+T",)),
            Spec("activity", _T("&Activity"), "format-list-bulleted", ("Ctrl+J",), checkable=True),
            Spec("folder_panel", _T("F&olders on the left"), "dock-left", ("Ctrl+B",), checkable=True),
            Spec("side_panel", _T("&Side panel on the right"), "dock-right", ("Ctrl+Shift+B",), checkable=True),
            None,
            Spec("zoom_in", _T("Filmstrip: more keyframes"), "magnify-plus-outline", ("+", "=")),
            Spec("zoom_out", _T("Filmstrip: longer stretch"), "magnify-minus-outline", ("-",)),
            Spec("zoom_all", _T("Filmstrip: whole video"), "arrow-expand-horizontal", ("Ctrl+0",)),
            None,
            Spec("dark", _T("&Dark theme"), "theme-light-dark", ("Ctrl+D",), checkable=True),
            Spec("full_screen", _T("&Full screen"), "fullscreen", ("F11", "F"), checkable=True),
        ),
    ),
    (
        _T("&Search"),
        (
            Spec("search", _T("&Search"), "magnify", ("Ctrl+F",)),
            Spec("search_library", _T("Search the whole &library"), "movie-search-outline", ("Ctrl+K",)),
            Spec("find_by_picture", _T("Find by &picture…"), "image-search-outline", ("Ctrl+Shift+P",)),
            None,
            Spec("save_search", _T("Sa&ve this search…"), "bookmark-plus-outline", ("Ctrl+S",)),
        ),
    ),
    (
        _T("&Ask"),
        (
            Spec("ask", _T("&Ask a question"), "comment-question-outline", ("Ctrl+E",)),
            Spec("send_question", _T("&Send the question"), "arrow-up", ("Ctrl+Shift+Return",)),
            Spec("stop_answer", _T("S&top the answer"), "stop", ("Ctrl+Shift+.",)),
            Spec("copy_answer", _T("&Copy the answer"), "content-copy", ("Ctrl+Shift+A",)),
            Spec("export_answer", _T("E&xport the answer…"), "export"),
            None,
            Spec("new_conversation", _T("&New conversation"), "square-edit-outline", ("Ctrl+Shift+N",)),
            Spec("conversation_history", _T("&Earlier questions"), "history", ("Ctrl+H",), checkable=True),
            Spec("delete_conversation", _T("&Delete this conversation"), "delete-outline", ("Ctrl+Shift+Del",)),
            Spec("clear_conversations", _T("Delete a&ll of these conversations")),
        ),
    ),
    (
        _T("&Help"),
        (
            Spec("keys", _T("&Keyboard"), "keyboard-outline", ("F1",)),
            Spec("about", _T("A&bout ReTaKe"), "information-outline"),
        ),
    ),
)
_CONTEXTS = {
    "": Qt.ShortcutContext.WindowShortcut,
    "page": Qt.ShortcutContext.WidgetWithChildrenShortcut,
    "grid": Qt.ShortcutContext.WidgetShortcut,
}
SPECS: Final = {spec.name: spec for _, specs in MENUS for spec in specs if spec is not None}
OF_PAGE = tuple(name for name, spec in SPECS.items() if spec.focus == "page")
PLAYBACK = frozenset(spec.name for spec in MENUS[2][1] if spec is not None) | {
    "back",
    "zoom_in",
    "zoom_out",
    "zoom_all",
}
PANELS = (
    "search",
    "search_library",
    "find_by_picture",
    "ask",
    "conversation_history",
    "transcript",
    "folder_panel",
    "side_panel",
)


def make_actions(window: QMainWindow) -> dict[str, QAction]:
    """Make every action and the menu bar. The window connects them; their keys are those of `Shortcuts`."""
    actions: dict[str, QAction] = {}
    symbols: dict[str, str] = {}
    for title, specs in MENUS:
        menu: QMenu = window.menuBar().addMenu(_translated(title))
        for spec in specs:
            if spec is None:
                menu.addSeparator()
                continue
            action = QAction(_translated(spec.text), window)
            action.setObjectName(spec.name)
            action.setCheckable(spec.checkable)
            action.setShortcutContext(_CONTEXTS[spec.focus])
            action.setIconText(without_mnemonic(action.text()))
            symbols[spec.name] = spec.icon
            actions[spec.name] = action
            menu.addAction(action)
            if spec.focus != "page":
                window.addAction(action)  # so that its key works while the menu bar is hidden

    _Icons(window, {actions[name]: symbol for name, symbol in symbols.items() if symbol})
    return actions


class _Icons(QObject):
    """Draws the actions' icons anew when the theme changes, as long as the window lives."""

    def __init__(self, window: QMainWindow, symbols: dict[QAction, str]) -> None:
        super().__init__(window)
        self._symbols = symbols
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        for action, symbol in self._symbols.items():
            action.setIcon(icon(symbol))


def _translated(text: str) -> str:
    return QCoreApplication.translate("actions", text)
