"""What goes wrong around a run: damaged archives, half-done stores, folders of one name, places that exist already."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from extractors.sources import files_source
from flows import extracting, fetching, sample, steps
from flows.engines import Engines
from flows.progress import FETCH
from flows.publish.dataset import Dataset
from flows.publish.files import TargetError, write_files
from flows.run import Options, Summary, harvest
from flows.settings import Settings
from models.records import Source, SourceKind

PAGE = """<!doctype html><html lang="da"><head><title>{project}</title></head><body><main><h1>{project}</h1>
<p>{first} og {second} har indgået et partnerskab om projektet »{project}«, der skal spare energi.</p></main>
</body></html>"""
NIGHT = datetime(2026, 11, 24, 2, tzinfo=UTC)

Titles = Callable[[Dataset], set[str]]


def page(project: str, first: str = "Region Sjælland", second: str = "Lolland Kommune") -> str:
    return PAGE.format(project=project, first=first, second=second)


def run(home: Path, *sources: Source) -> Summary:
    with Engines(Settings(home=home), lambda: NIGHT, harvesting=True) as engines:
        return harvest(engines, sources, Options())


def titles(home: Path) -> set[str]:
    with Engines(Settings(home=home), lambda: NIGHT, harvesting=True) as engines:
        return {str(row["title"]) for row in steps.settle(engines).tables["collaborations"]}


def folder(path: Path, **pages: str) -> Source:
    path.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (path / f"{name}.html").write_text(text, encoding="utf-8")
    return files_source(path)


def test_two_folders_of_one_name_are_two_sources(tmp_path: Path) -> None:
    run(tmp_path / "hjem", folder(tmp_path / "2011" / "rapporter", a=page("Grøn Vej")))
    run(tmp_path / "hjem", folder(tmp_path / "2012" / "rapporter", a=page("Blå Bro")))
    assert titles(tmp_path / "hjem") == {"Grøn Vej", "Blå Bro"}


def test_a_paragraph_without_end_harms_its_own_file(tmp_path: Path) -> None:
    source = folder(tmp_path / "kilde", a=page("Grøn Vej"), b=page("Blå Bro", second="og " * 300_000))
    (tmp_path / "kilde" / "c.txt").write_text("ord " * 500_000, encoding="utf-8")
    summary = run(tmp_path / "hjem", source)
    assert {failure.url for failure in summary.failures} == {"file:b.html", "file:c.txt"}
    assert titles(tmp_path / "hjem") == {"Grøn Vej"}


def test_a_store_between_two_steps_can_be_looked_at_and_published(tmp_path: Path) -> None:
    source = folder(tmp_path / "kilde", a=page("Grøn Vej"))
    with Engines(Settings(home=tmp_path / "hjem"), harvesting=True) as engines:
        fetching.fetch(engines, source)
        extracting.extract(engines, source, fetching.pending_pages(engines, source))
        assert steps.passages(engines) == {}
        steps.resolve(engines)
    assert titles(tmp_path / "hjem") == {"Grøn Vej"}


def test_a_damaged_record_harms_its_own_page(tmp_path: Path) -> None:
    source = folder(tmp_path / "kilde", a=page("Grøn Vej"), b=page("Blå Bro", "Vejle Kommune", "EUC Syd"))
    with Engines(Settings(home=tmp_path / "hjem"), harvesting=True) as engines:
        fetching.fetch(engines, source)
        places = {found.url: place for found, place in engines.store.current_pages()}
    path = tmp_path / "hjem" / "archive" / places["file:a.html"].file
    damaged = bytearray(path.read_bytes())
    at = places["file:a.html"].offset + places["file:a.html"].length // 2
    damaged[at : at + 20] = bytes(20)
    path.write_bytes(damaged)
    summary = run(tmp_path / "hjem", source)
    assert [failure.url for failure in summary.failures] == ["file:a.html"]
    assert titles(tmp_path / "hjem") == {"Blå Bro"}


def test_an_archive_file_that_lost_its_end_is_set_aside_and_made_anew(tmp_path: Path) -> None:
    source = folder(tmp_path / "kilde", a=page("Grøn Vej"))
    run(tmp_path / "hjem", source)
    path = next((tmp_path / "hjem" / "archive").iterdir())
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert run(tmp_path / "hjem", source).failures == ()
    assert path.read_bytes() == whole
    assert path.with_name(path.name + ".damaged").read_bytes() == whole[:-20]


def test_what_a_kill_left_in_a_new_file_is_cut_off(tmp_path: Path) -> None:
    source = folder(tmp_path / "kilde", a=page("Grøn Vej"))
    run(tmp_path / "hel", source)
    path = next((tmp_path / "hel" / "archive").iterdir())
    with Engines(Settings(home=tmp_path / "hjem"), harvesting=True) as engines:
        engines.store.begin_run(source, FETCH, NIGHT)
    torn = tmp_path / "hjem" / "archive" / path.name
    torn.parent.mkdir(exist_ok=True)
    torn.write_bytes(path.read_bytes()[:100])
    run(tmp_path / "hjem", source)
    assert torn.read_bytes() == path.read_bytes()


def test_of_two_captures_of_a_page_the_newer_counts_on_every_run(tmp_path: Path) -> None:
    warc = tmp_path / "fangst.warc.gz"
    with warc.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for day, project in ((20, "Grøn Vej"), (10, "Gammel Sti"), (15, "Ældre Sti")):
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            body = page(project).encode()
            record = writer.create_warc_record(
                "https://sted.dk/side", "response", payload=BytesIO(body), length=len(body),
                warc_headers_dict={"WARC-Date": f"2015-03-{day}T00:00:00Z"}, http_headers=head,
            )  # fmt: skip
            writer.write_record(record)
    for _ in range(3):
        run(tmp_path / "hjem", files_source(warc))
        assert titles(tmp_path / "hjem") == {"Grøn Vej"}
    (archived,) = (tmp_path / "hjem" / "archive").iterdir()
    assert gzip.decompress(archived.read_bytes()).count(b"WARC-Type: response") == 3


def test_sample_data_goes_when_real_data_comes(tmp_path: Path) -> None:
    invented = folder(tmp_path / "prøve", a=page("Eventyr"))
    run(tmp_path / "hjem", Source(sample.ID, "Prøve", "", SourceKind.FILES, ("alle",), invented.start))
    assert titles(tmp_path / "hjem") == {"Eventyr"}
    run(tmp_path / "hjem", folder(tmp_path / "kilde", a=page("Grøn Vej")))
    assert titles(tmp_path / "hjem") == {"Grøn Vej"}


def test_files_are_written_beside_what_lies_there(tmp_path: Path) -> None:
    run(tmp_path / "hjem", folder(tmp_path / "kilde", a=page("Grøn Vej")))
    (tmp_path / "ud").mkdir()
    (tmp_path / "ud" / "mit.txt").write_text("mit", encoding="utf-8")
    with Engines(Settings(home=tmp_path / "hjem")) as engines:
        dataset = steps.publish_dataset(engines)
    for _ in range(2):
        write_files(dataset, tmp_path / "ud", ["csv"])
        assert {path.name for path in (tmp_path / "ud").iterdir()} == {
            "mit.txt", "collaborations.csv", "participants.csv", "organisations.csv", "themes.csv", "claims.csv",
            "redirects.csv", "datapackage.json",
        }  # fmt: skip
    with pytest.raises(TargetError):
        write_files(dataset, tmp_path / "ud" / "mit.txt", ["csv"])


@pytest.mark.parametrize(("name", "value"), [("SAMSPIL_RUNNER", "kludder"), ("SAMSPIL_ARCHIVE", "s3://spand/arkiv")])
def test_a_setting_that_cannot_be_honoured_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=r".+"):
        Settings()


def test_a_file_that_could_not_be_read_and_is_gone_stands_open_no_more(tmp_path: Path) -> None:
    source = folder(tmp_path / "kilde", a=page("Grøn Vej"), b=page("Blå Bro", "Vejle Kommune", "EUC Syd"))
    broken = tmp_path / "kilde" / "c.pdf"
    broken.write_bytes(b"%PDF-1.4 nothing more")
    assert [failure.url for failure in run(tmp_path / "hjem", source).failures] == ["file:c.pdf"]
    broken.unlink()
    (tmp_path / "kilde" / "b.html").unlink()
    assert run(tmp_path / "hjem", source).failures == ()
    assert titles(tmp_path / "hjem") == {"Grøn Vej", "Blå Bro"}
    broken.write_bytes(b"%PDF-1.4 nothing more")
    assert [failure.url for failure in run(tmp_path / "hjem", source).failures] == ["file:c.pdf"]
