//! Articles that are new to the store, written many at a time.
//!
//! A transaction of the database sorts every triple into its indexes one by one. [`Batch`] gathers articles the store does not
//! have yet until there are enough of them, and [`Batch::commit`] then writes sorted files that the database takes over in
//! one step: all of the batch is there, or nothing of it. An article that replaces another goes through
//! a transaction of its own, as do the few that move an implied triple from one graph to another, since files
//! only add.

use super::implied::{is_noted, note, noter, said_elsewhere};
use super::layout::{Graphs, vocabulary};
use super::run::ArticleGraph;
use super::{Database, StoreError};
use oxrdf::{NamedNode, NamedNodeRef, Quad, Triple};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

/// From how many triples a batch is written: large enough that its files are worth making, small enough that a batch is
/// a matter of a second and of some tens of megabytes.
const FULL: usize = 200_000;

/// Below how many triples transactions cost less than files.
const SMALL: usize = 10_000;

/// New articles that wait to be written together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    articles: BTreeMap<NamedNode, ArticleGraph>,
    triples: usize,
}

impl Batch {
    pub(super) fn contains(&self, article: &NamedNode) -> bool {
        self.articles.contains_key(article)
    }

    pub(super) fn is_full(&self) -> bool {
        self.triples >= FULL
    }

    /// Adds an article that neither the store nor the batch has.
    pub(super) fn push(&mut self, article: ArticleGraph) {
        self.triples += article.triples.len() + article.shared.len() + article.known.len();
        self.articles.insert(article.article.clone(), article);
    }

    /// Whether files are worth making for it.
    pub(super) fn is_small(&self) -> bool {
        self.triples < SMALL
    }

    pub(super) fn into_articles(self) -> impl Iterator<Item = ArticleGraph> {
        self.articles.into_values()
    }

    /// Writes the batch, `log` with it. Gives back the articles that need transactions of their own.
    pub(super) fn commit(
        self,
        database: &Database,
        graphs: &Graphs,
        log: impl Fn(&NamedNode) -> Quad,
    ) -> Result<Vec<ArticleGraph>, StoreError> {
        let transaction = database.0.start_transaction()?;
        let mut articles = Vec::new();
        let mut apart = Vec::new();
        for article in self.articles.into_values() {
            let moves = article.known.iter().try_fold(false, |moves, triple| {
                Ok::<_, StoreError>(
                    moves || transaction.contains(&triple.clone().in_graph(graphs.shared().into_owned()))?,
                )
            })?;
            // An article without triples still is a graph.
            if moves || article.triples.is_empty() { apart.push(article) } else { articles.push(article) }
        }
        let mut homes: HashMap<&Triple, Option<Home>> = HashMap::new();
        for (triple, home) in articles.iter().flat_map(implied_by) {
            match homes.entry(triple) {
                Entry::Occupied(mut found) => {
                    found.insert(found.get().map(|other| other.min(home)));
                }
                Entry::Vacant(vacant) => {
                    vacant.insert(if said_elsewhere(&transaction, graphs, triple, None)? {
                        None
                    } else if is_noted(&transaction, graphs, triple, graphs.known())? {
                        Some(Home::Known)
                    } else {
                        Some(home)
                    });
                }
            }
        }
        drop(transaction);
        let quads = articles.iter().flat_map(|article| {
            let own = article.triples.iter().map(|triple| triple.clone().in_graph(article.article.clone()));
            let noter = noter(article.article.as_ref());
            let homes = &homes;
            let implied = implied_by(article).flat_map(move |(triple, home)| {
                let note = note(triple, home.graph(graphs));
                let noted = Quad::new(noter.clone(), vocabulary::IMPLIES, note, graphs.support().into_owned());
                let home = homes.get(triple).copied().flatten();
                [Some(noted), home.map(|home| triple.clone().in_graph(home.graph(graphs).into_owned()))]
            });
            own.chain(implied.flatten()).chain([log(&article.article)])
        });
        let mut loader = database.0.bulk_loader();
        loader.load_quads(quads)?;
        loader.commit()?;
        Ok(apart)
    }
}

/// Takes away the files of a batch whose process was killed before the database took them over.
pub(super) fn clean(path: &Path) -> Result<(), StoreError> {
    let failed = |source| StoreError::File { action: "clean up", path: path.to_owned(), source };
    for entry in fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let is_table = Path::new(&name).extension().is_some_and(|extension| extension == "sst");
        if is_table && name.to_string_lossy().starts_with("bulk-") {
            fs::remove_file(entry.path()).map_err(failed)?;
        }
    }
    Ok(())
}

/// A graph kept up with the articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Home {
    Known,
    Shared,
}

impl Home {
    fn graph(self, graphs: &Graphs) -> NamedNodeRef<'_> {
        match self {
            Self::Known => graphs.known(),
            Self::Shared => graphs.shared(),
        }
    }
}

fn implied_by(article: &ArticleGraph) -> impl Iterator<Item = (&Triple, Home)> {
    let shared = article.shared.iter().map(|triple| (triple, Home::Shared));
    shared.chain(article.known.iter().map(|triple| (triple, Home::Known)))
}
