"""The archive: every response as a WARC record (ISO 28500, WARC/1.1), for proof and for replay.

One file for each source and month, one gzip member for each record, no clock and no chance in the bytes: the same
responses in the same order make the same files. The store remembers the committed length of each file (see `ends`);
what a killed process left behind it is cut off before the next append. Files are appended to and cut, so the archive is
a folder of a file system: an object store knows neither.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BufferedWriter
from pathlib import Path
from types import TracebackType

from extractors.web.fetch import Unchanged
from extractors.web.record import response_record, revisit_record
from extractors.web.warc import WarcError, members, read_record
from models.errors import SamspilError
from models.records import Page, Response

_SOURCE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_FILE = re.compile(r"[a-z0-9][a-z0-9-]{0,99}-\d{6}\.warc\.gz")
_ENDING = "yyyymm.warc.gz"


OPEN_FILES = 64
"""Files kept open; captures of a web archive may lie in hundreds."""


class ArchiveError(SamspilError):
    """The archive is not as the store remembers it, or was asked for something that cannot be in it."""


class TornFileError(ArchiveError):
    """A file is damaged, or ends within a record: it is whole up to `length` bytes."""

    def __init__(self, file: str, length: int, reason: str) -> None:
        super().__init__(f"{file} ved {length}: {reason}")
        self.file = file
        self.length = length


@dataclass(frozen=True, slots=True)
class Location:
    """Where a record stands: its WARC-Record-ID, and the bytes of a file of the archive."""

    record: str
    file: str
    offset: int
    length: int


class Archive:
    """A folder of WARC files. Threads may append at the same time; one process writes a file."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._open: dict[str, BufferedWriter] = {}

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, source_id: str, response: Response, filed: datetime | None = None) -> Location:
        """Writes a response: a `response` record when it came over HTTP, a `resource` record when from a file.

        It goes into the file of the month in which it was `filed`, which is what retention counts from: by default
        when it was fetched, which for a capture of a web archive or for a file lies long ago.
        """
        record, data = response_record(source_id, response)
        return self._write(source_id, filed or response.fetched_at, record, data)

    def append_revisit(self, page: Page, unchanged: Unchanged, status: int = 304) -> Location:
        """Writes that `page` was found as archived before: the server said so (304), or sent the same bytes (200)."""
        record, data = revisit_record(page, unchanged, status)
        return self._write(page.source_id, unchanged.fetched_at, record, data)

    def sync(self) -> None:
        """Brings all that was appended to the disk. Commit lengths and locations only after this."""
        with self._lock:
            for file in self._open.values():
                _sync_file(file)
            if self._open:
                _sync_folder(self._root)

    def close(self) -> None:
        """Syncs, and closes the files."""
        self.sync()
        with self._lock, ExitStack() as stack:
            for file in self._open.values():
                stack.callback(file.close)
            self._open = {}

    def length(self, file: str) -> int:
        """The bytes of a file so far; 0 when there is none."""
        with self._lock:
            if file in self._open:
                return self._open[file].tell()
        path = self._path(file)
        return path.stat().st_size if path.exists() else 0

    def files(self) -> tuple[str, ...]:
        """The names of all files, sorted."""
        names = (path.name for path in self._root.iterdir()) if self._root.exists() else iter(())
        return tuple(sorted(name for name in names if _FILE.fullmatch(name)))

    def cut(self, file: str, length: int) -> int:
        """Removes what stands behind the committed `length`: the number of bytes removed.

        Raises ArchiveError when the file is shorter than that: committed records are missing.
        """
        path = self._path(file)
        with self._lock:
            opened = self._open.pop(file, None)
            if opened is not None:
                opened.close()
            size = path.stat().st_size if path.exists() else 0
            if size < length:
                raise ArchiveError(f"{file}: {size} byte, men {length} er registreret")
            if size > length:
                with path.open("r+b") as tail:
                    tail.truncate(length)
                    os.fsync(tail.fileno())
            return size - length

    def read(self, location: Location) -> Response:
        """The response as it was appended, its time in UTC. Raises ArchiveError when it is missing or damaged."""
        path = self._path(location.file)
        with self._lock:
            if location.file in self._open:
                self._open[location.file].flush()
        try:
            with path.open("rb") as file:
                file.seek(location.offset)
                data = file.read(location.length)
        except OSError as error:
            raise ArchiveError(f"{location.file}: kan ikke læses") from error
        try:
            record, response = read_record(data)
        except WarcError as error:
            raise ArchiveError(f"{location.file} ved {location.offset}: {error}") from error
        if record != location.record or response is None:
            raise ArchiveError(f"{location.file} ved {location.offset}: en anden post end {location.record}")
        return response

    def replay(self, files: Iterable[str] | None = None) -> Iterator[tuple[Location, Response]]:
        """All responses of whole files, by default of all of them, in the order in which they were appended.

        For extraction without a network, and to rebuild a lost store: `source_of` tells the source of a file. Revisits
        are skipped. Raises TornFileError after all that could be read of a damaged file; `cut` it there to go on.
        """
        self.sync()
        for name in self.files() if files is None else files:
            offset = 0
            try:
                with self._path(name).open("rb") as file:
                    for data in members(file):
                        record, response = read_record(data)
                        if response is not None:
                            yield Location(record, name, offset, len(data)), response
                        offset += len(data)
            except WarcError as error:
                raise TornFileError(name, offset, str(error)) from error
            except OSError as error:
                raise ArchiveError(f"{name}: kan ikke læses") from error

    def set_aside(self, file: str) -> None:
        """Take a damaged file out of the archive, under another name."""
        path = self._path(file)
        with self._lock:
            if file in self._open:
                self._open.pop(file).close()
            if path.exists():
                path.replace(path.with_name(f"{file}.damaged"))

    def prune(self, before: date) -> tuple[str, ...]:
        """Deletes the files of all months that ended before `before`: their names."""
        old = tuple(name for name in self.files() if name[-len(_ENDING) :] < f"{before:%Y%m}.warc.gz")
        with self._lock:
            for name in old:
                if name in self._open:
                    self._open.pop(name).close()
                self._path(name).unlink()
        return old

    def _write(self, source_id: str, at: datetime, record: str, data: bytes) -> Location:
        name = file_name(source_id, at)
        with self._lock:
            if name not in self._open:
                while len(self._open) >= OPEN_FILES:
                    with self._open.pop(next(iter(self._open))) as oldest:
                        _sync_file(oldest)
                self._root.mkdir(parents=True, exist_ok=True)
                self._open[name] = self._path(name).open("ab")
            file = self._open[name]
            offset = file.tell()
            file.write(data)
        return Location(record, name, offset, len(data))

    def _path(self, file: str) -> Path:
        source_of(file)
        return self._root / file


def file_name(source_id: str, at: datetime) -> str:
    """The file that a source's responses of that month are in. Raises ArchiveError for an id that is no slug."""
    if not _SOURCE_ID.fullmatch(source_id):
        raise ArchiveError(f"{source_id!r} er ikke et kilde-id: brug a-z, 0-9 og -")
    return f"{source_id}-{at.astimezone(UTC):%Y%m}.warc.gz"


def source_of(file: str) -> str:
    """The source whose responses a file holds. Raises ArchiveError for what is no file of an archive."""
    if not _FILE.fullmatch(file):
        raise ArchiveError(f"{file!r} er ikke en af arkivets filer")
    return file[: -len(_ENDING) - 1]


def ends(locations: Iterable[Location]) -> dict[str, int]:
    """How far the files reach with these records, revisits among them: what the store commits with each batch."""
    found: dict[str, int] = {}
    for location in locations:
        found[location.file] = max(found.get(location.file, 0), location.offset + location.length)
    return found


def _sync_file(file: BufferedWriter) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
