from __future__ import annotations

import hashlib
import io
import threading
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped, unused-ignore]
from warcio.checker import Checker  # type: ignore[import-untyped, unused-ignore]

from extractors.web import archive as archives
from extractors.web.archive import Archive, ArchiveError, Location, TornFileError, ends, file_name, source_of
from extractors.web.fetch import Unchanged
from extractors.web.warc import read_warc
from models.records import Page, Response

AT = datetime(2026, 11, 24, 2, 0, 1, 123456, tzinfo=UTC)
PAGE = Response(
    "https://www.regionsjaelland.dk/v%C3%A6kst?a=1",
    "text/html",
    "<p>Vækstforum Sjælland".encode(),
    AT,
    "utf-8",
    200,
    (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"1"'), ("Link", "<a>; rel=b")),
)
PDF = Response("https://a.dk/x.pdf", "application/pdf", b"%PDF-1.7\r\n\r\n\0\xff", AT + timedelta(days=10))
FILE = Response("file:///home/x/referat.docx", "application/msword", b"PK\x03\x04" * 100, AT, "latin-1")
EMPTY = Response("http://a.dk/empty", "", b"", AT)
ALL = [PAGE, PDF, FILE, EMPTY]


def fill(root: Path, responses: list[Response] = ALL) -> list[Location]:
    with Archive(root) as archive:
        return [archive.append("kilde-1", response) for response in responses]


def problems(path: Path) -> list[str]:
    """What warcio's own checker finds wrong, every record read to its end."""
    arguments = type("Arguments", (), {"inputs": [str(path)], "verbose": True})()
    said = io.StringIO()
    with redirect_stdout(said):
        failed = Checker(arguments).process_all()
    return [line for line in said.getvalue().splitlines() if failed or "fail" in line or "no digest" in line]


def types(path: Path) -> list[str]:
    with path.open("rb") as file:
        return [record.rec_type for record in ArchiveIterator(file)]


def test_what_was_appended_is_read_back(tmp_path: Path) -> None:
    locations = fill(tmp_path)
    archive = Archive(tmp_path)
    assert [archive.read(location) for location in locations] == ALL
    assert [archive.read(location).body for location in locations] == [response.body for response in ALL]


def test_records_lie_in_a_file_for_each_source_and_month(tmp_path: Path) -> None:
    locations = fill(tmp_path)
    assert [location.file for location in locations] == [
        "kilde-1-202611.warc.gz", "kilde-1-202612.warc.gz", "kilde-1-202611.warc.gz", "kilde-1-202611.warc.gz",
    ]  # fmt: skip
    assert Archive(tmp_path).files() == ("kilde-1-202611.warc.gz", "kilde-1-202612.warc.gz")
    assert locations[2].offset == locations[0].length


def test_the_month_is_that_of_utc() -> None:
    danish = timezone(timedelta(hours=1))
    assert file_name("s", datetime(2026, 1, 1, 0, 30, tzinfo=danish)) == "s-202512.warc.gz"


def test_every_record_reads_with_warcio_and_its_digests_hold(tmp_path: Path) -> None:
    fill(tmp_path)
    first, second = (tmp_path / name for name in Archive(tmp_path).files())
    assert (problems(first), problems(second)) == ([], [])
    assert (types(first), types(second)) == (["response", "resource", "response"], ["response"])


def test_the_same_responses_in_the_same_order_make_the_same_bytes(tmp_path: Path) -> None:
    assert fill(tmp_path / "a") == fill(tmp_path / "b")
    for name in Archive(tmp_path / "a").files():
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_record_id_is_made_of_source_url_and_content(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        one = archive.append("a", PAGE).record
        assert archive.append("a", replace(PAGE, fetched_at=AT + timedelta(days=400))).record == one
        others = {
            archive.append("b", PAGE).record,
            archive.append("a", replace(PAGE, url="https://b.dk/")).record,
            archive.append("a", replace(PAGE, body=b"x")).record,
        }
    assert one.startswith("urn:uuid:")
    assert len({one, *others}) == 4


def test_a_tail_behind_the_committed_length_is_cut_off(tmp_path: Path) -> None:
    locations = fill(tmp_path / "whole", [PAGE, FILE, EMPTY])
    name, committed = locations[1].file, locations[1].offset + locations[1].length
    whole = (tmp_path / "whole" / name).read_bytes()
    for length in (committed, committed + 1, committed + 100, len(whole)):
        root = tmp_path / f"killed-{length}"
        root.mkdir()
        (root / name).write_bytes(whole[:length])
        with Archive(root) as archive:
            assert archive.cut(name, committed) == length - committed
            assert archive.append("kilde-1", EMPTY) == locations[2]
        assert (root / name).read_bytes() == whole


def test_a_cut_also_holds_for_a_file_that_is_open(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        first = archive.append("s", PAGE)
        archive.append("s", FILE)
        archive.cut(first.file, first.length)
        second = archive.append("s", EMPTY)
        assert second.offset == first.length == archive.length(first.file) - second.length
        assert archive.read(second) == EMPTY


def test_a_file_shorter_than_committed_is_an_error(tmp_path: Path) -> None:
    location = fill(tmp_path, [PAGE])[0]
    archive = Archive(tmp_path)
    with pytest.raises(ArchiveError, match="registreret"):
        archive.cut(location.file, location.length + 1)
    with pytest.raises(ArchiveError, match="registreret"):
        archive.cut("andet-202601.warc.gz", 1)
    assert archive.cut("andet-202601.warc.gz", 0) == 0


def test_a_record_can_be_read_before_the_sync(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        assert archive.read(archive.append("s", PAGE)) == PAGE


@pytest.mark.parametrize("damage", ["missing", "truncated", "flipped", "another", "shifted"])
def test_what_is_damaged_is_an_error(tmp_path: Path, damage: str) -> None:
    first, second = fill(tmp_path, [PAGE, EMPTY])
    path = tmp_path / first.file
    data = bytearray(path.read_bytes())
    if damage == "missing":
        path.unlink()
    elif damage == "truncated":
        path.write_bytes(data[: first.length // 2])
    elif damage == "flipped":
        data[first.length // 2] ^= 0xFF
        path.write_bytes(data)
    location = {
        "another": replace(first, offset=second.offset, length=second.length),
        "shifted": replace(first, offset=first.offset + 3),
    }.get(damage, first)
    with pytest.raises(ArchiveError):
        Archive(tmp_path).read(location)


@pytest.mark.parametrize("name", ["../x", "a/b", "", "A", "-a", "a.b", "x" * 101, "æ"])
def test_no_file_name_comes_from_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArchiveError), Archive(tmp_path / "archive") as archive:
        archive.append(name, PAGE)
    with pytest.raises(ArchiveError):
        Archive(tmp_path).read(Location("urn:uuid:x", f"{name}.warc.gz", 0, 10))
    assert list(tmp_path.iterdir()) == []


def test_headers_cannot_break_out_of_their_line(tmp_path: Path) -> None:
    evil = replace(PAGE, headers=(("X-A", "1\r\n\r\n<script>"), ("Set-Cookie", "secret"), ("Content-Encoding", "gzip")))
    location = fill(tmp_path, [evil])[0]
    assert Archive(tmp_path).read(location) == replace(PAGE, headers=(("X-A", "1 <script>"),))


def test_an_unchanged_page_leaves_a_revisit_record(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        record = archive.append("s", PAGE).record
        content = hashlib.sha256(PAGE.body).hexdigest()
        page = Page("p", "s", PAGE.url, "text/html", "utf-8", AT, AT, content, record)
        nights = [Unchanged(PAGE.url, AT + timedelta(days=day)) for day in (1, 2)]
        revisits = [archive.append_revisit(page, night) for night in nights]
        archive.append_revisit(page, nights[1], status=200)
    path = tmp_path / "s-202611.warc.gz"
    assert problems(path) == []
    with path.open("rb") as file:
        records = [(record.rec_type, dict(record.rec_headers.headers)) for record in ArchiveIterator(file)]
    assert [kind for kind, _ in records] == ["response", "revisit", "revisit", "revisit"]
    assert len({location.record for location in revisits} | {record}) == 3
    original, first, _, same = (headers for _, headers in records)
    assert first["WARC-Refers-To"] == original["WARC-Record-ID"] == f"<{record}>"
    assert first["WARC-Payload-Digest"] == original["WARC-Payload-Digest"]
    assert first["WARC-Refers-To-Date"] == original["WARC-Date"] == "2026-11-24T02:00:01.123456Z"
    assert first["WARC-Date"] == "2026-11-25T02:00:01.123456Z"
    assert first["WARC-Profile"].endswith("/server-not-modified")
    assert same["WARC-Profile"].endswith("/identical-payload-digest")


def test_old_months_are_pruned(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        for month in (10, 11, 12):
            archive.append("s", replace(PAGE, fetched_at=datetime(2025, month, 5, tzinfo=UTC)))
        archive.append("s", replace(PAGE, fetched_at=datetime(2026, 1, 5, tzinfo=UTC)))
        (tmp_path / "andet.txt").write_text("bliver")
        assert archive.prune(date(2025, 12, 31)) == ("s-202510.warc.gz", "s-202511.warc.gz")
        assert archive.files() == ("s-202512.warc.gz", "s-202601.warc.gz")
    assert (tmp_path / "andet.txt").exists()


def test_threads_append_whole_records(tmp_path: Path) -> None:
    located: list[tuple[Location, Response]] = []
    with Archive(tmp_path) as archive:

        def append(thread: int) -> None:
            for number in range(25):
                response = replace(PAGE, url=f"https://a.dk/{thread}/{number}")
                located.append((archive.append("s", response), response))

        threads = [threading.Thread(target=append, args=(thread,)) for thread in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(archive.read(location) == response for location, response in located)
    assert problems(tmp_path / "s-202611.warc.gz") == []


def test_the_archive_is_a_source_itself(tmp_path: Path) -> None:
    fill(tmp_path, [PAGE, FILE])
    assert list(read_warc(tmp_path / "kilde-1-202611.warc.gz")) == [PAGE, FILE]


def test_replay_gives_all_responses_with_their_places_and_no_revisits(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        located = [(archive.append("kilde-1", response), response) for response in (PAGE, FILE)]
        page = Page(
            "p", "kilde-1", PAGE.url, "", "", AT, AT, hashlib.sha256(PAGE.body).hexdigest(), located[0][0].record
        )
        archive.append_revisit(page, Unchanged(PAGE.url, AT + timedelta(hours=1)))
        located += [(archive.append("kilde-1", EMPTY), EMPTY), (archive.append("andet", PDF), PDF)]
        assert list(archive.replay()) == [located[3], *located[:3]]  # also before a sync
    assert list(Archive(tmp_path).replay(["kilde-1-202611.warc.gz"])) == located[:3]
    assert [source_of(location.file) for location, _ in Archive(tmp_path).replay()] == ["andet", *["kilde-1"] * 3]
    assert all(Archive(tmp_path).read(location) == response for location, response in located)
    assert list(Archive(tmp_path / "missing").replay()) == []


def test_a_large_record_survives_replay(tmp_path: Path) -> None:
    chance = hashlib.shake_256(b"x").digest(300_000)
    large = [replace(PDF, body=chance), replace(PAGE, body=bytes(5 << 20)), replace(PAGE, body=chance * 3)]
    locations = fill(tmp_path, large)
    assert list(Archive(tmp_path).replay()) == [
        (locations[1], large[1]), (locations[2], large[2]), (locations[0], large[0]),
    ]  # fmt: skip


@pytest.mark.parametrize("damage", ["torn", "torn early", "garbage", "flipped"])
def test_replay_of_a_damaged_file_ends_where_it_can_be_cut(tmp_path: Path, damage: str) -> None:
    first, second = fill(tmp_path, [PAGE, FILE])
    path = tmp_path / first.file
    data = bytearray(path.read_bytes())
    if damage == "flipped":
        data[second.offset + second.length // 2] ^= 0xFF
    torn = {"torn": data[:-9], "torn early": data[: second.offset + 3], "garbage": data[: second.offset] + b"garbage"}
    path.write_bytes(torn.get(damage, data))
    read = []
    with Archive(tmp_path) as archive:
        with pytest.raises(TornFileError) as caught:
            for location, response in archive.replay():
                read.append((location, response))
        assert read == [(first, PAGE)]
        assert (caught.value.file, caught.value.length) == (first.file, first.length)
        archive.cut(caught.value.file, caught.value.length)
        assert archive.append("kilde-1", FILE) == second
        assert list(archive.replay()) == [(first, PAGE), (second, FILE)]


def test_the_end_of_a_batch_covers_its_revisits(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        first = archive.append("s", PAGE)
        page = Page("p", "s", PAGE.url, "", "", AT, AT, hashlib.sha256(PAGE.body).hexdigest(), first.record)
        revisit = archive.append_revisit(page, Unchanged(PAGE.url, AT + timedelta(hours=1)))
        assert ends([revisit, first]) == {first.file: archive.length(first.file)}
        assert ends([first]) == {first.file: first.length}
        archive.append("s", EMPTY)
    committed = ends([first, revisit])
    with Archive(tmp_path) as archive:
        assert archive.cut(first.file, committed[first.file]) > 0
    assert types(tmp_path / first.file) == ["response", "revisit"]


def test_a_response_is_filed_when_it_came_and_not_when_it_was_made(tmp_path: Path) -> None:
    old = replace(PAGE, fetched_at=datetime(2008, 5, 1, tzinfo=UTC))
    with Archive(tmp_path) as archive:
        location = archive.append("s", old, filed=AT)
        assert location.file == "s-202611.warc.gz"
        assert archive.prune(date(2026, 11, 1)) == ()
        assert list(archive.replay()) == [(location, old)]


def test_only_so_many_files_are_kept_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "OPEN_FILES", 3)
    months = [replace(PAGE, fetched_at=datetime(2010, month, 1, tzinfo=UTC)) for month in (1, 2, 3, 4, 5, 1, 2)]
    before = len(list(Path("/proc/self/fd").iterdir()))
    with Archive(tmp_path) as archive:
        located = [(archive.append("s", response), response) for response in months]
        assert len(list(Path("/proc/self/fd").iterdir())) <= before + 3
        assert [archive.read(location) for location, _ in located] == months
    assert sorted(Archive(tmp_path).replay(), key=str) == sorted(located, key=str)


@pytest.mark.parametrize("name", ["x", "../s-202611.warc.gz", "s-202611.warc", "-202611.warc.gz"])
def test_only_files_of_an_archive_have_a_source(name: str) -> None:
    with pytest.raises(ArchiveError):
        source_of(name)


TOKENS = st.text("abcXYZ-", min_size=1, max_size=10)
RESPONSES = st.builds(
    Response,
    url=st.builds("{}://{}.dk/{}".format, st.sampled_from(["http", "https", "file"]), TOKENS, TOKENS),
    media_type=st.sampled_from(["text/html", "application/pdf", "", "text/csv"]),
    body=st.one_of(st.binary(max_size=2000), st.just(b"WARC/1.1\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")),
    fetched_at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    charset=st.sampled_from(["", "utf-8", "iso-8859-1"]),
    status=st.just(200),
    headers=st.just(()),
)


@settings(max_examples=60)
@given(responses=st.lists(RESPONSES, max_size=5))
def test_any_response_survives_the_round_trip(
    tmp_path_factory: pytest.TempPathFactory, responses: list[Response]
) -> None:
    root = tmp_path_factory.mktemp("archive")
    locations = fill(root, responses)
    archive = Archive(root)
    read = [archive.read(location) for location in locations]
    assert read == responses
    assert sorted(archive.replay(), key=str) == sorted(zip(locations, responses, strict=True), key=str)
    assert [response.body for response in read] == [response.body for response in responses]
