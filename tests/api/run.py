#!/usr/bin/env python3
"""Fuzzes what is not SPARQL with schemathesis, by the server's own description.

    run.py PROGRAM STORE

Starts the server on a copy of the store with tokens of its own, so that articles are put and removed as well. Where
schemathesis cannot be installed, a line `skipped …` says so, which is no pass.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import venv

VERSION = "schemathesis>=4,<5"
TOKEN = "fuzz-0123456789abcdef"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def schemathesis(folder):
    """The installed command; none where the registry cannot be reached."""
    home = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "belligraph" / "schemathesis"
    command = home / "bin" / "schemathesis"
    if not command.exists():
        venv.create(home, with_pip=True, clear=True)
        installed = subprocess.run([home / "bin" / "pip", "install", "-q", VERSION], capture_output=True, text=True)
        if installed.returncode != 0:
            shutil.rmtree(home, ignore_errors=True)
            reason = installed.stderr.strip().splitlines()[-1:]
            print("skipped schemathesis, which cannot be installed:", *reason)
            return None
    return command


def main():
    program, store = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        command = schemathesis(folder)
        if command is None:
            return 0
        copy = pathlib.Path(folder) / "api.db"
        shutil.copytree(store, copy)
        tokens = pathlib.Path(folder) / "tokens"
        tokens.write_text(f"admin {TOKEN}\n")
        server = subprocess.Popen(
            [program, "--store", copy, "serve", "--bind", "127.0.0.1:0", "--token-file", tokens, "--max-body", "1000000"],
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            address = None
            for line in server.stderr:
                found = re.search(r"http://[^/ ]+", line)
                if found:
                    address = found.group()
                    break
            if address is None:
                print("FAIL the server did not start")
                return 1
            log = open(pathlib.Path(folder) / "log", "w")
            import threading

            threading.Thread(target=lambda: log.writelines(server.stderr), daemon=True).start()
            fuzzed = subprocess.run(
                [command, "run", f"{address}/openapi.json", "--url", address, "--checks", CHECKS, "--max-examples", "10",
                 "--seed", "1", "--phases", "examples,coverage,fuzzing", "-H", f"Authorization: Bearer {TOKEN}", "--no-color"],
                capture_output=True,
                text=True,
                timeout=900,
            )
            print(fuzzed.stdout[-6000:])
            print(fuzzed.stderr[-2000:])
            if server.poll() is not None:
                print("FAIL the server ended")
                return 1
            if fuzzed.returncode != 0:
                print("FAIL schemathesis found answers that are not as described")
                return 1
            print("ok every answer is as described")
            return 0
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    sys.exit(main())
