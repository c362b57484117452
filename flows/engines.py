"""What a run works with: store, archive, network, Danish pipeline, models; each imported and made when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from extractors import versions
from extractors.web.address import Guard
from extractors.web.archive import Archive, Location, source_of
from extractors.web.fetch import Fetcher
from extractors.web.pace import Pace
from extractors.web.transport import Limits, Transport, user_agent
from flows.settings import Settings
from models.cards import card_version
from models.errors import SamspilError
from models.paths import CLAIMS, DANISH, DATA, IDENTITY, THEMES, THEMES_WORDS
from models.records import Page, digest
from models.store import Place, Store

if TYPE_CHECKING:
    from spacy.language import Language

    from extractors.claims import ClaimFinder
    from extractors.documents import TableMapping
    from extractors.privacy import Privacy
    from models.gazetteer import Gazetteer
    from models.identity.matcher import Matcher
    from models.identity.model import IdentityModel
    from models.identity.organisations import Typing
    from models.themes.model import ThemeModel

KNOWLEDGE = ("gazetteer", "privacy", "tables")
"""Folders of data/ that decide what is extracted."""


def now() -> datetime:
    """The clock of a run, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


class HomeError(SamspilError):
    """The home cannot be used: another process harvests into it, or it is no folder."""


class Engines:
    """The engines of one run, and the only place where they are put together."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = now, *, harvesting: bool = False) -> None:
        """Opens store and archive. Only one process at a time may be `harvesting` in a home: raises HomeError."""
        try:
            settings.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HomeError(f"{settings.home}: mappen kan ikke laves eller bruges; vælg en anden med --home") from error
        self.settings = settings
        self.clock = clock
        with ExitStack() as opened:
            if harvesting:
                opened.enter_context(_locked(settings))
            self.store = Store(settings.database_url)
            opened.callback(self.store.close)
            self.archive = Archive(settings.archive_path)
            opened.callback(self.archive.close)
            if harvesting:
                mend_archive(self.archive, self.store)
            self._closing = opened.pop_all()

    def __enter__(self) -> Engines:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    @staticmethod
    def location(page: Page, place: Place) -> Location:
        """Where a stored page lies in the archive."""
        return Location(page.record, place.file, place.offset, place.length)

    @cached_property
    def fetcher(self) -> Fetcher:
        """The network, with one pace for each host."""
        agent = user_agent(version("samspil"), self.settings.contact)
        guard = Guard(allow_loopback=self.settings.allow_loopback)
        fetcher = Fetcher(Transport(agent, Limits(), guard), Pace())
        self._closing.callback(fetcher.close)
        return fetcher

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Bodies known by name."""
        from models.gazetteer import load_gazetteer  # noqa: PLC0415

        return load_gazetteer(DATA / "gazetteer")

    @cached_property
    def typing(self) -> Typing:
        """Kinds and homes of bodies that the gazetteer does not hold."""
        from models.identity.organisations import load_typing  # noqa: PLC0415

        return load_typing(DATA / "gazetteer", self.gazetteer)

    @cached_property
    def identity(self) -> IdentityModel:
        """Decides who is who beyond exact names, and which claims are one collaboration beyond the rules."""
        from models.identity.model import load_model  # noqa: PLC0415

        return load_model()

    @cached_property
    def matcher(self) -> Matcher:
        """Finds the body that a name means."""
        from models.identity.matcher import Matcher  # noqa: PLC0415

        known = self.store.meanings(self.names_version)
        return Matcher(self.gazetteer, self.typing, self.identity.names, known)

    def remember_meanings(self) -> None:
        """Store what names were found to mean, so that no other night works it out again."""
        self.store.save_meanings(self.names_version, self.matcher.meanings)

    @cached_property
    def mappings(self) -> tuple[TableMapping, ...]:
        """Tables of projects that can be read."""
        from extractors.documents import load_mappings  # noqa: PLC0415

        return load_mappings(DATA / "tables")

    @cached_property
    def privacy(self) -> Privacy:
        """What must not pass."""
        from extractors.privacy import load_privacy  # noqa: PLC0415

        return load_privacy(DATA / "privacy")

    @cached_property
    def nlp(self) -> Language:
        """The Danish pipeline."""
        from models.danish import load_pipeline  # noqa: PLC0415

        return load_pipeline(self.settings.pipeline, self.gazetteer)

    @cached_property
    def finder(self) -> ClaimFinder:
        """The extractor of claims."""
        from extractors.claims import ClaimFinder  # noqa: PLC0415
        from extractors.cues import load_cues  # noqa: PLC0415
        from extractors.parties import Parties  # noqa: PLC0415
        from models.claims.model import load_model  # noqa: PLC0415

        parties = Parties(self.gazetteer, load_cues(DATA / "cues.toml"), self.privacy)
        model = load_model() if self.settings.pipeline in DANISH else None
        return ClaimFinder(parties, self.extractor_version, model)

    @cached_property
    def extractor_version(self) -> str:
        """Changes whenever the same page may yield other claims: with code, knowledge, or pipeline."""
        knowledge = [DATA / "cues.toml", *(path for name in KNOWLEDGE for path in sorted((DATA / name).iterdir()))]
        contents = [path.read_bytes() for path in knowledge]
        contents += [_pipeline_version(self.settings.pipeline), (CLAIMS / "card.json").read_bytes()]
        return digest(versions.READERS, versions.CLAIMS, *contents, length=12)

    @property
    def themes_folder(self) -> Path:
        """Where the theme model lies: in the home once one was trained from its decisions, else the shipped one."""
        own = self.settings.home / "models" / "themes"
        return own if (own / "card.json").is_file() else THEMES

    def forget_themes(self) -> None:
        """Load the theme model anew when it is needed next: there is another."""
        for name in ("themes", "themes_version", "themes_digest"):
            self.__dict__.pop(name, None)

    @cached_property
    def themes_digest(self) -> str:
        """Names the theme model, without loading it."""
        files = (*sorted(self.themes_folder.iterdir()), THEMES_WORDS)
        return digest(*(path.read_bytes() for path in files), length=12)

    @cached_property
    def identity_digest(self) -> str:
        """Names the identity model, without loading it."""
        return digest((IDENTITY / "card.json").read_bytes(), length=12)

    @cached_property
    def names_version(self) -> str:
        """Changes whenever a name may mean another body: with the code, the model, and the gazetteer."""
        from models.identity.matcher import VERSION  # noqa: PLC0415

        known = (path.read_bytes() for path in sorted((DATA / "gazetteer").iterdir()))
        return digest(VERSION, self.identity_digest, *known, length=12)

    @cached_property
    def themes_version(self) -> str:
        """The version of the theme model, from its card."""
        return card_version(self.themes_folder)

    @cached_property
    def themes(self) -> ThemeModel:
        """The theme model."""
        from models.themes.model import load_model  # noqa: PLC0415

        return load_model(self.themes_folder)


