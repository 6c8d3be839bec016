"""The one place from which anything leaves the machine: a request to the endpoint that the user named.

The endpoint is given by the caller, never by a book: a book from somebody else could otherwise name where the user's
documents and key go. The connection is made here and not by a library that follows redirects, reads proxy settings
or keeps cookies.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import re
import socket
import threading
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from muniment.evidence.near_misses import visible

LARGEST_ANSWER = 2 * 1024 * 1024
"""Bytes of an answer; a longer one is not read further."""
LARGEST_FAULT = 4_096
"""Bytes that are read of an answer that reports an error."""
LONGEST_EXCERPT = 200
PATH = "/chat/completions"
HEADER_WORD = re.compile(r"[\x21-\x7e]+")
HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:.]+", re.IGNORECASE)
LOCAL_NAME = "localhost"
WANTED = "name an https address, or http on this machine, as in http://localhost:11434/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An OpenAI-compatible service.

    Attributes:
        scheme: ``https``, or ``http`` for a service on this machine.
        host: Name or address, without brackets.
        port: 1 to 65535.
        path: Of the requests, from the slash on.
        model: What the service calls the model.
        key: Goes into the header `Authorization`; empty = none is sent. Never printed.
    """

    scheme: str
    host: str
    port: int
    path: str
    model: str
    key: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """Host and port, as they stand in an address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _usual_port(self.scheme) else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The address that requests go to."""
        return f"{self.scheme}://{self.address}{self.path}"

    def headers(self, length: int) -> dict[str, str]:
        """Return all that is sent before a body of so many bytes, with the key, in the order it is sent."""
        sent = {
            "Host": self.address,
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "Content-Length": str(length),
            "User-Agent": "muniment",
        }
        return sent | ({"Authorization": f"Bearer {self.key}"} if self.key else {})


class Answered(NamedTuple):
    """The body of an answer with status 200."""

    body: bytes


class Failed(NamedTuple):
    """Why there is no answer.

    Attributes:
        message: In one sentence without a full stop; the key is never in it.
        was_sent: The request had begun to be sent, so that the service may have it.
    """

    message: str
    was_sent: bool = True


def endpoint_at(base: str, model: str, key: str = "") -> Endpoint:
    """Return the endpoint below a base address.

    Args:
        base: As in `https://api.example.org/v1`; `/chat/completions` is added.
        model: The model's name.
        key: The secret; empty if the service wants none.

    Returns:
        The endpoint; nothing is connected yet.

    Raises:
        ValueError: In one sentence, if the address, the model's name or the key cannot be used. The key is not in it.
    """
    if not base.isascii() or not base.isprintable() or " " in base or "\\" in base:
        raise ValueError(f"the address has a character that no address has; {WANTED}")
    try:
        parts = urlsplit(base)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(f"'{base}' is not an address; {WANTED}") from None
    scheme = parts.scheme.lower()
    if parts.username is not None or parts.password is not None:
        raise ValueError("the address holds a name or password; put the key into MUNIMENT_DRAFT_KEY")
    if scheme not in ("http", "https") or not HOST.fullmatch(host):
        raise ValueError(f"'{base}' is not an address; {WANTED}")
    if parts.query or parts.fragment or "?" in base or "#" in base:
        raise ValueError("the address holds a '?' or '#'; give the part before '/chat/completions' only")
    if scheme == "http" and not (host.rstrip(".") == LOCAL_NAME or _is_loopback(host)):
        raise ValueError(f"'{base}' would send the document unencrypted to another machine; {WANTED}")
    if port == 0:
        raise ValueError(f"'{base}' is not an address; {WANTED}")
    if not model or len(model) > 200 or not model.isprintable():
        raise ValueError("the model's name is empty, too long, or has a character that cannot be seen")
    if key and not HEADER_WORD.fullmatch(key):
        raise ValueError("MUNIMENT_DRAFT_KEY has a character that no key has, such as a space or a line end")
    path = parts.path.rstrip("/")
    path = path if path.endswith(PATH) else path + PATH
    return Endpoint(scheme=scheme, host=host, port=port or _usual_port(scheme), path=path, model=model, key=key)


