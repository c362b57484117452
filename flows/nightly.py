"""The schedule: the harvest every night by Danish time, and on demand for a region, served by this process."""

from __future__ import annotations

import sys
from contextlib import ExitStack

from flows.orchestration import prepare, server
from flows.schedule import TIME_ZONE, clear_plan, set_plan
from flows.settings import Settings

NAME = "samspil"


def serve(settings: Settings, cron: str) -> None:
    """Serve the deployment until the process is stopped. Raises orchestration.ServerError."""
    set_plan(settings, cron)
    prepare(settings)
    with server() as address, ExitStack() as stopping:
        stopping.callback(clear_plan, settings)
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
