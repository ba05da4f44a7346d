//! Maps, drawn on the server as SVG: [`Map::of`] fits a view to some points and cuts the outlines to it.
//!
//! No tile is asked of anybody: the outlines are shipped, and simplified to what a pixel shows. Names are placed greedily,
//! the heaviest first, where nothing else stands; those that fit only when the letters are small are left out on a phone.

mod clip;
mod outlines;

use super::links::Links;
use clip::Window;
use outlines::{Position, outlines};
use std::fmt::Write as _;

/// Width and height of the view in the units of its `viewBox`.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 430.0;

/// The least extent from north to south, in degrees: nobody knows where they are on less.
const LEAST_EXTENT: f64 = 5.0;

/// From so many events on, the outermost fiftieth in each direction may lie outside the view.
const MUCH: usize = 200;

/// Details smaller than this are left out.
const DETAIL: f64 = 1.1;

/// The width of a letter, and the height of a line, on a wide and on a narrow window.
const LETTER: [(f64, f64); 2] = [(6.1, 14.0), (11.0, 24.0)];

/// Something to show on a map.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::http::pages) struct Point {
    /// Degrees east.
    pub(in crate::http::pages) longitude: f64,
    /// Degrees north.
    pub(in crate::http::pages) latitude: f64,
    /// How much there is to tell of it: the area of its mark.
    pub(in crate::http::pages) weight: usize,
    /// Its name.
    pub(in crate::http::pages) label: String,
    /// What there is, in words.
    pub(in crate::http::pages) note: String,
    /// Where it leads.
    pub(in crate::http::pages) href: String,
    /// Whether it stands for a whole country or province.
    pub(in crate::http::pages) is_vague: bool,
}

/// A map, ready to be written by its template.
#[derive(Debug)]
pub(in crate::http::pages) struct Map {
    pub(in crate::http::pages) title: String,
    pub(in crate::http::pages) width: f64,
    pub(in crate::http::pages) height: f64,
    pub(in crate::http::pages) land: String,
    pub(in crate::http::pages) borders: String,
    pub(in crate::http::pages) countries: Vec<Text>,
    pub(in crate::http::pages) marks: Vec<Mark>,
    pub(in crate::http::pages) labels: Vec<Text>,
    /// Whether some mark stands for a whole country or province.
    pub(in crate::http::pages) has_vague: bool,
    /// How many places lie outside.
    pub(in crate::http::pages) outside: usize,
    /// How many places with fewer events there was no room for.
    pub(in crate::http::pages) left_out: usize,
}

impl Map {
    /// Where all places are listed.
    #[expect(clippy::unused_self, reason = "the templates reach it through the map")]
    pub(in crate::http::pages) fn rest(&self) -> String {
        Links::to("sparql", [("query", include_str!("../queries/ask-places.rq"))])
    }
}

/// A circle.
#[derive(Debug)]
pub(in crate::http::pages) struct Mark {
    pub(in crate::http::pages) x: f64,
    pub(in crate::http::pages) y: f64,
    pub(in crate::http::pages) radius: f64,
    pub(in crate::http::pages) point: Point,
}

/// A piece of text, in the middle above its point.
#[derive(Debug)]
pub(in crate::http::pages) struct Text {
    pub(in crate::http::pages) x: f64,
    pub(in crate::http::pages) y: f64,
    pub(in crate::http::pages) words: String,
    /// Whether there is room for it only when letters are small.
    pub(in crate::http::pages) only_wide: bool,
}

impl Map {
    /// A map of these points, none if there are none. Where there is much to show, the outermost few may lie outside.
    pub(in crate::http::pages) fn of(points: Vec<Point>, title: impl Into<String>) -> Option<Self> {
        let all: usize = points.iter().map(|point| point.weight.max(1)).sum();
        Self::drawn(points, title.into(), if all >= MUCH { all / 50 } else { 0 })
    }

    /// A map that shows all of these points.
    pub(in crate::http::pages) fn whole(points: Vec<Point>, title: impl Into<String>) -> Option<Self> {
        Self::drawn(points, title.into(), 0)
    }

