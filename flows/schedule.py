"""When the harvest runs next: the plan that `samspil serve` leaves in the home."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from flows.settings import Settings
from models.errors import SamspilError

TIME_ZONE = "Europe/Copenhagen"


class CronError(SamspilError):
    """A plan that is no cron expression."""


def set_plan(settings: Settings, cron: str) -> None:
    """Leave the plan in the home. Raises CronError."""
    try:
        CronSim(cron, datetime.now(ZoneInfo(TIME_ZONE)))
    except CronSimError as error:
        raise CronError(f"{cron}: ikke en tidsplan; fem felter som i 0 2 * * *") from error
    settings.home.mkdir(parents=True, exist_ok=True)
    _file(settings).write_text(cron + "\n", encoding="utf-8")


def clear_plan(settings: Settings) -> None:
    """Take the plan away: nobody serves it any more."""
    _file(settings).unlink(missing_ok=True)


def next_run(settings: Settings, moment: datetime) -> datetime | None:
    """The next planned moment, in Danish time; None while no plan is served."""
    try:
        cron = _file(settings).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return next(CronSim(cron, moment.astimezone(ZoneInfo(TIME_ZONE))))


def _file(settings: Settings) -> Path:
    return settings.home / ".schedule"
