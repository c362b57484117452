"""Files as a source: a file, or a folder with all its subfolders, read in the order of their names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG
from urllib.parse import quote

from extractors.documents.limits import BINARY_BYTES, MEGABYTE, TEXT_BYTES
from extractors.web.errors import FetchFailure
from extractors.web.warc import WarcError, read_warc
from models.records import Response

MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WARC_ENDINGS = (".warc", ".warc.gz")


def read_files(root: Path) -> Iterator[Response | FetchFailure]:
    """Every file under `root` that has one of the endings, as it stands; what cannot be read, as a failure.

    Addresses are relative to `root` ("file:referater/2011.pdf"), so that no path of the machine is told. The time of
    a response is the file's own: the same files give the same dataset on any day.
    """
    if root.is_file():
        yield from _read(root, root.name)
        return
    unreadable: list[FetchFailure] = []

    def note(error: OSError) -> None:
        name = Path(error.filename or root).relative_to(root).as_posix()
        unreadable.append(FetchFailure(address(name), "Mappen kan ikke læses", "Unreadable"))

    for folder, folders, files in os.walk(root, onerror=note):
        folders.sort()
        for name in sorted(files):
            path = Path(folder) / name
            yield from _read(path, path.relative_to(root).as_posix())
        yield from unreadable
        unreadable.clear()
    yield from unreadable


def address(name: str) -> str:
    """The address of a file by its path relative to the source; names of old archives need not be UTF-8."""
    return "file:" + quote(os.fsencode(name), safe="/")


def _read(path: Path, name: str) -> Iterator[Response | FetchFailure]:
    url, media_type = address(name), MEDIA_TYPES.get(path.suffix.lower(), "")
    warc = name.lower().endswith(WARC_ENDINGS)
    if not (warc or media_type):
        return
    try:
        found = path.stat()
        if not S_ISREG(found.st_mode):  # a pipe keeps its reader waiting
            yield FetchFailure(url, "Filen kan ikke læses", "Unreadable")
        elif warc:
            yield from _read_warc(path, url)
        elif found.st_size > (most := TEXT_BYTES if media_type.startswith("text/") else BINARY_BYTES):
            size = found.st_size // MEGABYTE
            yield FetchFailure(url, f"Filen fylder {size} MB; højst {most // MEGABYTE} MB læses", "TooLarge")
        else:
            moment = datetime.fromtimestamp(int(found.st_mtime), UTC)
            yield Response(url=url, media_type=media_type, body=path.read_bytes(), fetched_at=moment)
    except OSError:
        yield FetchFailure(url, "Filen kan ikke læses", "Unreadable")


def _read_warc(path: Path, url: str) -> Iterator[Response | FetchFailure]:
    try:
        yield from read_warc(path)
    except WarcError as error:
        yield FetchFailure(url, str(error), "WarcError")
