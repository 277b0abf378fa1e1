"""The address of a cluster: where its first computer listens."""

import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from retake_core.errors import UserError

PORT = 6379
"""Where a cluster listens by default, as Ray does."""
_ANSWER = 5.0  # seconds
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Address:
    """Host, as a number, and port."""

    host: str
    port: int

    def __str__(self) -> str:
        """Return it as people write it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether no other computer can reach it."""
        return self.host == _LOOPBACK

    @classmethod
    def parse(cls, text: str, port: int = PORT) -> "Address":
        """Read HOST or HOST:PORT.

        Raises:
            UserError: it is none, or no computer has it.
        """
        try:
            parts = urlsplit(f"//{text}")
            host, number = parts.hostname, port if parts.port is None else parts.port
        except ValueError:
            host, number = None, 0
        if not host or not number or parts.netloc != text:
            raise UserError(f"{text} is no address of a cluster; write it as 192.168.1.20:{PORT}.")
        try:
            found = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise UserError(f"No computer is called {host}; write its address in numbers.") from error
        numbers = str(found[0][4][0])
        if ipaddress.ip_address(numbers).is_unspecified:
            raise UserError(f"{text} is no address of one computer; write it as 192.168.1.20:{PORT}.")
        own = ipaddress.ip_address(numbers).is_loopback  # at one of these alone, Ray stays inside this computer
        return cls(_LOOPBACK if own else numbers, number)

    def own_side(self) -> str:
        """Return the address of this computer by which one at this address reaches it; nothing is sent."""
        kind = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(kind, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((self.host, self.port))
            except OSError as error:
                raise UserError(f"{self} cannot be reached from this computer ({error.strerror}).") from error
            return str(probe.getsockname()[0])

    def check_answers(self) -> None:
        """Do nothing if something listens there.

        Raises:
            UserError: nothing does.
        """
        try:
            socket.create_connection((self.host, self.port), _ANSWER).close()
        except OSError as error:
            raise UserError(
                f"There is no cluster at {self}; start one on that computer with: retake cluster start"
            ) from error

    def speaks_tls(self) -> bool:
        """Return whether what listens there encrypts what travels; who it is, Ray makes sure of later."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_alpn_protocols(["h2"])
        try:
            with socket.create_connection((self.host, self.port), _ANSWER) as plain, context.wrap_socket(plain):
                return True
        except ssl.SSLError as error:
            return "CERTIFICATE_REQUIRED" in (error.reason or "")
        except OSError:
            return False
