"""A soak: readers, writers and clients that hang up, all at once and for long, while memory is watched."""

import json
import random
import socket
import statistics
import threading
import time
from collections import Counter
from http.client import HTTPConnection, HTTPException

import clients

TOKEN = "soak-0123456789abcdef"
PAGES = ["/", "/events", "/events.atom", "/events.geojson", "/search?q=army", "/.well-known/void", "/sparql", "/metrics"]
PLACES = ["Aleppo", "Sirte", "Mosul", "Benghazi", "Kunduz", "Raqqa", "Misrata", "Homs"]

# What a writer or a reader may be told besides success: to come back later.
BUSY = (429, 503)


class Soak:
    def __init__(self, server, asked, minutes):
        self.server, self.minutes = server, minutes
        self.queries = [query for queries in asked.values() for query in queries[:20]]
        self.stop = threading.Event()
        self.counts, self.errors = Counter(), []
        self.samples = []

    def http(self, method, path, body=None, headers=None, good=(200,)):
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=120)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status in BUSY:
                self.counts["told to come back"] += 1
            elif answer.status not in good:
                self.errors.append(f"{method} {path}: {answer.status} {text[:200]!r}")
            return answer, text
        except (OSError, HTTPException) as error:
            self.errors.append(f"{method} {path}: {error!r}")
            return None, b""
        finally:
            connection.close()

    def read(self, seed):
        choose = random.Random(seed)
        while not self.stop.is_set():
            if choose.random() < 0.3:
                path = choose.choice(PAGES)
                accept = {"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": choose.choice(["gzip", "br", "identity"])}
                self.http("GET", path, headers=accept)
                self.counts["pages"] += 1
            else:
                status, body, _ = clients.ask(self.server, choose.choice(self.queries))
                self.counts["queries"] += 1
                if status in BUSY:
                    self.counts["told to come back"] += 1
                elif status != 200:
                    self.errors.append(f"query: {status} {body[:200]!r}")

    def write(self, seed):
        choose = random.Random(seed)
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        number = 0
        while not self.stop.is_set():
            number += 1
            place, dead = choose.choice(PLACES), choose.randrange(2, 90)
            text = f"Rebels seize part of {place}\n\nRebels seized the north of {place} on Monday, killing {dead} soldiers, officials said. Message {seed}-{number}.\n"
            headers = bearer | {"Content-Type": "text/plain"}
            answer, told = self.http("POST", "/articles?published=2018-06-29", text.encode(), headers, good=(200, 201))
            self.counts["articles sent"] += 1
            if answer is not None and answer.status == 201:
                where = answer.headers["Location"]
                where = "/article/" + where.split("/article/", 1)[1]
                self.http("GET", where + ".ttl")
                if json.loads(told)["extracted"]["events"] == []:
                    self.errors.append(f"nothing was read from {text!r}")
                self.http("DELETE", where, headers=bearer, good=(204,))
                self.counts["articles removed"] += 1
            self.stop.wait(0.5)

    def hang_up(self, seed):
        """Asks, and goes in the middle of the question, before the answer, or in the middle of it."""
        choose = random.Random(seed)
        everything = clients.request(self.server, "SELECT * { ?s ?p ?o }")
        slow = clients.request(self.server, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?c . ?f ?g ?c }")
        while not self.stop.is_set():
            try:
                with clients.connect(self.server) as client:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                    asked = choose.choice([everything, slow])
                    client.sendall(asked[: len(asked) // 2] if choose.random() < 0.3 else asked)
                    self.stop.wait(choose.random())
                    client.settimeout(0.1)
                    if choose.random() < 0.5:
                        client.recv(1000)
            except (TimeoutError, ConnectionError):
                pass
            self.counts["hung up"] += 1
            self.stop.wait(0.3)

    def run(self):
        """Lets it run; true if nothing failed and nothing grew."""
        jobs = [(self.read, 4), (self.write, 2), (self.hang_up, 3)]
        threads = [
            threading.Thread(target=job, args=(1000 * kind + number,), daemon=True)
            for kind, (job, many) in enumerate(jobs)
            for number in range(many)
        ]
        for thread in threads:
            thread.start()
        end = time.monotonic() + 60 * self.minutes
        while time.monotonic() < end:
            self.stop.wait(min(2, 60 * self.minutes / 30))
            files, processes = self.server.files()
            self.samples.append((self.server.anonymous(), self.server.memory(), files, processes))
        self.stop.set()
        for thread in threads:
            thread.join(130)
        return self.report()

    def report(self):
        print("  " + ", ".join(f"{count:,} {what}" for what, count in sorted(self.counts.items())))
        # The first fifth is for caches to fill.
        rest = self.samples[len(self.samples) // 5 :]
        half = len(rest) // 2
        grown = False
        for column, what, unit in [(0, "memory of its own", " MiB"), (1, "memory", " MiB"), (2, "open files", ""), (3, "processes", "")]:
            early = statistics.median(sample[column] for sample in rest[:half])
            late = statistics.median(sample[column] for sample in rest[half:])
            most = max(sample[column] for sample in self.samples)
            print(f"  {what}: {early:.0f}{unit} in the first half, {late:.0f}{unit} in the second, {most:.0f}{unit} at most")
            grown |= column != 1 and late > 1.15 * early + 8
        for error in self.errors[:10]:
            print(f"  error: {error}")
        fault = self.server.process.poll() is not None
        verdict = not self.errors and not grown and not fault
        words = ["no error" if not self.errors else f"{len(self.errors)} errors", "growth" if grown else "no growth"]
        print(f"{'ok' if verdict else 'FAIL'} soak of {self.minutes:g} minutes: {', '.join(words)}{', the server ended' if fault else ''}")
        return verdict
