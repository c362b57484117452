"""A web site of many pages, in a process of its own: `python site.py PAGES LOG` serves it and prints its port.

It answers conditional requests, and writes a line for each request: seconds, host, path, status, bytes of the body.
"""

from __future__ import annotations

import random
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BODIES = ("Region Sjælland", "Region Nordjylland", "Region Syddanmark", "Region Midtjylland", "Aalborg Universitet",
          "Roskilde Universitet", "Syddansk Universitet", "Lolland Kommune", "Vejle Kommune", "Aalborg Kommune",
          "Randers Kommune", "Odense Kommune", "Væksthus Sjælland", "Væksthus Midtjylland", "EUC Syd")  # fmt: skip
THINGS = ("varmepumper i gamle huse", "velfærdsteknologi på plejehjem", "nye iværksættere", "turisme ved kysten",
          "efteruddannelse af faglærte", "kapital til vækstvirksomheder", "robotter i landbruget")  # fmt: skip
FILLER = (
    "Udvalget drøftede sagen og tog orienteringen til efterretning.",
    "Der var mange gode spørgsmål fra de fremmødte, og kaffen slap op før pausen.",
    "Sekretariatet vender tilbage med et notat, når høringen er slut.",
    "Budgettet for næste år behandles i september sammen med de øvrige områder.",
    "På mødet blev der også talt om parkering, skilte og en ny dør til salen.",
    "Tallene viser en svag fremgang i forhold til samme tid sidste år.",
    "Et notat fra {} ligger på sagen, og {} har sendt et høringssvar om trafikken ved skolen.",
    "Borgmesteren takkede {} for indsatsen og glædede sig over, at der er kommet flere unge i lære.",
)
MENU = "".join(
    f'<li class="menu-punkt niveau-2"><a class="menu-link" title="Menupunkt {n}" href="/menu/{n}">'
    f"Menupunkt {n} om regionens mange opgaver</a></li>"
    for n in range(90)
)
SCRIPT = "<script>" + "var indstilling = {navn: 'vaerdi', tal: 12345};\n" * 120 + "</script>"


def page(number: int, pages: int) -> str:
    """One page of 23 kB and 500 words: menu, script, article with an agreement in every fifth, links to the next."""
    chance = random.Random(number)
    first, second = chance.sample(BODIES, 2)
    paragraphs = [" ".join(chance.choices(FILLER, k=5)).format(*chance.choices(BODIES, k=10)) for _ in range(8)]
    if number % 5 == 0:
        thing = chance.choice(THINGS)
        paragraphs.insert(3, f"{first} og {second} har indgået et partnerskab om projektet »Spor {number}« om {thing}.")
    links = "".join(
        f'<li><a href="/sag/{n}">Side {n}</a></li>' for n in range(10 * number + 1, 10 * number + 11) if n < pages
    )
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="da"><head><title>Sag {number}</title>{SCRIPT}</head>'
        f"<body><nav><ul>{MENU}</ul></nav>"
        f"<main><h1>Sag {number} på mødet</h1><p>12. marts 2014</p>{text}<ul>{links}</ul></main>"
        f"<footer>Regionens adresse</footer></body></html>"
    )


def serve(pages: int, log: Path) -> None:
    """Serve until the process is ended."""
    out = log.open("a", encoding="utf-8", buffering=1)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet

        def do_GET(self) -> None:
            name = "sag/0" if self.path == "/" else self.path.lstrip("/")
            number = name.removeprefix("sag/")
            known = name.startswith("sag/") and number.isdecimal() and int(number) < pages
            etag = f'"{number}"'
            status = 404 if not known else 304 if self.headers.get("If-None-Match") == etag else 200
            body = page(int(number), pages).encode() if status == 200 else b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if status == 200:
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("ETag", etag)
            self.end_headers()
            self.wfile.write(body)
            out.write(f"{time.monotonic():.4f}\t{self.headers.get('Host')}\t{self.path}\t{status}\t{len(body)}\n")

        def log_message(self, *_: object) -> None:
            """Our own log instead."""

    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)  # every loopback address is a host of its own
    server.handle_error = lambda *_: None  # type: ignore[method-assign] - clients are killed here
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
