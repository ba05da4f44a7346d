#!/usr/bin/env python3
"""Ask the graph of one real article what the article says.

    python3 run.py PROGRAM ARTICLE

Each `*.rq` beside this script is an ASK query under a header: `# question:` in words, `# expect:` true or false, and
`# published:` whether the article is loaded with its date (`known`), without (`unknown`), or once each (`both`, the default).
What the program does not get right yet has a line `# gap:` that says why; it is told, and fails nothing until the line is removed.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

PUBLISHED = "2018-01-02"


def load(program, article, store, date):
    command = [program, "load", "--store", str(store), article]
    subprocess.run(command + (["--published", date] if date else []), stdout=subprocess.DEVNULL, check=True)


def ask(program, store, query):
    command = [program, "query", "--store", str(store), "--format", "csv", str(query)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else done.stderr.strip()


def main():
    program, article = sys.argv[1:3]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        stores = {"known": Path(folder) / "known.db", "unknown": Path(folder) / "unknown.db"}
        load(program, article, stores["known"], PUBLISHED)
        load(program, article, stores["unknown"], None)
        for query in sorted(Path(__file__).parent.glob("*.rq")):
            header = dict(re.findall(r"^# (\w+): (.*)$", query.read_text(encoding="utf-8"), re.MULTILINE))
            which = header.get("published", "both")
            for name in stores if which == "both" else [which]:
                answer = ask(program, stores[name], query)
                told = f"{query.stem}, date {name}: {header['question']}"
                if answer == header["expect"]:
                    closed = ", no longer a gap: remove the mark" if "gap" in header else ""
                    print(f"ok {told} {answer}{closed}", flush=True)
                elif "gap" in header and answer in ("true", "false"):
                    print(f"gap {told} {answer}: {header['gap']}", flush=True)
                else:
                    failed += 1
                    print(f"FAIL {told} expected {header['expect']}, got {answer}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
