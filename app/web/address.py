"""The address that a request came from, also behind proxies, and what its tries are counted by."""

import ipaddress
from functools import lru_cache

from starlette.types import Scope

from app import settings


def of(scope: Scope) -> str:
    """The address that a request came from: as the connection says, or the outermost proxy of ours, if there are any.

    Each of TRUSTED_PROXY_HOPS proxies has added the address of who spoke to it; what stands before that is anybody's.
    """
    peer = scope["client"][0] if scope.get("client") else ""
    if hops := settings.get().trusted_proxy_hops:
        lists = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        told = [part.strip() for part in ",".join(lists).split(",") if part.strip()]
        peer = told[-hops] if len(told) >= hops else peer
    return _plain(peer)


def home_of(address: str) -> str:
    """What tries are counted by: an address, or the network of 2^64 that a home is given with IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ip) if ip.version == 4 else str(ipaddress.ip_network((ip, 64), strict=False))


@lru_cache(maxsize=1024)
def _plain(address: str) -> str:
    """Without a port, as one IP address in one spelling; empty when it is none."""
    bare = address.rpartition("]")[0].lstrip("[") if "]" in address else address
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        ip = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(ip, "ipv4_mapped", None) or ip)
