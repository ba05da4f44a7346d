#!/usr/bin/env python3
"""Measures `belligraph serve` beside `oxigraph serve` on the same data, the same machine and in one run.

    python3 run.py PROGRAM OXIGRAPH [ARTICLES…] [--seconds N] [--rounds N] [--clients 1,16] [--only NAME,…] [--store STORE] [--json FILE]
    python3 run.py PROGRAM --minutes N [ARTICLES…]

PROGRAM is belligraph built for release. OXIGRAPH is the program that the Python package `oxigraph` brings (`pip install oxigraph`
puts it beside `python`). ARTICLES are loaded by `belligraph load`, and the dump of that store by `oxigraph load`; without any,
it is `seeds/articles`. Both servers run with the union of all graphs as default graph. They are asked in short turns, one after
the other, so that what else the machine does falls on both. A line tells the answers a second of each, the median and
99th percentile of the time to an answer, and the processor time each spends on it, which what else runs on the machine disturbs least.

With `--minutes` the soak runs instead: readers, writers and clients that hang up, with memory and open files watched.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import clients
import questions
import servers
from soak import TOKEN, Soak

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "articles"

# How long a query may take while it is measured, when it is quick, and when it is made to harm. Quick ones are not given long:
# Oxigraph keeps a thread for each query until its time would be over, even when it was answered at once, and ends when
# the system gives it no more of them.
TIMEOUT, BRIEF, SHORT = 60, 1, 5

# When we give up on a server that does not end a query.
PATIENCE = 60


def load(options, folder):
    """The same graph in a store of each."""
    ours, theirs, dump = options.store or folder / "ours.db", folder / "theirs.db", folder / "dump.nq"
    if not options.store:
        loaded = subprocess.run([options.program, "--store", ours, "load", *options.articles], capture_output=True, text=True)
        if loaded.returncode != 0:
            raise SystemExit(f"the articles cannot be loaded: {loaded.stderr[-1000:]}")
    if options.oxigraph:
        subprocess.run([options.program, "--store", ours, "dump", "--output", dump], check=True, stderr=subprocess.DEVNULL)
        subprocess.run([options.oxigraph, "load", "--location", theirs, "--file", dump], check=True, capture_output=True)
        with dump.open() as lines:
            print(f"{sum(1 for _ in lines):,} quads")
    return ours, theirs


def rows(server, query):
    """The rows of an answer in an order that is the same everywhere; numbers of equal value are equal."""
    status, body, _ = clients.ask(server, query)
    if status != 200:
        return status
    answer = json.loads(body)
    return answer.get("boolean", sorted(json.dumps(row, sort_keys=True) for row in answer.get("results", {}).get("bindings", [])))


def compare(pair, asked, options, told):
    """Queries a second of both, for each question and number of clients, added to what is told."""
    head = f"{'question':26} {'clients':>7} {'answers/s':>20} {'ratio':>6} {'p50 ms':>17} {'p99 ms':>17} {'CPU ms each':>17} {'ratio':>6}"
    print(head)
    for name, queries in asked.items():
        if options.only and name not in options.only:
            continue
        if rows(pair[0], queries[0]) != rows(pair[1], queries[0]):
            print(f"{name:26} the answers differ, as far as sample values and sets of equal rank may")
        for number in options.clients:
            times = [clients.Times() for _ in pair]
            for server in pair:
                clients.measure(server, queries, number, options.seconds / 4, clients.Times())
            for turn in range(options.rounds):
                order = [0, 1] if turn % 2 == 0 else [1, 0]
                for which in order:
                    clients.measure(pair[which], queries, number, options.seconds, times[which])
            ours, theirs = times
            ratio = ours.rate() / theirs.rate() if theirs.rate() else float("inf")
            cpu = theirs.cpu_each() / ours.cpu_each() if ours.cpu_each() else float("inf")
            failures = f"  {ours.failures} and {theirs.failures} failed" if ours.failures or theirs.failures else ""
            print(
                f"{name:26} {number:7} {ours.rate():9.1f} {theirs.rate():10.1f} {ratio:6.2f} "
                f"{ours.percentile(50):8.2f} {theirs.percentile(50):8.2f} {ours.percentile(99):8.2f} {theirs.percentile(99):8.2f} "
                f"{ours.cpu_each():8.2f} {theirs.cpu_each():8.2f} {cpu:6.2f}{failures}",
                flush=True,
            )
            told.append({"question": name, "clients": number, "ours": ours.rate(), "theirs": theirs.rate(), "ratio": ratio, "cpu ratio": cpu})


def verdict(told, options):
    """Whether we are nowhere far behind."""
    if options.json:
        options.json.write_text(json.dumps(told, indent=1))
    if told:
        worst = min(one["ratio"] for one in told)
        middle = sorted(one["ratio"] for one in told)[len(told) // 2]
        under = [f"{one['question']} with {one['clients']}" for one in told if one["ratio"] < 0.9]
        print(f"{'ok' if not under else 'FAIL'} answers a second, ours to theirs: {worst:.2f} at worst, {middle:.2f} in the middle"
              + (f"; under 0.9: {', '.join(under)}" if under else ""))
        return not under
    return True


def idle(pair):
    print("memory under 200 idle connections, MiB:")
    for server in pair:
        before = server.memory()
        query = "SELECT * { ?s ?p ?o } LIMIT 10"
        kept = [clients.connect(server) for _ in range(200)]
        for client in kept:
            client.sendall(clients.request(server, query))
        # A server with fewer threads than connections leaves some without an answer: those wait.
        for client in kept:
            client.settimeout(5)
            try:
                client.recv(1 << 16)
            except TimeoutError:
                break
        time.sleep(1)
        print(f"  {server.name}: {server.memory():.0f}, {server.memory() - before:+.1f} for them")
        for client in kept:
            client.close()


def harm(pair):
    """The queries that were made to harm, with a look-up beside them all the while."""
    print(f"queries made to harm, with {SHORT} s allowed:")
    good = True
    for name, query in questions.HOSTILE.items():
        for server in pair:
            status, _, took = clients.ask(server, query, patience=PATIENCE)
            begun = time.perf_counter()
            beside, _, meanwhile = clients.ask(server, "ASK { ?s ?p ?o }", patience=30)
            ended = f"status {status}" if status else ("no answer" if took >= PATIENCE else "broken off")
            print(f"  {name}: {server.name}: {ended} after {took:.1f} s; the next query: {beside} in {1000 * meanwhile:.0f} ms; {server.memory():.0f} MiB")
            if server is pair[0]:
                good &= took < 2 * SHORT and status != 200 and beside == 200
    print(f"{'ok' if good else 'FAIL'} each ends within twice the limit")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("oxigraph", nargs="?", type=Path)
    parser.add_argument("articles", nargs="*", type=Path)
    parser.add_argument("--store", type=Path, help="take the store that is there in place of articles; the soak gives back what it adds")
    parser.add_argument("--seconds", type=float, default=1.0, help="of a turn")
    parser.add_argument("--rounds", type=int, default=4, help="turns of each server")
    parser.add_argument("--clients", type=lambda text: [int(number) for number in text.split(",")], default=[1, 16])
    parser.add_argument("--only", type=lambda text: text.split(","), help="these questions")
    parser.add_argument("--minutes", type=float, help="run the soak for so long instead")
    parser.add_argument("--json", type=Path, help="write the ratios there")
    options = parser.parse_args()
    if options.minutes and options.oxigraph:
        options.articles.insert(0, options.oxigraph)
        options.oxigraph = None
    elif not options.minutes and not options.oxigraph:
        parser.error("OXIGRAPH is missing")
    options.articles = options.articles or [SEEDS]
    with tempfile.TemporaryDirectory(prefix="belligraph-bench-") as folder:
        folder = Path(folder)
        ours, theirs = load(options, folder)
        if options.minutes:
            tokens = folder / "tokens"
            tokens.write_text(f"admin {TOKEN}\n")
            server = servers.belligraph(options.program, ours, folder, TIMEOUT, "--token-file", tokens)
            try:
                good = Soak(server, questions.of(server), options.minutes).run()
            finally:
                server.end()
            return 0 if good else 1
        good, told = True, []
        for timeout, steps in [(TIMEOUT, "saved"), (BRIEF, "quick"), (SHORT, "harm")]:
            pair = []
            try:
                pair.append(servers.belligraph(options.program, ours, folder, timeout))
                pair.append(servers.oxigraph(options.oxigraph, theirs, folder, timeout))
                if steps == "harm":
                    good &= harm(pair)
                    continue
                asked = questions.of(pair[0]).items()
                compare(pair, {name: queries for name, queries in asked if (name in questions.QUICK) == (steps == "quick")}, options, told)
                if steps == "quick":
                    good &= verdict(told, options)
                    idle(pair)
            finally:
                for server in pair:
                    server.end()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
