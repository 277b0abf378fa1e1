"""One window for a library: a second start hands over its link, and ends."""

import hashlib
import os

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from retake_core.data_dir import DataDir
from retake_core.errors import UserError

PATIENCE_MS = 3000  # for the other window to take it
LONGEST = 1 << 16  # bytes of a link


class SingleInstance(QObject):
    """Holds the library for this window, and takes what other starts hand over."""

    handed_over = Signal(
        object
    )  # str, as Qt would lose odd bytes: a link, or nothing: the window is only wanted in front

    def __init__(self, data_dir: DataDir) -> None:
        super().__init__()
        digest = hashlib.sha256(os.fsencode(data_dir.root.resolve())).hexdigest()
        self._name = f"retake-{digest[:24]}"
        self._lock = QLockFile(str(data_dir.root / "window.lock"))
        self._lock.setStaleLockTime(0)  # only a process that has ended leaves one behind
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connect)

    def take(self, link: str = "") -> bool:
        """Hold the library, or hand the link to the window that does.

        Returns:
            Whether this is the window now.

        Raises:
            UserError: there is another window, which does not answer.
        """
        if self._lock.tryLock(0):
            QLocalServer.removeServer(self._name)  # of a window that crashed
            self._server.listen(self._name)
            return True
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if socket.waitForConnected(PATIENCE_MS):
            socket.write(link.encode("utf-8", "surrogateescape") + b"\n")
            socket.waitForBytesWritten(PATIENCE_MS)
            # It closes the connection when it has understood.
            if socket.state() == QLocalSocket.LocalSocketState.UnconnectedState or socket.waitForDisconnected(
                PATIENCE_MS
            ):
                return False
        raise UserError("ReTaKe is open on this library already but does not answer; close it, or wait a moment.")

    def close(self) -> None:
        """Let go of the library."""
        self._server.close()
        self._lock.unlock()

    def _connect(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            socket.disconnected.connect(socket.deleteLater)
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if socket.canReadLine():
            line = bytes(socket.readLine(LONGEST).data())
            socket.disconnectFromServer()
            self.handed_over.emit(line.decode("utf-8", "surrogateescape").rstrip("\n"))
        elif socket.bytesAvailable() > LONGEST:
            socket.abort()
