"""The command line: exit codes, one-line errors, JSON, and help that is quick because it imports little."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SITE = Path(__file__).resolve().parents[2] / "data" / "sample-site"


def samspil(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flows.cli", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=120, check=False)


def test_help_imports_no_engine() -> None:
    program = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from flows.cli import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "print(sorted({'prefect', 'spacy', 'sklearn', 'sqlalchemy', 'numpy', 'requests'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_usage_errors_are_one_line_and_exit_code_2(tmp_path: Path) -> None:
    wrong_sources = tmp_path / "kilder.toml"
    wrong_sources.write_text('[[source]]\nid = "a"\n', encoding="utf-8")
    home = ["--home", str(tmp_path / "hjem")]
    for arguments, said in (
        (["harvest", "--from", str(tmp_path / "findes-ikke"), *home], "findes-ikke"),
        (["harvest", "--region", "Fyn", *home], "Fyn"),
        (["harvest", "--source", "ukendt", *home], "ukendt"),
        (["harvest", "--sources", str(wrong_sources), *home], "kilder.toml:1"),
        (["publish", "--format", "pdf", *home], "pdf"),
        (["train", "dansk"], "dansk"),
        (["classify", str(tmp_path / "mangler.txt")], "mangler.txt"),
    ):
        done = samspil(*arguments)
        assert done.returncode == 2, arguments
        assert done.stderr.startswith("samspil: ") and said in done.stderr, done.stderr
        assert done.stderr.count("\n") == 1
        assert done.stdout == ""


def test_an_unusable_database_is_one_line_without_its_password(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "flows.cli", "status", "--home", str(tmp_path)]
    url = "postgresql+psycopg://bruger:hemmelig@127.0.0.1:1/samspil"
    done = subprocess.run(
        program, env={"SAMSPIL_DATABASE": url, "PATH": ""}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "hemmelig" not in done.stderr


def test_harvest_status_and_publish_as_json_and_files(tmp_path: Path) -> None:
    home = str(tmp_path / "hjem")
    pages = tmp_path / "sider"
    pages.mkdir()
    (pages / "oe-hop.html").write_bytes((SITE / "bornholm/projekter/oe-hop.html").read_bytes())
    (pages / "tom.pdf").touch()
    harvested = samspil("harvest", "--direct", "--json", "--from", str(pages), "--home", home)
    summary = json.loads(harvested.stdout)
    assert (harvested.returncode, summary["exit_code"], summary["pages"]) == (0, 0, 2)
    told = json.loads(samspil("status", "--json", "--home", home).stdout)
    assert [failure["url"] for failure in told["failures"]] == ["file:tom.pdf"]
    assert told["sources"][0]["fresh"] == 2
    plain = samspil("status", "--home", home)
    assert "file:tom.pdf" in plain.stdout
    out = tmp_path / "ud"
    published = samspil("publish", "--format", "jsonl,csv", "--out", str(out), "--home", home)
    assert published.returncode == 0
    assert sorted(path.name for path in out.iterdir() if path.suffix == ".jsonl") == [
        "claims.jsonl", "collaborations.jsonl", "organisations.jsonl", "participants.jsonl",
        "redirects.jsonl", "themes.jsonl",
    ]  # fmt: skip


def test_nothing_harvested_is_told(tmp_path: Path) -> None:
    (tmp_path / "tom").mkdir()
    done = samspil("harvest", "--direct", "--from", str(tmp_path / "tom"), "--home", str(tmp_path / "hjem"))
    assert done.returncode == 3
    assert samspil("publish", "--home", str(tmp_path / "andet")).returncode == 3


def test_classify_answers_a_line_of_json_for_each_text() -> None:
    lines = [
        {"id": "a", "title": "Vindkraft", "text": "Projektet skal udvikle nye vindmøller og spare energi og CO2."},
        {"id": "b", "title": "", "text": ""},
    ]
    done = samspil("classify", "-", stdin="".join(json.dumps(line) + "\n" for line in lines))
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["id"] == "a" and first["themes"] == ["klima_energi"]
    assert second["id"] == "b" and second["themes"] == ["andet"]
    assert set(first["probabilities"]) == {
        "klima_energi", "sundhed_velfaerd", "ivaerksaetteri_vaekst", "turisme_oplevelser", "kompetenceudvikling",
        "kapital_investering",
    }  # fmt: skip
    assert samspil("classify", "-", stdin="ikke json\n").returncode == 2


def test_doctor_finds_a_damaged_archive(tmp_path: Path) -> None:
    home = tmp_path / "hjem"
    samspil("harvest", "--direct", "--from", str(SITE / "sjaelland"), "--home", str(home))
    assert samspil("doctor", "--home", str(home)).returncode == 0
    archived = next((home / "archive").iterdir())
    archived.write_bytes(archived.read_bytes()[:-10])
    done = samspil("doctor", "--home", str(home))
    assert done.returncode == 1
    assert "FEJL" in done.stdout
