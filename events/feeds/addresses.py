"""Addresses as pages and feeds write them, and when two are the same page. Pure."""

from __future__ import annotations

from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

MAX_URL = 2_000
_TRACKING = frozenset(
    {"gclid", "fbclid", "dclid", "msclkid", "yclid", "mc_cid", "mc_eid", "igshid", "_ga", "spm"}
)
_TRACKING_PREFIXES = ("utm_", "pk_", "mtm_")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def absolute_url(base: str, link: str) -> str:
    """`link` resolved against `base`, when that is an http(s) address of a sane length; else ""."""
    link = "".join(link.split())
    if not link or len(link) > MAX_URL:
        return ""
    try:
        joined = urljoin(base, link)
        parts = urlsplit(joined)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return joined if usable and len(joined) <= MAX_URL else ""


def normal_url(url: str) -> str:
    """`url` without what does not choose the page: fragment, tracking parameters, default port, case of the host.

    The order of the other parameters is kept, since some sites read meaning into it. An address that cannot be
    taken apart is returned as it is.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return url
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return url
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        netloc += f":{port}"
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._") or "/"
    return urlunsplit((parts.scheme, netloc, path, _without_tracking(parts.query), ""))


def _without_tracking(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=None)
    kept = [pair for pair in pairs if not _is_tracking(pair[0].lower())]
    # Left alone when there is nothing to take out: re-encoding may change what a site reads.
    return query if len(kept) == len(pairs) else urlencode(kept)


def _is_tracking(name: str) -> bool:
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


def trusted_canonical(page: str, claimed: str) -> str:
    """The address that stands for the page fetched from `page`, whose HTML claims `claimed` as its canonical one.

    A claim is believed within the same site only, else one site could overwrite another's documents; and not when
    it names the home page for an article, a common mistake that would make all articles one.
    """
    own = normal_url(page)
    try:
        a, b = urlsplit(own), urlsplit(normal_url(claimed))
    except ValueError:
        return own
    if b.scheme not in _DEFAULT_PORTS or _site(a) != _site(b):
        return own
    if b.path in ("", "/") and not b.query and (a.path not in ("", "/") or a.query):
        return own
    return urlunsplit(b)


def _site(parts: SplitResult) -> str:
    host = parts.netloc.lower()
    for prefix in ("www.", "m.", "amp.", "mobile."):
        host = host.removeprefix(prefix)
    return host
