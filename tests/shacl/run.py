#!/usr/bin/env python3
"""Hold the validator against pyshacl on our own data, whole and spoilt on purpose, and time both.

    python3 run.py PROGRAM [--articles N] [--whole]

The example articles are loaded and dumped with the ontology; a second copy gets a few hundred faults from a fixed seed: statements
dropped, doubled with another value, values given another type. Both validators check both copies against ontology/shapes, and must
report the same: focus node, path, value, severity, kind of constraint and shape, each as often. pyshacl is installed into a
folder of its own; where that cannot be done, a line `skipped …` says so, which is no pass.
"""

import argparse
import collections
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHAPES = ROOT / "ontology" / "shapes"
SH = "http://www.w3.org/ns/shacl#"
BG = "https://w3id.org/belligraph/ontology#"
FAULTS = 400
# What a shape compares with another value. pyshacl finds an order between a date and a number, where SHACL asks for a result
# (section 4.5.3), so the faults of these are of their own type.
NUMBERS = {f"<{BG}{name}>" for name in ("min", "max", "beginIndex", "endIndex", "rank")}
DATES = {f"<{BG}{name}>" for name in ("earliest", "latest", "beginEarliest", "beginLatest", "endEarliest", "endLatest")}


def install(folder):
    """The interpreter that has pyshacl; none if it cannot be had."""
    if subprocess.run([sys.executable, "-c", "import pyshacl"], capture_output=True).returncode == 0:
        return sys.executable
    python = folder / "venv" / "bin" / "python"
    for command in ([sys.executable, "-m", "venv", folder / "venv"], [python, "-m", "pip", "install", "-q", "pyshacl==0.40.1"]):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            print(f"skipped pyshacl, which cannot be installed ({(done.stderr or done.stdout).strip().splitlines()[-1:]})")
            return None
    return str(python)


def spoil(lines, seed=7):
    """The statements with faults: each is of the kind a mapper or an author makes."""
    chance = random.Random(seed)
    own = [i for i, line in enumerate(lines) if "/article/" in line.split(" ", 1)[0] or "/event/" in line.split(" ", 1)[0]
           or "/report/" in line.split(" ", 1)[0] or "/situation/" in line.split(" ", 1)[0]]
    spoilt = list(lines)
    for i in chance.sample(own, min(FAULTS, len(own))):
        subject, predicate, rest = lines[i].split(" ", 2)
        kind = chance.randrange(5)
        if kind and predicate in NUMBERS | DATES:
            kind = 2 if predicate in NUMBERS else 3
        if kind == 0:
            spoilt[i] = ""
        elif kind == 1:
            spoilt[i] = lines[i] + f"{subject} {predicate} <{BG}nothing> .\n"
        elif kind == 2:
            spoilt[i] = f'{subject} {predicate} "-1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
        elif kind == 3:
            spoilt[i] = f'{subject} {predicate} "9999-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .\n'
        else:
            spoilt[i] = lines[i] + f'{subject} {predicate} "spoilt"@en .\n'
    return spoilt


def ours(program, data, report):
    began = time.monotonic()
    done = subprocess.run([program, "validate", "--shapes", SHAPES, "--format", "ntriples", "--output", report, data],
                          capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"FAIL the validator ended with an error: {done.stderr[:500]}")
    return time.monotonic() - began


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program")
    arguments.add_argument("--articles", type=int, default=12)
    arguments = arguments.parse_args()
    code = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        python = install(folder)
        if python is None:
            return 0
        articles = sorted(p for p in (ROOT / "seeds" / "articles").iterdir() if p.is_file() and p.name != "README.md")
        store = folder / "belligraph.db"
        subprocess.run([arguments.program, "load", "--store", store, *articles[: arguments.articles]],
                       stdout=subprocess.DEVNULL, check=True)
        whole = folder / "whole.nt"
        subprocess.run([arguments.program, "dump", "--store", store, "--format", "ntriples", "--output", whole], check=True)
        lines = whole.read_text(encoding="utf-8").splitlines(keepends=True)
        spoilt = folder / "spoilt.nt"
        spoilt.write_text("".join(spoil(lines)), encoding="utf-8")
        for data in (whole, spoilt):
            report, other = folder / f"{data.stem}-ours.nt", folder / f"{data.stem}-pyshacl.nt"
            seconds = ours(arguments.program, data, report)
            began = time.monotonic()
            compared = subprocess.run([python, __file__, "--compare", data, report], capture_output=True, text=True)
            sys.stdout.write(compared.stdout)
            if compared.returncode != 0:
                code = 1
                sys.stdout.write(compared.stderr[-2000:])
                print(f"FAIL the reports of {data.name} differ")
                continue
            theirs = float(compared.stdout.split("seconds=")[1].split()[0])
            count = len(lines)
            print(f"rate {data.name}: {count} statements; ours {seconds:.2f} s with reading ({count / seconds:,.0f} a second), "
                  f"pyshacl {theirs:.2f} s without reading ({count / theirs:,.0f} a second), {theirs / seconds:.0f} times as fast")
    return code


def compare(data, report):
    """Runs in the interpreter that has pyshacl: its report on `data` beside ours."""
    import pyshacl
    import rdflib

    rdflib.NORMALIZE_LITERALS = False
    graph = rdflib.Graph().parse(data, format="nt")
    shapes = rdflib.Graph()
    for path in sorted(SHAPES.glob("*.ttl")):
        shapes.parse(path, format="turtle")
    began = time.monotonic()
    _, theirs, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", allow_warnings=False, meta_shacl=False)
    seconds = time.monotonic() - began
    ours = rdflib.Graph().parse(report, format="nt")

    def results(report):
        sh = rdflib.Namespace(SH)
        found = collections.Counter()
        for result in report.objects(None, sh.result):
            line = []
            for property in (sh.focusNode, sh.resultPath, sh.value, sh.resultSeverity, sh.sourceConstraintComponent, sh.sourceShape):
                value = report.value(result, property)
                line.append("[]" if isinstance(value, rdflib.BNode) else value.n3() if value is not None else "")
            found[tuple(line)] += 1
        return found

    mine, other = results(ours), results(theirs)
    for missing, count in sorted((other - mine).items())[:10]:
        print(f"only pyshacl ({count}): {' '.join(missing)}")
    for extra, count in sorted((mine - other).items())[:10]:
        print(f"only ours ({count}): {' '.join(extra)}")
    if mine != other:
        return 1
    kinds = sorted({line[4].rsplit("#", 1)[1].removesuffix("ConstraintComponent>") for line in mine})
    print(f"ok {os.path.basename(data)}: the same {sum(mine.values())} results ({', '.join(kinds) or 'none'}); seconds={seconds:.2f}")
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--compare"]:
        raise SystemExit(compare(*sys.argv[2:4]))
    raise SystemExit(main())
