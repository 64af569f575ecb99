"""Addresses: which may be connected to, and when two URLs mean the same article. Pure: no name is looked up here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from yarl import URL

from tension.feeds.plain import one_line

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

_GLOBAL_UNICAST_6 = IPv6Network("2000::/3")
# Python's is_global differs between patch releases, so what matters is named here too.
_DENIED: tuple[Network, ...] = tuple(
    ip_network(block)
    for block in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # a cloud's inner server on a public address
        "2001::/23",  # protocol assignments, Teredo (2001::/32) among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 carries any IPv4 address, private ones too
        "3fff::/20",  # documentation
    )
)

# Parameters that say where a click came from. Exact names only, for `ref`, `source` or `id` may name an article.
_TRACKING = re.compile(
    r"(?:utm_.*|at_.*|mtm_.*|pk_.*|stm_.*|hsa_.*|ns_(?:campaign|mchannel|source|linkname|fee)|xtor|xts|echobox|"
    r"(?:fbc|gc|dc|yc|ysc|twc|ttc)lid|(?:msclk|gbra|wbra)id|gclsrc|igshid|igsh|mc_[ce]id|mkt_tok|_ga|_gl|"
    r"_openstat|wt[._](?:mc|mc_id|rss.*|zmc)|ocid|icid|cmpid|cmp|smid|maca|traffic_source)",
    re.IGNORECASE,
)
_FROM_A_FEED = re.compile(r"(?:source|src|ref|from|mod|partner|emc|origin)=rss(?:[_.-]\w*)?", re.IGNORECASE)
_USER = re.compile(r"(^(?:https?|ftp):[/\\]*|^[/\\]+|//)[^/?#]*@", re.IGNORECASE)
_SHOWN_CHARACTERS = 2_000
_SAFE = "!$&'()*+,;=:@/~%"


def permitted(address: str | Address, allowed_networks: Iterable[Network] = ()) -> bool:
    """Whether an IP address may be connected to.

    Parameters
    ----------
    address
        An IPv4 or IPv6 address. An IPv4 address mapped into IPv6 is judged as the IPv4 address.
    allowed_networks
        Networks that are let through although they are not public.

    Returns
    -------
    bool
        True for globally routable unicast addresses and for those inside an allowed network. Private, loopback,
        link-local, multicast, NAT64, 6to4, Teredo and reserved addresses, and what is no address, give False.
    """
    try:
        given = ip_address(address)
    except ValueError:
        return False
    judged = (given.ipv4_mapped or given) if isinstance(given, IPv6Address) else given
    if any(judged in network for network in allowed_networks):
        return True
    return _public(judged)


def _public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and (address.scope_id or address not in _GLOBAL_UNICAST_6):
        return False
    special = address.is_multicast or address.is_reserved or not address.is_global
    return not special and not any(address in network for network in _DENIED)


def ascii_host(host: str) -> str:
    """A host in lower case, as punycode where it holds other letters, without a final dot.

    Raises
    ------
    ValueError
        When it cannot be a host name.
    """
    host = host.lower().rstrip(".")
    if host.isascii():
        return host
    return (URL.build(scheme="http", host=host).raw_host or "").lower()


def without_credentials(url: str) -> str:
    """The URL as it may be shown and logged: no user, no password, the host in punycode, nothing invisible.

    A user within another URL, as in a query, goes too; so this is for people to read. To keep, use `without_user`.
    """
    shown = _USER.sub(r"\1", one_line(url, _SHOWN_CHARACTERS))
    try:
        parts = urlsplit(shown)
        return urlunsplit(parts._replace(netloc=_netloc(parts, drop_default_port=False))) if parts.hostname else shown
    except ValueError:
        return shown


def without_user(url: str) -> str:
    """The URL as it may be stored: as given, but without user and password, and with a host of ASCII letters."""
    try:
        parts = urlsplit(url)
        if "@" not in parts.netloc and parts.netloc.isascii():
            return url
        return urlunsplit(parts._replace(netloc=_netloc(parts, drop_default_port=False)))
    except ValueError:
        return without_credentials(url)


def web_address(given: str) -> str:
    """The address where it is given in the scheme that browsers once handed to feed readers, ``feed:``."""
    if match := re.fullmatch(r"feed:(?://)?(https?:.*)", given, re.IGNORECASE):
        return match[1]
    return re.sub(r"^feed:(?=//)", "http:", given, flags=re.IGNORECASE)


def same_feed(url: str) -> str:
    """The identity of a feed's URL: `canonical_url`, with every parameter kept."""
    return _canonical(url, keep_parameters=True)


def canonical_url(url: str) -> str:
    """The identity of an article across feeds.

    ``http`` and ``https`` are one, the host is lower case and punycode, default ports, user names, fragments and
    parameters that only track a click are gone, the others are sorted by name. Fragments that name a page
    (``#!/a``, ``#/a``) stay. The function is idempotent. What is no web address comes back stripped, unchanged.

    Notes
    -----
    ``courlan.clean_url`` is not used: it drops parameters without a value (``?12345``) and names such as ``cid``
    and ``ref``, and so makes one article out of two.
    """
    return _canonical(url, keep_parameters=False)


def _canonical(url: str, *, keep_parameters: bool) -> str:
    url = url.strip()
    try:
        parts = urlsplit(url)
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            return url
        netloc = _netloc(parts, drop_default_port=True)
    except ValueError:
        return url
    query = "&".join(_query(parts.query, keep_parameters))
    fragment = _quoted(parts.fragment) if parts.fragment.startswith(("!", "/")) else ""
    return urlunsplit(("https", netloc, _path(parts.path), query, fragment))


def _netloc(parts: SplitResult, *, drop_default_port: bool) -> str:
    host = ascii_host(parts.hostname or "")
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    if port is None or (drop_default_port and port in (80, 443)):
        return host
    return f"{host}:{port}"


def _query(query: str, keep_parameters: bool) -> list[str]:
    pieces = [_quoted(piece) for piece in query.split("&") if piece]
    if not keep_parameters:
        pieces = [p for p in pieces if not _TRACKING.fullmatch(p.partition("=")[0]) and not _FROM_A_FEED.fullmatch(p)]
    return sorted(pieces, key=lambda piece: piece.partition("=")[0])


def _path(path: str) -> str:
    kept: list[str] = []
    segments = _quoted(path).split("/")
    for segment in segments[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", "..") and len(segments) > 1:
        kept.append("")
    return "/" + "/".join(kept)


def _quoted(text: str) -> str:
    """Percent-encoding in one form: unreserved characters plain, others upper-case hex, reserved ones as given."""
    tidy = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    tidy = re.sub(r"%[0-9A-Fa-f]{2}", lambda match: _unreserved(match.group()), tidy)
    return quote(tidy, safe=_SAFE + "?")


def _unreserved(escape: str) -> str:
    plain = unquote(escape)
    return plain if plain.isascii() and (plain.isalnum() or plain in "-._~") else escape.upper()
