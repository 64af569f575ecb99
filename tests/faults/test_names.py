"""Names that lead where no feed may: loopback, private and special ranges, and other addresses at each look."""

from __future__ import annotations

import socket
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.faults.conftest import LIMITS

ADDRESSES = {
    "loopback": "127.0.0.2",
    "loopback of IPv6": "::1",
    "private": "10.0.0.1",
    "link-local, where clouds keep their secrets": "169.254.169.254",
    "carrier-grade NAT": "100.64.0.1",
    "any address of this machine": "0.0.0.0",
    "broadcast": "255.255.255.255",
    "multicast": "224.0.0.1",
    "multicast of IPv6": "ff02::1",
    "unique local": "fd00::1",
    "mapped loopback": "::ffff:127.0.0.2",
    "NAT64 of loopback": "64:ff9b::7f00:1",
    "NAT64 of a private address": "64:ff9b::a00:1",
    "local NAT64": "64:ff9b:1::7f00:1",
    "6to4 of loopback": "2002:7f00:1::1",
    "Teredo": "2001:0:7f00:1::1",
}


@pytest.fixture
def names(monkeypatch) -> dict[str, list[list[str]]]:
    """What names lead to, look after look: the last answer stays. Replaces the system's resolver."""
    known: dict[str, list[list[str]]] = defaultdict(list)
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *rest: object, **more: object) -> list[tuple]:
        if not host.endswith(".example"):
            return real(host, port, *rest, **more)
        answers = known[host]
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [_found(address, port) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


def _found(address: str, port: int) -> tuple:
    six = ":" in address
    target = (address, port, 0, 0) if six else (address, port)
    return (socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", target)


def reason(asked: Callable, url: str) -> str:
    return asked(url)[0].reason


@pytest.mark.parametrize("kind", ADDRESSES)
def test_a_name_that_leads_to_a_special_address_is_refused(names, asked, kind):
    address = ADDRESSES[kind]
    names["news.example"] = [[address]]
    said = reason(asked, "http://news.example:9/feed.xml")
    assert said == f"news.example leads to {address}, which is not public; TENSION_ALLOWED_NETWORKS can allow it"


def test_a_name_that_leads_to_an_allowed_address_is_asked(names, asked, server):
    names["news.example"] = [["127.0.0.1"]]
    (answer,) = asked(f"http://news.example:{server.port}/good/named")
    assert len(answer.parsed.items) == 5


def test_of_several_addresses_only_those_allowed_are_tried(names, asked, server, forbidden):
    names["news.example"] = [["127.0.0.2", "10.0.0.1", "::1", "127.0.0.1"]]
    (answer,) = asked(f"http://news.example:{server.port}/good/several")
    assert len(answer.parsed.items) == 5
    names["other.example"] = [["127.0.0.2", "::1"]]
    assert "not public" in reason(asked, f"http://other.example:{forbidden.port}/good/a")
    assert not forbidden.hits()


def test_a_name_that_leads_elsewhere_at_the_second_look_is_refused_there(names, asked, server, forbidden):
    names["news.example"] = [["127.0.0.1"], ["127.0.0.2"]]
    first, second = f"http://news.example:{server.port}/good/a", f"http://news.example:{forbidden.port}/good/a"
    assert reason(asked, first) == ""
    assert "leads to 127.0.0.2, which is not public" in reason(asked, second)
    assert not forbidden.hits()


def test_what_is_checked_is_what_is_connected_to(names, asked, server, forbidden):
    """Whatever a second look would say, there is none between the check and the connection."""
    names["news.example"] = [["127.0.0.1"], ["127.0.0.2"]]
    (answer,) = asked(f"http://news.example:{server.port}/good/a")
    assert len(answer.parsed.items) == 5
    assert names["news.example"] == [["127.0.0.2"]]  # one look was made


def test_a_name_in_a_redirect_is_looked_at_too(names, asked, server, forbidden):
    names["inner.example"] = [["127.0.0.2"]]
    said = reason(asked, f"{server.url}/to?http://inner.example:{forbidden.port}/good/a")
    assert said.startswith("inner.example leads to 127.0.0.2, which is not public")
    assert not forbidden.hits()


def test_a_lookalike_name_is_said_as_what_it_is(names, asked):
    names["xn--bb-pmc.example"] = [["127.0.0.2"]]
    said = reason(asked, "http://bb\u0441.example:9/feed.xml")  # the last letter is Cyrillic
    assert said.startswith("xn--bb-pmc.example leads to 127.0.0.2")


def test_a_name_that_is_not_known_is_named(names, asked):
    assert reason(asked, "http://nowhere.example/feed.xml") == "no address is known for the name nowhere.example"


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.1.", "localhost"])
def test_loopback_in_other_writing_is_refused(asked, host):
    (answer,) = asked(f"http://{host}:9/feed.xml", limits=replace(LIMITS, allowed_networks=()))
    assert "not public" in answer.reason or "neither a name nor an address" in answer.reason


@pytest.mark.parametrize("host", ["[::1]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[64:ff9b::7f00:1]"])
def test_loopback_in_brackets_is_refused(asked, host):
    (answer,) = asked(f"http://{host}:9/feed.xml", limits=replace(LIMITS, allowed_networks=()))
    assert "is not public" in answer.reason


def test_a_proxy_from_the_environment_is_not_used(monkeypatch, asked, server, forbidden):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, forbidden.url)
    monkeypatch.delenv("no_proxy", raising=False)
    (answer,) = asked(server.good("direct"))
    assert len(answer.parsed.items) == 5
    assert not forbidden.hits()
