//! What every page has: title, description, the forms it comes in beside HTML, and the files its browser loads.

use crate::http::addresses::root;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::sync::OnceLock;

/// The frame of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    pub(super) title: String,
    pub(super) description: String,
    /// Which of the main pages it is or belongs to.
    pub(super) section: &'static str,
    /// What was searched for, to go on from there.
    pub(super) searched: String,
    /// The page as data.
    pub(super) forms: Vec<Form>,
}

/// A page in another form.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) name: &'static str,
    pub(super) media_type: &'static str,
    pub(super) href: String,
}

impl Layout {
    pub(super) fn new(section: &'static str, title: impl Into<String>, description: impl Into<String>) -> Self {
        Self { section, title: title.into(), description: description.into(), ..Self::default() }
    }

    /// The same with the forms that the document of a thing has.
    #[must_use]
    pub(super) fn with_data(mut self, path: &str) -> Self {
        let forms = [
            ("Turtle", "text/turtle", "ttl"),
            ("JSON-LD", "application/ld+json", "jsonld"),
            ("RDF/XML", "application/rdf+xml", "rdf"),
            ("N-Triples", "application/n-triples", "nt"),
            ("TriG", "application/trig", "trig"),
        ];
        self.forms =
            forms.map(|(name, media_type, ending)| Form { name, media_type, href: format!("{path}.{ending}") }).into();
        self
    }

    pub(super) fn is_home(&self) -> bool {
        self.section == "home"
    }

    /// What the addresses of this server begin with.
    #[expect(clippy::unused_self, reason = "the templates reach it through the layout")]
    pub(super) fn root(&self) -> &'static str {
        root()
    }

    /// Changes whenever a file that pages load does, so that browsers may keep what they have.
    #[expect(clippy::unused_self, reason = "the templates reach it through the layout")]
    pub(super) fn version(&self) -> &'static str {
        version()
    }
}

/// The version of the files below `/assets/`.
pub(super) fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let mut hash = Sha256::new();
        for (_, _, bytes) in super::assets::FILES {
            hash.update(bytes);
        }
        hash.finalize().iter().take(6).fold(String::new(), |mut text, byte| {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    })
}
