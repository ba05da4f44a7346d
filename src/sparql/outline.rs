//! What can be told of a query without parsing it: its form, and how deeply it is nested.
//!
//! A parser that descends takes stack for every bracket, so that a text made for it can end the process. [`Outline::of`] reads
//! the text once, from left to right, and takes no more for a long one than for a short one.

/// The outline of a query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// None if the text has no keyword that begins a query; it then is none.
    pub form: Option<Form>,
    /// How many brackets are open at once, of all kinds together.
    pub depth: usize,
    /// How many braces are opened in all.
    pub groups: usize,
    /// Whether a pattern may follow: a word ends like `WHERE`. No update has one without it.
    pub pattern: bool,
    /// Whether there is a backslash outside of strings, or anywhere one that stands for a character of any kind (SPARQL 1.1, section 19.2): a parser may
    /// then see brackets and words that are not seen here.
    pub escapes: bool,
}

/// A form of query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Solutions.
    Select,
    /// Whether there is one.
    Ask,
    /// Triples from a template.
    Construct,
    /// Triples about things.
    Describe,
}

impl Form {
    const KEYWORDS: [(&'static str, Self); 4] =
        [("select", Self::Select), ("ask", Self::Ask), ("construct", Self::Construct), ("describe", Self::Describe)];

    /// Whether the results are triples.
    pub fn gives_triples(self) -> bool {
        matches!(self, Self::Construct | Self::Describe)
    }
}

const WHERE: &[u8] = b"where";

impl Outline {
    /// Reads a text. The terminals are those of SPARQL 1.1, section 19.8: strings, IRIs and comments hold no brackets and no keywords.
    ///
    /// # Examples
    ///
    /// ```
    /// use belligraph::sparql::{Form, Outline};
    ///
    /// let outline = Outline::of("PREFIX ask: <http://example.org/select> SELECT * { { ?s ask:p \"}}}\" } }");
    /// assert_eq!((outline.form, outline.depth, outline.groups), (Some(Form::Select), 2, 2));
    /// assert!(Outline::of("DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }").pattern);
    /// assert!(!Outline::of("INSERT DATA { <where> rdfs:label \"where\" }").pattern);
    /// ```
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let (mut form, mut open, mut depth, mut groups, mut at) = (None, 0_usize, 0, 0, 0);
        let (mut pattern, mut escapes) = (false, text.contains("\\u") || text.contains("\\U"));
        while let Some(&byte) = bytes.get(at) {
            let rest = bytes.get(at..).unwrap_or_default();
            at += match byte {
                b'#' => rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len()),
                b'"' | b'\'' => string(rest),
                b'<' => iri(rest),
                b'(' | b'[' | b'{' => {
                    open += 1;
                    groups += usize::from(byte == b'{');
                    depth = depth.max(open);
                    1
                }
                b')' | b']' | b'}' => {
                    open = open.saturating_sub(1);
                    1
                }
                _ if is_of_name(byte) => {
                    let length = rest.iter().position(|b| !is_of_name(*b)).unwrap_or(rest.len());
                    let word = rest.get(..length).unwrap_or_default();
                    let keyword =
                        Form::KEYWORDS.into_iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes()));
                    form = form.or(keyword.map(|(_, form)| form));
                    let end = word.len().saturating_sub(WHERE.len());
                    pattern |= word.get(end..).is_some_and(|end| end.eq_ignore_ascii_case(WHERE));
                    length
                }
                b'\\' => {
                    escapes = true;
                    2
                }
                _ => 1,
            };
        }
        Self { form, depth, groups, pattern, escapes }
    }
}

/// Whether it can stand in a name; with the colon and what marks variables, prefixed names and variables are one word, and
/// no keyword.
fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || !byte.is_ascii()
        || matches!(byte, b'_' | b'-' | b'.' | b':' | b'?' | b'$' | b'@' | b'%')
}

/// The length of the string that begins here.
fn string(rest: &[u8]) -> usize {
    let Some(&quote) = rest.first() else { return 0 };
    let long = rest.get(1) == Some(&quote) && rest.get(2) == Some(&quote);
    let (mut at, closing) = if long { (3, 3) } else { (1, 1) };
    while let Some(&byte) = rest.get(at) {
        if byte == b'\\' {
            at += 2;
        } else if rest.get(at..at + closing).is_some_and(|end| end.iter().all(|b| *b == quote)) {
            return at + closing;
        } else if !long && matches!(byte, b'\n' | b'\r') {
            return at;
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// The length of the IRI that begins here, or of the operator that does.
fn iri(rest: &[u8]) -> usize {
    let end = rest
        .iter()
        .skip(1)
        .position(|b| matches!(b, 0..=0x20 | b'<' | b'>' | b'"' | b'{' | b'}' | b'|' | b'^' | b'`' | b'\\'));
    match end {
        Some(end) if rest.get(end + 1) == Some(&b'>') => end + 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, Outline};

    #[test]
    fn the_form_is_the_first_keyword() {
        for (text, form) in [
            ("select * {}", Some(Form::Select)),
            ("BASE <http://select/> # describe\nPREFIX : <#> ASK{}", Some(Form::Ask)),
            ("PREFIX select: <x> construct where {}", Some(Form::Construct)),
            ("\u{feff}DESCRIBE <x>", None),
            ("DESCRIBE ?ask { ?ask :select 'ask' }", Some(Form::Describe)),
            ("INSERT DATA {}", None),
            ("", None),
        ] {
            assert_eq!(Outline::of(text).form, form, "{text}");
        }
    }

    #[test]
    fn brackets_in_strings_iris_and_comments_do_not_count() {
        for (text, depth) in [
            ("SELECT * { FILTER(1 < 2) FILTER(?a <?b) }", 2),
            ("{'{{{' \"\\\"{{{\" '''{{'{{''' <http://x/(((> # ((((\n [()] }", 3),
            ("'unclosed (((\n(", 1),
            ("((((", 4),
            ("))))((", 2),
        ] {
            assert_eq!(Outline::of(text).depth, depth, "{text}");
        }
    }

    #[test]
    fn no_pattern_is_overlooked() {
        for text in ["DELETE WHERE {", "DELETE{}where{", "DELETE#'\nWhere{", "WITH <g> DELETE {} USING:gWHERE {"] {
            assert!(Outline::of(text).pattern, "{text}");
        }
        for text in ["INSERT { a:\\' a:b 1 } WHERE { }", "INSERT { <a> <b> \"\\u0022 } WHERE {", "\\U00000057HERE"] {
            assert!(Outline::of(text).escapes, "{text}");
        }
        for text in ["INSERT DATA { <a> <where> 'where \\' where' } # where", "CLEAR ALL"] {
            let outline = Outline::of(text);
            assert!(!outline.pattern && !outline.escapes, "{text}");
        }
    }
}
