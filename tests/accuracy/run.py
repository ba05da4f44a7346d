#!/usr/bin/env python3
"""Hold the accuracy of the program above its floors.

    python3 run.py PROGRAM SHARED [--print]

Annotated articles are `tests/gold/*.jsonl`, with floors in `floors.json` beside them, and those of `SHARED/eval`, with
floors in `floors.json` here; a file is added with its floors and nothing else. `SHARED/ud` holds a treebank, `treebank`
another. What is not there is told and passed over. A floor is a figure the program once reached, less a margin for what another machine
rounds otherwise; raise it when the program has become better. `--print` tells all figures instead of comparing.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
GOLD = HERE.parent / "gold"


def check_articles(program, gold, floors):
    """Runs `eval` over an annotated file and tells whether the figures reach their floors."""
    command = [program, "eval", "--floors", str(floors), "--format", "json", str(gold)]
    result = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    try:
        reached = json.loads(result.stdout)["floors"]
    except (ValueError, KeyError):
        print(f"FAIL {gold.stem}: eval gave no floors and ended with {result.returncode}", flush=True)
        return False
    for floor in reached:
        state = "ok" if floor["reached"] else "FAIL"
        score = "not there" if floor["score"] is None else f"{floor['score']:.4f}"
        print(f"{state} {gold.stem} {floor['figure']}: {score} (floor {floor['floor']})", flush=True)
    return result.returncode == 0


def check_treebank(program, name, treebank, floors):
    """Compares the figures of `parse --evaluate`, named as in `raw.LAS`; `raw` from the text, `words` with the words given."""
    command = [program, "parse", "--evaluate", str(treebank)]
    text = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    scores, part = {}, None
    for line in text.splitlines():
        if line.startswith("From raw text"):
            part = "raw"
        elif line.startswith("With the sentences and words"):
            part = "words"
        elif line.startswith("LAS by relation"):
            part = None
        elif part and (row := re.match(r"(\w+)\s*\|\s*[\d.]+ \|\s*[\d.]+ \|\s*([\d.]+)", line)):
            scores[f"{part}.{row[1]}"] = float(row[2])
    good = True
    for metric, floor in floors.items():
        reached = scores.get(metric, 0) >= floor
        good &= reached
        print(f"{'ok' if reached else 'FAIL'} {name} {metric}: {scores.get(metric)} (floor {floor})", flush=True)
    return good


def main():
    program, shared = sys.argv[1], Path(sys.argv[2])
    floors = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))
    treebanks = {
        "treebank": shared / "ud" / "test.conllu",
        "conflict-treebank": HERE.parent.parent / "treebank" / "conflict-test.conllu",
    }
    treebank_floors = {name: floors.pop(name) for name in treebanks}
    sets = [(gold, GOLD / "floors.json") for gold in sorted(GOLD.glob("*.jsonl"))]
    sets += [(shared / "eval" / f"{name}.jsonl", HERE / "floors.json") for name in floors]
    good = True
    for gold, path in sets:
        if not gold.exists():
            print(f"gap {gold.stem}: {gold} is not there", flush=True)
        elif "--print" in sys.argv:
            print(f"== {gold.stem}", flush=True)
            subprocess.run([program, "eval", str(gold)], check=True)
        else:
            good &= check_articles(program, gold, path)
    for name, treebank in treebanks.items():
        if not treebank.exists():
            print(f"gap {name}: {treebank} is not there", flush=True)
        elif "--print" in sys.argv:
            subprocess.run([program, "parse", "--evaluate", str(treebank)], check=True)
        else:
            good &= check_treebank(program, name, treebank, treebank_floors[name])
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
