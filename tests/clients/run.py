#!/usr/bin/env python3
"""Let clients made by others ask a running server.

    python3 run.py PROGRAM FOLDER [--python PYTHON] [--node FOLDER]

Loads some articles into a store in FOLDER and serves it on loopback. `curl` asks always; SPARQLWrapper and rdflib if PYTHON has
them, Comunica if it is installed in the folder after --node. Prints a line `ok …` or `FAIL …` for each thing tried.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ARTICLES = HERE.parent.parent / "seeds" / "articles"
TOKEN = "clients-0123456789abcdef"
NOTES = "<http://e/s> <http://e/p> 'by curl' ."
TEXT = "Rebels seize Sirte\n\nRebels seized the town of Sirte on Monday, killing two soldiers, officials said.\n"

failed = False


def check(name, condition, told=""):
    global failed
    print(f"ok {name}" if condition else f"FAIL {name}: {told[:400]!r}")
    failed = failed or not condition


def curl(*arguments, stdin=None):
    """The status, the head with names in lower case, and the body."""
    command = ["curl", "-sS", "--max-time", "60", "-D", "-", *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True)
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    while body.startswith(b"HTTP/"):
        head, _, body = body.partition(b"\r\n\r\n")
    lines = head.decode("latin1").split("\r\n")
    status = int(lines[0].split(" ")[1]) if lines[0].startswith("HTTP/") else 0
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return status, headers, body.decode("utf-8", "replace"), done.returncode


def by_curl(home, article):
    sparql, bearer = home + "sparql", f"Authorization: Bearer {TOKEN}"
    query = "query=SELECT ?e { ?e a bg:Event } LIMIT 5"
    for name, arguments in [
        ("GET", ["-G", sparql, "--data-urlencode", query]),
        ("POST", [sparql, "--data-urlencode", query]),
        ("POST directly", [sparql, "-H", "Content-Type: application/sparql-query", "--data-binary", query[6:]]),
    ]:
        status, head, body, _ = curl(*arguments, "-H", "Accept: text/csv")
        check(f"curl {name}", status == 200 and len(body.splitlines()) == 6, body)
    status, head, body, _ = curl("--compressed", home + "dump.nq")
    check("curl --compressed", status == 200 and head.get("content-encoding") in ("br", "gzip") and body.count("\n") > 1000, str(head))
    for accept, kind in [
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.2", "application/rdf+xml"),
    ]:
        status, head, body, _ = curl("-L", home + article, "-H", f"Accept: {accept}")
        check(f"curl -L as {accept}", status == 200 and head["content-type"].startswith(kind), str(head))
    status, head, body, _ = curl(home + article, "-H", "Accept: image/png")
    check("curl is told what there is", status == 406 and "text/turtle" in body, body)
    status, head, _, _ = curl("-I", home + article + ".ttl")
    again, _, body, _ = curl(home + article + ".ttl", "-H", f"If-None-Match: {head.get('etag')}")
    check("curl need not fetch again", (status, again, body) == (200, 304, ""), f"{status} {again} {head}")
    again, _, _, _ = curl("-z", head.get("last-modified", ""), home + article + ".ttl")
    check("curl -z need not fetch again", again == 304, str(again))
    graph = home + "gsp?graph=http%3A%2F%2Fexample.org%2Fcurl"
    turtle = ["-H", "Content-Type: text/turtle", "--data-binary", NOTES]
    status, _, body, _ = curl("-X", "PUT", graph, *turtle)
    check("curl may not write without a token", status == 401, body)
    status, _, body, _ = curl("-X", "PUT", graph, "-H", bearer, *turtle)
    check("curl puts a graph", status == 201, body)
    status, _, body, _ = curl(graph)
    check("curl gets it back", status == 200 and "by curl" in body, body)
    status, _, body, _ = curl("-X", "DELETE", graph, "-H", bearer)
    check("curl deletes it", status == 204, body)
    arguments = ["-H", bearer, "-H", "Content-Type: text/plain", "--data-binary", "@-"]
    status, head, body, _ = curl(home + "articles?published=2018-06-29", *arguments, stdin=TEXT.encode())
    told = json.loads(body) if status == 201 else {}
    check("curl posts an article", status == 201 and told["extracted"]["events"], body)
    location = home + head.get("location", "").lstrip("/")
    status, _, body, _ = curl("-L", location, "-H", "Accept: text/turtle")
    check("curl finds it", status == 200 and "Rebels seize Sirte" in body, body)
    status, _, body, _ = curl("-X", "DELETE", location, "-H", bearer)
    check("curl takes it away", status == 204, body)
    joins = " ".join(f"?a{i} ?p ?b{i} ." for i in range(40))
    _, _, body, code = curl(sparql, "-H", "Accept: text/csv", "--data-urlencode", f"query=SELECT * {{ {joins} }}")
    check("curl knows that results were cut short", code in (18, 92) and body, f"exit {code}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python")
    parser.add_argument("--node", type=Path)
    options = parser.parse_args()
    store = options.folder / "clients.db"
    articles = sorted(ARTICLES.glob("libya-201*"))[:8]
    subprocess.run([options.program, "--store", store, "load", *articles], check=True, capture_output=True)
    tokens = options.folder / "tokens"
    tokens.write_text(f"write {TOKEN}\n")
    command = [options.program, "--store", store, "serve", "--bind", "127.0.0.1:0", "--timeout", "5", "--token-file", tokens]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            told = server.stderr.readline()
            found = re.search(r"http://[\d.:]+/", told)
            if not found:
                sys.exit(f"FAIL the server did not say where it listens: {told}")
            home = found[0]
            _, _, rows, _ = curl("-G", home + "sparql", "-H", "Accept: text/csv", "--data-urlencode", "query=SELECT ?a { ?a a bg:Article } ORDER BY ?a LIMIT 1")
            iri = rows.splitlines()[1]
            base, article = re.match(r"(.*/)(article/.*)", iri).groups()
            by_curl(home, article)
            codes = []
            if options.python:
                codes.append(subprocess.run([options.python, HERE / "python.py", home, base, TOKEN, article]).returncode)
            node = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout if options.node else ""
            if node and int(node.strip().lstrip("v").split(".")[0]) < 18:
                print(f"gap clients: Comunica 4 needs Node 18 or newer, and this is {node.strip()}: it was not tried")
            elif options.node:
                script = options.node / "ask.mjs"
                codes.append(subprocess.run(["node", "--no-warnings", script, home, base, TOKEN, article]).returncode)
        finally:
            server.terminate()
    sys.exit(1 if failed or any(codes) else 0)


main()
