//! Articles made of a few sentences, and what extraction reads in them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use belligraph::article::Article;
use belligraph::extract::Extractor;
use belligraph::facts::{Event, Facts};
use belligraph::language::Pipeline;
use belligraph::ontology::Ontology;
use std::sync::LazyLock;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new(Ontology::embedded()));

/// An article, without a date where `published` is empty.
pub(crate) fn article(headline: &str, body: &str, published: &str) -> Article {
    Article {
        headline: headline.to_owned(),
        body: body.to_owned(),
        published: (!published.is_empty()).then(|| published.parse().unwrap()),
        ..Article::default()
    }
}

pub(crate) fn read(article: &Article) -> Facts {
    EXTRACTOR.extract(article, &Pipeline::embedded().analyse(&article.headline, &article.body))
}

/// The events of exactly the class with this local name.
pub(crate) fn of_class<'f>(facts: &'f Facts, local: &str) -> Vec<&'f Event> {
    facts.events.iter().filter(|e| e.class.rsplit('#').next() == Some(local)).collect()
}
