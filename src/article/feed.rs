//! Reads RSS (0.9 to 2.0) and Atom: each item is an article, with the text that the feed carries.
//!
//! Links are not followed: a feed that carries only summaries gives articles of a summary. What to follow is a choice of
//! whoever loads, and a list of addresses can be given to `load` just as well.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use super::column::{Cells, Column, Reading};
use super::html::fragment_text;
use super::outcome::ReadFailure;

/// The items of a feed, in its order.
pub(super) fn read(xml: &str) -> Result<Vec<Result<Reading, ReadFailure>>, ReadFailure> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    let mut feed = Feed::default();
    loop {
        let position = reader.buffer_position();
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => feed.take(&event)?,
            Err(error) if feed.items.is_empty() => {
                return Err(ReadFailure::Feed(format!("{error} at byte {position}")));
            }
            Err(error) => {
                // What came before the damage is whole.
                feed.items
                    .push(Err(ReadFailure::Feed(format!("{error} at byte {position}; what follows is not read"))));
                break;
            }
        }
    }
    if feed.root.is_none() {
        return Err(ReadFailure::Feed("no element in it".to_owned()));
    }
    if feed.items.is_empty() {
        return Err(ReadFailure::Feed("no items in it".to_owned()));
    }
    Ok(feed.finish())
}

#[derive(Default)]
struct Feed {
    root: Option<String>,
    title: Option<String>,
    language: Option<String>,
    items: Vec<Result<Item, ReadFailure>>,
    in_item: bool,
    in_image: bool,
    /// The field that is being read, its text, and how deep in it we are.
    open: Option<(Target, String, usize)>,
}

