"""Asks a running server by SPARQLWrapper and rdflib: python.py SERVER BASE TOKEN ARTICLE

SERVER is where it answers, BASE is where its IRIs begin, ARTICLE the path of an article that it holds.
"""

import json
import sys
import traceback

import rdflib
import SPARQLWrapper as sparql
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

SERVER, BASE, TOKEN, ARTICLE = sys.argv[1:]
ENDPOINT = SERVER + "sparql"
BG = rdflib.Namespace("https://w3id.org/belligraph/ontology#")
PREFIX = f"PREFIX bg: <{BG}>\n"
failed = False


def check(name):
    def run(test):
        global failed
        try:
            test()
            print(f"ok {name}")
        except Exception as error:
            failed = True
            last = traceback.extract_tb(error.__traceback__)[-1]
            print(f"FAIL {name}: {type(error).__name__} {str(error)[:300]} (line {last.lineno})")

    return run


def wrapper(query, format=sparql.JSON, method=sparql.GET, request=sparql.URLENCODED):
    client = sparql.SPARQLWrapper(ENDPOINT)
    client.setQuery(PREFIX + query)
    client.setReturnFormat(format)
    client.setMethod(method)
    client.setRequestMethod(request)
    return client


for method, request in [("GET", "urlencoded"), ("POST", "urlencoded"), ("POST", "postdirectly")]:

    @check(f"SPARQLWrapper SELECT by {method}, {request}")
    def _():
        found = wrapper("SELECT ?e { ?e a bg:Event } LIMIT 7", method=method, request=request).queryAndConvert()
        assert len(found["results"]["bindings"]) == 7, found
        assert found["results"]["bindings"][0]["e"]["value"].startswith(BASE + "event/"), found


for format, expected in [
    (sparql.XML, "application/sparql-results+xml"),
    (sparql.JSON, "application/sparql-results+json"),
    (sparql.CSV, "text/csv"),
    (sparql.TSV, "text/tab-separated-values"),
]:

    @check(f"SPARQLWrapper SELECT as {format}")
    def _():
        result = wrapper("SELECT ?e { ?e a bg:Event } LIMIT 7", format).query()
        assert result.info()["content-type"].startswith(expected), result.info()
        assert result.convert()


@check("SPARQLWrapper ASK")
def _():
    assert wrapper("ASK { ?e a bg:Event }").queryAndConvert()["boolean"] is True
    assert wrapper("ASK { ?e a bg:None }").queryAndConvert()["boolean"] is False


for format in [sparql.XML, sparql.RDFXML, sparql.TURTLE, sparql.N3, sparql.JSONLD]:
    for query in ["CONSTRUCT { ?e a bg:Event } WHERE { ?e a bg:Event } LIMIT 7", f"DESCRIBE <{BASE}{ARTICLE}>"]:

        @check(f"SPARQLWrapper {query.split()[0]} as {format}")
        def _():
            found = wrapper(query, format).queryAndConvert()
            if isinstance(found, bytes):
                found = rdflib.Graph().parse(found, format="turtle")
            assert len(found) >= 7, len(found)


@check("SPARQLWrapper is told what is wrong")
def _():
    try:
        wrapper("SELECT ?e { ?e a").query()
    except QueryBadFormed as error:
        assert "cannot be parsed" in str(error), error
    else:
        raise AssertionError("half a query was answered")


@check("SPARQLWrapper names the graphs")
def _():
    client = wrapper("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    client.addDefaultGraph(BASE + ARTICLE)
    one = int(client.queryAndConvert()["results"]["bindings"][0]["n"]["value"])
    every = int(wrapper("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").queryAndConvert()["results"]["bindings"][0]["n"]["value"])
    assert 0 < one < every, (one, every)


@check("SPARQLWrapper updates with a token only")
def _():
    client = sparql.SPARQLWrapper(ENDPOINT)
    client.setMethod(sparql.POST)
    client.setQuery('INSERT DATA { GRAPH <http://example.org/wrapper> { <http://e/s> <http://e/p> "by SPARQLWrapper" } }')
    try:
        client.query()
    except Exception as error:
        assert "401" in str(error) or "nauthorized" in repr(error), repr(error)
    else:
        raise AssertionError("anybody may write")
    client.addCustomHttpHeader("Authorization", f"Bearer {TOKEN}")
    client.query()
    assert wrapper('ASK { GRAPH <http://example.org/wrapper> { ?s ?p "by SPARQLWrapper" } }').queryAndConvert()["boolean"]


@check("rdflib follows an IRI")
def _():
    graph = rdflib.Graph().parse(SERVER + ARTICLE)
    article = rdflib.URIRef(BASE + ARTICLE)
    assert (article, rdflib.RDF.type, BG.Article) in graph, len(graph)


for suffix, format in [("ttl", "turtle"), ("jsonld", "json-ld"), ("rdf", "xml"), ("nt", "nt")]:

    @check(f"rdflib reads .{suffix}")
    def _():
        graph = rdflib.Graph().parse(f"{SERVER}{ARTICLE}.{suffix}", format=format)
        same = rdflib.Graph().parse(f"{SERVER}{ARTICLE}.nt", format="nt")
        assert len(graph) == len(same) > 5, (len(graph), len(same))


@check("rdflib reads .trig, with the names of the graphs")
def _():
    dataset = rdflib.Dataset()
    dataset.parse(f"{SERVER}{ARTICLE}.trig", format="trig")
    assert rdflib.URIRef(BASE + ARTICLE) in {graph.identifier for graph in dataset.graphs()}


@check("rdflib reads what the server says of itself")
def _():
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    graph = rdflib.Graph().parse(SERVER + ".well-known/void")
    dataset = graph.value(predicate=rdflib.RDF.type, object=void.Dataset)
    assert int(graph.value(dataset, void.triples)) > 1000
    examples = list(graph.objects(dataset, void.exampleResource))
    assert examples
    for example in examples:
        assert len(rdflib.Graph().parse(str(example).replace(BASE, SERVER))) > 1, example
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    graph = rdflib.Graph().parse(ENDPOINT)
    assert graph.value(predicate=sd.endpoint, object=rdflib.URIRef(ENDPOINT)), graph.serialize()


@check("rdflib reads a term of the ontology")
def _():
    graph = rdflib.Graph().parse(SERVER + "ontology/ArmedClash")
    assert (BG.ArmedClash, rdflib.RDFS.subClassOf, None) in graph, len(graph)
    assert len(rdflib.Graph().parse(SERVER + "ontology")) > 1000


@check("rdflib's SPARQLStore is a graph")
def _():
    store = SPARQLStore(ENDPOINT)
    graph = rdflib.Graph(store)
    found = list(graph.query(PREFIX + "SELECT ?e { ?e a bg:Event } LIMIT 5"))
    assert len(found) == 5, found
    assert (found[0].e, rdflib.RDF.type, BG.Event) in graph


@check("rdflib's SPARQLUpdateStore writes")
def _():
    store = SPARQLUpdateStore(ENDPOINT, ENDPOINT, headers={"Authorization": f"Bearer {TOKEN}"})
    graph = rdflib.Graph(store, identifier=rdflib.URIRef("http://example.org/rdflib"))
    triple = (rdflib.URIRef("http://e/s"), rdflib.URIRef("http://e/q"), rdflib.Literal("by rdflib"))
    graph.add(triple)
    store.commit()
    assert triple in graph
    graph.remove(triple)
    store.commit()
    assert triple not in graph


sys.exit(1 if failed else 0)