    /// A map whose view leaves so much weight out at each side.
    fn drawn(points: Vec<Point>, title: String, spare: usize) -> Option<Self> {
        let view = View::around(&points, spare)?;
        let window = Window { left: -4.0, top: -4.0, right: WIDTH + 4.0, bottom: HEIGHT + 4.0 };
        let mut land = String::new();
        for ring in &outlines().land {
            if view.sees(ring) {
                let ring = clip::ring(&thin(ring.iter().map(|p| view.place(*p))), window);
                if is_visible(&ring) {
                    draw(&mut land, &ring, true);
                }
            }
        }
        let mut borders = String::new();
        for line in &outlines().borders {
            if view.sees(line) {
                for piece in clip::line(&thin(line.iter().map(|p| view.place(*p))), window) {
                    draw(&mut borders, &piece, false);
                }
            }
        }
        let all = points.len();
        let heaviest = points.iter().map(|point| point.weight).max().unwrap_or(1) as f64;
        let mut marks: Vec<Mark> = points
            .into_iter()
            .map(|point| {
                let (x, y) = view.place((point.longitude, point.latitude));
                let radius = 4.5 + 13.5 * ((point.weight as f64).sqrt() - 1.0).max(0.0) / heaviest.sqrt().max(3.0);
                Mark { x: round(x), y: round(y), radius: round(radius), point }
            })
            .filter(|mark| (0.0..=WIDTH).contains(&mark.x) && (0.0..=HEIGHT).contains(&mark.y))
            .collect();
        let outside = all - marks.len();
        // The small ones last, so that they lie above the large.
        marks.sort_by(|one, other| {
            other.point.weight.cmp(&one.point.weight).then(one.point.label.cmp(&other.point.label))
        });
        let (labels, countries) = texts(&view, &marks);
        let has_vague = marks.iter().any(|mark| mark.point.is_vague);
        Some(Self {
            title,
            width: WIDTH,
            height: HEIGHT,
            land,
            borders,
            countries,
            marks,
            labels,
            has_vague,
            outside,
            left_out: 0,
        })
    }
}

/// A flat view of a part of the world: degrees of longitude are as long as they are in its middle.
struct View {
    west: f64,
    north: f64,
    east: f64,
    south: f64,
    across: f64,
    down: f64,
}

impl View {
    fn around(points: &[Point], spare: usize) -> Option<Self> {
        let (west, east) = extent(points, spare, |point| point.longitude)?;
        let (south, north) = extent(points, spare, |point| point.latitude)?;
        let middle = (f64::midpoint(west, east), f64::midpoint(south, north));
        let shrink = middle.1.to_radians().cos().max(0.2);
        // A margin around the marks; then the shorter side grows until the view is filled.
        let needed = (((east - west) * 1.25 * shrink).max((north - south) * 1.25 * WIDTH / HEIGHT))
            .max(LEAST_EXTENT * WIDTH / HEIGHT)
            .min(360.0 * shrink);
        let down = WIDTH / needed;
        let across = down * shrink;
        let (wide, high) = (WIDTH / across, HEIGHT / down);
        let north = (middle.1 + high / 2.0).min(85.0);
        let west = middle.0 - wide / 2.0;
        Some(Self { west, north, east: west + wide, south: north - high, across, down })
    }

    fn place(&self, (longitude, latitude): Position) -> Position {
        ((longitude - self.west) * self.across, (self.north - latitude) * self.down)
    }

    fn sees(&self, line: &[Position]) -> bool {
        let inside = |min: f64, max: f64, value: fn(&Position) -> f64| {
            line.iter().any(|p| value(p) >= min) && line.iter().any(|p| value(p) <= max)
        };
        inside(self.west, self.east, |p| p.0) && inside(self.south, self.north, |p| p.1)
    }
}

/// From where to where the points lie. What weighs no more than `spare` is left out at each side, so that one event far away does
/// not make all others a blot.
fn extent(points: &[Point], spare: usize, coordinate: fn(&Point) -> f64) -> Option<(f64, f64)> {
    let mut sorted: Vec<(f64, usize)> = points.iter().map(|point| (coordinate(point), point.weight.max(1))).collect();
    sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
    Some((passing(sorted.iter(), spare)?, passing(sorted.iter().rev(), spare)?))
}

/// The first coordinate after so much weight.
fn passing<'p>(points: impl Iterator<Item = &'p (f64, usize)>, spare: usize) -> Option<f64> {
    let mut passed = 0;
    for (coordinate, weight) in points {
        passed += weight;
        if passed > spare {
            return Some(*coordinate);
        }
    }
    None
}

/// Whether a ring is more than a speck.
fn is_visible(ring: &[Position]) -> bool {
    let Some(first) = ring.first() else { return false };
    ring.len() > 2 && ring.iter().any(|(x, y)| (x - first.0).abs().max((y - first.1).abs()) > 1.5 * DETAIL)
}

/// Leaves out points that are hardly apart from the one before.
fn thin(points: impl Iterator<Item = Position>) -> Vec<Position> {
    let mut kept: Vec<Position> = Vec::new();
    let mut last = None;
    for point in points {
        if kept.last().is_none_or(|(x, y)| (point.0 - x).abs() + (point.1 - y).abs() >= DETAIL) {
            kept.push(point);
            last = None;
        } else {
            last = Some(point);
        }
    }
    kept.extend(last);
    kept
}

