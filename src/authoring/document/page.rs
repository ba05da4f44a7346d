//! The site: the page from its template, and the ontology in three formats beside it.

use super::diagram;
use super::gather::{Branch, ShapeView, Source, TermView};
use super::usage::Counts;
use crate::authoring::validate::ValidationError;
use crate::ontology::{Ontology, terms};
use crate::sparql::Prefixes;
use crate::store::{Store, StoreError};
use askama::Template;
use oxrdf::vocab::rdfs;
use oxrdf::{NamedNode, NamedNodeRef, Triple};
use oxrdfio::{JsonLdProfileSet, RdfFormat, RdfSerializer};
use std::fmt::Write as _;
use std::io;
use thiserror::Error;

const TITLE: &str = "http://purl.org/dc/terms/title";
const DESCRIPTION: &str = "http://purl.org/dc/terms/description";

/// Why a site could not be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SiteError {
    /// The store cannot be read.
    #[error("the store cannot be read")]
    Store(#[from] StoreError),
    /// An example cannot be read from the store.
    #[error("no example can be read from the store")]
    Example(#[from] ValidationError),
    /// The page cannot be filled in.
    #[error("the page cannot be filled in")]
    Page(#[from] askama::Error),
    /// The ontology cannot be written.
    #[error("the ontology cannot be written")]
    Ontology(#[from] io::Error),
}

/// A file of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, without a folder.
    pub name: &'static str,
    /// What is in it.
    pub content: Vec<u8>,
}

/// A documentation, ready to be written.
#[derive(Debug)]
pub struct Site {
    page: Page,
    diagram: String,
    triples: Vec<Triple>,
}

/// What the store holds, for the head of the page.
#[derive(Debug)]
struct Holdings {
    articles: usize,
}

#[derive(Debug, Template)]
#[template(path = "ontology-documentation.html")]
struct Page {
    title: String,
    iri: String,
    namespace: &'static str,
    version: String,
    description: String,
    licence: String,
    created: String,
    modules: Vec<Module>,
    classes: Vec<TermView>,
    properties: Vec<TermView>,
    lists: Vec<TermView>,
    frame_language: Vec<TermView>,
    shapes: Vec<ShapeView>,
    class_nav: String,
    diagram: String,
    holdings: Option<Holdings>,
    frames: usize,
}

/// A part of the ontology with a header of its own.
#[derive(Debug)]
struct Module {
    title: String,
    iri: String,
    description: String,
}

impl Site {
    /// Gathers what there is to say.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn new(ontology: &Ontology, store: Option<&Store>) -> Result<Self, SiteError> {
        let source = Source::new(ontology);
        let (frame_language, classes): (Vec<NamedNode>, Vec<NamedNode>) =
            source.of_kind(&["class"]).into_iter().partition(|class| source.belongs_to_frames(class));
        let properties = source.of_kind(&["object property", "data property", "property"]);
        let (of_frames, properties): (Vec<NamedNode>, Vec<NamedNode>) =
            properties.into_iter().partition(|property| source.belongs_to_frames(property));
        let tree = source.tree(&classes, rdfs::SUB_CLASS_OF);
        let drawn = diagram::draw(&source, &tree);
        let mut class_views: Vec<TermView> = in_order(&tree)
            .into_iter()
            .filter_map(|anchor| classes.iter().find(|class| source.link(class).href == anchor))
            .map(|class| source.term(class))
            .collect();
        let mut property_views: Vec<TermView> = properties.iter().map(|property| source.term(property)).collect();
        let mut frame_views: Vec<TermView> =
            frame_language.iter().chain(&of_frames).map(|term| source.term(term)).collect();
        let mut holdings = None;
        if let Some(store) = store {
            let counts = Counts::new(store, ontology, &properties)?;
            for term in class_views.iter_mut().chain(&mut property_views) {
                counts.add(term)?;
            }
            holdings = Some(Holdings { articles: store.articles()?.len() });
        }
        frame_views.sort_by_cached_key(|term| (term.kind != "class", term.label.to_lowercase()));
        let header = terms::ONTOLOGY.into_owned();
        let text =
            |node: &NamedNode, iri: &str| source.text(node, NamedNodeRef::new_unchecked(iri)).unwrap_or_default();
        let mut modules: Vec<Module> = source
            .headers()
            .into_iter()
            .filter(|module| *module != header)
            .map(|module| Module {
                title: text(&module, TITLE),
                description: text(&module, DESCRIPTION),
                iri: module.into_string(),
            })
            .collect();
        modules.sort_by(|a, b| a.iri.cmp(&b.iri));
        let licence = NamedNodeRef::new_unchecked("http://purl.org/dc/terms/license");
        let page = Page {
            title: text(&header, TITLE),
            iri: header.as_str().to_owned(),
            namespace: terms::NAMESPACE,
            version: ontology.version().to_owned(),
            description: text(&header, DESCRIPTION),
            licence: source.nodes(&header, licence).first().map(|node| node.as_str().to_owned()).unwrap_or_default(),
            created: text(&header, "http://purl.org/dc/terms/created"),
            modules,
            lists: source.of_kind(&["code list"]).iter().map(|list| source.term(list)).collect(),
            frames: class_views.iter().map(|class| class.frames.len()).sum(),
            classes: class_views,
            properties: property_views,
            frame_language: frame_views,
            shapes: source.shapes(),
            class_nav: nav(&tree),
            diagram: drawn.inline,
            holdings,
        };
        let mut triples: Vec<Triple> = source.triples().cloned().collect();
        triples.sort_by_cached_key(|t| (t.subject.to_string(), t.predicate.to_string(), t.object.to_string()));
        triples.dedup();
        Ok(Self { page, diagram: drawn.file, triples })
    }

    /// The files of the site.
    ///
    /// # Errors
    ///
    /// If one cannot be written into memory.
    pub fn files(&self) -> Result<Vec<File>, SiteError> {
        let jsonld = RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() };
        Ok(vec![
            File { name: "index.html", content: self.page.render()?.into_bytes() },
            File { name: "diagram.svg", content: self.diagram.clone().into_bytes() },
            File { name: "ontology.ttl", content: self.written(RdfFormat::Turtle)? },
            File { name: "ontology.jsonld", content: self.written(jsonld)? },
            File { name: "ontology.rdf", content: self.written(RdfFormat::RdfXml)? },
        ])
    }

    fn written(&self, format: RdfFormat) -> io::Result<Vec<u8>> {
        let mut serializer = RdfSerializer::from_format(format);
        let prefixes = Prefixes::of_base(crate::graph::DEFAULT_BASE);
        let minted = crate::graph::DEFAULT_BASE;
        for (name, iri) in prefixes.iter().filter(|(_, iri)| !iri.starts_with(minted)) {
            if let Ok(with_prefix) = serializer.clone().with_prefix(name, iri) {
                serializer = with_prefix;
            }
        }
        let mut writer = serializer.for_writer(Vec::new());
        for triple in &self.triples {
            writer.serialize_triple(triple)?;
        }
        writer.finish()
    }
}

