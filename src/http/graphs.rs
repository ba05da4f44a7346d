//! Whole graphs of the store.

use super::failure::Failure;
use super::negotiation::{GRAPH, none_of};
use super::things::serializer;
use crate::sparql::{Format, Prefixes};
use crate::store::Store;
use oxrdf::GraphNameRef;
use std::io::Write;

/// Writes what a graph holds; a format that knows graphs gets its name too.
pub(super) fn write<'g>(
    store: &Store,
    graph: impl Into<GraphNameRef<'g>>,
    format: Format,
    output: &mut impl Write,
) -> Result<(), Failure> {
    let format = format.triples().ok_or_else(|| none_of(GRAPH))?;
    let mut serializer = serializer(format, &Prefixes::of_base(store.base())).for_writer(output);
    for quad in store.quads(None, None, None, Some(graph.into())) {
        let quad = quad?;
        let written = if format.supports_datasets() {
            serializer.serialize_quad(&quad)
        } else {
            serializer.serialize_triple(quad.as_ref())
        };
        written.map_err(Failure::fault)?;
    }
    serializer.finish().map_err(Failure::fault)?;
    Ok(())
}
