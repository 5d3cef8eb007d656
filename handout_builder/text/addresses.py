"""Addresses that people or links give: web, mailbox, telephone; what is wrong with one, and how people read it."""

import re
from urllib.parse import unquote, urlsplit

# RFC 1035, section 2.3.4, without the dot at the end; labels after IDNA, in which case digits and hyphens are left.
_MOST_HOST = 253
_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
# RFC 5321, section 4.1.2, without quoted names; letters beyond ASCII after RFC 6531.
_MAILBOX = re.compile(r"[\w!#$%'*+/=^`{|}~-]+(\.[\w!#$%'*+/=^`{|}~-]+)*")
# RFC 3966: at least three digits, as the shortest numbers for emergencies have.
_LEAST_DIGITS = 3
# RFC 9293, section 3.1: 16 bits; 0 is kept for itself (RFC 6335, section 6).
_MOST_PORT = 65_535
# Where an address may go on in the next line: behind a slash, before the other marks (Chicago Manual of Style, 7.46).
_JOINTS = re.compile(r"(?<=/)(?=[^/])|(?<=.)(?=[.?&=#@])")


def shown(link: str) -> str:
    """Return an address as people read and type it: ``www.example.com``, ``a@example.com``, ``+44 20 7946 0000``."""
    scheme, _, rest = link.partition(":")
    match scheme.lower():
        case "http" | "https":
            return re.sub(r"^//|/$", "", rest)
        case "mailto" | "tel":
            return unquote(rest.partition("?")[0])
    return link


def parts(address: str) -> list[str]:
    """Return an address in the parts that no line should break in."""
    return _JOINTS.split(address)


def wrong_address(address: str) -> str:
    """Return why a web address, ``mailto:`` or ``tel:`` leads nowhere; "" where it is well-formed, or is another."""
    scheme, _, rest = address.partition(":")
    match scheme.lower():
        case "http" | "https":
            return _wrong_web(address)
        case "mailto":
            return wrong_mailbox(unquote(rest))
        case "tel":
            return wrong_phone(unquote(rest))
    return ""


def wrong_mailbox(mailbox: str) -> str:
    """Return why an e-mail address cannot be written to; headers such as ``?bcc=`` are no part of one."""
    local, _, host = mailbox.rpartition("@")
    if not _MAILBOX.fullmatch(local):
        return "the name before the @ is none"
    return _wrong_host(host) or ("" if "." in host else "the name of the host has no dot")


def wrong_phone(number: str) -> str:
    """Return why a telephone number cannot be dialled."""
    return "" if sum(map(str.isdecimal, number)) >= _LEAST_DIGITS else f"fewer than {_LEAST_DIGITS} digits"


def _wrong_web(address: str) -> str:
    if re.search(r'[\s<>"\\]', unquote(address.partition("?")[0])):
        return 'blanks and < > " \\ have no place in it'
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:  # of brackets, and of letters that stand for a slash or a colon
        return "the name of the host is not well-formed"
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.username is not None:
        return "a user's name or password stands in it"
    if port == 0:
        return f"the port, behind the colon, is no number from 1 to {_MOST_PORT}"
    # Brackets are looked at by urlsplit itself (RFC 3986, section 3.2.2).
    return "" if "[" in parts.netloc else _wrong_host(unquote(host))


def _wrong_host(host: str) -> str:
    """Return why a name is no host's, in letters of any language."""
    if not host:
        return "the name of the host is missing"
    try:
        # The codec takes long to load, and would give back what is ASCII.
        name = host.rstrip(".") if host.isascii() else host.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return f"'{host}' is no name of a host"
    if len(name) > _MOST_HOST or not all(map(_LABEL.fullmatch, name.split("."))):
        return f"'{host}' is no name of a host"
    return ""
