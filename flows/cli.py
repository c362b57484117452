"""The `samspil` command. Each command imports its engine only when it runs, so that help is quick."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from flows.settings import Settings
    from models.records import Source

app = typer.Typer(
    help="Samspil: hvem samarbejder med hvem om hvad i Danmarks regioner.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
USAGE, NOTHING, INTERRUPTED = 2, 3, 130

Home = Annotated[Path | None, typer.Option("--home", help="Mappe til database, arkiv og datasæt (SAMSPIL_HOME).")]
Json = Annotated[bool, typer.Option("--json", help="Skriv ét JSON-objekt på stdout.")]


def main() -> None:
    """The entry point: known errors are one line on stderr, and an exit code."""
    app()


@app.command()
def harvest(  # noqa: PLR0913, PLR0917 - the options of the command
    region: Annotated[list[str] | None, typer.Option("--region", help="Kun kilder for denne region.")] = None,
    source: Annotated[list[str] | None, typer.Option("--source", help="Kun kilden med dette id.")] = None,
    from_: Annotated[list[Path] | None, typer.Option("--from", help="Høst en fil eller mappe i stedet.")] = None,
    sources: Annotated[Path | None, typer.Option("--sources", help="En anden kildefil end data/sources.toml.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Højst så mange sider fra hver kilde.")] = None,
    refetch: Annotated[bool, typer.Option("--refetch", help="Hent også det, der ikke er ændret.")] = False,
    direct: Annotated[bool, typer.Option("--direct", help="Kør trinene uden Prefect.")] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Høst: hent, læs, find samarbejder, og skriv datasættet."""
    with _one_line_errors():
        settings = _settings(home)
        chosen = _chosen(region or [], source or [], from_ or [], sources)
        from flows import console, sample  # noqa: PLC0415 - the engines, once the options have proved right
        from flows.run import Options  # noqa: PLC0415

        asked_for_all = not (region or source or from_ or sources)
        if asked_for_all and not sample.any_reachable(chosen):
            if console.has_real_data(settings):
                _fail(f"ingen af kilderne kan nås; datasættet i {settings.home} er uændret", NOTHING)
            typer.echo(
                "Ingen af kilderne kan nås herfra: høster eksempelsiderne i data/sample-site i stedet.", err=True
            )
            with sample.served() as served:
                allowed = settings.model_copy(update={"allow_loopback": True})
                code = console.harvest(allowed, [served], Options(limit, refetch), direct=direct, json=json)
        else:
            code = console.harvest(settings, chosen, Options(limit, refetch), direct=direct, json=json)
    raise typer.Exit(code)


@app.command()
def status(home: Home = None, json: Json = False) -> None:
    """Vis hvad der er kørt, hvad der fejlede og hvorfor, og hvad der venter på gennemsyn."""
    from flows import console  # noqa: PLC0415

    with _one_line_errors():
        console.status(_settings(home), json=json)


@app.command()
def classify(
    files: Annotated[list[str] | None, typer.Argument(help='Tekstfiler, eller "-" for JSON-linjer på stdin.')] = None,
    json: Json = False,
) -> None:
    """Find temaer i tekster."""
    from flows import classification  # noqa: PLC0415

    with _one_line_errors():
        classification.classify(files or ["-"], sys.stdin, sys.stdout, json=json)


@app.command()
def publish(
    format_: Annotated[str, typer.Option("--format", help="csv, xlsx, parquet, jsonl, adskilt af komma.")] = (
        "csv,parquet,xlsx"
    ),
    out: Annotated[Path | None, typer.Option("--out", help="Mappe; ellers dataset i hjemmet.")] = None,
    home: Home = None,
) -> None:
    """Skriv datasættet igen, i de formater der ønskes."""
    from flows import upkeep  # noqa: PLC0415

    with _one_line_errors():
        code = upkeep.publish(_settings(home), format_.split(","), out)
    raise typer.Exit(code)


Register = Annotated[Path | None, typer.Option("--register", help="Strukturfondenes register som CSV, hvis det haves.")]
Material = Annotated[
    Path | None, typer.Option("--material", help="Mappe med ner, text og real, som sprogmodellen lærer af.")
]


