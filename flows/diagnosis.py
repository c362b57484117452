"""What `samspil doctor` looks at: the installation, the models' cards, the database, the archive."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Callable
from importlib.metadata import version

from extractors.sources import load_sources
from extractors.web.archive import ArchiveError
from flows.engines import Engines
from flows.settings import Settings
from models.errors import SamspilError
from models.paths import DATA

DONE, FAULTY = 0, 1


def doctor(settings: Settings, *, json: bool) -> int:
    """Run every check, show each on a line; 1 when any found a fault."""
    results: dict[str, dict[str, object]] = {}
    for name, check in _checks(settings).items():
        try:
            results[name] = {"ok": True, "found": check()}
        except (SamspilError, OSError) as error:
            results[name] = {"ok": False, "found": " ".join(str(error).split())}
    if json:
        sys.stdout.write(jsonlib.dumps(results, ensure_ascii=False) + "\n")
    else:
        for name, result in results.items():
            sys.stdout.write(f"{'ok  ' if result['ok'] else 'FEJL'}  {name}: {result['found']}\n")
    return DONE if all(result["ok"] for result in results.values()) else FAULTY


def _checks(settings: Settings) -> dict[str, Callable[[], str]]:
    def with_engines(look: Callable[[Engines], str]) -> Callable[[], str]:
        def run() -> str:
            with Engines(settings) as engines:
                return look(engines)

        return run

    return {
        "installation": lambda: f"samspil {version('samspil')}, Python {sys.version.split()[0]}",
        "kilder": lambda: f"{len(load_sources(DATA / 'sources.toml'))} kilder i data/sources.toml",
        "gazetteer": with_engines(lambda engines: f"{len(engines.gazetteer.bodies)} organer"),
        "sprogmodel": with_engines(lambda engines: f"{settings.pipeline}: {', '.join(engines.nlp.pipe_names)}"),
        "samarbejdsmodel": with_engines(_claim_model),
        "identitetsmodel": with_engines(_identity_model),
        "temamodel": with_engines(lambda engines: f"{engines.themes.version}, kortet passer"),
        "database": with_engines(_database),
        "arkiv": with_engines(_archive),
    }


def _claim_model(engines: Engines) -> str:
    model = engines.finder.model
    return f"navne tages fra {model.threshold:.2f}, kortet passer" if model else "bruges ikke med den sprogmodel"


def _identity_model(engines: Engines) -> str:
    names, claims = engines.identity.names, engines.identity.claims
    return f"navne er ens fra {names.same:.2f}, samarbejder fra {claims.same:.2f}, kortet passer"


def _database(engines: Engines) -> str:
    counts = engines.store.counts()
    return f"{engines.store.engine.dialect.name}, {counts['page']} sider, {counts['claim']} udsagn"


def _archive(engines: Engines) -> str:
    """Every file as long as the store remembers, and the newest record of each readable."""
    archive = engines.archive
    for file, length in engines.store.archive_ends().items():
        if archive.length(file) < length:
            raise ArchiveError(f"{file}: {archive.length(file)} byte, men {length} er registreret; hent siderne igen")
    newest = {place.file: (page, place) for page, place in engines.store.current_pages()}
    for page, place in newest.values():
        archive.read(engines.location(page, place))
    return f"{len(newest)} WARC-filer i {engines.settings.archive_path}"
