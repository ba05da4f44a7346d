#!/usr/bin/env python3
"""Hold the accuracy of the program above the floors of `floors.json`.

    python3 run.py PROGRAM SHARED [--print]

SHARED holds `eval/` (annotated articles and their scorer) and `ud/` (a treebank). A floor is a figure the program once
reached, less a margin for what another machine rounds otherwise; raise it when the program has become better. `--print`
tells all figures instead of comparing.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path


def scores_of_articles(program, shared, name):
    """The figures of one annotated set, as {"section.metric": value}."""
    gold = shared / "eval" / f"{name}.jsonl"
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as articles, tempfile.NamedTemporaryFile(suffix=".jsonl") as out:
        # The program must not see the answers.
        for line in gold.read_text(encoding="utf-8").splitlines():
            record = {key: value for key, value in json.loads(line).items() if key != "gold"}
            articles.write(json.dumps(record).encode() + b"\n")
        articles.flush()
        command = [program, "extract", "--format", "jsonl", articles.name]
        subprocess.run(command, stdout=out, check=True)
        command = [sys.executable, str(shared / "eval" / "score.py"), str(gold), out.name, "--json"]
        result = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return dict(flatten(result))


def flatten(result, prefix=""):
    for key, value in result.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            if "F1" in value or "score" in value:
                yield name, value["F1"] if "F1" in value else value["score"]
            else:
                yield from flatten(value, f"{name}.")


def scores_of_treebank(program, shared):
    """The figures of `parse --evaluate`, as {"raw.LAS": F1}; `raw` from the text, `words` with the words given."""
    command = [program, "parse", "--evaluate", str(shared / "ud" / "test.conllu")]
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
    return scores


def main():
    program, shared = sys.argv[1], Path(sys.argv[2])
    floors = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))
    failed = 0
    for name, wanted in floors.items():
        scores = scores_of_treebank(program, shared) if name == "treebank" else scores_of_articles(program, shared, name)
        if "--print" in sys.argv:
            print(json.dumps({name: scores}, indent=1))
            continue
        for metric, floor in wanted.items():
            score = scores.get(metric)
            if score is None or score < floor:
                failed += 1
                print(f"FAIL {name} {metric}: {score} is below {floor}", flush=True)
            else:
                print(f"ok {name} {metric}: {score} (floor {floor})", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
