#!/usr/bin/env python3
"""Make outlines.bin, the land, the borders and the names of countries that the maps of the pages are drawn from.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python3 outlines.py package/countries-50m.json outlines.bin

The source is Natural Earth 4.1, 1:50m (public domain, https://www.naturalearthdata.com), as TopoJSON in the npm package
`world-atlas` 2.0.2 (ISC licence). Borders are drawn as Natural Earth has them, de facto; they take no side.

All numbers are LEB128 varints, signed ones zigzag. Coordinates count in 1/200 of a degree:

    "BGO1"
    arcs:     count, of each: number of points, first point (x, y), then the steps from point to point
    rings:    count, of each: number of arcs, arcs (signed: n forwards, -1-n backwards); land is inside an odd number of them
    borders:  count, arcs between two countries
    names:    count, of each: x, y, width of the country's largest part, length of the name, its UTF-8
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

UNIT = 200


def varint(n):
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def signed(n):
    return varint(n << 1 if n >= 0 else (-n << 1) - 1)


def rings(geometry):
    """The rings of a geometry, outer ones and holes, as lists of arcs."""
    if geometry["type"] == "Polygon":
        return geometry["arcs"]
    if geometry["type"] == "MultiPolygon":
        return [ring for polygon in geometry["arcs"] for ring in polygon]
    return []


def main(source, target):
    world = json.loads(Path(source).read_text())
    (sx, sy), (tx, ty) = world["transform"]["scale"], world["transform"]["translate"]
    arcs = []
    for steps in world["arcs"]:
        x = y = 0
        points = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            point = (round((x * sx + tx) * UNIT), round((y * sy + ty) * UNIT))
            if not points or points[-1] != point:
                points.append(point)
        arcs.append(points)

    def along(ring):
        points = []
        for arc in ring:
            points += arcs[arc] if arc >= 0 else arcs[~arc][::-1]
        return points

    def unwrapped(points):
        """The same line without jumps over the 180th meridian, which lets it go on beyond."""
        out, shift = [], 0
        for (x0, _), (x, y) in zip(points[:1] + points, points):
            shift += -360 * UNIT if x - x0 > 180 * UNIT else 360 * UNIT if x0 - x > 180 * UNIT else 0
            out.append((x + shift, y))
        return out

    land = [r for g in world["objects"]["land"]["geometries"] for r in rings(g)]
    # The Antarctic is on no map of ours, and an island of a few hundred metres is a point on any.
    def is_worth_it(ring):
        points = along(ring)
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return max(ys) > -60 * UNIT and max(max(xs) - min(xs), max(ys) - min(ys)) > UNIT / 25

    land = [r for r in land if is_worth_it(r)]
    # What lies across the 180th meridian is drawn at both sides of the world.
    split = []
    for ring in land:
        points = along(ring)
        straight = unwrapped(points)
        if straight == points:
            split.append(ring)
            continue
        side = -1 if max(x for x, _ in straight) > 180 * UNIT else 1
        for shift in (0, side * 360 * UNIT):
            arcs.append([(x + shift, y) for x, y in straight])
            split.append([len(arcs) - 1])
    land = split
    owners = defaultdict(set)
    names = []
    for country in world["objects"]["countries"]["geometries"]:
        largest = (0, 0, 0, 0)
        for ring in rings(country):
            for arc in ring:
                owners[arc if arc >= 0 else ~arc].add(id(country))
            points = unwrapped(along(ring))
            area = cx = cy = 0
            for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1]):
                cross = x0 * y1 - x1 * y0
                area, cx, cy = area + cross, cx + (x0 + x1) * cross, cy + (y0 + y1) * cross
            if abs(area) > abs(largest[0]):
                width = max(x for x, _ in points) - min(x for x, _ in points)
                largest = (area, round(cx / 3 / area), round(cy / 3 / area), width)
        if largest[0] and largest[2] > -60 * UNIT:
            x = (largest[1] + 180 * UNIT) % (360 * UNIT) - 180 * UNIT
            names.append((x, *largest[2:], country["properties"]["name"]))
    borders = sorted(arc for arc, countries in owners.items() if len(countries) > 1)

    used = sorted({a if a >= 0 else ~a for r in land for a in r} | set(borders))
    number = {arc: n for n, arc in enumerate(used)}
    out = bytearray(b"BGO1")
    out += varint(len(used))
    for arc in used:
        points = arcs[arc]
        out += varint(len(points))
        x = y = 0
        for px, py in points:
            out += signed(px - x) + signed(py - y)
            x, y = px, py
    out += varint(len(land))
    for ring in land:
        out += varint(len(ring))
        for arc in ring:
            out += signed(number[arc] if arc >= 0 else ~number[~arc])
    out += varint(len(borders))
    for arc in borders:
        out += varint(number[arc])
    out += varint(len(names))
    for x, y, width, name in sorted(names, key=lambda n: -n[2]):
        text = name.encode()
        out += signed(x) + signed(y) + varint(width) + varint(len(text)) + text
    Path(target).write_bytes(out)
    print(f"{len(used)} arcs, {len(land)} rings, {len(borders)} borders, {len(names)} names, {len(out)} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
