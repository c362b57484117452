from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.documents.limits import BINARY_BYTES, MEGABYTE, TEXT_BYTES
from extractors.files import MEDIA_TYPES, address, read_files
from extractors.web.errors import FetchFailure
from models.records import Response

AT = datetime(2011, 8, 31, 10, 30, tzinfo=UTC)
HTML = b"<!doctype html><title>Samarbejde</title>"
NOBODY = 65534


def put(root: Path, name: str, body: bytes = b"x") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    os.utime(path, (AT.timestamp() + 0.75, AT.timestamp() + 0.75))
    return path


def text(url: str, body: bytes = b"x", media_type: str = "text/plain") -> Response:
    return Response(url=url, media_type=media_type, body=body, fetched_at=AT)


def record(url: str, body: bytes) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2011-08-31T10:30:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def archived(url: str, body: bytes = HTML) -> Response:
    return Response(url, "text/html", body, AT, "utf-8", headers=(("Content-Type", "text/html; charset=UTF-8"),))


def test_files_are_read_in_the_order_of_their_names_a_folder_before_its_subfolders(tmp_path: Path) -> None:
    names = ["b.txt", "a/z.txt", "a/b/c.txt", "c/a.txt", "a.txt", "a/a.txt", "Å.txt", "B.txt"]
    for name in names[::-1]:
        put(tmp_path, name)
    expected = ["B.txt", "a.txt", "b.txt", "%C3%85.txt", "a/a.txt", "a/z.txt", "a/b/c.txt", "c/a.txt"]
    assert list(read_files(tmp_path)) == [text(f"file:{name}") for name in expected]


def test_a_file_is_what_its_ending_says_in_any_case(tmp_path: Path) -> None:
    for ending in MEDIA_TYPES:
        put(tmp_path, f"fil{ending}", ending.encode())
    put(tmp_path, "RAPPORT.PDF", b"%PDF")
    for name in ("noter", "billede.jpg", "fil.txt.bak", ".txt", "side.xhtml", "data.warcx"):
        put(tmp_path, name)
    office = "application/vnd.openxmlformats-officedocument."
    assert list(read_files(tmp_path)) == [
        text("file:RAPPORT.PDF", b"%PDF", "application/pdf"),
        text("file:fil.csv", b".csv", "text/csv"),
        text("file:fil.docx", b".docx", f"{office}wordprocessingml.document"),
        text("file:fil.htm", b".htm", "text/html"),
        text("file:fil.html", b".html", "text/html"),
        text("file:fil.pdf", b".pdf", "application/pdf"),
        text("file:fil.txt", b".txt"),
        text("file:fil.xlsx", b".xlsx", f"{office}spreadsheetml.sheet"),
    ]


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("referater/2011.pdf", "file:referater/2011.pdf"),
        ("Vækst & viden/år 2011?.pdf", "file:V%C3%A6kst%20%26%20viden/%C3%A5r%202011%3F.pdf"),
        ("a%20b#c.txt", "file:a%2520b%23c.txt"),
        ("http:/x.txt", "file:http%3A/x.txt"),
        (os.fsdecode("vækst.txt".encode("latin-1")), "file:v%E6kst.txt"),
    ],
)
def test_an_address_is_the_relative_path_with_percent_encoding(name: str, url: str) -> None:
    assert address(name) == url


def test_a_name_in_an_older_encoding_is_read_too(tmp_path: Path) -> None:
    put(tmp_path, os.fsdecode("vækst.txt".encode("latin-1")))
    assert list(read_files(tmp_path)) == [text("file:v%E6kst.txt")]


def test_no_path_of_the_machine_is_told(tmp_path: Path) -> None:
    root = tmp_path / "hemmelig"
    put(root, "a.txt")
    put(root, "ødelagt.warc", b"ikke en warc")
    os.truncate(put(root, "stor.txt"), TEXT_BYTES + 1)
    (root / "brudt.txt").symlink_to(root / "nowhere")
    found = list(read_files(root))
    assert len(found) == 4
    assert "hemmelig" not in repr(found)


def test_a_single_file_is_a_source_of_its_own(tmp_path: Path) -> None:
    path = put(tmp_path, "mappe/Års referat.txt", "vækst".encode())
    assert list(read_files(path)) == [text("file:%C3%85rs%20referat.txt", "vækst".encode())]
    assert list(read_files(put(tmp_path, "mappe/billede.jpg"))) == []


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "tom").mkdir()
    assert list(read_files(tmp_path)) == []


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    assert list(read_files(tmp_path / "nowhere")) == [FetchFailure("file:.", "Mappen kan ikke læses", "Unreadable")]


def test_a_folder_that_goes_away_meanwhile_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    for name in ("a.txt", "b/b.txt", "c/c.txt", "d/d.txt", "e/e.txt"):
        put(tmp_path, name)
    found = read_files(tmp_path)
    assert next(found) == text("file:a.txt")
    (tmp_path / "b" / "b.txt").unlink()
    (tmp_path / "b").rmdir()
    (tmp_path / "d" / "d.txt").unlink()
    (tmp_path / "d").rmdir()
    b, d = (FetchFailure(f"file:{name}", "Mappen kan ikke læses", "Unreadable") for name in ("b", "d"))
    assert list(found) == [text("file:c/c.txt"), b, text("file:e/e.txt"), d]


