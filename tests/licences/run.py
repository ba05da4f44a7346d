#!/usr/bin/env python3
"""Hold the licences and sources of all dependencies to deny.toml where cargo-deny is not installed.

    python3 tests/licences/run.py

Reads what `cargo metadata` tells of every package, and the `licenses`, `bans.deny` and `sources` of deny.toml. Like cargo-deny it takes an SPDX
expression as held if one of its choices is allowed. It knows no advisories, for which `cargo deny check` asks a database.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"


def allows(expression, allowed):
    """Whether an SPDX expression is held by what is allowed. `MIT/Apache-2.0` is an old way to write a choice."""
    tokens = re.findall(r"[()]|[^\s()]+", expression.replace("/", " OR "))
    position = 0

    def joined(operator, operand, holds):
        """Operands between operators; each is read, also where the first decides."""
        nonlocal position
        held = [operand()]
        while position < len(tokens) and tokens[position] == operator:
            position += 1
            held.append(operand())
        return holds(held)

    def choice():
        return joined("OR", lambda: joined("AND", one, all), any)

    def one():
        nonlocal position
        token = tokens[position]
        position += 1
        if token == "(":
            held = choice()
            position += 1
            return held
        if position < len(tokens) and tokens[position] == "WITH":
            token = f"{token} WITH {tokens[position + 1]}"
            position += 2
        return token in allowed

    return choice()


def main():
    for expression, held in [("MIT", True), ("MIT OR GPL-2.0", True), ("MIT AND GPL-2.0", False), ("(GPL-2.0 OR MIT) AND MIT", True),
                             ("GPL-2.0/MIT", True), ("GPL-3.0", False), ("Apache-2.0 WITH LLVM-exception", False)]:
        assert allows(expression, {"MIT"}) == held, expression
    rules = tomllib.loads((ROOT / "deny.toml").read_text())
    allowed = set(rules["licenses"]["allow"])
    exceptions = {one["crate"]: set(one["allow"]) for one in rules["licenses"].get("exceptions", [])}
    banned = {one["crate"]: one.get("reason", "") for one in rules["bans"].get("deny", [])}
    targets = [f"--filter-platform={target}" for target in rules["graph"]["targets"]]
    command = ["cargo", "metadata", "--format-version=1", "--all-features", "--locked", *targets]
    told = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    # Of what is resolved for other systems there is no node.
    used = {node["id"] for node in told["resolve"]["nodes"]}
    packages = [package for package in told["packages"] if package["id"] in used]
    bad = 0
    for package in packages:
        name = f"{package['name']} {package['version']}"
        licence = package["license"]
        if licence is None:
            print(f"FAIL {name} names no licence")
            bad += 1
        elif not allows(licence, allowed | exceptions.get(package["name"], set())):
            print(f"FAIL {name} is under `{licence}`, which deny.toml does not allow")
            bad += 1
        if package["name"] in banned:
            print(f"FAIL {name} is banned: {banned[package['name']]}")
            bad += 1
        if package["source"] not in (None, REGISTRY):
            print(f"FAIL {name} comes from {package['source']}")
            bad += 1
    if len(packages) < 100:
        print(f"FAIL only {len(packages)} packages were found")
        bad += 1
    if bad == 0:
        print(f"ok the licences and sources of {len(packages)} packages are those of deny.toml")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
