//! Articles without the characters that no XML document may have.
//!
//! Feeds, RDF/XML and SPARQL results in XML carry the texts of articles, and one form feed in a headline makes the whole document
//! unreadable. [`Article::make_legible`] replaces them where articles are made, one character for one, for offsets count in what was given.
//!
//! Source: XML 1.0 (fifth edition), section 2.2.

use super::Article;

impl Article {
    /// Replaces the characters that no XML document may have, each by one other: vertical tab and form feed, which are white space, by
    /// a space, the others by U+FFFD. Tells how many there were.
    pub fn make_legible(&mut self) -> usize {
        let Self { id, headline, body, publisher, author, published: _, url, language } = self;
        let named = [id, publisher, author, url, language].into_iter().flatten();
        [headline, body].into_iter().chain(named).map(replace).sum()
    }
}

fn replace(text: &mut String) -> usize {
    let count = text.chars().filter(|c| stand_in(*c).is_some()).count();
    if count > 0 {
        *text = text.chars().map(|c| stand_in(c).unwrap_or(c)).collect();
    }
    count
}

/// What stands for a character that XML forbids. None for the others.
fn stand_in(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' => None,
        '\u{B}' | '\u{C}' => Some(' '),
        '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => Some('\u{FFFD}'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Article;

    #[test]
    fn one_character_stands_for_one() {
        let mut article = Article {
            headline: "Army\u{1}retakes\u{B}Derna".to_owned(),
            body: "One.\r\n\u{C}Two\t\u{1B}[1m\u{FFFF}\u{85}".to_owned(),
            publisher: Some("T\u{0}imes".to_owned()),
            ..Article::default()
        };
        assert_eq!(article.make_legible(), 6);
        assert_eq!(article.headline, "Army\u{FFFD}retakes Derna");
        assert_eq!(article.body, "One.\r\n Two\t\u{FFFD}[1m\u{FFFD}\u{85}");
        assert_eq!(article.publisher.as_deref(), Some("T\u{FFFD}imes"));
        assert_eq!(article.make_legible(), 0);
    }
}