UNPRIVILEGED = """
import json, os, sys
from pathlib import Path
if os.geteuid() == 0:
    from extractors.files import read_files  # before the rights to read it are given up
    os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
from extractors.files import read_files
print(json.dumps([[one.url, getattr(one, "reason", None)] for one in read_files(Path(sys.argv[1]))]))
"""


def test_folders_and_files_that_may_not_be_read_are_told_and_the_others_are_read(tmp_path: Path) -> None:
    for name in ("a.txt", "lukket/b.txt", "låst.txt", "låst.warc", "åben/c.txt"):
        put(tmp_path, name)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    for name in ("lukket", "låst.txt", "låst.warc"):
        (tmp_path / name).chmod(0)
    done = subprocess.run(
        [sys.executable, "-c", UNPRIVILEGED, str(tmp_path), str(NOBODY)], capture_output=True, text=True, check=False
    )
    (tmp_path / "lukket").chmod(0o700)
    assert done.stderr == ""
    assert json.loads(done.stdout) == [
        ["file:a.txt", None],
        ["file:l%C3%A5st.txt", "Filen kan ikke læses"],
        ["file:l%C3%A5st.warc", "låst.warc: beskadiget eller ikke en WARC-fil"],
        ["file:%C3%A5ben/c.txt", None],
        ["file:lukket", "Mappen kan ikke læses"],
    ]


@pytest.mark.parametrize(
    ("name", "most"), [("stor.txt", TEXT_BYTES), ("stor.html", TEXT_BYTES), ("stor.pdf", BINARY_BYTES)]
)
def test_a_file_over_the_limit_is_told_and_not_read(tmp_path: Path, name: str, most: int) -> None:
    os.truncate(put(tmp_path, name), most + 5 * MEGABYTE)
    put(tmp_path, "z.txt")
    size = most // MEGABYTE
    assert list(read_files(tmp_path)) == [
        FetchFailure(f"file:{name}", f"Filen fylder {size + 5} MB; højst {size} MB læses", "TooLarge"),
        text("file:z.txt"),
    ]


def test_a_file_at_the_limit_is_read(tmp_path: Path) -> None:
    os.truncate(put(tmp_path, "stor.txt"), TEXT_BYTES)
    (found,) = read_files(tmp_path)
    assert isinstance(found, Response)
    assert len(found.body) == TEXT_BYTES


def test_what_is_no_file_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rør.txt")
    os.mkfifo(tmp_path / "rør.warc")
    (tmp_path / "brudt.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "mappe.txt").mkdir()
    assert list(read_files(tmp_path)) == [
        FetchFailure("file:brudt.txt", "Filen kan ikke læses", "Unreadable"),
        FetchFailure("file:r%C3%B8r.txt", "Filen kan ikke læses", "Unreadable"),
        FetchFailure("file:r%C3%B8r.warc", "Filen kan ikke læses", "Unreadable"),
    ]


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "kilde"
    put(root, "a.txt")
    (root / "ring").symlink_to(root)
    put(tmp_path, "udenfor/b.txt")
    (root / "ud").symlink_to(tmp_path / "udenfor")
    assert list(read_files(root)) == [text("file:a.txt")]


@pytest.mark.parametrize("name", ["arkiv.warc", "arkiv.warc.gz", "ARKIV.WARC.GZ"])
def test_a_warc_file_gives_the_pages_in_it_under_their_own_addresses(tmp_path: Path, name: str) -> None:
    records = [record("https://a.dk/1", HTML), record("https://a.dk/2", HTML + b"2")]
    whole = b"".join(map(gzip.compress, records)) if name.lower().endswith(".gz") else b"".join(records)
    path = put(tmp_path, f"mappe/{name}", whole)
    expected = [archived("https://a.dk/1"), archived("https://a.dk/2", HTML + b"2")]
    assert list(read_files(path)) == expected
    assert list(read_files(tmp_path)) == expected


@pytest.mark.parametrize("zipped", [False, True])
def test_of_a_damaged_warc_file_all_before_the_damage_is_read_and_the_rest_told(tmp_path: Path, zipped: bool) -> None:
    records = [record("https://a.dk/1", HTML), record("https://a.dk/2", HTML)]
    parts = [gzip.compress(one) if zipped else one for one in records]
    name = "a.warc.gz" if zipped else "a.warc"
    put(tmp_path, name, parts[0] + parts[1][: len(parts[1]) // 2])
    put(tmp_path, "b.txt")
    assert list(read_files(tmp_path)) == [
        archived("https://a.dk/1"),
        FetchFailure(f"file:{name}", f"{name}: beskadiget eller ikke en WARC-fil", "WarcError"),
        text("file:b.txt"),
    ]


@pytest.mark.parametrize("body", [b"Dette er ikke en WARC-fil.", b"\x1f\x8b\x08\x00 heller ikke", b"\x00" * 100])
def test_what_only_bears_the_ending_of_a_warc_file_is_told(tmp_path: Path, body: bytes) -> None:
    put(tmp_path, "x.warc.gz", body)
    assert list(read_files(tmp_path)) == [
        FetchFailure("file:x.warc.gz", "x.warc.gz: beskadiget eller ikke en WARC-fil", "WarcError")
    ]
