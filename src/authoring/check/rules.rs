//! The rules of the checker, with their levels.

use super::finding::Level;

/// One rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, as findings and options give it.
    pub name: &'static str,
    /// How bad a finding of it is.
    pub level: Level,
    /// What it holds.
    pub title: &'static str,
}

macro_rules! rules {
    ($($name:literal $level:ident $title:literal;)*) => {
        /// All rules, those of errors first.
        pub const RULES: &[Rule] = &[$(Rule { name: $name, level: Level::$level, title: $title }),*];
    };
}

rules! {
    "broken" Error "the files can be read, and name only what there is";
    "undeclared" Error "a term that is used is declared";
    "missing-label" Error "a term has a label";
    "several-labels" Error "a term has one label in a language";
    "deprecated-used" Error "nothing refers to a deprecated term";
    "wrong-domain" Error "a shape uses a property on classes it is for";
    "wrong-range" Error "a shape asks of a property only values it can have";
    "unexplained-code" Error "a code that does not match exactly has a note that says why";
    "built-in-term" Error "nothing is declared in the namespaces of RDF, RDFS, OWL, XSD, SKOS and SHACL";
    "example-silent" Error "every example evokes its frame";
    "counter-example-evokes" Error "no counter-example evokes its frame";
    "missing-definition" Warning "a term has a definition";
    "several-definitions" Warning "a term has one definition in a language";
    "same-label" Warning "no two classes, and no two properties, have the same label";
    "same-definition" Warning "no two terms have the same definition";
    "stray-whitespace" Warning "texts do not begin or end with white space, and stand on one line";
    "missing-domain" Warning "a property has a domain";
    "missing-range" Warning "a property has a range";
    "several-domains" Warning "a property has one domain and one range";
    "file-in-name" Warning "no IRI ends like the name of a file";
    "misused-replacement" Warning "what replaces a term is said of deprecated terms only, and that they are, with a boolean";
    "redundant-parent" Warning "no parent of a term is also above another parent of it";
    "missing-header" Warning "a file or folder of terms has an ontology with title, description and licence";
    "missing-version" Warning "an ontology has a version";
    "unreplaced" Warning "a deprecated term says what replaces it";
    "frame-without-example" Warning "every frame has an example";
    "shared-trigger" Warning "two frames of unrelated classes share a word only if something tells them apart";
    "shared-noun" Warning "an overlay gives a noun one kind of entity";
    "duplicate-trigger" Warning "a frame names each of its words once";
    "lost" Warning "a description that replaces another repeats its properties";
    "idle-slot" Warning "a slot that may be filled has a role";
    "missing-example" Info "a class or property has an example";
    "missing-home" Info "a term says in which ontology it is defined";
    "unused" Info "a declared term is used somewhere";
    "naming" Info "classes are named LikeThis, properties likeThis";
    "no-parent" Info "a class has a parent";
    "not-evoked" Info "an event class is evoked by a frame, or refined from one that is, or stands above one";
    "no-code" Info "an event class has a code of ACLED or PLOVER";
    "no-counter-example" Info "a frame that forbids something shows it by a counter-example";
    "lower-case-definition" Info "a definition begins with a capital letter";
    "replaced" Info "an overlay replaces a description";
}

/// The level of a rule.
pub(super) fn level(name: &str) -> Level {
    RULES.iter().find(|rule| rule.name == name).map_or(Level::Error, |rule| rule.level)
}
