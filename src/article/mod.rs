//! Articles as published, and the readers that make them (being written).

use jiff::civil::Date;

/// One article as it was published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Article {
    /// The publisher's own identifier, if the input gave one.
    pub id: Option<String>,
    /// The headline exactly as given; empty if there is none.
    pub headline: String,
    /// The body exactly as given: paragraphs separated by line breaks.
    pub body: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// The day of publication.
    pub published: Option<Date>,
    /// Where it was published.
    pub url: Option<String>,
}

/// The part of an article an offset counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The headline.
    Headline,
    /// The body.
    Body,
}