impl Page {
    /// How many terms of a kind the store has nothing of.
    fn unused(&self) -> usize {
        self.classes.iter().filter(|class| class.count == Some(0)).count()
    }

    fn codes(&self) -> usize {
        self.lists.iter().map(|list| list.codes.len()).sum()
    }

    fn rules(&self) -> usize {
        self.shapes.iter().map(|shape| shape.rules.len()).sum()
    }
}

/// The anchors of a tree, each class before those below it; a class below two of them once.
fn in_order(tree: &[Branch]) -> Vec<String> {
    fn walk(branch: &Branch, found: &mut Vec<String>) {
        if !found.contains(&branch.link.href) {
            found.push(branch.link.href.clone());
        }
        for below in &branch.below {
            walk(below, found);
        }
    }
    let mut found = Vec::new();
    for branch in tree {
        walk(branch, &mut found);
    }
    found
}

/// The tree of classes as nested lists that open and close.
fn nav(tree: &[Branch]) -> String {
    fn escaped(text: &str) -> String {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
    }
    let mut html = String::from("<ul>");
    for branch in tree {
        let link = format!("<a href=\"{}\">{}</a>", escaped(&branch.link.href), escaped(&branch.link.text));
        if branch.below.is_empty() {
            let _ = write!(html, "<li>{link}</li>");
        } else {
            let size = branch.size;
            let _ = write!(html, "<li><details><summary>{link} <small>{size}</small></summary>");
            html.push_str(&nav(&branch.below));
            html.push_str("</details></li>");
        }
    }
    html + "</ul>"
}
