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

# No picture is longer than this.
LONGEST = 5000

# What people who cannot see a page, or use no mouse, need of it: each line that comes back is a fault.
NEEDS = """(() => {
  const faults = [], seen = (selector) => [...document.querySelectorAll(selector)];
  const named = (element) => (element.getAttribute('aria-label') || element.labels?.[0]?.textContent || element.textContent || '').trim();
  if (document.documentElement.lang !== 'en') faults.push('the page has no language');
  if (seen('h1').length !== 1) faults.push(`${seen('h1').length} main headings`);
  if (seen('main').length !== 1 || !seen('header').length || !seen('nav').length || !seen('footer').length) faults.push('a landmark is missing');
  let level = 0;
  for (const heading of seen('h1, h2, h3, h4')) {
    if (+heading.tagName[1] > level + 1) faults.push(`after h${level} comes ${heading.tagName}: ${heading.textContent}`);
    level = +heading.tagName[1];
  }
  for (const element of seen('input:not([type=hidden]), select, textarea, button, main a[href]')) if (!named(element)) faults.push(`no name: ${element.outerHTML.slice(0, 100)}`);
  for (const svg of seen('svg')) if (!svg.getAttribute('aria-label')) faults.push('a picture without words');
  for (const table of seen('table')) if (!table.caption) faults.push('a table without caption');
  for (const th of seen('th')) if (!th.scope) faults.push('a head of a table without scope');
  const ids = seen('[id]').map((element) => element.id);
  for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) faults.push(`the id ${id} twice`);
  for (const element of seen('[style]')) if (!element.closest('svg') && element.getRootNode() === document) faults.push(`a style of its own: ${element.outerHTML.slice(0, 100)}`);
  return faults;
})()"""

