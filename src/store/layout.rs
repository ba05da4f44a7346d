//! What stands where in a store: the base IRI, the graphs' names, and the few terms the store keeps its own books with.
//!
//! The terms are of a namespace of their own, `bgs:`, not the ontology's: they describe the store, not the world, and no
//! article or query needs them.

use super::StoreError;
use oxigraph::store::Store as Database;
use oxrdf::vocab::xsd;
use oxrdf::{GraphNameRef, Literal, NamedNode, NamedNodeRef, Quad, QuadRef, Term};
use std::fs;
use std::path::Path;

/// The base IRI of a store unless another is chosen: where `serve` answers, so that the store's IRIs can be followed.
pub const DEFAULT_BASE: &str = "http://localhost:7878/";

/// The format this program writes. It grows when a store of the old format could not be used as it is.
pub const FORMAT_VERSION: u32 = 1;

/// The terms of the store's own books.
pub mod vocabulary {
    use oxrdf::NamedNodeRef;

    /// The namespace.
    pub const NAMESPACE: &str = "https://w3id.org/belligraph/store#";
    /// Base IRI of the store, on its meta graph.
    pub const BASE: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("https://w3id.org/belligraph/store#base");
    /// Format of the store, on its meta graph.
    pub const FORMAT: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("https://w3id.org/belligraph/store#formatVersion");
    /// Version of what a refreshed graph holds.
    pub const CONTENT_VERSION: NamedNodeRef<'_> =
        NamedNodeRef::new_unchecked("https://w3id.org/belligraph/store#contentVersion");
    /// From an article's `#implied` to a triple it implies, as a literal of type [`NQUAD`].
    pub const IMPLIES: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("https://w3id.org/belligraph/store#implies");
    /// Type of a literal that is an N-Quads statement without the final dot.
    pub const NQUAD: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("https://w3id.org/belligraph/store#nquad");
    /// A run, in the log.
    pub const RUN: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("https://w3id.org/belligraph/store#Run");
    /// The command of a run.
    pub const COMMAND: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("https://w3id.org/belligraph/store#command");
    /// A version a run worked with, as `name version`.
    pub const USED_VERSION: NamedNodeRef<'_> =
        NamedNodeRef::new_unchecked("https://w3id.org/belligraph/store#usedVersion");
    /// An article a run removed.
    pub const REMOVED: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("https://w3id.org/belligraph/store#removed");
}

/// The base IRI of a store and the names of the graphs it keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graphs {
    base: String,
    articles: String,
    own: String,
    meta: NamedNode,
    shared: NamedNode,
    support: NamedNode,
    known: NamedNode,
    ontology: NamedNode,
    log: NamedNode,
}

impl Graphs {
    /// The names under a base IRI.
    ///
    /// # Errors
    ///
    /// If it cannot be one.
    pub fn new(base: &str) -> Result<Self, StoreError> {
        let http = base.strip_prefix("http://").or_else(|| base.strip_prefix("https://"));
        let good = http.is_some_and(|rest| rest.len() > 1 && !rest.starts_with('/'))
            && base.ends_with('/')
            && !base.contains(['#', '?'])
            && NamedNode::new(base).is_ok();
        if !good {
            return Err(StoreError::BadBase(base.to_owned()));
        }
        let graph = |name: &str| NamedNode::new_unchecked(format!("{base}graph/{name}"));
        Ok(Self {
            base: base.to_owned(),
            articles: format!("{base}article/"),
            own: format!("{base}graph/"),
            meta: graph("meta"),
            shared: graph("shared"),
            support: graph("support"),
            known: graph("seeds/places"),
            ontology: graph("ontology"),
            log: graph("log"),
        })
    }

