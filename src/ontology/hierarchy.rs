//! Subclass and subproperty hierarchies, with all ancestors worked out once.

use super::descriptions::Descriptions;
use super::terms::{NAMESPACE, external};
use super::{Iri, Problem};
use oxrdf::NamedNodeRef;
use oxrdf::vocab::rdfs;
use std::collections::{BTreeMap, VecDeque};

/// A hierarchy of terms.
#[derive(Debug)]
pub(super) struct Hierarchy {
    above: BTreeMap<Iri, Vec<Iri>>,
}

impl Hierarchy {
    /// The hierarchy of the classes.
    pub(super) fn classes(read: &Descriptions<'_>, problems: &mut Vec<Problem>) -> Self {
        Self::new(read, &[external::OWL_CLASS, rdfs::CLASS], rdfs::SUB_CLASS_OF, problems)
    }

    /// The hierarchy of the properties.
    pub(super) fn properties(read: &Descriptions<'_>, problems: &mut Vec<Problem>) -> Self {
        let types = [external::OWL_OBJECT_PROPERTY, external::OWL_DATATYPE_PROPERTY, oxrdf::vocab::rdf::PROPERTY];
        Self::new(read, &types, external::RDFS_SUB_PROPERTY_OF, problems)
    }

    fn new(
        read: &Descriptions<'_>,
        types: &[NamedNodeRef<'_>],
        parent: NamedNodeRef<'_>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut above = BTreeMap::new();
        for &class in types {
            for id in read.of_type(class) {
                let iri = read.iri(id);
                for ancestor in read.objects(id, parent) {
                    // Of other vocabularies nobody knows what they hold; of ours a misspelt parent would cut a term off.
                    if ancestor.starts_with(NAMESPACE) && read.find(ancestor).is_none() {
                        let message = format!("`{iri}` is put below `{ancestor}`, which is not declared");
                        read.report(id, message, "see `belligraph ontology terms` for what there is", problems);
                    }
                }
                let mut found: Vec<Iri> = Vec::new();
                let mut open: VecDeque<_> = VecDeque::from([id]);
                while let Some(next) = open.pop_front() {
                    for ancestor in read.objects(next, parent) {
                        if ancestor == iri.as_ref() {
                            let message = format!("`{iri}` is its own ancestor");
                            read.report(id, message, "remove one of the statements of the cycle", problems);
                        } else if !found.iter().any(|f| **f == *ancestor) && !ancestor.starts_with("_:") {
                            found.push(ancestor.into());
                            open.extend(read.find(ancestor));
                        }
                    }
                }
                above.insert(iri, found);
            }
        }
        Self { above }
    }

    /// Whether the term is declared.
    pub(super) fn knows(&self, iri: &str) -> bool {
        self.above.contains_key(iri)
    }

    /// Whether `iri` is `ancestor` or below it.
    pub(super) fn is_below(&self, iri: &str, ancestor: &str) -> bool {
        iri == ancestor || self.above(iri).iter().any(|a| **a == *ancestor)
    }

    /// The ancestors of a term, nearest first.
    pub(super) fn above(&self, iri: &str) -> &[Iri] {
        self.above.get(iri).map_or(&[], Vec::as_slice)
    }

    /// All terms, in the order of their IRIs.
    pub(super) fn all(&self) -> impl Iterator<Item = &Iri> {
        self.above.keys()
    }
}