# The least contrast of text with what lies behind it (WCAG 2.2, 1.4.3): each line that comes back is a fault.
CONTRAST = """(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return canvas.getImageData(0, 0, 1, 1).data; };
  const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => { for (; element; element = element.parentElement) { const colour = rgb(getComputedStyle(element).backgroundColor); if (colour[3] > 250) return colour; } return [255, 255, 255, 255]; };
  const faults = new Set();
  for (const element of document.querySelectorAll('body *')) {
    if (element.closest('svg, option') || ![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const style = getComputedStyle(element), [one, other] = [light(rgb(style.color)), light(behind(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05), large = parseFloat(style.fontSize) >= 24;
    if (contrast < (large ? 3 : 4.5)) faults.add(`${element.tagName}.${element.className}: ${contrast.toFixed(2)}`);
  }
  return [...faults];
})()"""
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
        self.buffer, self.number, self.session, self.faults, self.asked = b"", 0, None, [], []
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
            self.faults.append(said["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" and said["type"] in ("error", "warning"):
            self.faults.append(" ".join(str(part.get("value")) for part in said["args"]))
        elif method == "Network.requestWillBeSent":
            self.asked.append(said["request"]["url"])
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
        self.asked.clear()
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

    def colours(self, scheme):
        """`light` or `dark`, as somebody has it in the settings."""
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def press(self, key, code=None, text=None):
        for kind in ("keyDown", "keyUp"):
            more = {"text": text} if text and kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=code or key, **more)

    def picture(self, path):
        """The whole page, as far as it is not too long."""
        width, height = self.run("[innerWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, LONGEST), "scale": 1}
        taken = self.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(taken["data"]))

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


def look(browser, checks, name, address, expected, folder, is_refused=False):
    """Opens a page on both windows, in both colours, and holds what every page must be; `expected` are words it must show."""
    home = "{0.scheme}://{0.netloc}/".format(urllib.parse.urlsplit(address))
    for window, size in WINDOWS.items():
        for scheme in ("light", "dark"):
            label = f"{name}, {window}" if scheme == "light" else f"{name}, {window}, dark"
            browser.colours(scheme)
            browser.open(address, size)
            if scheme == "light":
                text, title = browser.run("document.body.innerText"), browser.run("document.title")
                checks.holds(f"{label}: has a title", bool(title), title)
                for words in expected:
                    checks.holds(f"{label}: shows `{words}`", words.lower() in text.lower(), text[:300])
                wide = browser.run("document.documentElement.scrollWidth")
                checks.holds(f"{label}: fits the window", wide <= size[0], f"{wide} pixels wide")
                needs = browser.run(NEEDS)
                checks.holds(f"{label}: can be used without eyes or mouse", not needs, needs)
            faint = browser.run(CONTRAST)
            checks.holds(f"{label}: can be read", not faint, faint)
            elsewhere = [url for url in browser.asked if not url.startswith((home, "data:", "about:"))]
            checks.holds(f"{label}: asks no other host", not elsewhere, elsewhere)
            # The browser notes that a page was refused; there is to be nothing else.
            faults = [fault for fault in browser.faults if not (is_refused and "status of 40" in str(fault))]
            checks.holds(f"{label}: no error in the browser", not faults, faults)
            browser.picture(folder / (f"{name}-{window}.png" if scheme == "light" else f"{name}-{window}-dark.png"))
    browser.colours("light")


def keyboard(browser, checks, server):
    """The first stop of the tabulator key leads past the head of the page."""
    browser.open(f"{server.home}events", WINDOWS["wide"])
    browser.press("Tab")
    focused = browser.run("document.activeElement.textContent")
    checks.holds("keyboard: the first stop skips to the content", focused == "Skip to the content", focused)
    browser.press("Enter", text="\r")
    browser.wait_for("location.hash === '#content'")
    checks.holds("keyboard: and it does", browser.run("document.activeElement.id") == "content")


def search(browser, checks, server, folder):
    """A person types a name on the first page and follows what is found."""
    browser.open(server.home, WINDOWS["wide"])
    browser.run("document.querySelector('.hero input').focus()")
    browser.call("Input.insertText", text="haftar")
    browser.press("Enter", text="\r")
    browser.wait_for("location.pathname === '/search' && document.readyState === 'complete'")
    found = browser.run("document.querySelector('.hits a').textContent")
    checks.holds("search: the person comes first", found == "Khalifa Haftar", found)
    browser.picture(folder / "found-wide.png")
    browser.run("document.querySelector('.hits a').click()")
    browser.wait_for("location.pathname.startsWith('/actor/') && document.readyState === 'complete'")
    title = browser.run("document.querySelector('h1').textContent")
    checks.holds("search: the person's page opens", title == "Khalifa Haftar", title)


def ask(browser, checks, server, folder):
    """A person types a question, by the editor if the program has it, else by the form."""
    browser.open(f"{server.home}sparql", WINDOWS["wide"])
    question = "SELECT (COUNT(*) AS ?articles) { ?article a bg:Article }"
    has_editor = browser.run("document.querySelector('script[src]') !== null")
    print(f"the editor is {'' if has_editor else 'not '}part of this program", flush=True)
    if has_editor:
        browser.wait_for("document.querySelector('.editor')?.dataset.ready === 'true'")
        within = "document.querySelector('.editor').shadowRoot"
        checks.holds("editor: takes the place of the field", browser.run("document.querySelector('textarea').hidden"))
        browser.wait_for(f"{within}.querySelectorAll('.cm-line span[class]').length > 5")
        checks.holds("editor: marks words", True)
        browser.run(f"{within}.querySelector('.cm-content').focus()")
        browser.call("Input.dispatchKeyEvent", type="keyDown", key="a", code="KeyA", modifiers=2, commands=["selectAll"])
        browser.press("Backspace", "Backspace")
        browser.run(f"{within}.querySelector('.cm-content').focus()")
        browser.run("document.execCommand('selectAll')")
        browser.call("Input.insertText", text="SELECT * { ?strike a bg:AirStr")
        browser.wait_for(f"{within}.querySelector('.cm-tooltip-autocomplete li') !== null")
        offered = browser.run(f"{within}.querySelector('.cm-tooltip-autocomplete li').textContent")
        checks.holds("editor: completes the terms of the ontology", "bg:AirStrike" in offered, offered)
        browser.picture(folder / "completion-wide.png")
        typed = browser.run("document.querySelector('textarea').value")
        checks.holds("editor: keeps the field filled", typed.endswith("bg:AirStr"), typed)
        checks.holds("editor: no error in the browser", not browser.faults, browser.faults)
        browser.run("document.activeElement.blur()")
    browser.run(f"document.querySelector('textarea').value = {json.dumps(question)}")
    browser.run("document.querySelector('form.query button').click()")
    browser.wait_for("location.search !== '' && document.readyState === 'complete'")
    text = browser.run("document.body.innerText")
    count = server.rows(question)[0]["articles"]
    checks.holds("asking: shows the answer", re.search(rf"\b{count}\b", text), text[:300])
    checks.holds("asking: there are articles", int(count) > 0, count)

    # A saved question, with a parameter.
    browser.open(f"{server.home}sparql?saved=who-fought-whom", WINDOWS["wide"])
    browser.run("document.querySelector('input[name=\"$place\"]').value = 'Tripoli'")
    browser.run("document.querySelector('form.query button').click()")
    browser.wait_for("location.search.includes('Tripoli') && document.readyState === 'complete'")
    rows = browser.run("document.querySelectorAll('.answers tbody tr').length")
    checks.holds("a saved question: has answers", rows > 0, browser.run("document.body.innerText")[:500])
    filled = browser.run("document.querySelector('input[name=\"$place\"]').value")
    checks.holds("a saved question: the form stays filled", filled == "Tripoli", filled)


def main():
    program, store, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    checks = Checks()
    server = Server(program, store)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            look(browser, checks, "home", server.home, ["Latest events", "Where and when", "articles"], folder)
            look(browser, checks, "search", f"{server.home}search?q=air+strike", ["results", "Air strike"], folder)
            look(browser, checks, "events", f"{server.home}events?deaths=10", ["Atom", "dead"], folder)
            look(browser, checks, "sparql", f"{server.home}sparql", ["Saved queries", "A query may take"], folder)
            places = (Path(__file__).parents[2] / "src/http/pages/queries/first.rq").read_text()
            told = urllib.request.urlopen(f"{server.home}sparql?{urllib.parse.urlencode({'query': places, 'format': 'csv'})}")
            rows = len(told.read().decode().splitlines()) - 1
            checks.holds("the first query: has many answers", rows > 20, f"{rows}")
            for view in ("table", "map", "chart"):
                address = f"{server.home}sparql?{urllib.parse.urlencode({'query': places, 'view': view})}"
                look(browser, checks, f"answer-{view}", address, [f"{rows} rows", "Download"], folder)
            keyboard(browser, checks, server)
            search(browser, checks, server, folder)
            ask(browser, checks, server, folder)

            things = {
                "actor": "?thing a bg:Actor ; skos:prefLabel ?label . FILTER(STR(?label) = 'Libyan National Army')",
                "event": "?thing a bg:ArmedClash ; bg:initiator ?who ; bg:target ?whom . BIND('Armed clash' AS ?label) "
                "FILTER NOT EXISTS { ?thing a ?narrower . ?narrower rdfs:subClassOf bg:ArmedClash }",
                "place": "?thing a bg:Settlement ; rdfs:label|skos:prefLabel ?label . ?control a bg:Control ; bg:place ?thing",
                "article": "?thing a bg:Article ; bg:headline ?label",
                "report": "?thing a bg:CasualtyReport ; bg:outcome bg:killed . BIND('killed' AS ?label)",
                "situation": "?thing a bg:Control ; bg:controller ?who . BIND('controls' AS ?label)",
            }
            for kind, pattern in things.items():
                rows = server.rows(f"SELECT ?thing (STR(?l) AS ?label) {{ {pattern.replace('?label', '?l')} }} ORDER BY ?thing ?l LIMIT 1")
                checks.holds(f"{kind}: there is one", len(rows) == 1, rows)
                if rows:
                    path = urllib.parse.urlsplit(rows[0]["thing"]).path.lstrip("/")
                    look(browser, checks, kind, server.home + path, [rows[0]["label"]], folder)
                if rows and kind == "actor":
                    parts = {"links": "What leads to", "sentences": "in the words of the articles", "situations": "What holds or held with"}
                    for part, words in parts.items():
                        look(browser, checks, f"actor-{part}", f"{server.home}{path}.html?part={part}", [words, "of"], folder)
            look(browser, checks, "term", f"{server.home}ontology/Siege", ["siege", "What leads here"], folder)
            refused = {"missing": ("nothing/here", "There is nothing here"), "refused": ("events?from=yesterday", "is not a day")}
            for name, (path, words) in refused.items():
                look(browser, checks, name, server.home + path, [words], folder, is_refused=True)
        finally:
            browser.stop()
            code = server.stop()
    checks.holds("the server ends when told to", code == 0, code)
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