/// Adds a line to a path, in whole tenths of a unit and relative to the point before: half as long as it would be else.
fn draw(path: &mut String, points: &[Position], closed: bool) {
    let mut last = (0, 0);
    for (i, (x, y)) in points.iter().enumerate() {
        let (x, y) = ((x * 10.0).round() as i32, (y * 10.0).round() as i32);
        let (command, dx, dy) = match i {
            0 => ("M", x, y),
            1 => ("l", x - last.0, y - last.1),
            _ => (if x < last.0 { "" } else { " " }, x - last.0, y - last.1),
        };
        // Writing to a string does not fail.
        let _ = write!(path, "{command}{dx}{}{dy}", if dy < 0 { "" } else { " " });
        last = (x, y);
    }
    if closed {
        path.push('Z');
    }
}

fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// A rectangle: left, top, right, bottom.
type Rectangle = (f64, f64, f64, f64);

/// The names of places and countries there is room for.
fn texts(view: &View, marks: &[Mark]) -> (Vec<Text>, Vec<Text>) {
    let circles = || marks.iter().map(|m| (m.x - m.radius, m.y - m.radius, m.x + m.radius, m.y + m.radius));
    let mut taken: [Vec<Rectangle>; 2] = [circles().collect(), circles().collect()];
    let mut labels = Vec::new();
    for mark in marks {
        let text = &mark.point.label;
        if labels.len() >= 14 || text.chars().count() >= 28 {
            continue;
        }
        // Above the mark if there is room, else below it.
        let own = Some((mark.x, mark.y));
        let above = set(&mut taken, text, mark.x, mark.y - mark.radius - 4.0, own);
        labels.extend(above.or_else(|| set(&mut taken, text, mark.x, mark.y + mark.radius + LETTER[0].1, own)));
    }
    let mut countries = Vec::new();
    for country in &outlines().countries {
        let (x, y) = view.place(country.middle);
        let fits = country.name.chars().count() as f64 * LETTER[0].0 < country.width * view.across * 1.1;
        let is_marked = labels.iter().any(|label: &Text| label.words == country.name);
        if fits
            && !is_marked
            && let Some(text) = set(&mut taken, &country.name, x, y, None)
        {
            countries.push(text);
        }
    }
    (labels, countries)
}

/// Places a text if nothing is there, and notes what it takes up; `own` is the middle of the mark it belongs to.
fn set(taken: &mut [Vec<Rectangle>; 2], text: &str, x: f64, y: f64, own: Option<Position>) -> Option<Text> {
    let mut fits = [false; 2];
    for (size, (letter, line)) in LETTER.into_iter().enumerate() {
        let half = text.chars().count() as f64 * letter / 2.0;
        // Some room at both sides, so that two names do not read as one.
        let rectangle = (x - half - 4.0, y - line, x + half + 4.0, y + 3.0);
        let is_inside = rectangle.0 > 0.0 && rectangle.2 < WIDTH && rectangle.1 > 0.0 && rectangle.3 < HEIGHT;
        let is_free = taken[size].iter().all(|other| {
            let is_own = own.is_some_and(|(x, y)| {
                (f64::midpoint(other.0, other.2) - x).abs() < 0.2 && (f64::midpoint(other.1, other.3) - y).abs() < 0.2
            });
            is_own || !overlap(rectangle, *other)
        });
        if is_inside && is_free && (size == 0 || fits[0]) {
            taken[size].push(rectangle);
            fits[size] = true;
        }
    }
    fits[0].then(|| Text { x: round(x), y: round(y), words: text.to_owned(), only_wide: !fits[1] })
}

fn overlap(one: Rectangle, other: Rectangle) -> bool {
    one.0 < other.2 && other.0 < one.2 && one.1 < other.3 && other.1 < one.3
}

#[cfg(test)]
mod tests {
    use super::{HEIGHT, Map, Point, WIDTH};

    fn point(longitude: f64, latitude: f64, weight: usize) -> Point {
        let (label, note, href) = ("x".to_owned(), String::new(), String::new());
        Point { longitude, latitude, weight, label, note, href, is_vague: false }
    }

    #[test]
    fn every_point_is_on_the_map_and_so_is_land() {
        for points in [
            vec![point(13.2, 32.9, 3)],
            vec![point(13.2, 32.9, 3), point(30.5, 50.4, 200), point(97.0, 20.0, 1)],
            vec![point(-170.0, -50.0, 1), point(170.0, 70.0, 1)],
        ] {
            let map = Map::of(points, "a map").into_iter().next();
            let is_good = map.is_some_and(|map| {
                let inside = |m: &super::Mark| m.x >= 0.0 && m.x <= WIDTH && m.y >= 0.0 && m.y <= HEIGHT;
                map.marks.iter().all(inside) && !map.land.is_empty() && map.land.len() < 100_000
            });
            assert!(is_good);
        }
        assert!(Map::of(Vec::new(), "nothing").is_none());
    }
}
