"""Which key of the environment goes to which address: none that was made for another, none where it can be read.

A scenario can name any address, so what a stranger's scenario could have sent to him is bounded here. It knows no
HTTP, and it keeps nothing.
"""

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from fivepenny.errors import WrongUse

OWN_KEY, OPENAI_KEY = "FIVEPENNY_API_KEY", "OPENAI_API_KEY"
OPENAI_HOST = "api.openai.com"

PRIVATE_NETWORKS = tuple(
    ip_network(block)
    for block in (
        "127.0.0.0/8", "::1/128",  # this machine
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  # RFC 1918
        "169.254.0.0/16", "fe80::/10",  # one link (RFC 3927, RFC 4291)
        "fc00::/7",  # RFC 4193
        "100.64.0.0/10",  # RFC 6598, and Tailscale's
    )
)  # fmt: skip
"""Where a key may go over plain HTTP."""
PRIVATE_NAME, PRIVATE_ENDING = "localhost", ".local"


def key_for(url: str, environment: Mapping[str, str]) -> str:
    """The key that this address is sent, or an empty text.

    `OPENAI_API_KEY` goes to api.openai.com over HTTPS and nowhere else, `FIVEPENNY_API_KEY` to every other address that
    is named, and there too where the first is not set. Raises `WrongUse` for a key that cannot be one, and where it
    would go over plain HTTP beyond a private network.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    for name in key_names(url):
        key = environment.get(name, "").strip()
        if key:
            return _checked(name, key, host, open_to_all=parts.scheme != "https" and not is_private(host))
    return ""


def key_names(url: str) -> tuple[str, ...]:
    """The variables whose key this address may be sent; the first that is set counts."""
    parts = urlsplit(url)
    return (OPENAI_KEY, OWN_KEY) if (parts.scheme, parts.hostname) == ("https", OPENAI_HOST) else (OWN_KEY,)


def key_advice(url: str) -> str:
    """What to do where this address refuses the key that it was sent, or wants one."""
    name = key_names(url)[0]
    other = "" if name == OPENAI_KEY else f" ({OPENAI_KEY} goes to {OPENAI_HOST} alone)"
    return f"set {name} to a key of this server{other}"


def is_private(host: str) -> bool:
    """Whether a host is this machine or stands in a private network, by its number or by the `.local` of mDNS."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == PRIVATE_NAME or host.endswith(PRIVATE_ENDING)
    return any(address in network for network in PRIVATE_NETWORKS)


def _checked(name: str, key: str, host: str, *, open_to_all: bool) -> str:
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise WrongUse(f"{name}: not a key; it holds spaces or letters beyond ASCII")
    if open_to_all:
        raise WrongUse(f"{name}: not sent to {host} over plain http, where others can read it; use https or unset it")
    return key
