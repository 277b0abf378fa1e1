"""Colours of the light and the dark theme, and icons drawn in them."""

from dataclasses import dataclass

from PySide6.QtCore import QDir, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from retake_core.system.bundled import bundled
from retake_desktop.common.icons import draw_icon

RESOURCES = bundled("retake_desktop") / "resources"
ICON = 16  # pixels of icons beside text of the usual size


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme. Text and muted text have a contrast of at least 4.5 on window, panel and raised."""

    window: str
    panel: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    hit: str
    citation: str
    danger: str
    picture: str  # behind pictures and the film


DARK = Colours(
    window="#15171c",
    panel="#1b1e25",
    raised="#282c36",
    line="#323743",
    text="#eceef2",
    muted="#a0a7b4",
    accent="#5aa2f0",
    on_accent="#0c1118",
    hit="#f5a524",
    citation="#c58bff",
    danger="#ff7a70",
    picture="#000000",
)
LIGHT = Colours(
    window="#ffffff",
    panel="#f4f5f8",
    raised="#e7e9ef",
    line="#d5d9e2",
    text="#1a1d23",
    muted="#586070",
    accent="#1a66c9",
    on_accent="#ffffff",
    hit="#b95c00",
    citation="#7a35c9",
    danger="#b3261e",
    picture="#000000",
)


class Theme(QObject):
    """The theme in use. Widgets read its colours when they paint."""

    changed = Signal()
    _sheet_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.colours = DARK
        self._dressed: QApplication | None = None  # what has the style

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are in use."""
        return self.colours is DARK

    def apply(self, app: QApplication, dark: bool) -> None:
        """Dress the application; an explicit palette looks the same on every platform."""
        self.colours = DARK if dark else LIGHT
        QDir.setSearchPaths("retake", [str(RESOURCES)])
        if self._dressed is not app:  # another style of the same kind would only polish all widgets once more
            app.setStyle(QStyleFactory.create("Fusion"))
            self._dressed = app
        app.setPalette(_palette(self.colours))
        self._sheet_changed.emit(self._sheet())
        self.changed.emit()

    def dress(self, window: QWidget) -> None:
        """Give the style sheet to a widget without a parent, and to all that are and will be below it.

        The application's own sheet would take three times as long to change: Qt then goes through what is below a
        widget once more for every widget.
        """
        window.setStyleSheet(self._sheet())
        self._sheet_changed.connect(window.setStyleSheet)

    def _sheet(self) -> str:
        return _style_sheet(self.colours, scaled(ICON))


theme = Theme()


def icon(name: str, colour: str | None = None) -> QIcon:
    """Return an icon of the Material Design family (Apache 2.0) in a colour, else in that of text."""
    colours = theme.colours
    return draw_icon(name, colour or colours.text, colours.muted)


def prefers_dark(app: QApplication) -> bool:
    """Return whether the desktop asks for dark windows."""
    return app.styleHints().colorScheme() != Qt.ColorScheme.Light


def text_scale() -> float:
    """Return how large text is, as a multiple of the desktop's."""
    usual = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).pointSizeF()
    return max(1.0, QApplication.font().pointSizeF() / usual)


def scaled(pixels: int) -> int:
    """Return a length that grows with text larger than the desktop's, in pixels."""
    return round(pixels * text_scale())


def icon_size(pixels: int = ICON) -> QSize:
    """Return the size of an icon of so many pixels, or more where text is so large that it would look lost."""
    side = max(pixels, scaled(ICON))
    return QSize(side, side)


def widened(pixels: int, text: int) -> int:
    """Return a length of which the part that holds text grows with it, in pixels."""
    return pixels - text + scaled(text)


def scaled_font(base: QFont, factor: float, *, bold: bool = False) -> QFont:
    """Return a font of another size, relative to the user's."""
    font = QFont(base)
    font.setPointSizeF(base.pointSizeF() * factor)
    font.setBold(bold)
    return font


def _palette(colours: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.window,
        role.AlternateBase: colours.panel,
        role.Text: colours.text,
        role.PlaceholderText: colours.muted,
        role.Button: colours.panel,
        role.ButtonText: colours.text,
        role.BrightText: colours.danger,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.Mid: colours.line,
        role.Midlight: colours.raised,
        role.Light: colours.raised,
        role.Dark: colours.line,
        role.Accent: colours.accent,
    }.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours.muted))
    return palette


