#!/bin/sh
# Writes an overlay with many classes, by which the time of `ontology check` and of what else reads an ontology is measured:
#   tests/overlays/many-classes.sh 50000 /tmp/many
#   time belligraph ontology check /tmp/many
# Every class has a parent (eight children each, below bg:Event), a label, a definition, an example and a home; every
# tenth has a property with domain and range. The checker finds nothing wrong in it.
set -eu
if [ $# -ne 2 ]; then
  echo "usage: $0 CLASSES DIRECTORY" >&2
  exit 2
fi
mkdir -p "$2"
awk -v classes="$1" 'BEGIN {
  print "@prefix bg: <https://w3id.org/belligraph/ontology#> ."
  print "@prefix dcterms: <http://purl.org/dc/terms/> ."
  print "@prefix ex: <http://example.org/many#> ."
  print "@prefix owl: <http://www.w3.org/2002/07/owl#> ."
  print "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
  print "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
  print "<http://example.org/many> a owl:Ontology ;"
  print "    dcterms:title \"Many classes\"@en ;"
  print "    dcterms:description \"Classes to measure with.\"@en ;"
  print "    dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ;"
  print "    owl:versionInfo \"1\" .\n"
  for (i = 0; i < classes; i++) {
    parent = i == 0 ? "bg:Event" : "ex:C" int((i - 1) / 8)
    printf "ex:C%d a owl:Class ;\n    rdfs:subClassOf %s ;\n    rdfs:label \"class %d\"@en ;\n", i, parent, i
    printf "    skos:definition \"The class of number %d.\"@en ;\n    skos:example \"event %d\"@en ;\n", i, i
    printf "    rdfs:isDefinedBy <http://example.org/many> .\n\n"
    if (i % 10 == 0) {
      printf "ex:p%d a owl:ObjectProperty ;\n    rdfs:domain ex:C%d ;\n    rdfs:range bg:Actor ;\n", i, i
      printf "    rdfs:label \"property %d\"@en ;\n    skos:definition \"The property of number %d.\"@en ;\n", i, i
      printf "    skos:example \"actor %d\"@en ;\n    rdfs:isDefinedBy <http://example.org/many> .\n\n", i
    }
  }
}' >"$2/many.ttl"