def ask(endpoint: Endpoint, body: bytes, seconds: float) -> Answered | Failed:
    """Send one body and return what comes back.

    Args:
        endpoint: Where to.
        body: JSON.
        seconds: For everything together, from the first packet to the last byte of the answer; above 0.

    Returns:
        The answer, or why there is none. A redirect is not followed: it is a failure.
    """
    connection = _connection(endpoint, seconds)
    out_of_time = threading.Event()
    timer: threading.Timer | None = None
    held: socket.socket | None = None
    began = False
    try:
        connection.sock = plain = socket.create_connection((endpoint.host, endpoint.port), timeout=seconds)
        if endpoint.scheme == "http" and not _is_loopback(str(plain.getpeername()[0])):
            return Failed(f"'{endpoint.host}' is not this machine", was_sent=False)
        held = plain.dup()
        timer = threading.Timer(seconds, _stop, (held, out_of_time))
        timer.daemon = True
        timer.start()
        if isinstance(connection, http.client.HTTPSConnection):
            _encrypt(connection, plain)
        began = True
        connection.request("POST", endpoint.path, body=body, headers=endpoint.headers(len(body)))
        answered = _read(connection.getresponse(), endpoint)
        return _too_late(seconds, began) if out_of_time.is_set() else answered
    except TimeoutError:
        return _too_late(seconds, began)
    except (OSError, http.client.HTTPException, ValueError) as fault:
        return _too_late(seconds, began) if out_of_time.is_set() else Failed(_why(fault, endpoint), began)
    finally:
        if timer is not None:
            timer.cancel()
        if held is not None:
            held.close()
        connection.close()


def _connection(endpoint: Endpoint, seconds: float) -> http.client.HTTPConnection:
    """Return a connection that is not open yet."""
    if endpoint.scheme == "https":
        return http.client.HTTPSConnection(endpoint.host, endpoint.port, timeout=seconds)
    return http.client.HTTPConnection(endpoint.host, endpoint.port, timeout=seconds)


def _encrypt(connection: http.client.HTTPSConnection, plain: socket.socket) -> None:
    """Put TLS over a connection; the handshake is done where the clock can already stop it."""
    import ssl

    context = ssl.create_default_context()
    encrypted = context.wrap_socket(plain, server_hostname=connection.host, do_handshake_on_connect=False)
    connection.sock = encrypted
    encrypted.do_handshake()


def _stop(held: socket.socket, out_of_time: threading.Event) -> None:
    """End a connection whose time is up, whatever it is waiting for.

    Args:
        held: A second handle of the connection: the first passes into the hands of the library, which may let go of it.
        out_of_time: Is set.
    """
    out_of_time.set()
    try:
        held.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _read(response: http.client.HTTPResponse, endpoint: Endpoint) -> Answered | Failed:
    status = response.status
    if 300 <= status < 400:
        return Failed(f"{endpoint.address} answered {status}, a redirect, which is not followed")
    if status != 200:
        return Failed(f"{endpoint.address} answered {status}{_excerpt(response.read(LARGEST_FAULT), endpoint.key)}")
    encoding = response.getheader("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        return Failed(f"{endpoint.address} answered in a compressed form that was not asked for")
    body = response.read(LARGEST_ANSWER + 1)
    if len(body) > LARGEST_ANSWER:
        return Failed(f"{endpoint.address} answered with more than {LARGEST_ANSWER // 1024 // 1024} MB")
    return Answered(body)


def _excerpt(body: bytes, key: str) -> str:
    """Return what a service says of a fault, in few words and without the key."""
    text = body.decode("utf-8", "replace")
    try:
        told = json.loads(text)
        fault = told.get("error") if isinstance(told, dict) else None
        words = fault.get("message") if isinstance(fault, dict) else fault
    except (ValueError, RecursionError):
        words = text
    if not isinstance(words, str) or not words.strip():
        return ""
    if key:
        words = words.replace(key, "[key]")
    words = visible(" ".join(words.split()))
    return f": {words[:LONGEST_EXCERPT]}{'...' if len(words) > LONGEST_EXCERPT else ''}"


def _why(fault: Exception, endpoint: Endpoint) -> str:
    """Return a fault of the connection in words; never the text of a header, which could hold the key."""
    if isinstance(fault, socket.gaierror):
        return f"there is no machine named '{endpoint.host}'"
    if isinstance(fault, ConnectionRefusedError):
        return f"nothing answers at {endpoint.address}"
    if isinstance(fault, http.client.IncompleteRead):
        return f"{endpoint.address} broke its answer off"
    if isinstance(fault, OSError):
        return f"the connection to {endpoint.address} failed: {visible(fault.strerror or type(fault).__name__)}"
    return f"{endpoint.address} did not answer as the protocol wants"


def _too_late(seconds: float, began: bool) -> Failed:
    return Failed(f"no whole answer came within {seconds:g} seconds", began)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _usual_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
