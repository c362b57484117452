"""Every SAMSPIL_* setting and every path, read once and frozen."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The environment as Samspil sees it; the command line may replace `home`."""

    model_config = SettingsConfigDict(env_prefix="SAMSPIL_", frozen=True, extra="ignore")

    home: Path = Path("data/output")
    database: str = ""  # sqlite:///… or postgresql+psycopg://…; default samspil.db in the home
    archive: str = ""  # a folder; default archive in the home
    runner: Literal["threads"] = "threads"
    pipeline: str = "bundled"
    contact: str = ""  # an address or e-mail for webmasters, put into the User-Agent
    allow_loopback: bool = False
    review_token: str = ""  # asked for by the review, where there are no accounts
    review_hosts: tuple[str, ...] = ()  # names besides its address that the review may be called by
    retention_months: int = 0  # whole months of the archive that `samspil archive prune` keeps; 0: say so each time

    @field_validator("archive")
    @classmethod
    def _folder(cls, value: str) -> str:
        if "://" in value:
            raise ValueError("arkivet er en mappe; adresser som s3:// kan ikke bruges i denne udgave")
        return value

    @property
    def database_url(self) -> str:
        """The store's URL."""
        return self.database or f"sqlite:///{self.home.resolve() / 'samspil.db'}"

    @property
    def archive_path(self) -> Path:
        """Where WARC files lie."""
        return Path(self.archive) if self.archive else self.home / "archive"

    @property
    def dataset_path(self) -> Path:
        """The published snapshot."""
        return self.home / "dataset"
