"""Longer work that a reviewer starts, one piece at a time: publishing, and training the theme model."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from flows import training, upkeep
from flows.settings import Settings
from models.errors import SamspilError

PUBLISH, TRAIN = "udgiv", "træn"


@dataclass(slots=True)
class Work:
    """What is being done, or was done last."""

    name: str = ""
    running: bool = False
    told: str = ""


_lock = threading.Lock()
_work = Work()


def state() -> Work:
    """What is being done, or was done last, in this process."""
    return _work


def start(name: str, settings: Settings, done: Callable[[], None]) -> str:
    """Begin a piece of work where none is being done, and call `done` after it; gives back what to tell."""
    with _lock:
        if _work.running:
            return "Der arbejdes allerede; vent, til det er gjort."
        _work.name, _work.running, _work.told = name, True, ""
    threading.Thread(target=_done, args=(_JOBS[name], settings, done), daemon=True).start()
    return "Sat i gang. Siden her fortæller, når det er gjort."


def _done(job: Callable[[Settings], str], settings: Settings, done: Callable[[], None]) -> None:
    try:
        told = job(settings)
        done()
    except SamspilError as error:
        told = str(error)
    except BaseException:
        told = "Det mislykkedes; se terminalen, som gennemgangen kører i."
        raise
    finally:
        _work.told, _work.running = told, False


def _publish(settings: Settings) -> str:
    return f"{upkeep.republish(settings)} samarbejder udgivet."


def _train(settings: Settings) -> str:
    return training.learn(settings)


_JOBS: dict[str, Callable[[Settings], str]] = {PUBLISH: _publish, TRAIN: _train}
