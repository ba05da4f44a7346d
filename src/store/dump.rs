//! The whole store, or one graph of it, as an RDF document.

use super::{Store, StoreError, XmlCharacters};
use oxrdf::{GraphName, GraphNameRef, NamedNodeRef, NamedOrBlankNode, TripleRef};
use oxrdfio::{RdfFormat, RdfSerializer};
use std::io::{self, Write};
use thiserror::Error;

/// Why a dump failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DumpError {
    /// The document could not be written.
    #[error("cannot write the dump")]
    Write(#[from] io::Error),
    /// There is no such graph.
    #[error("the store has no graph `{0}`; `belligraph stats` lists the graphs")]
    NoGraph(String),
    /// A prefix is no IRI.
    #[error("`{0}` cannot be the IRI of a prefix")]
    Prefix(String),
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Writes the store as `format`, graph by graph in the order of their names, or only one `graph`. Gives the
    /// number of statements.
    ///
    /// A format that knows no graphs gets the statements of all of them but the store's own books (`meta` and `support`):
    /// since none occurs twice, only the graphs' names are lost. `prefixes` are pairs of a name and an IRI.
    ///
    /// # Errors
    ///
    /// If the graph does not exist, the store cannot be read or the document not be written.
    pub fn dump<'p, W: Write>(
        &self,
        writer: W,
        format: RdfFormat,
        graph: Option<NamedNodeRef<'_>>,
        prefixes: impl IntoIterator<Item = (&'p str, &'p str)>,
    ) -> Result<u64, DumpError> {
        let mut serializer = RdfSerializer::from_format(format);
        for (name, iri) in prefixes {
            serializer = serializer.with_prefix(name, iri).map_err(|_| DumpError::Prefix(iri.to_owned()))?;
        }
        let mut serializer = serializer.for_writer(XmlCharacters::of(writer, format));
        let mut count = 0;
        for name in self.dumped(graph, format)? {
            for quad in self.quads(None, None, None, Some(name.as_ref())) {
                let quad = quad?;
                if format.supports_datasets() {
                    serializer.serialize_quad(&quad)?;
                } else {
                    serializer.serialize_triple(TripleRef::new(&quad.subject, &quad.predicate, &quad.object))?;
                }
                count += 1;
            }
        }
        serializer.finish()?.flush()?;
        Ok(count)
    }

    fn dumped(&self, graph: Option<NamedNodeRef<'_>>, format: RdfFormat) -> Result<Vec<GraphName>, DumpError> {
        if let Some(graph) = graph {
            if !self.database().contains_named_graph(graph).map_err(StoreError::from)? {
                return Err(DumpError::NoGraph(graph.as_str().to_owned()));
            }
            return Ok(vec![graph.into_owned().into()]);
        }
        let mut names = self.graph_names()?;
        if !format.supports_datasets() {
            let books = [self.graphs.meta(), self.graphs.support()].map(GraphNameRef::from);
            names.retain(|name| !books.contains(&name.as_ref()));
        }
        Ok(names)
    }

    /// The graphs of the store: the unnamed one, then the others in the order of their names.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    pub fn graph_names(&self) -> Result<Vec<GraphName>, StoreError> {
        let mut names = vec![GraphName::DefaultGraph];
        for name in self.database().named_graphs() {
            names.push(match name? {
                NamedOrBlankNode::NamedNode(node) => node.into(),
                NamedOrBlankNode::BlankNode(node) => node.into(),
            });
        }
        names[1..].sort_by_cached_key(ToString::to_string);
        Ok(names)
    }
}
