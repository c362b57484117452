"""The review on a port of loopback, for a browser; and engines that ask about more names than they do in use."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from flows.engines import Engines
from models.identity.matcher import Matcher

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


UNSURE = 0.8  # chance from which these tests are asked about two names; how many a sample site has varies with models


def asking(engines: Engines) -> Engines:
    """The same engines, which ask a person from a lower chance on."""
    names = replace(engines.identity.names, ask=UNSURE)
    engines.__dict__["matcher"] = Matcher(engines.gazetteer, engines.typing, names)
    return engines


@contextmanager
def serving(app: WSGIApplication) -> Iterator[str]:
    """The app at a free port: its address."""
    server = make_server("127.0.0.1", 0, _at_once(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _at_once(app: WSGIApplication) -> WSGIApplication:
    """The same with bodies in one piece: a browser that goes away leaves no file open."""

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as body:
            return [b"".join(body)]

    return answered