def _style_sheet(c: Colours, icon_size: int) -> str:
    tone = "dark" if c is DARK else "light"
    arrow, up = f"chevron-{tone}.svg", f"chevron-up-{tone}.svg"
    return f"""
    QMenu, QPushButton, QToolButton {{ icon-size: {icon_size}px; }}
    QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    QToolTip {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.line}; padding: 4px 6px; }}
    QMenuBar {{ background: {c.panel}; padding: 2px 6px; }}
    QMenuBar::item {{ padding: 4px 10px; border-radius: 4px; background: transparent; }}
    QMenuBar::item:selected {{ background: {c.raised}; }}
    QMenu {{ background: {c.panel}; border: 1px solid {c.line}; padding: 4px; }}
    QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; }}
    QMenu::icon {{ padding-left: 8px; }}
    QMenu::item:selected {{ background: {c.accent}; color: {c.on_accent}; }}
    QMenu::item:disabled {{ color: {c.muted}; background: transparent; }}
    QMenu::separator {{ height: 1px; background: {c.line}; margin: 4px 8px; }}
    #panel, #status, #header {{ background: {c.panel}; }}
    #panel {{ border: none; }}
    #deck {{ background: {c.window}; }}
    #status {{ border-top: 1px solid {c.line}; }}
    #activity {{ background: {c.panel}; border-top: 1px solid {c.line}; }}
    #chip {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: 6px; }}
    #filter {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: 11px; }}
    QToolButton#tiny {{ padding: 0; border-radius: 9px; }}
    QListView#suggestions {{ background: {c.panel}; border: 1px solid {c.line}; border-radius: 6px; padding: 4px;
        outline: none; }}
    QListView#suggestions::item {{ padding: 5px 8px; border-radius: 4px; color: {c.text}; }}
    QListView#suggestions::item:selected {{ background: {c.accent}; color: {c.on_accent}; }}
    QToolButton#tiny:hover {{ background: {c.line}; }}
    QListWidget#entries {{ outline: none; padding: 0 8px; }}
    QListWidget#entries::item {{ border-radius: 6px; padding: 0 6px; color: {c.text}; }}
    QListWidget#entries::item:disabled {{ color: {c.muted}; }}
    QListWidget#entries::item:hover:!disabled {{ background: {c.raised}; }}
    QListWidget#entries::item:selected {{ background: {c.raised}; border: 1px solid {c.accent}; }}
    QListWidget#people {{ outline: none; padding: 0 8px; }}
    QListWidget#people::item {{ border: 1px solid transparent; border-radius: 6px; padding: 0 6px;
        color: {c.text}; }}
    QListWidget#people::item:hover {{ background: {c.raised}; }}
    QListWidget#people::item:selected {{ background: transparent; }}
    QListWidget#people::item:focus {{ border-color: {c.accent}; }}
    #undo {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: 6px; }}
    QLabel#muted {{ color: {c.muted}; }}
    QLabel#danger {{ color: {c.danger}; }}
    QLabel#tag {{ background: {c.raised}; color: {c.muted}; border-radius: 4px; padding: 1px 7px; }}
    QListWidget#places {{ background: {c.panel}; border: none; border-right: 1px solid {c.line};
        padding: 12px 8px; outline: none; }}
    QListWidget#places::item {{ border-radius: 6px; padding-left: 8px; color: {c.text}; }}
    QListWidget#places::item:selected {{ background: {c.raised}; }}
    QListWidget#places::item:focus {{ border: 1px solid {c.accent}; }}
    QListWidget#framed, QTreeWidget#framed, QFrame#card {{
        background: {c.panel}; border: 1px solid {c.line}; border-radius: 8px; }}
    QListWidget#framed, QTreeWidget#framed {{ padding: 6px 0; }}
    QTreeWidget#framed::item {{ padding: 4px 10px; }}
    QTreeWidget#framed:focus {{ border-color: {c.accent}; }}
    QLabel#step {{ background: {c.raised}; border-radius: 15px; font-weight: bold; }}
    QPushButton#link {{ background: transparent; border: 1px solid transparent; color: {c.muted}; }}
    QPushButton#link:hover {{ color: {c.text}; }}
    QPushButton#link:focus {{ border-color: {c.accent}; }}
    QPushButton:disabled {{ color: {c.muted}; background: transparent; }}
    QFrame#rule {{ background: {c.line}; }}
    QToolButton {{ border: 1px solid transparent; border-radius: 6px; padding: 5px; background: transparent; }}
    QToolButton:hover {{ background: {c.raised}; }}
    QToolButton:pressed, QToolButton:checked {{ background: {c.line}; }}
    QToolButton:focus {{ border-color: {c.accent}; }}
    QToolButton::menu-indicator {{ image: none; }}
    QPushButton {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: 6px; padding: 6px 14px; }}
    QPushButton:hover {{ border-color: {c.muted}; }}
    QPushButton:focus {{ border-color: {c.accent}; }}
    QPushButton#quote {{ text-align: left; padding: 5px 8px; }}
    QPushButton#primary {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent}; }}
    QPushButton#primary:focus {{ border-color: {c.text}; }}
    QLineEdit, QComboBox, QAbstractSpinBox {{ background: {c.window}; border: 1px solid {c.line};
        border-radius: 6px; padding: 5px 8px; selection-background-color: {c.accent};
        selection-color: {c.on_accent}; }}
    QLineEdit {{ padding: 5px 6px; }}
    QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{ border-color: {c.accent}; }}
    QComboBox QAbstractItemView {{ background: {c.panel}; border: 1px solid {c.line};
        selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}
    QAbstractSpinBox QLineEdit {{ border: none; padding: 0; background: transparent; }}
    QCheckBox::indicator {{ width: 18px; height: 18px; border: 1px solid {c.muted}; border-radius: 4px;
        background: {c.window}; }}
    QCheckBox::indicator:checked {{ background: {c.accent}; border-color: {c.accent};
        image: url(retake:check-{tone}.svg); }}
    QCheckBox::indicator:focus, QCheckBox::indicator:hover {{ border-color: {c.accent}; }}
    QCheckBox::indicator:disabled {{ border-color: {c.line}; background: {c.panel}; }}
    QCheckBox::indicator:checked:focus {{ border: 2px solid {c.text}; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: 22px; }}
    QAbstractSpinBox::up-arrow {{ image: url(retake:{up}); width: 12px; height: 12px; }}
    QAbstractSpinBox::down-arrow {{ image: url(retake:{arrow}); width: 12px; height: 12px; }}
    QComboBox::drop-down {{ border: none; width: 22px; }}
    QComboBox::down-arrow {{ image: url(retake:{arrow}); width: 14px; height: 14px;
        margin-right: 8px; }}
    QAbstractScrollArea {{ border: none; background: transparent; }}
    QPlainTextEdit {{ background: {c.window}; border: 1px solid {c.line}; border-radius: 6px; padding: 8px; }}
    QPlainTextEdit[readOnly="true"] {{ background: {c.panel}; }}
    QPlainTextEdit:focus {{ border-color: {c.accent}; }}
    QProgressBar {{ background: {c.raised}; border: none; border-radius: 3px; max-height: 6px; }}
    QProgressBar::chunk {{ background: {c.accent}; border-radius: 3px; }}
    QTabBar#tabs {{ font-weight: bold; }}
    #tabs::tab {{ padding: 6px 14px; margin-right: 4px; color: {c.muted}; border: 1px solid transparent;
        border-radius: 6px; }}
    #tabs::tab:selected {{ background: {c.raised}; color: {c.text}; }}
    #tabs::tab:selected:focus {{ border-color: {c.accent}; }}
    #question {{ background: {c.raised}; border-radius: 8px; }}
    #popover {{ background: {c.panel}; border: 1px solid {c.line}; border-radius: 8px; }}
    #primarytool {{ background: {c.accent}; border-color: {c.accent}; }}
    #primarytool:hover {{ border-color: {c.text}; }}
    #primarytool:disabled {{ background: {c.raised}; border-color: {c.raised}; }}
    #primarytool:focus {{ border-color: {c.text}; }}
    QSplitter::handle {{ background: {c.line}; }}
    QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
    QScrollBar::handle {{ background: {c.line}; border-radius: 4px; margin: 2px; }}
    QScrollBar::handle:vertical {{ min-height: 32px; }}
    QScrollBar::handle:horizontal {{ min-width: 32px; }}
    QScrollBar::handle:hover {{ background: {c.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {c.line}; }}
    QSlider::sub-page:horizontal {{ background: {c.accent}; border-radius: 2px; }}
    QSlider::handle:horizontal {{ width: 12px; height: 12px; margin: -4px 0; border-radius: 6px;
        background: {c.text}; }}
    QSlider:focus {{ border: 1px solid {c.accent}; border-radius: 6px; }}
    """
