//! Versions of single graphs: what changed one last, so that who read it can tell whether it is still as it was.
//!
//! [`Store::version`] takes no more for a large graph than for a small one: what an article says has the version of the run that read it, which the log
//! has; a user's graph that of the run that changed it, which is noted in the meta graph with every change; all others that of the whole store.

use super::difference::Difference;
use super::layout::vocabulary;
use super::{Graphs, Store, StoreError};
use jiff::Timestamp;
use oxigraph::store::Transaction;
use oxrdf::{GraphName, GraphNameRef, Literal, NamedNode, NamedNodeRef, Quad, QuadRef};
use std::collections::BTreeMap;

/// The state of a graph: another state, another version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its name.
    pub name: String,
    /// When the graph was changed last, if that is known for it alone.
    pub changed: Option<Timestamp>,
}

impl Version {
    /// A run's IRI ends with the nanosecond in which it began.
    fn of_run(run: String) -> Self {
        let nanosecond = run.rsplit('/').next().and_then(|number| number.parse().ok());
        let changed = nanosecond.and_then(|nanosecond| Timestamp::from_nanosecond(nanosecond).ok());
        Self { name: run, changed }
    }
}

impl Store {
    /// The version of a graph. None if there is no such graph; the unnamed one always is.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use belligraph::store::{RunDescription, Store, UpdateOptions};
    /// use oxrdf::{GraphName, NamedNode};
    ///
    /// let store = Store::in_memory("http://localhost:7878/")?;
    /// let graph = GraphName::from(NamedNode::new("http://localhost:7878/my/notes")?);
    /// assert_eq!(store.version(graph.as_ref())?, None);
    /// let mut run = store.begin_run(&RunDescription::new("update"))?;
    /// run.write_graph(&graph, &[], false, UpdateOptions { union: true, everything: false })?;
    /// run.finish()?;
    /// assert!(store.version(graph.as_ref())?.is_some_and(|version| version.changed.is_some()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn version(&self, graph: GraphNameRef<'_>) -> Result<Option<Version>, StoreError> {
        if let GraphNameRef::NamedNode(node) = graph {
            if !self.database().contains_named_graph(node)? {
                return Ok(None);
            }
            if self.graphs.is_article(node)
                && let Some(run) = self.run_of(node)?
            {
                return Ok(Some(Version::of_run(run)));
            }
            if self.graphs.is_kept(node) {
                return Ok(Some(Version { name: self.revision()?, changed: None }));
            }
        }
        let noted = subject(&self.graphs, graph);
        let run = match self.content_version(noted.as_ref())? {
            Some(run) => run,
            // It was written before versions were noted.
            None => self.last_run_besides_articles()?,
        };
        Ok(Some(Version::of_run(run)))
    }
}

/// What stands for a graph in the meta graph: its name; the unnamed graph gets one.
fn subject(graphs: &Graphs, graph: GraphNameRef<'_>) -> NamedNode {
    match graph {
        GraphNameRef::NamedNode(node) => node.into_owned(),
        _ => NamedNode::new_unchecked(format!("{}#unnamed", graphs.meta().as_str())),
    }
}

/// Notes which run has changed users' graphs.
pub(super) fn note(
    transaction: &mut Transaction<'_>,
    graphs: &Graphs,
    run: NamedNodeRef<'_>,
    difference: &Difference,
) -> Result<(), StoreError> {
    let quads = difference.inserted.iter().chain(&difference.removed).map(|quad| &quad.graph_name);
    let quads = quads.chain(&difference.cleared);
    let made = difference.made.iter().map(|graph| (GraphName::from(graph.clone()), true));
    let dropped = difference.dropped.iter().map(|graph| (GraphName::from(graph.clone()), false));
    // In the order of their names, the last word on each being whether it is there.
    let mut changed: BTreeMap<String, (GraphName, bool)> = BTreeMap::new();
    for graph in quads {
        changed.entry(graph.to_string()).or_insert_with(|| (graph.clone(), true));
    }
    changed.extend(made.chain(dropped).map(|(graph, is_there)| (graph.to_string(), (graph, is_there))));
    let meta = GraphNameRef::from(graphs.meta());
    for (graph, is_there) in changed.values() {
        let noted = subject(graphs, graph.as_ref());
        let property = vocabulary::CONTENT_VERSION;
        let old = transaction.quads_for_pattern(Some(noted.as_ref().into()), Some(property), None, Some(meta));
        let old: Vec<Quad> = old.collect::<Result<_, _>>()?;
        for quad in &old {
            transaction.remove(quad);
        }
        if *is_there {
            transaction.insert(QuadRef::new(&noted, property, &Literal::from(run.as_str()), meta));
        }
    }
    Ok(())
}
