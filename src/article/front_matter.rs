//! Reads the lines before a text that say when, where and by whom it was published.
//!
//! Two forms: YAML between two lines `---`, of which single values, quoted values and lists of them are read; and
//! `Key: value` lines up to a blank line, if the first key is a known one and every line has that form. The second form may
//! also stand below the headline.

use super::column::{Cells, Column};

/// Reads the front matter, if there is one, and gives the text after it.
pub(super) fn take<'a>(text: &'a str, cells: &mut Cells) -> &'a str {
    yaml(text, cells).or_else(|| keys(text, cells, false)).unwrap_or(text)
}

/// Reads `Key: value` lines that stand below a headline: all keys are known ones and more text follows, since a body may
/// begin with a word and a colon as well.
pub(super) fn take_below_headline<'a>(text: &'a str, cells: &mut Cells) -> Option<&'a str> {
    let mut found = Cells::default();
    keys(text, &mut found, true).filter(|rest| !rest.trim().is_empty())?;
    keys(text, cells, true)
}

fn yaml<'a>(text: &'a str, cells: &mut Cells) -> Option<&'a str> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| line.trim_end() == "---")?;
    let mut at = first.len();
    let mut entries: Vec<(Column, Vec<String>)> = Vec::new();
    let mut open = false;
    for line in lines {
        at += line.len();
        let line = line.trim_end();
        if line == "---" || line == "..." {
            for (column, values) in entries {
                cells.set(column, values.join(", "));
            }
            return Some(&text[at..]);
        }
        if let Some(item) = line.trim_start().strip_prefix("- ") {
            if let (true, Some((_, values))) = (open, entries.last_mut()) {
                values.push(scalar(item));
            }
            continue;
        }
        if line.starts_with([' ', '\t', '#']) || line.is_empty() {
            continue;
        }
        let (key, value) = line.split_once(':')?;
        let column = Column::named(unquoted(key.trim())).filter(|column| *column != Column::Body);
        open = column.is_some();
        if let Some(column) = column {
            entries.push((column, flow_values(value.trim())));
        }
    }
    None
}

fn flow_values(value: &str) -> Vec<String> {
    match value.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(items) => items.split(',').map(scalar).filter(|item| !item.is_empty()).collect(),
        None => Some(scalar(value)).filter(|value| !value.is_empty()).into_iter().collect(),
    }
}

/// A YAML scalar on one line: quotes and a trailing comment removed.
fn scalar(value: &str) -> String {
    let value = value.trim();
    if let Some(inner) = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return inner.replace("''", "'");
    }
    if let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return inner.replace("\\\"", "\"").replace("\\\\", "\\");
    }
    if matches!(value, "~" | "null" | "|" | ">") {
        return String::new();
    }
    value.find(" #").map_or(value, |at| value[..at].trim_end()).to_owned()
}

fn unquoted(key: &str) -> &str {
    key.trim_matches(['"', '\''])
}

fn keys<'a>(text: &'a str, cells: &mut Cells, only_known: bool) -> Option<&'a str> {
    const LONGEST_KEY: usize = 30;
    let start = text.len() - text.trim_start_matches(['\n', '\r', ' ', '\t']).len();
    let mut at = start;
    let mut entries = Vec::new();
    for line in text[start..].split_inclusive('\n') {
        if line.trim().is_empty() {
            break;
        }
        let (key, value) = line.trim().split_once(':')?;
        let is_key = !key.is_empty()
            && key.len() <= LONGEST_KEY
            && key.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | '-' | '_'))
            && (value.is_empty() || value.starts_with([' ', '\t']));
        let column = Column::named(key).filter(|column| *column != Column::Body);
        if !is_key || (column.is_none() && (entries.is_empty() || only_known)) {
            return None;
        }
        entries.push((column, value.trim().to_owned()));
        at += line.len();
    }
    if entries.is_empty() {
        return None;
    }
    for (column, value) in entries {
        if let Some(column) = column {
            cells.set(column, value);
        }
    }
    Some(&text[at..])
}

#[cfg(test)]
mod tests {
    use super::super::text::read;
    use jiff::civil::date;

    #[test]
    fn both_forms() {
        let yaml = "---\ntitle: \"Army: town taken\" \ndate: 2018-01-02 # local\nauthor: [A. One, B. Two]\ntags:\n  - x\n\
                    source: 'Agence d''Exemple'\n---\n\nBody.\n";
        let article = read(yaml).article;
        assert_eq!(article.headline, "Army: town taken");
        assert_eq!(article.body, "Body.");
        assert_eq!(article.published, Some(date(2018, 1, 2)));
        assert_eq!(article.author.as_deref(), Some("A. One, B. Two"));
        assert_eq!(article.publisher.as_deref(), Some("Agence d'Exemple"));
        let keys = "Date: 3 January 2018\r\nSource: Example\r\nPlace: Tripoli\r\nURL: https://example.org/a\r\n\r\nHead\r\n\r\nBody.";
        let article = read(keys).article;
        assert_eq!((article.headline.as_str(), article.body.as_str()), ("Head", "Body."));
        assert_eq!(article.published, Some(date(2018, 1, 3)));
        assert_eq!(article.publisher.as_deref(), Some("Example"));
        assert_eq!(article.url.as_deref(), Some("https://example.org/a"));
    }

    #[test]
    fn keys_may_stand_below_the_headline() {
        for text in [
            "Head\nDate: 2018-01-03\nSource: Example\n\nBody.",
            "Head\r\n\r\nSource: Example\r\nDate: 2018-01-03\r\n\r\nBody.",
        ] {
            let article = read(text).article;
            assert_eq!((article.headline.as_str(), article.body.as_str()), ("Head", "Body."), "{text}");
            assert_eq!(article.published, Some(date(2018, 1, 3)));
            assert_eq!(article.publisher.as_deref(), Some("Example"));
        }
        for text in ["Head\n\nSource: the army.", "Head\n\nWitness: they fled.\n\nMore."] {
            let article = read(text).article;
            assert!(text.ends_with(&article.body) && article.publisher.is_none(), "{text}");
        }
    }

    #[test]
    fn a_headline_with_a_colon_stays_one() {
        for text in ["Syria: rebels advance\n\nBody.", "Source close to army: town taken\n\nBody."] {
            let article = read(text).article;
            assert_eq!(article.body, "Body.");
            assert!(text.starts_with(&article.headline) && !article.headline.is_empty());
        }
        assert_eq!(read("---\nnot front matter\n\nat all").article.headline, "");
    }
}