@app.command()
def train(  # noqa: PLR0913, PLR0917 - options of a command
    what: Annotated[str, typer.Argument(help="themes, claims, identity, danish")] = "themes",
    register: Register = None,
    material: Material = None,
    part: Annotated[
        list[str] | None, typer.Option("--part", help="Af sprogmodellen kun denne: accurate, fast.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Mappe til modellen; ellers den i brug.")] = None,
    json: Json = False,
) -> None:
    """Træn en model igen."""
    with _one_line_errors():
        if what == "danish":
            from flows import danish  # noqa: PLC0415

            danish.train(material, out, part or (), json=json)
        elif what == "claims":
            from flows import claims  # noqa: PLC0415

            claims.train(register, out, json=json)
        elif what == "identity":
            from flows import identity  # noqa: PLC0415

            identity.train(register, out, json=json)
        else:
            from flows import training  # noqa: PLC0415

            training.train(what, register, out, json=json)


@app.command()
def evaluate(  # noqa: PLR0913, PLR0917 - options of a command
    what: Annotated[str, typer.Argument(help="themes, claims, identity, danish")] = "themes",
    register: Register = None,
    material: Material = None,
    pipeline: Annotated[
        list[str] | None, typer.Option("--pipeline", help="En installeret spaCy-pipeline at måle ved siden af.")
    ] = None,
    split: Annotated[str, typer.Option("--split", help="Del af guldet: dev eller test.")] = "test",
    page: Annotated[
        Path | None, typer.Option("--page", help="Skriv temamodellens prøve som en side med figurer.")
    ] = None,
    json: Json = False,
) -> None:
    """Mål en model på den del af guldet, den ikke er trænet på."""
    with _one_line_errors():
        if what == "danish":
            from flows import danish  # noqa: PLC0415

            danish.evaluate(material, pipeline or (), split, json=json)
        elif what == "claims":
            from flows import claims  # noqa: PLC0415

            claims.evaluate(split, (pipeline or ["bundled"])[0], register, json=json)
        elif what == "identity":
            from flows import identity  # noqa: PLC0415

            identity.evaluate(split, register, json=json)
        else:
            from flows import training  # noqa: PLC0415

            training.evaluate(what, register, page, json=json)


@app.command()
def review(
    host: Annotated[
        str, typer.Option("--host", help="Adresse; andre end denne maskines kræver adgangskode.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port.")] = 8765,
    home: Home = None,
) -> None:
    """Gennemgå i en browser, hvad der er fundet: godkend, ret, afvis, læg sammen."""
    with _one_line_errors():
        settings = _settings(home)
        from flows.review import app as reviewing  # noqa: PLC0415

        reviewing.serve(settings, host, port)


reviewers = typer.Typer(help="Hvem der må gennemgå med en adgangskode.", no_args_is_help=True)
app.add_typer(reviewers, name="reviewers")
ReviewerName = Annotated[str, typer.Argument(help="Navnet, som står ved afgørelserne.")]


@reviewers.command("add")
def add_reviewer(
    name: ReviewerName,
    password: Annotated[str, typer.Option(prompt="Adgangskode", confirmation_prompt=True, hide_input=True)],
    home: Home = None,
) -> None:
    """Giv en gennemganger en adgangskode, eller en ny."""
    with _one_line_errors():
        from flows.review import accounts  # noqa: PLC0415

        accounts.add(_settings(home), name, password)


@reviewers.command("remove")
def remove_reviewer(name: ReviewerName, home: Home = None) -> None:
    """Luk en gennemgangers adgang; afgørelserne bliver."""
    with _one_line_errors():
        from flows.review import accounts  # noqa: PLC0415

        accounts.remove(_settings(home), name)


@app.command()
def serve(
    cron: Annotated[str, typer.Option("--cron", help="Tidsplan, dansk tid.")] = "0 2 * * *",
    home: Home = None,
) -> None:
    """Kør hver nat, og på forespørgsel for en region, under Prefect."""
    with _one_line_errors():
        settings = _settings(home)
        from flows import nightly  # noqa: PLC0415

        nightly.serve(settings, cron)


