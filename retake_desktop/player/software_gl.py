"""Converting frames by OpenGL only where a graphics card does it."""

from functools import cache

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QOffscreenSurface, QOpenGLContext

GL_RENDERER = 0x1F01
IN_SOFTWARE = ("llvmpipe", "softpipe", "swrast", "software", "swiftshader")


@cache
def avoid_software_gl() -> None:
    """Have Qt convert frames itself where OpenGL is emulated, which takes 200 ms for a frame of 1080p."""
    context, surface = QOpenGLContext(), QOffscreenSurface()
    surface.create()
    if not context.create() or not context.makeCurrent(surface):
        return
    renderer = str(context.functions().glGetString(GL_RENDERER)).lower()
    context.doneCurrent()
    if any(name in renderer for name in IN_SOFTWARE):
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ForceRasterWidgets)
