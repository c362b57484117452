"""The schedule: the harvest every night by Danish time, and on demand for a region, served by this process."""

from __future__ import annotations

import sys

from flows.orchestration import prepare, server
from flows.settings import Settings

TIME_ZONE = "Europe/Copenhagen"
NAME = "samspil"


def serve(settings: Settings, cron: str) -> None:
    """Serve the deployment until the process is stopped. Raises orchestration.ServerError."""
    prepare(settings)
    with server() as address:
        from prefect.schedules import Cron  # noqa: PLC0415 - after its settings are made
        from prefect.types.entrypoint import EntrypointType  # noqa: PLC0415

        from flows.harvest import nightly  # noqa: PLC0415

        sys.stdout.write(f"Kører efter planen {cron} ({TIME_ZONE}); siderne er på {address.removesuffix('/api')}\n")
        sys.stdout.flush()
        nightly.serve(
            name=NAME,
            schedule=Cron(cron, timezone=TIME_ZONE),
            parameters={"home": str(settings.home.resolve())},
            pause_on_shutdown=False,
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