def _pipeline_version(name: str) -> bytes:
    """What changes with a pipeline, without loading it: the card of one of ours, the name of any other."""
    card = DANISH[name] / "card.json" if name in DANISH else None
    return card.read_bytes() if card is not None and card.is_file() else name.encode()


@contextmanager
def _locked(settings: Settings) -> Iterator[None]:
    """Hold the home's lock; the system lets go of it when the process ends, however it ends."""
    lock = FileLock(settings.home / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise HomeError(f"{settings.home}: en anden høst er i gang her; vent, eller brug --home") from error
    except OSError as error:
        raise HomeError(f"{settings.home}: der kan ikke skrives i mappen; vælg en anden med --home") from error
    try:
        yield
    finally:
        lock.release()


def mend_archive(archive: Archive, store: Store) -> None:
    """Cut off what a killed run appended and did not commit; set files aside that lost what was committed.

    The pages of a file set aside are fetched anew.
    """
    committed = store.archive_ends()
    ours = {source.id for source in store.sources()}
    for file in archive.files():
        length = committed.get(file, 0 if source_of(file) in ours else None)
        if length is not None and archive.length(file) >= length:
            archive.cut(file, length)
    lost = [file for file, length in committed.items() if archive.length(file) < length]
    for file in lost:
        archive.set_aside(file)
    store.forget_archive(lost)
