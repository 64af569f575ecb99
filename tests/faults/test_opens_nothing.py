"""Whatever a document says, reading it opens no file, looks up no name and starts no program.

Python itself is asked: an audit hook, in a process of its own, for it cannot be taken off again.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import documents

ROOT = Path(__file__).parents[2]
WATCHED = """
import json, sys
from tests.faults.properties import read_or_refused

heard = []

def hear(event, arguments):
    if event == "open" or event.startswith(("socket.", "os.", "subprocess.", "urllib.")):
        heard.append(f"{event} {arguments}")

def heard_while_reading(document):
    read_or_refused(document)  # once, so that Python has read its own files: codecs and the like
    heard.clear()
    read_or_refused(document)
    return list(heard)

sys.addaudithook(hear)
"""
READ = "print(json.dumps({name: heard_while_reading(text.encode()) for name, text in json.load(sys.stdin).items()}))"
OPEN = "open('/etc/hostname').close(); print(json.dumps(heard))"
LOOPBACK = "http://127.0.0.1:9/x"
ENTITY = '<!DOCTYPE rss [<!ENTITY a SYSTEM "{}">]>'
DOCUMENTS = {
    "a path": b"/etc/hostname",
    "a file's address": b"file:///etc/hostname",
    "a web address": LOOPBACK.encode(),
    "an entity from a file": documents.feed("<item><title>&a;</title></item>", ENTITY.format("file:///etc/hostname")),
    "an entity from the web": documents.feed("<item><title>&a;</title></item>", ENTITY.format(LOOPBACK)),
    "a parameter entity": documents.feed(documents.item(1), f'<!DOCTYPE rss [<!ENTITY % a SYSTEM "{LOOPBACK}">%a;]>'),
    "a document type from a file": documents.feed(documents.item(1), '<!DOCTYPE rss SYSTEM "/etc/hostname">'),
    "a document type from the web": documents.feed(documents.item(1), f'<!DOCTYPE rss SYSTEM "{LOOPBACK}">'),
    "a style sheet": documents.feed(documents.item(1), f'<?xml-stylesheet href="{LOOPBACK}"?>'),
    "an inclusion": documents.feed(
        f'<item><title>x</title><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{LOOPBACK}"/></item>'
    ),
    "pictures": documents.feed(documents.item(1, f"<description>&lt;img src='{LOOPBACK}'&gt;</description>")),
    "a good feed": documents.good("plain"),
}


def said(code: str, given: object = None) -> object:
    """What a program under watch prints."""
    command = [sys.executable, "-c", WATCHED + code]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True, cwd=ROOT)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def opened() -> object:
    """What reading each document opened."""
    return said(READ, {name: body.decode() for name, body in DOCUMENTS.items()})


@pytest.mark.parametrize("name", DOCUMENTS)
def test_reading_opens_nothing(opened, name):
    assert opened[name] == []


def test_what_is_opened_would_be_heard():
    assert "/etc/hostname" in str(said(OPEN))
