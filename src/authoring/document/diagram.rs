//! The class diagram: the topmost classes with their properties, and what is below them, as SVG.
//!
//! The tree is drawn from left to right, one column for each level, classes with their properties as boxes of UML. From the third
//! level on only names and numbers are shown, so that it stays readable however many classes there are. The colours come from the
//! style of the page; the file of its own brings them along.

use super::gather::{Branch, Link, Source};
use std::fmt::Write as _;

const WIDTH: i32 = 236;
const GAP_X: i32 = 48;
const GAP_Y: i32 = 10;
const LINE: i32 = 15;
const HEAD: i32 = 24;
/// How many properties a box lists.
const LISTED: usize = 7;
/// How many classes of the third level are drawn below one of the second.
const NAMED: usize = 24;
/// What a line of a box can hold, in characters.
const FITS: usize = 36;
/// How many columns there are for classes with nothing below them.
const COLUMNS: i32 = 3;

/// The colours for a file of its own.
const STYLE: &str = "\
text{font:12px system-ui,sans-serif;fill:#1c2330}.name{font-weight:600}.small{font-size:11px;fill:#59636e}\
.box{fill:#fff;stroke:#8a94a3}.box.few{fill:#f5f7fa}.edge{fill:none;stroke:#8a94a3}.tip{fill:#fff;stroke:#8a94a3}\
@media(prefers-color-scheme:dark){text{fill:#e4e8ee}.small{fill:#9aa5b3}.box,.tip{fill:#1b2129;stroke:#6b7685}\
.box.few{fill:#222a34}.edge{stroke:#6b7685}}";

/// A diagram.
pub(super) struct Diagram {
    /// To stand in the page.
    pub(super) inline: String,
    /// A file of its own.
    pub(super) file: String,
}

struct Drawing<'s> {
    source: &'s Source<'s>,
    svg: String,
}

/// Draws the classes.
pub(super) fn draw(source: &Source<'_>, tree: &[Branch]) -> Diagram {
    let mut drawing = Drawing { source, svg: String::new() };
    let mut y = 6;
    let (deep, flat): (Vec<&Branch>, Vec<&Branch>) = tree.iter().partition(|branch| !branch.below.is_empty());
    for branch in deep {
        y = drawing.branch(branch, 0, y).1 + GAP_Y * 2;
    }
    // Classes with nothing below them, side by side, each in the column that reaches least far down.
    let mut columns = [y; COLUMNS as usize];
    for branch in flat {
        let column = (0..columns.len()).min_by_key(|i| columns[*i]).unwrap_or_default();
        let height = drawing.boxed(branch, column as i32 * (WIDTH + GAP_X), columns[column], 1);
        columns[column] += height + GAP_Y;
    }
    let height = columns.into_iter().max().unwrap_or(y) + 6;
    let width = COLUMNS * WIDTH + (COLUMNS - 1) * GAP_X + 4;
    let open = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-2 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" aria-label=\"class diagram\">"
    );
    Diagram {
        inline: format!("{open}{}</svg>", drawing.svg),
        file: format!("{open}<style>{STYLE}</style>{}</svg>\n", drawing.svg.replace("href=\"#", "href=\"index.html#")),
    }
}

impl Drawing<'_> {
    /// Draws a class and what is below it: the middle of its head, and where it ends.
    fn branch(&mut self, branch: &Branch, level: i32, top: i32) -> (i32, i32) {
        let x = level * (WIDTH + GAP_X);
        let own = self.boxed(branch, x, top, level);
        let middle = top + HEAD / 2;
        let mut bottom = top + own;
        if level + 1 >= COLUMNS {
            return (middle, bottom);
        }
        let mut y = top;
        let mut ends = Vec::new();
        for below in branch.below.iter().take(NAMED) {
            let (at, end) = self.branch(below, level + 1, y);
            ends.push(at);
            y = end + GAP_Y;
            bottom = bottom.max(end);
        }
        let right = x + WIDTH;
        let bend = right + GAP_X / 2;
        for at in &ends {
            let _ = write!(self.svg, "<path class=\"edge\" d=\"M{} {at}H{bend}V{middle}\"/>", x + WIDTH + GAP_X);
        }
        if !ends.is_empty() {
            let (tip, back) = (right + 1, right + 11);
            let _ = write!(self.svg, "<path class=\"edge\" d=\"M{back} {middle}H{bend}\"/>");
            let (above, below) = (middle - 6, middle + 6);
            let _ = write!(self.svg, "<path class=\"tip\" d=\"M{tip} {middle}L{back} {above}V{below}Z\"/>");
        }
        if branch.below.len() > NAMED {
            let more = branch.below.len() - NAMED;
            let _ =
                write!(self.svg, "<text class=\"small\" x=\"{}\" y=\"{}\">and {more} more</text>", bend + 28, y + 8);
            bottom = bottom.max(y + 12);
        }
        (middle, bottom)
    }

    /// Draws the box of a class and gives its height.
    fn boxed(&mut self, branch: &Branch, x: i32, y: i32, level: i32) -> i32 {
        let mut lines: Vec<String> = Vec::new();
        if level + 1 < COLUMNS {
            let node = branch.link.href.strip_prefix('#').map(|_| &branch.link);
            let uses = node.map(|link| self.source.uses_of(link)).unwrap_or_default();
            lines.extend(uses.iter().take(LISTED).map(|one| {
                let ranges: Vec<&str> = one.ranges.iter().map(range_name).collect();
                format!("{}: {}", local(&one.link.title), ranges.join(", "))
            }));
            if uses.len() > LISTED {
                lines.push(format!("and {} properties more", uses.len() - LISTED));
            }
        }
        if branch.size > 0 && level + 1 == COLUMNS {
            lines.push(format!("{} below", branch.size));
        }
        let height = HEAD + if lines.is_empty() { 0 } else { LINE * lines.len() as i32 + 6 };
        let few = if level == 0 { "box" } else { "box few" };
        let Link { text, href, .. } = &branch.link;
        let _ = write!(
            self.svg,
            "<a href=\"{href}\"><rect class=\"{few}\" x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{height}\" rx=\"4\"/>\
             <text class=\"name\" x=\"{}\" y=\"{}\">{}</text></a>",
            x + 10,
            y + 16,
            escaped(&cut(text))
        );
        if !lines.is_empty() {
            let rule = y + HEAD;
            let _ = write!(self.svg, "<path class=\"edge\" d=\"M{x} {rule}H{}\"/>", x + WIDTH);
        }
        for (i, line) in lines.iter().enumerate() {
            let at = y + HEAD + 14 + LINE * i as i32;
            let line = escaped(&cut(line));
            let _ = write!(self.svg, "<text class=\"small\" x=\"{}\" y=\"{at}\">{line}</text>", x + 10);
        }
        height
    }
}

fn local(curie: &str) -> &str {
    curie.strip_prefix("bg:").unwrap_or(curie)
}

/// A class of the ontology by its local name, another by its short IRI.
fn range_name(range: &Link) -> &str {
    if range.href.starts_with('#') { local(&range.title) } else { &range.text }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= FITS { text.to_owned() } else { text.chars().take(FITS - 1).chain(['…']).collect() }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
