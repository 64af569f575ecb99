"""The model's file: skops, no pickle, and the same bytes for the same model."""

from __future__ import annotations

import io
import json
import re
from copy import copy
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

import numpy as np
import skops.io

from tension.errors import ModelError
from tension.signals.estimator import SignalClassifier, packed, unpacked_rows

_TRUSTED = ["tension.signals.estimator.SignalClassifier"]
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FORMAT = 1


class StoredModel(NamedTuple):
    """What the file holds."""

    classifier: SignalClassifier
    version: str
    languages: frozenset[str]


def write_model(model: StoredModel, path: Path) -> None:
    """Write a model's file."""
    classifier = copy(model.classifier)
    classifier.lexicon = packed(unpacked_rows(classifier.lexicon))
    classifier.coef_ = classifier.coef_.astype(np.float16)
    content = {
        "format": _FORMAT,
        "version": model.version,
        "languages": sorted(model.languages),
        "classifier": classifier,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_canonical(skops.io.dumps(content)))


def read_model(path: Path) -> StoredModel:
    """Read a model's file.

    Raises
    ------
    ModelError
        If it is missing, broken, holds types of others, or is of another format.
    """
    if not path.is_file():
        raise ModelError(f"no trained model at {path}: reinstall tension, or make one with `tension train`")
    try:
        content = skops.io.load(path, trusted=_TRUSTED)
        if content["format"] != _FORMAT:
            raise ModelError(f"{path} is of another version of tension: make a new model with `tension train`")
        classifier = content["classifier"]
        classifier.coef_ = classifier.coef_.astype(np.float32)
        return StoredModel(classifier, content["version"], frozenset(content["languages"]))
    except (BadZipFile, skops.io.exceptions.UntrustedTypesFoundException, KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"the model in {path} cannot be used ({error}): make a new one with `tension train`"
        ) from error


def _canonical(stored: bytes) -> bytes:
    """Number objects in reading order instead of by memory address, and leave the time of writing out."""
    source = ZipFile(io.BytesIO(stored))
    schema = source.read("schema.json").decode()
    numbers: dict[str, str] = {}
    number = re.compile(r'("__id__": |"file": ")(\d+)')
    schema = number.sub(lambda m: m[1] + numbers.setdefault(m[2], str(len(numbers))), schema)
    target = io.BytesIO()
    with ZipFile(target, "w") as archive:
        for name in sorted(source.namelist(), key=lambda name: int(numbers.get(name.split(".")[0], -1))):
            stem, _, ending = name.partition(".")
            body = schema.encode() if name == "schema.json" else source.read(name)
            entry = ZipInfo(f"{numbers.get(stem, stem)}.{ending}", _EPOCH)
            archive.writestr(entry, body, ZIP_DEFLATED, 6)
    json.loads(schema)
    return target.getvalue()