    /// The base IRI; it ends with `/`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Base IRI, format version, versions of the refreshed graphs.
    pub fn meta(&self) -> NamedNodeRef<'_> {
        self.meta.as_ref()
    }

    /// What articles together imply about shared actors and places.
    pub fn shared(&self) -> NamedNodeRef<'_> {
        self.shared.as_ref()
    }

    /// Which article implies what.
    pub fn support(&self) -> NamedNodeRef<'_> {
        self.support.as_ref()
    }

    /// What the gazetteer knows of the places the articles name.
    pub fn known(&self) -> NamedNodeRef<'_> {
        self.known.as_ref()
    }

    /// The ontology.
    pub fn ontology(&self) -> NamedNodeRef<'_> {
        self.ontology.as_ref()
    }

    /// Runs.
    pub fn log(&self) -> NamedNodeRef<'_> {
        self.log.as_ref()
    }

    /// The graph of seeds with this name, such as `actors`.
    pub fn seeds(&self, name: &str) -> NamedNode {
        NamedNode::new_unchecked(format!("{}seeds/{name}", self.own))
    }

    /// What the IRIs of articles begin with.
    pub fn article_prefix(&self) -> &str {
        &self.articles
    }

    /// Whether this is the IRI of an article, and so the name of its graph.
    pub fn is_article(&self, graph: NamedNodeRef<'_>) -> bool {
        graph.as_str().len() > self.articles.len() && graph.as_str().starts_with(&self.articles)
    }

    /// Whether the store itself keeps this graph, so that a user's update must leave it alone.
    pub fn is_kept(&self, graph: NamedNodeRef<'_>) -> bool {
        self.is_article(graph) || graph.as_str().starts_with(&self.own)
    }

    /// Whether the triples of this graph are there because articles imply them.
    pub(super) fn is_implied(&self, graph: GraphNameRef<'_>) -> bool {
        matches!(graph, GraphNameRef::NamedNode(graph) if graph == self.shared() || graph == self.known())
    }
}

/// What the meta graph tells.
pub(super) struct Metadata {
    pub(super) graphs: Graphs,
}

impl Metadata {
    /// Writes it into a new store, in one transaction.
    pub(super) fn write(database: &Database, graphs: &Graphs) -> Result<(), StoreError> {
        let meta = graphs.meta();
        let base = Literal::new_typed_literal(graphs.base(), xsd::ANY_URI);
        let format = Literal::from(FORMAT_VERSION);
        let mut transaction = database.start_transaction()?;
        transaction.insert(QuadRef::new(meta, vocabulary::BASE, &base, meta));
        transaction.insert(QuadRef::new(meta, vocabulary::FORMAT, &format, meta));
        Ok(transaction.commit()?)
    }

    /// Reads it. The base is not known yet, so the statement is found by its predicate.
    pub(super) fn read(database: &Database, path: &Path) -> Result<Self, StoreError> {
        let none = || StoreError::NotAStore {
            path: path.to_owned(),
            reason: "it is an Oxigraph database without our description",
        };
        for quad in database.quads_for_pattern(None, Some(vocabulary::BASE), None, None) {
            let Quad { object: Term::Literal(base), graph_name, .. } = quad? else { continue };
            let graphs = Graphs::new(base.value())?;
            if graph_name.as_ref() != GraphNameRef::from(graphs.meta()) {
                continue;
            }
            let format =
                database.quads_for_pattern(None, Some(vocabulary::FORMAT), None, Some(graph_name.as_ref())).next();
            let Some(Quad { object: Term::Literal(format), .. }) = format.transpose()? else { return Err(none()) };
            let format = format.value().parse().map_err(|_| none())?;
            if format > FORMAT_VERSION {
                return Err(StoreError::Format { path: path.to_owned(), found: format });
            }
            return Ok(Self { graphs });
        }
        Err(none())
    }
}

/// Whether a new store can be made here: nothing is there, or an empty directory.
pub(super) fn is_free(path: &Path) -> Result<bool, StoreError> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
            Err(StoreError::NotAStore { path: path.to_owned(), reason: "it is a file" })
        }
        Err(source) => Err(StoreError::File { action: "read", path: path.to_owned(), source }),
    }
}

/// Refuses what is no database before `RocksDB` writes its files into it.
pub(super) fn expect_database(path: &Path) -> Result<(), StoreError> {
    if is_free(path)? {
        Err(StoreError::Missing(path.to_owned()))
    } else if path.join("CURRENT").is_file() {
        Ok(())
    } else {
        Err(StoreError::NotAStore { path: path.to_owned(), reason: "the directory holds other files" })
    }
}

#[cfg(test)]
mod tests {
    use super::Graphs;

    #[test]
    fn bases_are_checked() {
        for good in ["http://localhost:7878/", "https://example.org/a/b/"] {
            assert!(Graphs::new(good).is_ok(), "{good}");
        }
        for bad in
            ["", "http://", "http:///", "urn:x:", "https://example.org", "http://a/#", "http://a/?q=/", "http://a b/"]
        {
            assert!(Graphs::new(bad).is_err(), "{bad}");
        }
    }
}