@app.command()
def doctor(home: Home = None, json: Json = False) -> None:
    """Undersøg installationen, modellernes kort, databasen og arkivet."""
    from flows import diagnosis  # noqa: PLC0415

    with _one_line_errors():
        code = diagnosis.doctor(_settings(home), json=json)
    raise typer.Exit(code)


decisions = typer.Typer(help="Gennemgang: skriv det uafklarede ud, og læs afgørelser ind.", no_args_is_help=True)
app.add_typer(decisions, name="decisions")
DecisionFile = Annotated[Path, typer.Argument(help="Fil, der ender på .xlsx (regneark) eller .jsonl (afgørelser).")]


@decisions.command("export")
def export_decisions(file: DecisionFile, home: Home = None) -> None:
    """Skriv det, modellen er i tvivl om, som regneark; eller alle afgørelser som JSON-linjer."""
    from flows import upkeep  # noqa: PLC0415

    with _one_line_errors():
        upkeep.export_decisions(_settings(home), file)


@decisions.command("import")
def import_decisions(
    file: DecisionFile,
    reviewer: Annotated[str, typer.Option("--reviewer", help="Hvem der har afgjort; står ved hver afgørelse.")] = "",
    home: Home = None,
) -> None:
    """Læs afgørelser ind fra et regneark eller fra JSON-linjer, og skriv datasættet igen."""
    from flows import upkeep  # noqa: PLC0415

    with _one_line_errors():
        upkeep.import_decisions(_settings(home), file, reviewer)


archive = typer.Typer(help="Arkivet: slet gamle måneder, eller læs det hele igen.", no_args_is_help=True)
app.add_typer(archive, name="archive")


@archive.command("prune")
def prune_archive(
    months: Annotated[int | None, typer.Option("--keep-months", min=0, help="Hele måneder, der beholdes.")] = None,
    home: Home = None,
) -> None:
    """Slet de ældste måneders WARC-filer; citaterne bliver i datasættet."""
    from flows import upkeep  # noqa: PLC0415

    with _one_line_errors():
        settings = _settings(home)
        kept = settings.retention_months if months is None else months
        if not kept and months is None:
            _fail("sæt --keep-months, eller indstillingen SAMSPIL_RETENTION_MONTHS", USAGE)
        upkeep.prune(settings, kept)


@archive.command("replay")
def replay_archive(home: Home = None) -> None:
    """Læs alle arkiverede sider igen, uden netværk, og skriv datasættet."""
    from flows import upkeep  # noqa: PLC0415

    with _one_line_errors():
        upkeep.replay(_settings(home))


def _settings(home: Path | None) -> Settings:
    from flows.settings import Settings  # noqa: PLC0415

    return Settings(home=home) if home else Settings()


def _chosen(regions: list[str], ids: list[str], paths: list[Path], file: Path | None) -> list[Source]:
    from extractors.sources import files_source, load_sources, select  # noqa: PLC0415
    from models.paths import DATA  # noqa: PLC0415

    for path in paths:
        if not path.exists():
            _fail(f"{path}: findes ikke; --from skal være en fil eller en mappe", USAGE)
    if paths:
        return list({source.id: source for source in map(files_source, paths)}.values())
    chosen = list(select(load_sources(file or DATA / "sources.toml"), regions, ids))
    if not chosen:
        _fail("ingen kilder er valgt: se id og regioner i data/sources.toml", USAGE)
    return chosen


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """Errors that the user can mend become one line; anything else is a fault of ours and keeps its traceback."""
    from pydantic import ValidationError  # noqa: PLC0415

    from models.errors import SamspilError  # noqa: PLC0415

    try:
        yield
    except SamspilError as error:
        _fail(str(error), USAGE)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        _fail(f"indstillingen SAMSPIL_{'_'.join(map(str, first['loc'])).upper()}: {first['msg']}", USAGE)
    except KeyboardInterrupt:
        _fail("afbrudt; det hentede er gemt, kør igen for at fortsætte", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(text: str, code: int) -> NoReturn:
    typer.echo(f"samspil: {' '.join(text.split())}", err=True)
    raise typer.Exit(code)


if __name__ == "__main__":
    main()
