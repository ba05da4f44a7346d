//! Reads Markdown: front matter, the headline, and the text without its markup.
//!
//! The headline is the heading at the start; without one, the first paragraph, if it could be the headline of a plain text.
//!
//! Markup is removed because `**` and link addresses would stand between the words; each block becomes one line.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::column::{Cells, Column};
use super::front_matter;
use super::text::LONGEST_HEADLINE;

/// Splits a decoded file into its fields.
pub(super) fn read(text: &str) -> Cells {
    let mut cells = Cells::default();
    let rest = front_matter::take(text, &mut cells);
    let mut blocks = blocks(rest);
    if blocks.first().is_some_and(|first| first.is_heading) {
        let heading = blocks.remove(0).text;
        // A title in the front matter that the text repeats is one headline, not two.
        if !cells.article.headline.is_empty() && cells.article.headline != heading {
            blocks.insert(0, Block { text: heading, is_heading: true });
        } else {
            cells.set(Column::Headline, heading);
        }
    }
    let could_be_headline = |block: &Block| block.text.chars().count() <= LONGEST_HEADLINE;
    if cells.article.headline.is_empty() && blocks.len() > 1 && could_be_headline(&blocks[0]) {
        cells.set(Column::Headline, blocks.remove(0).text);
    }
    let body: Vec<String> = blocks.into_iter().map(|block| block.text).collect();
    cells.set(Column::Body, body.join("\n\n"));
    cells
}

#[derive(Default)]
struct Block {
    text: String,
    is_heading: bool,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut block = Block::default();
    let mut hidden = 0_usize;
    let mut finish = |block: &mut Block| {
        let finished = std::mem::take(block);
        let text = finished.text.trim();
        if !text.is_empty() {
            blocks.push(Block { text: text.to_owned(), ..finished });
        }
    };
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::Image { .. } | Tag::HtmlBlock) => hidden += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::Image | TagEnd::HtmlBlock) => hidden = hidden.saturating_sub(1),
            _ if hidden > 0 => {}
            Event::Start(Tag::Heading { .. }) => {
                finish(&mut block);
                block.is_heading = true;
            }
            // A tight list has no paragraphs: its items are the blocks.
            Event::Start(Tag::Paragraph | Tag::Item | Tag::List(_) | Tag::TableHead | Tag::TableRow)
            | Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableHead | TagEnd::TableRow,
            ) => finish(&mut block),
            Event::Text(text) | Event::Code(text) => block.text.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::TableCell) => block.text.push(' '),
            _ => {}
        }
    }
    finish(&mut block);
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_text_stays() {
        let text = "---\ndate: 2018-01-02\n---\n# Army *takes* town\n\nThe **army** took [the town](https://example.org)\n\
                    on\u{A0}Friday – “at last”.\n\n- One dead\n- Two injured\n\n```\ncode\n```\n\n## Later\n\n> Quoted.\n";
        let article = read(text).article;
        assert_eq!(article.headline, "Army takes town");
        assert_eq!(
            article.body,
            "The army took the town on\u{A0}Friday – “at last”.\n\nOne dead\n\nTwo injured\n\nLater\n\nQuoted."
        );
        let titled = read("---\ntitle: Army takes town\n---\n# Army takes town\n\nIt did.\n").article;
        assert_eq!((titled.headline.as_str(), titled.body.as_str()), ("Army takes town", "It did."));
    }
}
