//! The gate that an article's graph passes before it is stored, and the words a result goes back to.

use super::{Classes, Graph, Layered, MemoryGraph, Shapes, ShapesError, ValidationError, ValidationResult, Validator};
use crate::authoring::rdf;
use crate::ontology::Ontology;
use crate::ontology::terms::{external, property};
use crate::pipeline::{known_actors, known_places};
use crate::store::ArticleGraph;
use oxrdf::Term;

/// What is known besides an article: the shapes, the ontology, the known actors. Made once, used by all threads.
#[derive(Debug)]
pub struct Gate {
    shapes: Shapes,
    classes: Classes,
    context: MemoryGraph,
}

/// A result with the sentence it goes back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub result: ValidationResult,
    /// The sentence that the focus node was read from, where one can be told.
    pub sentence: Option<String>,
}

impl Gate {
    /// The gate for articles whose IRIs are minted under `base`, with the shapes of the ontology.
    ///
    /// # Errors
    ///
    /// If the shapes are broken.
    pub fn new(ontology: &Ontology, base: &str) -> Result<Self, ShapesError> {
        let described = rdf::ontology(ontology);
        let shapes = Shapes::new(described.iter().cloned())?;
        let known = known_actors(base, ontology).into_iter().chain(known_places(base, ontology));
        Ok(Self::with_shapes(shapes, MemoryGraph::new(described.into_iter().chain(known))))
    }

    /// A gate with these shapes, over what is known.
    pub fn with_shapes(shapes: Shapes, context: MemoryGraph) -> Self {
        // A graph in memory can always be read.
        let classes = Classes::new(&shapes, &context).unwrap_or_default();
        Self { shapes, classes, context }
    }

    /// How many shapes have a target.
    pub fn shapes(&self) -> usize {
        self.shapes.count().0
    }

    /// What an article's graph breaks.
    ///
    /// # Errors
    ///
    /// If a query of a shape fails.
    pub fn check(&self, article: &ArticleGraph) -> Result<Vec<Finding>, ValidationError> {
        let triples = article.triples.iter().chain(&article.shared).chain(&article.known).cloned();
        self.check_graph(&MemoryGraph::new(triples))
    }

    /// What a graph breaks.
    ///
    /// # Errors
    ///
    /// If a query of a shape fails.
    pub fn check_graph(&self, graph: &MemoryGraph) -> Result<Vec<Finding>, ValidationError> {
        let graph = Layered::new(graph, &self.context);
        let mut findings = Vec::new();
        Validator::new(&self.shapes, &self.classes, &graph).run(|result| {
            let sentence = sentence(&graph, &result.focus)?;
            findings.push(Finding { result, sentence });
            Ok(())
        })?;
        Ok(findings)
    }
}

/// The sentence that a node was read from: of an event, situation, report, entity or mention.
///
/// # Errors
///
/// If the graph cannot be read.
pub fn sentence(graph: &dyn Graph, node: &Term) -> Result<Option<String>, ValidationError> {
    let mention = graph.objects(node, external::GAF_DENOTED_BY)?.into_iter().next();
    let mention = mention.as_ref().unwrap_or(node);
    let sentence = graph.objects(mention, property::IN_SENTENCE)?.into_iter().next();
    let Some(sentence) = sentence else { return Ok(None) };
    Ok(match graph.objects(&sentence, property::TEXT)?.into_iter().next() {
        Some(Term::Literal(text)) => Some(text.value().to_owned()),
        _ => None,
    })
}