/// What an item has given so far.
#[derive(Default)]
struct Item {
    fields: Vec<(Target, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Id,
    Title,
    Link,
    Published,
    Updated,
    Author,
    Language,
    Summary,
    Content,
}

fn target_of(name: &str) -> Option<Target> {
    Some(match name {
        "guid" | "id" => Target::Id,
        "title" => Target::Title,
        "link" => Target::Link,
        "pubDate" | "published" | "issued" | "dc:date" => Target::Published,
        "updated" | "modified" => Target::Updated,
        "author" | "dc:creator" => Target::Author,
        "language" | "dc:language" => Target::Language,
        "description" | "summary" => Target::Summary,
        "content" | "content:encoded" => Target::Content,
        _ => return None,
    })
}

/// The name without the prefix that some feeds put before everything.
fn name_of(start: &[u8]) -> String {
    let name = String::from_utf8_lossy(start).into_owned();
    name.strip_prefix("atom:").or_else(|| name.strip_prefix("rss:")).map_or(name.clone(), str::to_owned)
}

impl Feed {
    fn take(&mut self, event: &Event<'_>) -> Result<(), ReadFailure> {
        match event {
            Event::Start(start) => self.start(start, false)?,
            Event::Empty(start) => self.start(start, true)?,
            Event::End(end) => self.end(&name_of(end.name().as_ref())),
            Event::Text(text) => {
                self.text(&unescaped(&String::from_utf8_lossy(text)));
            }
            Event::CData(text) => self.text(&String::from_utf8_lossy(text)),
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some((_, into, _)) = &mut self.open {
            into.push_str(text);
        }
    }

    fn start(&mut self, start: &BytesStart<'_>, empty: bool) -> Result<(), ReadFailure> {
        let name = name_of(start.name().as_ref());
        if self.root.is_none() {
            if !matches!(name.as_str(), "rss" | "feed" | "rdf:RDF") {
                return Err(ReadFailure::OtherXml(name));
            }
            self.root = Some(name);
            return Ok(());
        }
        if let Some((target, into, depth)) = &mut self.open {
            // Markup within a field (XHTML in Atom) is kept for the HTML reader; an author is a name and more.
            if *target != Target::Author || name == "name" {
                into.push('<');
                into.push_str(&name);
                into.push_str(if empty { "/>" } else { ">" });
            } else if !empty {
                into.push_str("<!--");
            }
            *depth += usize::from(!empty);
            return Ok(());
        }
        match name.as_str() {
            "item" | "entry" if !empty => {
                self.in_item = true;
                self.items.push(Ok(Item::default()));
            }
            "image" | "textInput" | "textinput" => self.in_image = !empty,
            _ => {
                let Some(target) = target_of(&name) else { return Ok(()) };
                if target == Target::Link {
                    self.link(start);
                }
                if !empty {
                    self.open = Some((target, String::new(), 0));
                }
            }
        }
        Ok(())
    }

    /// The address of an Atom link to the article itself.
    fn link(&mut self, start: &BytesStart<'_>) {
        let attribute = |name: &str| {
            let value = start.try_get_attribute(name).ok().flatten()?;
            value.unescape_value().ok().map(std::borrow::Cow::into_owned)
        };
        let is_alternate = attribute("rel").is_none_or(|rel| rel == "alternate");
        if let (true, true, Some(address)) = (self.in_item, is_alternate, attribute("href")) {
            self.put(Target::Link, address);
        }
    }

    fn end(&mut self, name: &str) {
        if let Some((target, into, depth)) = &mut self.open {
            if *depth > 0 {
                *depth -= 1;
                if *target != Target::Author || name == "name" {
                    into.push_str("</");
                    into.push_str(name);
                    into.push('>');
                } else {
                    into.push_str("-->");
                }
                return;
            }
            let (target, text) = (*target, std::mem::take(into));
            self.open = None;
            self.put(target, text);
            return;
        }
        match name {
            "item" | "entry" => self.in_item = false,
            "image" | "textInput" | "textinput" => self.in_image = false,
            _ => {}
        }
    }

    fn put(&mut self, target: Target, text: String) {
        if text.trim().is_empty() || self.in_image {
            return;
        }
        if self.in_item {
            if let Some(Ok(item)) = self.items.last_mut() {
                item.fields.push((target, text));
            }
        } else if target == Target::Title && self.title.is_none() {
            self.title = Some(one_line(&text));
        } else if target == Target::Language {
            self.language = Some(text);
        }
    }

    fn finish(self) -> Vec<Result<Reading, ReadFailure>> {
        let (title, language) = (self.title, self.language);
        let finish = |item: Item| {
            let first = |target| item.fields.iter().find(|(given, _)| *given == target).map(|(_, text)| text.as_str());
            let mut cells = Cells::default();
            let mut set = |column, text: Option<String>| {
                if let Some(text) = text {
                    cells.set(column, text);
                }
            };
            set(Column::Id, first(Target::Id).map(str::to_owned));
            set(Column::Headline, first(Target::Title).map(one_line));
            set(Column::Url, first(Target::Link).map(str::to_owned));
            set(Column::Published, first(Target::Published).or_else(|| first(Target::Updated)).map(str::to_owned));
            set(Column::Author, first(Target::Author).map(one_line));
            set(Column::Language, first(Target::Language).map(str::to_owned).or_else(|| language.clone()));
            set(Column::Publisher, title.clone());
            set(Column::Body, first(Target::Content).or_else(|| first(Target::Summary)).map(fragment_text));
            cells.finish()
        };
        self.items.into_iter().map(|item| item.and_then(finish)).collect()
    }
}

/// A text with the references of XML resolved; those of HTML, which feeds should not have and do, are left to the reader of
/// HTML.
fn unescaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for (at, piece) in text.split('&').enumerate() {
        if at == 0 {
            result.push_str(piece);
            continue;
        }
        let end = piece.find(';').map_or(0, |end| end + 1);
        let reference = format!("&{}", &piece[..end]);
        result.push_str(unescape(&reference).as_deref().unwrap_or(&reference));
        result.push_str(&piece[end..]);
    }
    result
}

/// A text without markup on one line; most have none.
fn one_line(text: &str) -> String {
    if text.contains(['<', '&']) { fragment_text(text).replace("\n\n", " ") } else { text.trim().to_owned() }
}
