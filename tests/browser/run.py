#!/usr/bin/env python3
"""Look at what `serve` shows to a person: a real browser, on a wide and a narrow window.

    python3 run.py PROGRAM STORE FOLDER

The server listens on loopback. Screenshots go to FOLDER. The browser is driven through its debugging pipe, so that
nothing but Chromium and Python is needed.
"""

import fcntl
import json
import base64
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

WINDOWS = {"wide": (1280, 900), "narrow": (360, 740)}
PATIENCE = 60


class Server:
    """`belligraph serve` on a free port; `base` is where the store's IRIs begin, `home` where they answer."""

    def __init__(self, program, store):
        self.process = subprocess.Popen(
            [program, "serve", "--store", store, "--bind", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True
        )
        told = self.process.stderr.readline()
        if not (found := re.search(r"http://[\d.:]+/", told)):
            sys.exit(f"the server did not say where it listens: {told}{self.process.stderr.read()}")
        self.home = found[0]

    def rows(self, query):
        address = f"{self.home}sparql?{urllib.parse.urlencode({'query': query, 'format': 'json'})}"
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            return [{k: v["value"] for k, v in row.items()} for row in json.load(answer)["results"]["bindings"]]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE)


class Browser:
    """Chromium without a window. `call` sends a command of the DevTools protocol to the one page it has open."""

    def __init__(self, profile):
        command_read, self.command = os.pipe()
        self.answer, answer_write = os.pipe()
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (command_read, answer_write)]

        def in_browser():
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        self.process = subprocess.Popen(
            [
                os.environ.get("CHROMIUM", "chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank",
            ],
            preexec_fn=in_browser, pass_fds=(3, 4), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for end in (command_read, answer_write, *ends):
            os.close(end)
        self.buffer, self.number, self.session, self.faults = b"", 0, None, []
        page = next(t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def message(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.answer, 1 << 16)
            if not piece:
                raise RuntimeError("the browser ended")
            self.buffer += piece
        text, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(text)
        method, said = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.faults.append(said["exceptionDetails"]["text"])
        elif method == "Log.entryAdded" and said["entry"]["level"] == "error":
            # Every browser asks for an icon; a server that only answers need not have one.
            if not said["entry"].get("url", "").endswith("/favicon.ico"):
                self.faults.append(said["entry"]["text"])
        return message

    def call(self, method, **parameters):
        self.number += 1
        command = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            command["sessionId"] = self.session
        os.write(self.command, json.dumps(command).encode() + b"\0")
        while (message := self.message()).get("id") != self.number:
            pass
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']['message']}")
        return message["result"]

    def open(self, address, size):
        """Opens a page in a window of this size and waits until it is there."""
        width, height = size
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.faults.clear()
        self.call("Page.navigate", url=address)
        self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")

    def wait_for(self, condition):
        end = time.monotonic() + PATIENCE
        while not self.run(condition):
            if time.monotonic() > end:
                raise RuntimeError(f"waited in vain for: {condition}")
            time.sleep(0.05)

    def run(self, script):
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        return result["result"].get("value")

    def picture(self, path):
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)


class Checks:
    def __init__(self):
        self.failed = 0

    def holds(self, what, is_so, otherwise=""):
        if is_so:
            print(f"ok {what}", flush=True)
        else:
            self.failed += 1
            print(f"FAIL {what}: {otherwise}", flush=True)


def look(browser, checks, name, address, expected, folder):
    """Opens a page on both windows and holds what every page must be; `expected` are words it must show."""
    for window, size in WINDOWS.items():
        browser.open(address, size)
        text = browser.run("document.body.innerText")
        title = browser.run("document.title")
        checks.holds(f"{name}, {window}: has a title", bool(title), title)
        for words in expected:
            checks.holds(f"{name}, {window}: shows `{words}`", words in text, text[:300])
        wide = browser.run("document.documentElement.scrollWidth")
        checks.holds(f"{name}, {window}: fits the window", wide <= size[0], f"{wide} pixels wide")
        checks.holds(f"{name}, {window}: no error in the browser", not browser.faults, browser.faults)
        browser.picture(folder / f"{name}-{window}.png")


def main():
    program, store, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    checks = Checks()
    server = Server(program, store)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            look(browser, checks, "home", server.home, ["SPARQL"], folder)

            # A person types a question and presses the button.
            browser.open(f"{server.home}sparql", WINDOWS["wide"])
            question = "SELECT (COUNT(*) AS ?articles) { ?article a bg:Article }"
            browser.run(f"document.querySelector('textarea').value = {json.dumps(question)}")
            browser.run("document.querySelector('form button').click()")
            browser.wait_for("location.search !== '' && document.readyState === 'complete'")
            text = browser.run("document.body.innerText")
            count = server.rows(question)[0]["articles"]
            checks.holds("asking by the form: shows the answer", re.search(rf"\b{count}\b", text), text[:300])
            checks.holds("asking by the form: there are articles", int(count) > 0, count)
            browser.picture(folder / "answer-wide.png")

            things = {
                "actor": "?thing a bg:Actor ; skos:prefLabel ?label . FILTER(STR(?label) = 'Libyan National Army')",
                "event": "?thing a bg:ArmedClash . BIND('ArmedClash' AS ?label)",
                "place": "?thing a bg:Settlement ; rdfs:label|skos:prefLabel ?label . ?event bg:place ?thing",
                "article": "?thing a bg:Article ; bg:headline ?label",
            }
            for kind, pattern in things.items():
                rows = server.rows(f"SELECT ?thing (STR(?l) AS ?label) {{ {pattern.replace('?label', '?l')} }} ORDER BY ?thing ?l LIMIT 1")
                checks.holds(f"{kind}: there is one", len(rows) == 1, rows)
                if rows:
                    path = urllib.parse.urlsplit(rows[0]["thing"]).path.lstrip("/")
                    look(browser, checks, kind, server.home + path, [rows[0]["label"]], folder)
        finally:
            browser.stop()
            code = server.stop()
    checks.holds("the server ends when told to", code == 0, code)
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
