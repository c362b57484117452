"""Sources: data/sources.toml, checked where it is read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.errors import SamspilError
from models.records import ALL_REGIONS, REGIONS, Expectation, Source, SourceKind, digest

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ON_THE_WEB = (SourceKind.WEBSITE, SourceKind.FEED, SourceKind.WAYBACK)
_ON_DISK = (SourceKind.FILES, SourceKind.WARC)

_DANISH = {  # pydantic's error types
    "bool_type": "skal være true eller false",
    "date_from_datetime_parsing": "er ikke en dato (ÅÅÅÅ-MM-DD)",
    "date_type": "er ikke en dato (ÅÅÅÅ-MM-DD)",
    "enum": "skal være en af website, feed, files, projects, wayback, warc",
    "extra_forbidden": "er en ukendt nøgle",
    "finite_number": "skal være et endeligt tal",
    "float_type": "skal være et tal",
    "greater_than": "er for lille",
    "greater_than_equal": "er for lille",
    "int_from_float": "skal være et helt tal",
    "int_type": "skal være et helt tal",
    "less_than_equal": "er for stor",
    "missing": "mangler",
    "model_type": "skal være en tabel",
    "string_too_long": "er for lang",
    "string_too_short": "må ikke være tom",
    "string_type": "skal være en tekst",
    "too_short": "må ikke være tom",
    "tuple_type": "skal være en liste",
}


FILES_PREFIX = "filer-"
"""How the id of a source begins that is a folder of files."""


class SourceError(SamspilError):
    """What is wrong with the sources, in one Danish line with file, line and key."""


def _checked(test: Callable[[str], bool], complaint: str) -> AfterValidator:
    def check(value: str) -> str:
        if not test(value):
            raise ValueError(complaint)
        return value

    return AfterValidator(check)


def _is_regex(value: str) -> bool:
    try:
        re.compile(value)
    except re.error:
        return False
    return True


_Text = Annotated[str, Field(min_length=1, max_length=500)]
_Id = Annotated[
    str,
    Field(max_length=100),
    _checked(lambda value: bool(_ID.fullmatch(value)), "må kun bestå af a-z, 0-9 og enkelte bindestreger"),
]
_Region = Annotated[
    str, _checked(lambda value: value in (*REGIONS, ALL_REGIONS), f"skal være en af {', '.join(REGIONS)} eller alle")
]
_Regex = Annotated[str, _checked(_is_regex, "er ikke et gyldigt regulært udtryk")]
_Count = Annotated[int, Field(ge=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Expect(_Strict):
    min_documents: _Count | None = None
    max_documents: _Count | None = None
    min_claims: _Count | None = None
    max_claims: _Count | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for low, high in ((self.min_documents, self.max_documents), (self.min_claims, self.max_claims)):
            if low is not None and high is not None and low > high:
                raise ValueError("har et minimum over sit maksimum")
        return self


class _Row(_Strict):
    id: _Id
    name: _Text
    publisher: _Text
    kind: Annotated[SourceKind, Field(strict=False)]
    regions: Annotated[tuple[_Region, ...], Field(min_length=1, strict=False)]
    start: Annotated[tuple[_Text, ...], Field(min_length=1, strict=False)]
    allow: Annotated[tuple[_Regex, ...], Field(strict=False)] = ()
    deny: Annotated[tuple[_Regex, ...], Field(strict=False)] = ()
    delay: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)] = 1.0
    max_pages: Annotated[int, Field(ge=1, le=1_000_000)] = 2000
    max_depth: Annotated[int, Field(ge=0, le=100)] = 8
    terms: str = ""
    enabled: bool = True
    expect: _Expect = _Expect()
    from_: Annotated[date | None, Field(alias="from")] = None
    to: date | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for address in self.start:
            on_web = urlsplit(address).scheme in ("http", "https") and bool(urlsplit(address).hostname)
            if self.kind in _ON_THE_WEB and not on_web:
                raise ValueError(f"start: {address} er ikke en http- eller https-adresse")
            if self.kind in _ON_DISK and "://" in address:
                raise ValueError(f"start: {address} er ikke en sti til en fil eller en mappe")
        if ALL_REGIONS in self.regions and len(self.regions) > 1:
            raise ValueError("regions: alle står alene")
        if self.kind is SourceKind.WAYBACK and (self.from_ is None or self.to is None):
            raise ValueError("kind: wayback kræver from og to, den første og den sidste dato")
        if self.kind is not SourceKind.WAYBACK and (self.from_ is not None or self.to is not None):
            raise ValueError(f"{'to' if self.from_ is None else 'from'}: hører kun til wayback-kilder")
        if self.from_ is not None and self.to is not None and self.from_ > self.to:
            raise ValueError("from: ligger efter to")
        return self

    def source(self) -> Source:
        return Source(
            id=self.id,
            name=self.name,
            publisher=self.publisher,
            kind=self.kind,
            regions=self.regions,
            start=self.start,
            allow=self.allow,
            deny=self.deny,
            delay=float(self.delay),
            max_pages=self.max_pages,
            max_depth=self.max_depth,
            terms=self.terms,
            enabled=self.enabled,
            since=self.from_,
            until=self.to,
            expect=Expectation(**self.expect.model_dump()),
        )


def load_sources(path: Path) -> tuple[Source, ...]:
    """The sources of a TOML file, in its order. Raises SourceError: its text names file, line and key."""
    return tuple(row.source() for row in _rows(path))


def select(sources: Iterable[Source], regions: Collection[str] = (), ids: Collection[str] = ()) -> tuple[Source, ...]:
    """The enabled sources of any of `regions` (and those of all regions), and of them those in `ids`, where given.

    A source that is named by its id is taken although it is not enabled. Raises SourceError when one is unknown.
    """
    sources = tuple(sources)
    for region in regions:
        if region not in (*REGIONS, ALL_REGIONS):
            raise SourceError(f"{region}: ukendt region; brug en af {', '.join(REGIONS)}")
    unknown = sorted(set(ids) - {source.id for source in sources})
    if unknown:
        raise SourceError(f"{unknown[0]}: ukendt kilde; se id i kildefilen")
    wanted = {*regions, ALL_REGIONS}
    return tuple(
        source
        for source in sources
        if (source.id in ids if ids else source.enabled) and (not regions or not wanted.isdisjoint(source.regions))
    )


def files_source(path: Path) -> Source:
    """A file or a folder as a source of its own, what `--from PATH` asks for; its id comes from its name and place."""
    kept = "".join(char if char.isascii() and char.isalnum() else "-" for char in path.resolve().name.lower())
    name = "-".join(filter(None, kept.split("-"))) or "mappe"
    return Source(
        id=f"{FILES_PREFIX}{name[:80]}-{digest(str(path.resolve()), length=6)}",
        name=path.resolve().name,
        publisher="",
        kind=SourceKind.FILES,
        regions=(ALL_REGIONS,),
        start=(str(path),),
    )


def _rows(path: Path) -> tuple[_Row, ...]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: filen kan ikke læses som UTF-8-tekst") from error
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        at = int(found[1]) if found else text.count("\n") + 1
        raise SourceError(f"{path}:{at}: filen er ikke gyldig TOML") from error
    for key in content:
        if key != "source":
            raise SourceError(f"{path}:{_line(text, key)}: {key}: er en ukendt nøgle; kilder skrives som [[source]]")
    tables = content.get("source", [])
    if not isinstance(tables, list) or not tables:
        raise SourceError(f"{path}:1: source: der er ingen [[source]] i filen")
    rows: dict[str, _Row] = {}
    for number, table in enumerate(tables):
        try:
            row = _Row.model_validate(table)
        except ValidationError as error:
            raise SourceError(_complaint(path, text, number, error)) from error
        if row.id in rows:
            raise SourceError(f"{path}:{_line(text, 'id', number)}: id: {row.id} er brugt før")
        rows[row.id] = row
    return tuple(rows.values())


def _complaint(path: Path, text: str, number: int, error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    keys = [part for part in first["loc"] if isinstance(part, str)]
    index = "".join(f"[{part}]" for part in first["loc"] if isinstance(part, int))
    if first["type"] == "value_error":
        said = str(first["ctx"]["error"])
    else:
        said = _DANISH.get(first["type"], "har en ugyldig værdi")
    if not keys:  # said of the row as a whole, beginning with the key
        key, _, said = said.partition(": ")
        keys = [key]
    return f"{path}:{_line(text, keys[-1], number)}: {'.'.join(keys)}{index}: {said}"


def _line(text: str, key: str, number: int | None = None) -> int:
    """The line of a key in the `number`th [[source]] (or in the whole file): that table's first line without one."""
    headers = [at for at, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*source\s*\]\]", line)]
    start = headers[number] if number is not None and number < len(headers) else 1
    end = headers[number + 1] if number is not None and number + 1 < len(headers) else text.count("\n") + 2
    for at, line in enumerate(text.splitlines(), 1):
        if start <= at < end and re.search(rf"""(?:^|[{{,.\[])\s*["']?{re.escape(key)}["']?\s*[=\].]""", line):
            return at
    return start
