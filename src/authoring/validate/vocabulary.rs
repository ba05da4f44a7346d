//! The terms of SHACL that the validator reads and writes.

use oxrdf::NamedNodeRef;

/// The namespace.
pub(super) const NAMESPACE: &str = "http://www.w3.org/ns/shacl#";

macro_rules! terms {
    ($($name:ident = $local:literal;)*) => {
        $(pub(super) const $name: NamedNodeRef<'static> =
            NamedNodeRef::new_unchecked(concat!("http://www.w3.org/ns/shacl#", $local));)*
    };
}

terms! {
    ALTERNATIVE_PATH = "alternativePath";
    AND = "and";
    CLASS = "class";
    CLOSED = "closed";
    CONFORMS = "conforms";
    CONSTRAINT_COMPONENT = "ConstraintComponent";
    DATATYPE = "datatype";
    DEACTIVATED = "deactivated";
    DECLARE = "declare";
    DETAIL = "detail";
    DISJOINT = "disjoint";
    EQUALS = "equals";
    FLAGS = "flags";
    FOCUS_NODE = "focusNode";
    HAS_VALUE = "hasValue";
    IGNORED_PROPERTIES = "ignoredProperties";
    IN = "in";
    INVERSE_PATH = "inversePath";
    LANGUAGE_IN = "languageIn";
    LESS_THAN = "lessThan";
    LESS_THAN_OR_EQUALS = "lessThanOrEquals";
    MAX_COUNT = "maxCount";
    MAX_EXCLUSIVE = "maxExclusive";
    MAX_INCLUSIVE = "maxInclusive";
    MAX_LENGTH = "maxLength";
    MESSAGE = "message";
    MIN_COUNT = "minCount";
    MIN_EXCLUSIVE = "minExclusive";
    MIN_INCLUSIVE = "minInclusive";
    MIN_LENGTH = "minLength";
    NAMESPACE_OF_PREFIX = "namespace";
    NODE = "node";
    NODE_KIND = "nodeKind";
    NODE_SHAPE = "NodeShape";
    NOT = "not";
    ONE_OR_MORE_PATH = "oneOrMorePath";
    OR = "or";
    PATH = "path";
    PATTERN = "pattern";
    PREFIX = "prefix";
    PREFIXES = "prefixes";
    PROPERTY = "property";
    PROPERTY_SHAPE = "PropertyShape";
    QUALIFIED_MAX_COUNT = "qualifiedMaxCount";
    QUALIFIED_MIN_COUNT = "qualifiedMinCount";
    QUALIFIED_VALUE_SHAPE = "qualifiedValueShape";
    QUALIFIED_VALUE_SHAPES_DISJOINT = "qualifiedValueShapesDisjoint";
    RESULT = "result";
    RESULT_MESSAGE = "resultMessage";
    RESULT_PATH = "resultPath";
    RESULT_SEVERITY = "resultSeverity";
    SELECT = "select";
    SEVERITY = "severity";
    SOURCE_CONSTRAINT = "sourceConstraint";
    SOURCE_CONSTRAINT_COMPONENT = "sourceConstraintComponent";
    SOURCE_SHAPE = "sourceShape";
    SPARQL = "sparql";
    TARGET_CLASS = "targetClass";
    TARGET_NODE = "targetNode";
    TARGET_OBJECTS_OF = "targetObjectsOf";
    TARGET_SUBJECTS_OF = "targetSubjectsOf";
    UNIQUE_LANG = "uniqueLang";
    VALIDATION_REPORT = "ValidationReport";
    VALIDATION_RESULT = "ValidationResult";
    VALUE = "value";
    VIOLATION = "Violation";
    XONE = "xone";
    ZERO_OR_MORE_PATH = "zeroOrMorePath";
    ZERO_OR_ONE_PATH = "zeroOrOnePath";
}
