"""What a harvest and its status show in a terminal, or as JSON: progress, a summary, what stands open."""

from __future__ import annotations

import json as jsonlib
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from flows import sample, schedule
from flows.engines import Engines
from flows.fetching import REFUSALS
from flows.progress import CLASSIFY, EXTRACT, FETCH, Progress
from flows.run import Options, Summary
from flows.run import harvest as harvest_directly
from flows.settings import Settings
from models.records import Failure, Source, Theme
from models.store import Change, SourceRun

STEPS = {FETCH: "Henter sider", EXTRACT: "Finder samarbejder", CLASSIFY: "Finder temaer"}
SHOWN_FAILURES = 20


def harvest(settings: Settings, sources: Sequence[Source], options: Options, *, direct: bool, json: bool) -> int:
    """Run a harvest, show how it goes and what came of it; gives back the exit code."""
    with Engines(settings, harvesting=True) as engines, shown(quiet=json) as progress:
        if direct:
            summary = harvest_directly(engines, sources, options, progress)
        else:
            from flows.orchestration import run_flow  # noqa: PLC0415 - Prefect is needed here alone

            summary = run_flow(engines, sources, options, progress)
    if json:
        _print_json(summary.as_json())
    else:
        _show(summary)
    return summary.exit_code


def has_real_data(settings: Settings) -> bool:
    """Whether the home holds pages of any source but the sample site."""
    with Engines(settings) as engines:
        return bool(engines.store.source_counts().keys() - {sample.ID})


def status(settings: Settings, *, json: bool) -> None:
    """Show each source's last run, what stands open, and what waits for review."""
    from flows import waiting as review  # noqa: PLC0415 - with it comes all that publishing needs

    with Engines(settings) as engines:
        store = engines.store
        runs, failures, waiting = store.last_runs(), store.failures(), len(review.waiting(engines))
        changes = {run.source_id: store.changes(run.source_id) for run in runs}
        drifted = review.drifted(engines)
    planned = schedule.next_run(settings, engines.clock())
    if json:
        _print_json(
            {
                "sources": [_plain(run) for run in runs],
                "failures": [_plain(failure) for failure in failures],
                "changes": {
                    source: [_plain(change) for change in changed] for source, changed in changes.items() if changed
                },
                "waiting_for_review": waiting,
                "drift": drifted,
                "next_run": planned.isoformat() if planned else None,
            }
        )
        return
    console = terminal()
    if not runs:
        console.print("Intet er høstet endnu: kør samspil harvest.")
        return
    console.print(_runs_table(runs))
    _show_failures(console, failures)
    for run in runs:
        if changed := changes[run.source_id]:
            added, removed = sum(one.added for one in changed), sum(one.removed for one in changed)
            console.print(
                f"{run.source_name}: {len(changed)} ændrede sider gav {added} nye udsagn og tog {removed} bort"
            )
    if planned:
        console.print(f"Næste kørsel efter planen: {planned:%d-%m-%Y %H:%M}")
    for line in drifted:
        console.print(f"Temaerne skrider: {line}", soft_wrap=True)
    console.print(f"{waiting} samarbejder har et tema, som modellen er i tvivl om, og venter på gennemsyn.")


@contextmanager
def shown(*, quiet: bool) -> Iterator[Progress]:
    """Bars on a terminal; elsewhere a plain line when a step begins."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        begun: set[str] = set()

        def line(step: str, _count: int) -> None:
            if step not in begun and not quiet:
                begun.add(step)
                console.print(f"{STEPS[step]} …")

        yield line
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}"))
    with Bars(*columns, TimeElapsedColumn(), console=console, transient=True) as bars:
        tasks = {step: bars.add_task(name, total=None, start=False) for step, name in STEPS.items()}

        def advance(step: str, count: int) -> None:
            bars.start_task(tasks[step])
            bars.advance(tasks[step], count)

        yield advance


def _show(summary: Summary) -> None:
    console = terminal()
    console.print(_runs_table(summary.sources))
    table = Table(title="Datasættet")
    for name in ("Sider", "Dokumenter", "Udsagn", "Samarbejder", "Organisationer"):
        table.add_column(name, justify="right")
    counts = (summary.pages, summary.documents, summary.claims, summary.collaborations, summary.organisations)
    table.add_row(*map(str, counts))
    console.print(table)
    for title, counted in (("Vækstforum", summary.by_forum), ("Tema", summary.by_theme)):
        if not counted:
            continue
        table = Table()
        table.add_column(title)
        table.add_column("Samarbejder", justify="right")
        for name, count in counted.items():
            table.add_row(Theme(name).danish if title == "Tema" else name, str(count))
        console.print(table)
    _show_failures(console, summary.failures)
    if not summary.documents_held:
        console.print("Der var intet at læse: hverken sider eller filer, som Samspil kan læse.")
        return
    for line in summary.below:
        console.print(f"Færre end ventet: {line}")
    for line in summary.above:
        console.print(f"Flere end ventet: {line}")
    console.print(f"Resultatet ligger i {summary.dataset} (åbn samspil.xlsx i et regneark).", soft_wrap=True)


def _runs_table(runs: Sequence[SourceRun]) -> Table:
    table = Table(title="Kilder")
    for name in ("Kilde", "Sidst kørt"):
        table.add_column(name)
    for name in ("Nye", "Ændrede", "Uændrede", "Forsvundne", "Afviste", "Fejlede"):
        table.add_column(name, justify="right")
    for run in runs:
        counts = (run.fresh, run.changed, run.unchanged, run.vanished, run.refused, run.failed)
        table.add_row(run.source_name, f"{run.at:%d-%m-%Y %H:%M}", *map(str, counts))
    return table


def _show_failures(console: Console, failures: Sequence[Failure]) -> None:
    """One line for each address; of a reason that is met often, the first addresses and the number of the others."""
    failures = [failure for failure in failures if failure.kind not in REFUSALS]
    if not failures:
        return
    by_reason: dict[str, list[Failure]] = defaultdict(list)
    for failure in failures:
        by_reason[failure.reason].append(failure)
    table = Table(title=f"Fejl ({len(failures)})")
    for name in ("Adresse", "Årsag"):
        table.add_column(name, overflow="fold")
    for reason, group in sorted(by_reason.items(), key=lambda pair: (len(pair[1]), pair[0])):
        for failure in group[:SHOWN_FAILURES]:
            table.add_row(failure.url, reason)
        if len(group) > SHOWN_FAILURES:
            table.add_row(f"… og {len(group) - SHOWN_FAILURES} til", reason)
    console.print(table)


def _plain(record: SourceRun | Failure | Change) -> dict[str, Any]:
    return {**asdict(record), "at": record.at.isoformat()}


def terminal() -> Console:
    """Where people read."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else 120)


def _print_json(value: dict[str, Any]) -> None:
    sys.stdout.write(jsonlib.dumps(value, ensure_ascii=False) + "\n")
