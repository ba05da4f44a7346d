"""What is asked: saved queries with parameters, look-ups of single things, and queries that were made to harm."""

import json
import re
from pathlib import Path

import clients

QUERIES = Path(__file__).resolve().parents[2] / "queries"

DAY = '"2016-06-30"^^<http://www.w3.org/2001/XMLSchema#date>'

# Ten of the saved queries, with values of their parameters.
SAVED = {
    "who-fought-whom": {"from": '"2012-01-01"', "to": '"2020-12-31"'},
    "control-on-date": {"on": DAY, "place": '"a"'},
    "leaders-on-date": {"on": DAY},
    "allies-and-backers": {"actor": '"a"'},
    "changes-of-control": {"place": '"a"'},
    "open-sieges": {"on": DAY},
    "planned-and-threatened": {"modality": '"planned"'},
    "events-by-kind": {},
    "deaths-by-actor-and-month": {"from": '"2012-01-01"', "to": '"2020-12-31"'},
    "evidence": {"event": None},
}

# How the product of six lists is written: 64 million rows, without a look at the dataset.
PRODUCT = " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(20)))} }}" for n in range(6))

HOSTILE = {
    "a sort of four million rows": "SELECT * { "
    + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(45)))} }}" for n in range(4))
    + " } ORDER BY DESC(?v3) ?v2 ?v1 ?v0",
    "a product of nested VALUES": f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}",
    "an expensive regular expression": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(100)))} }}" for n in range(3))
    + f' FILTER(REGEX(CONCAT("{"a" * 2000}", STR(?v0), STR(?v1), STR(?v2)), "^(.*a){{12}}.*b$", "i")) }}',
}


def filled(name, values):
    """A saved query with its parameters put in: the same text for every server."""
    text = "".join(line for line in (QUERIES / f"{name}.rq").read_text().splitlines(True) if not line.startswith("#"))
    for variable, value in values.items():
        head, where, body = text.partition("WHERE")
        text = head + where + re.sub(rf"\?{variable}\b", lambda _: value, body)
    return text

# Those that are answered within milliseconds.
QUICK = ["evidence", "all of a thing", "is it there", "events of an actor"]


def of(server):
    """The questions, each a list of queries asked in turn: saved ones and look-ups of things that are in the store."""

    def column(query):
        status, body, _ = clients.ask(server, query)
        if status != 200:
            raise SystemExit(f"{server.name} answers {status} to {query}: {body[:500]!r}")
        rows = json.loads(body)["results"]["bindings"]
        return [row["x"]["value"] for row in rows]

    ontology = "PREFIX bg: <https://w3id.org/belligraph/ontology#> "
    events = column(ontology + "SELECT ?x { ?x a bg:Event } ORDER BY ?x LIMIT 500")
    actors = column(ontology + "SELECT DISTINCT ?x { ?e bg:initiator ?x } ORDER BY ?x LIMIT 500")
    asked = {}
    for name, values in SAVED.items():
        if "event" in values:
            asked[name] = [evidence(event) for event in events[:100]]
        else:
            asked[name] = [filled(name, values)]
    asked["all of a thing"] = [f"SELECT ?p ?o {{ <{event}> ?p ?o }}" for event in events]
    asked["is it there"] = [f"ASK {{ <{event}> a <https://w3id.org/belligraph/ontology#Violence> }}" for event in events]
    asked["events of an actor"] = [
        ontology + f"SELECT ?e ?day {{ ?e bg:initiator <{actor}> OPTIONAL {{ ?e bg:latest ?day }} }}" for actor in actors
    ]
    return asked


def evidence(event):
    """What supports an event: its parameter, which is selected too, is given by VALUES."""
    text = filled("evidence", {})
    return text.replace("WHERE {", f"WHERE {{ VALUES ?event {{ <{event}> }}", 1)
