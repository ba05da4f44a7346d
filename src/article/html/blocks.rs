//! The text of a part of a page, one string for each block of it, as a browser would show it.
//!
//! The tree is walked without recursion, since a page may be nested as deeply as its author likes.

use dom_query::{NodeData, NodeRef};

/// A step of a walk.
pub(super) enum Step<'a, 'b> {
    /// Before the children of a node; answering `false` leaves them out.
    Enter(&'b NodeRef<'a>),
    /// After them.
    Leave(&'b NodeRef<'a>),
}

/// Walks over a node and what is in it, in the order of the text.
pub(super) fn walk<'a>(root: &NodeRef<'a>, mut visit: impl FnMut(Step<'a, '_>) -> bool) {
    let mut node = *root;
    loop {
        let descend = visit(Step::Enter(&node));
        if let Some(child) = node.first_child().filter(|_| descend) {
            node = child;
            continue;
        }
        loop {
            visit(Step::Leave(&node));
            if node.id == root.id {
                return;
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            match node.parent() {
                Some(parent) => node = parent,
                None => return,
            }
        }
    }
}

/// The blocks of a node, white space collapsed, empty ones left out.
pub(super) fn of(root: &NodeRef<'_>) -> Vec<String> {
    let mut text = Blocks::default();
    walk(root, |step| match step {
        Step::Enter(node) => {
            if node.is_text() {
                node.query(|inner| {
                    if let NodeData::Text { contents } = &inner.data {
                        text.push(contents);
                    }
                });
                return false;
            }
            let Some(name) = node.node_name() else { return true };
            match kind_of(&name) {
                Kind::Hidden => return false,
                Kind::Block | Kind::Break => text.end(),
                Kind::Cell => text.push(" "),
                Kind::Inline if is_reference(node, &name) => return false,
                Kind::Inline => {}
            }
            !(node.has_attr("hidden") || node.attr("aria-hidden").is_some_and(|value| &*value == "true"))
        }
        Step::Leave(node) => {
            if node.node_name().is_some_and(|name| matches!(kind_of(&name), Kind::Block)) {
                text.end();
            }
            true
        }
    });
    text.end();
    text.finished
}

enum Kind {
    Hidden,
    Block,
    Break,
    Cell,
    Inline,
}

fn kind_of(name: &str) -> Kind {
    match name {
        "script" | "style" | "noscript" | "template" | "head" | "title" | "figure" | "figcaption" | "aside" | "nav"
        | "footer" | "form" | "button" | "select" | "textarea" | "svg" | "math" | "iframe" | "object" | "video"
        | "audio" | "canvas" | "dialog" => Kind::Hidden,
        "br" | "hr" => Kind::Break,
        "td" | "th" => Kind::Cell,
        "address" | "article" | "blockquote" | "body" | "caption" | "center" | "dd" | "details" | "div" | "dl"
        | "dt" | "fieldset" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "header" | "html" | "li" | "main" | "ol"
        | "p" | "pre" | "section" | "summary" | "table" | "tbody" | "thead" | "tfoot" | "tr" | "ul" => Kind::Block,
        _ => Kind::Inline,
    }
}

/// Whether it is the raised `[1]` that points to a source.
fn is_reference(node: &NodeRef<'_>, name: &str) -> bool {
    name == "sup" && node.first_element_child().is_some() && node.text().trim_start().starts_with('[')
}

#[derive(Default)]
struct Blocks {
    finished: Vec<String>,
    current: String,
    space: bool,
}

impl Blocks {
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                ' ' | '\t' | '\n' | '\r' | '\u{C}' => self.space = true,
                // Invisible marks of where a word may be broken.
                '\u{AD}' | '\u{200B}' => {}
                c => {
                    if self.space && !self.current.is_empty() {
                        self.current.push(' ');
                    }
                    self.space = false;
                    self.current.push(c);
                }
            }
        }
    }

    fn end(&mut self) {
        self.space = false;
        let current = std::mem::take(&mut self.current);
        if !current.trim().is_empty() {
            self.finished.push(current);
        }
    }
}
