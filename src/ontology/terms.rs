//! The IRIs that the code must name: the one place where a term of the ontology is spelled in Rust.
//!
//! Constants stand in [`class`], [`property`] and [`concept`] as in the ontology, and in [`external`] for other
//! vocabularies. Event classes and kinds of situation are absent on purpose: the code learns them from the ontology,
//! so that a class added in Turtle needs no line here. A test checks both ways: every constant is declared in the
//! ontology, and every property, concept and basic class of the ontology has its constant.

use oxrdf::NamedNodeRef;

/// The namespace of the ontology, prefix `bg:`.
pub const NAMESPACE: &str = "https://w3id.org/belligraph/ontology#";

/// The IRI of the ontology as a whole.
pub const ONTOLOGY: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("https://w3id.org/belligraph/ontology");

macro_rules! terms {
    ($($name:ident = $local:literal,)*) => {
        use oxrdf::NamedNodeRef;
        $(
            #[doc = concat!("`bg:", $local, "`")]
            pub const $name: NamedNodeRef<'static> =
                NamedNodeRef::new_unchecked(concat!("https://w3id.org/belligraph/ontology#", $local));
        )*
        /// All of this module, in the order of their declaration.
        pub const ALL: &[NamedNodeRef<'static>] = &[$($name),*];
    };
}

/// The term with the given local name, for terms that are not known before the ontology is read.
pub fn bg(local: &str) -> oxrdf::NamedNode {
    oxrdf::NamedNode::new_unchecked(format!("{NAMESPACE}{local}"))
}

/// The last part of an IRI, after `#` or the last slash: how a term is called in exchange and tables.
pub fn short(iri: &str) -> &str {
    iri.rsplit(['#', '/']).next().unwrap_or(iri)
}

/// The local name of a term of the ontology, `None` for any other IRI.
pub fn local_name(iri: NamedNodeRef<'_>) -> Option<&str> {
    iri.as_str().strip_prefix(NAMESPACE)
}

/// Classes, without the event taxonomy and the kinds of situation.
pub mod class {
    terms! {
        ARTICLE = "Article",
        SENTENCE = "Sentence",
        MENTION = "Mention",
        EVENTUALITY = "Eventuality",
        EVENT = "Event",
        VIOLENCE = "Violence",
        PROTEST = "Protest",
        PROTEST_WITH_INTERVENTION = "ProtestWithIntervention",
        VIOLENT_DEMONSTRATION = "ViolentDemonstration",
        EXCESSIVE_FORCE_AGAINST_PROTESTERS = "ExcessiveForceAgainstProtesters",
        UNREALIZED_EVENT = "UnrealizedEvent",
        CASUALTY_REPORT = "CasualtyReport",
        ENTITY = "Entity",
        ACTOR = "Actor",
        PERSON = "Person",
        ORGANIZATION = "Organization",
        GROUP = "Group",
        STATE_ACTOR = "StateActor",
        ARMED_ACTOR = "ArmedActor",
        STATE = "State",
        GOVERNMENT_BODY = "GovernmentBody",
        STATE_FORCE = "StateForce",
        NON_STATE_ARMED_ACTOR = "NonStateArmedActor",
        NON_STATE_ARMED_GROUP = "NonStateArmedGroup",
        MILITIA = "Militia",
        CRIMINAL_GROUP = "CriminalGroup",
        PRIVATE_MILITARY_COMPANY = "PrivateMilitaryCompany",
        COALITION = "Coalition",
        INTERGOVERNMENTAL_ORGANIZATION = "IntergovernmentalOrganization",
        PEACEKEEPING_FORCE = "PeacekeepingForce",
        POLITICAL_ORGANIZATION = "PoliticalOrganization",
        MEDIA_ORGANIZATION = "MediaOrganization",
        AID_ORGANIZATION = "AidOrganization",
        RIGHTS_ORGANIZATION = "RightsOrganization",
        RELIGIOUS_ORGANIZATION = "ReligiousOrganization",
        COMPANY = "Company",
        CIVILIANS = "Civilians",
        STATE_COMBATANTS = "StateCombatants",
        NON_STATE_COMBATANTS = "NonStateCombatants",
        OFFICIALS = "Officials",
        PROTESTERS = "Protesters",
        RIOTERS = "Rioters",
        POPULATION = "Population",
        PEOPLE = "People",
        PLACE = "Place",
        COUNTRY = "Country",
        REGION = "Region",
        SETTLEMENT = "Settlement",
        FACILITY = "Facility",
        NATURAL_FEATURE = "NaturalFeature",
        ARTIFACT = "Artifact",
        WEAPON = "Weapon",
        VEHICLE = "Vehicle",
        DOCUMENT = "Document",
        QUANTITY = "Quantity",
        TIME_EXPRESSION = "TimeExpression",
        SITUATION = "Situation",
        CONTROL = "Control",
        LEADERSHIP = "Leadership",
        MEMBERSHIP = "Membership",
        FRAME = "Frame",
        PATTERN = "Pattern",
        SLOT = "Slot",
        REFINEMENT = "Refinement",
        SITUATION_CHANGE = "SituationChange",
        LIGHT_VERB = "LightVerb",
        MODALITY_CUE = "ModalityCue",
        SOURCE_CUE = "SourceCue",
        NOUN_ENTRY = "NounEntry",
        PLACE_PREPOSITION = "PlacePreposition",
    }
}

/// Properties: attributes, roles, plain relations and the language of frames.
pub mod property {
    terms! {
        MATCHES = "matches",
        SCORE = "score",
        SNIPPET = "snippet",
        CATEGORY = "category",
        LIMIT = "limit",
        HEADLINE = "headline",
        BODY = "body",
        PUBLISHED = "published",
        PUBLISHER = "publisher",
        AUTHOR = "author",
        URL = "url",
        ARTICLE_KEY = "articleKey",
        EXTRACTED_WITH = "extractedWith",
        IN_ARTICLE = "inArticle",
        IN_SENTENCE = "inSentence",
        FIELD = "field",
        BEGIN_INDEX = "beginIndex",
        END_INDEX = "endIndex",
        TEXT = "text",
        IN_EVENT = "inEvent",
        FILLS_ROLE = "fillsRole",
        PARTICIPANT = "participant",
        INITIATOR = "initiator",
        TARGET = "target",
        VICTIM = "victim",
        SUPPORTER = "supporter",
        PLACE = "place",
        TERRITORY = "territory",
        DESTINATION = "destination",
        ORIGIN = "origin",
        INSTRUMENT = "instrument",
        ITEM = "item",
        CONTENT = "content",
        RANK = "rank",
        IS_BACKGROUND = "isBackground",
        MODALITY = "modality",
        WOULD_BE = "wouldBe",
        ACCORDING_TO = "accordingTo",
        EARLIEST = "earliest",
        LATEST = "latest",
        TIME_PRECISION = "timePrecision",
        TIME_BASIS = "timeBasis",
        TIME_TEXT = "timeText",
        PARTIAL_DATE = "partialDate",
        BEGIN_EARLIEST = "beginEarliest",
        BEGIN_LATEST = "beginLatest",
        BEGIN_PRECISION = "beginPrecision",
        BEGIN_BASIS = "beginBasis",
        END_EARLIEST = "endEarliest",
        END_LATEST = "endLatest",
        END_PRECISION = "endPrecision",
        END_BASIS = "endBasis",
        OF_EVENT = "ofEvent",
        OUTCOME = "outcome",
        VICTIM_CLASS = "victimClass",
        SIDE = "side",
        MIN = "min",
        MAX = "max",
        COUNT_TEXT = "countText",
        IS_CUMULATIVE = "isCumulative",
        IS_PRESUMED = "isPresumed",
        IS_SUPERSEDED = "isSuperseded",
        PART_OF_REPORT = "partOfReport",
        NAME = "name",
        ACRONYM = "acronym",
        AMBIGUOUS_LABEL = "ambiguousLabel",
        TITLE = "title",
        COUNTRY = "country",
        COUNTRY_CODE = "countryCode",
        WITHIN = "within",
        PLACE_PRECISION = "placePrecision",
        POPULATION = "population",
        FOUNDED = "founded",
        DISSOLVED = "dissolved",
        CANDIDATE = "candidate",
        CONTROLLER = "controller",
        LEADER = "leader",
        LED = "led",
        MEMBER = "member",
        GROUP = "group",
        ALLY = "ally",
        BACKER = "backer",
        BACKED = "backed",
        OPPONENT = "opponent",
        OPPOSED = "opposed",
        PRESENT_ACTOR = "presentActor",
        LOCATED = "located",
        PART = "part",
        WHOLE = "whole",
        CAPITAL = "capital",
        CAPITAL_TERRITORY = "capitalTerritory",
        CLAIMANT = "claimant",
        CONTROLS = "controls",
        LEADS = "leads",
        MEMBER_OF = "memberOf",
        ALLIED_WITH = "alliedWith",
        SUPPORTS = "supports",
        OPPOSES = "opposes",
        PRESENT_IN = "presentIn",
        LOCATED_IN = "locatedIn",
        PART_OF = "partOf",
        CAPITAL_OF = "capitalOf",
        CLAIMED_RESPONSIBILITY = "claimedResponsibility",
        BEGUN_BY = "begunBy",
        ENDED_BY = "endedBy",
        EVOKES = "evokes",
        VERB = "verb",
        NOUN = "noun",
        ADJECTIVE = "adjective",
        ADVERB = "adverb",
        AUXILIARY = "auxiliary",
        CONJUNCTION = "conjunction",
        ADPOSITION = "adposition",
        DETERMINER = "determiner",
        SUFFIX = "suffix",
        USES = "uses",
        SLOT = "slot",
        REQUIRES = "requires",
        FORBIDS = "forbids",
        RELATION = "relation",
        ROLE = "role",
        ACCEPTS = "accepts",
        LEMMA = "lemma",
        REACHES_INTO = "reachesInto",
        SCOPE = "scope",
        SOURCE = "source",
        WHEN = "when",
        REFINEMENT = "refinement",
        REFINES = "refines",
        BEGINS = "begins",
        ENDS = "ends",
        SHOWS = "shows",
        EVEN_IF = "evenIf",
        FOLDS_INTO = "foldsInto",
        LASTS = "lasts",
        IS_SPEECH = "isSpeech",
        IS_APART = "isApart",
        TELLS_DOER = "tellsDoer",
        TELLS_COMER = "tellsComer",
        TELLS_LOSER = "tellsLoser",
        SITUATION = "situation",
        SUBJECT_FROM = "subjectFrom",
        OBJECT_FROM = "objectFrom",
        EXCHANGE_NAME = "exchangeName",
        SUBJECT_ROLE = "subjectRole",
        OBJECT_ROLE = "objectRole",
        IMPLIES = "implies",
        IS_SYMMETRIC = "isSymmetric",
        IS_REALIZED = "isRealized",
        SALIENCE = "salience",
        GIVES = "gives",
        DENOTES = "denotes",
        SINGULAR_DENOTES = "singularDenotes",
        IS_TITLE = "isTitle",
        NEEDS_OWNER = "needsOwner",
        WORD = "word",
        LOWER = "lower",
        UPPER = "upper",
        MIN_SHARE = "minShare",
        MAX_SHARE = "maxShare",
        MIN_OFFSET = "minOffset",
        MAX_OFFSET = "maxOffset",
        EXAMPLE = "example",
        COUNTER_EXAMPLE = "counterExample",
    }
}

/// Concepts of the code lists: modalities, outcomes, victim classes, precisions and bases.
pub mod concept {
    terms! {
        SEARCH = "search",
        ACTUAL = "actual",
        ALLEGED = "alleged",
        NEGATED = "negated",
        PLANNED = "planned",
        FEARED = "feared",
        THREATENED = "threatened",
        HYPOTHETICAL = "hypothetical",
        ATTEMPTED = "attempted",
        ENDED = "ended",
        DEMANDED = "demanded",
        KILLED = "killed",
        INJURED = "injured",
        HARMED = "harmed",
        CAPTURED = "captured",
        ARRESTED = "arrested",
        ABDUCTED = "abducted",
        MISSING = "missing",
        DISPLACED = "displaced",
        SURRENDERED = "surrendered",
        RELEASED = "released",
        UNKNOWN_VICTIMS = "unknownVictims",
        MIXED_VICTIMS = "mixedVictims",
        CIVILIAN = "civilian",
        CHILD = "child",
        WOMAN = "woman",
        JOURNALIST = "journalist",
        AID_WORKER = "aidWorker",
        OFFICIAL = "official",
        PROTESTER = "protester",
        COMBATANT = "combatant",
        STATE_COMBATANT = "stateCombatant",
        NON_STATE_COMBATANT = "nonStateCombatant",
        DAY_PRECISION = "dayPrecision",
        WEEK_PRECISION = "weekPrecision",
        MONTH_PRECISION = "monthPrecision",
        SEASON_PRECISION = "seasonPrecision",
        YEAR_PRECISION = "yearPrecision",
        SPAN_PRECISION = "spanPrecision",
        EXPLICIT = "explicit",
        RELATIVE_TO_PUBLICATION = "relativeToPublication",
        RELATIVE_TO_EVENT = "relativeToEvent",
        PUBLICATION_WINDOW = "publicationWindow",
        UNRESOLVED = "unresolved",
        EXACT_PLACE = "exactPlace",
        NEAR_PLACE = "nearPlace",
        DISTRICT_PLACE = "districtPlace",
        PROVINCE_PLACE = "provincePlace",
        COUNTRY_PLACE = "countryPlace",
    }
}

/// Terms of other vocabularies; those of RDF, RDFS and XSD are in [`oxrdf::vocab`].
pub mod external {
    use oxrdf::NamedNodeRef;

    /// <http://groundedannotationframework.org/gaf#denotedBy>
    pub const GAF_DENOTED_BY: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://groundedannotationframework.org/gaf#denotedBy");
    /// <http://www.opengis.net/ont/geosparql#Feature>
    pub const GEO_FEATURE: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.opengis.net/ont/geosparql#Feature");
    /// <http://www.opengis.net/ont/geosparql#Geometry>
    pub const GEO_GEOMETRY: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.opengis.net/ont/geosparql#Geometry");
    /// <http://www.opengis.net/ont/geosparql#hasGeometry>
    pub const GEO_HAS_GEOMETRY: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.opengis.net/ont/geosparql#hasGeometry");
    /// <http://www.opengis.net/ont/geosparql#asWKT>
    pub const GEO_AS_WKT: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.opengis.net/ont/geosparql#asWKT");
    /// <http://www.opengis.net/ont/geosparql#wktLiteral>
    pub const GEO_WKT_LITERAL: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.opengis.net/ont/geosparql#wktLiteral");
    /// <http://purl.org/dc/terms/license>
    pub const DCTERMS_LICENSE: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("http://purl.org/dc/terms/license");
    /// <http://purl.org/dc/terms/title>
    pub const DCTERMS_TITLE: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("http://purl.org/dc/terms/title");
    /// <http://purl.org/dc/terms/description>
    pub const DCTERMS_DESCRIPTION: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://purl.org/dc/terms/description");
    /// <http://www.w3.org/2002/07/owl#Class>
    pub const OWL_CLASS: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("http://www.w3.org/2002/07/owl#Class");
    /// <http://www.w3.org/2002/07/owl#ObjectProperty>
    pub const OWL_OBJECT_PROPERTY: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/2002/07/owl#ObjectProperty");
    /// <http://www.w3.org/2002/07/owl#DatatypeProperty>
    pub const OWL_DATATYPE_PROPERTY: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/2002/07/owl#DatatypeProperty");
    /// <http://www.w3.org/2002/07/owl#Ontology>
    pub const OWL_ONTOLOGY: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/2002/07/owl#Ontology");
    /// <http://www.w3.org/2002/07/owl#versionInfo>
    pub const OWL_VERSION_INFO: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/2002/07/owl#versionInfo");
    /// <http://www.w3.org/2002/07/owl#versionIRI>
    pub const OWL_VERSION_IRI: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/2002/07/owl#versionIRI");
    /// <http://www.w3.org/2002/07/owl#sameAs>
    pub const OWL_SAME_AS: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("http://www.w3.org/2002/07/owl#sameAs");
    /// <http://www.w3.org/2000/01/rdf-schema#subPropertyOf>
    pub const RDFS_SUB_PROPERTY_OF: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/2000/01/rdf-schema#subPropertyOf");
    /// <http://www.w3.org/2004/02/skos/core#altLabel>
    pub const SKOS_ALT_LABEL: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#altLabel");
    /// <http://www.w3.org/2004/02/skos/core#prefLabel>
    pub const SKOS_PREF_LABEL: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#prefLabel");
    /// <http://www.w3.org/2004/02/skos/core#definition>
    pub const SKOS_DEFINITION: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#definition");
    /// <http://www.w3.org/2004/02/skos/core#example>
    pub const SKOS_EXAMPLE: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#example");
    /// <http://www.w3.org/2004/02/skos/core#notation>
    pub const SKOS_NOTATION: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#notation");
    /// <http://www.w3.org/2004/02/skos/core#broader>
    pub const SKOS_BROADER: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#broader");
    /// <http://www.w3.org/2004/02/skos/core#inScheme>
    pub const SKOS_IN_SCHEME: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#inScheme");
    /// <http://www.w3.org/2004/02/skos/core#Concept>
    pub const SKOS_CONCEPT: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#Concept");
    /// <http://www.w3.org/2004/02/skos/core#exactMatch>
    pub const SKOS_EXACT_MATCH: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#exactMatch");
    /// <http://www.w3.org/2004/02/skos/core#closeMatch>
    pub const SKOS_CLOSE_MATCH: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#closeMatch");
    /// <http://www.w3.org/2004/02/skos/core#broadMatch>
    pub const SKOS_BROAD_MATCH: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#broadMatch");
    /// <http://www.w3.org/ns/prov#generatedAtTime>
    pub const PROV_GENERATED_AT_TIME: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#generatedAtTime");
    /// <http://www.w3.org/ns/prov#wasGeneratedBy>
    pub const PROV_WAS_GENERATED_BY: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#wasGeneratedBy");
}
