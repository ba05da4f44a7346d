//! Paths of the server and the IRIs they stand for.
//!
//! The store mints IRIs under its base, which need not be the address it is served at: a path stands for the IRI made of the base and
//! the path, with or without the path of the base itself, and redirects and links inside pages are paths.

use crate::ontology::terms::NAMESPACE;
use oxrdf::NamedNode;
use std::fmt::Write as _;

/// The ontology as a whole. Its terms are named by fragments of it, its modules by paths below it.
pub(super) const ONTOLOGY: &str = "https://w3id.org/belligraph/ontology";

/// The IRI that a path (percent-encoded, as a client sends it) stands for.
pub(super) fn iri_of(base: &str, path: &str) -> Option<NamedNode> {
    let path = path.strip_prefix('/')?;
    let path = path.strip_prefix(own_path(base)).unwrap_or(path);
    NamedNode::new(format!("{base}{}", decode_letters(path))).ok()
}

/// The IRIs that a path can stand for, the likeliest first: at `/ontology` stands the ontology, below it its terms and modules,
/// which are not named under the base.
pub(super) fn iris_of(base: &str, path: &str) -> Vec<NamedNode> {
    let mut iris = Vec::new();
    if let Some(term) = ontology_path(base, path) {
        if let Some(local) = term.strip_prefix('/') {
            let local = decode_letters(local);
            iris.extend(NamedNode::new(format!("{NAMESPACE}{local}")));
            iris.extend(NamedNode::new(format!("{ONTOLOGY}/{local}")));
        } else {
            iris.push(NamedNode::new_unchecked(ONTOLOGY));
        }
    }
    iris.extend(iri_of(base, path));
    iris
}

/// What follows `/ontology`, if the path begins so.
fn ontology_path<'p>(base: &str, path: &'p str) -> Option<&'p str> {
    let path = path.strip_prefix('/')?;
    let path = path.strip_prefix(own_path(base)).unwrap_or(path);
    path.strip_prefix("ontology").filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The path at which an IRI under the base is answered; percent-encoded, with its fragment.
pub(super) fn path_of(base: &str, iri: &str) -> Option<String> {
    if let Some(local) = iri.strip_prefix(base) {
        return Some(format!("/{}", encode_letters(local)));
    }
    let local = iri.strip_prefix(ONTOLOGY)?;
    match local.strip_prefix(['#', '/']) {
        Some(local) => Some(format!("/ontology/{}", encode_letters(local))),
        None => local.is_empty().then(|| "/ontology".to_owned()),
    }
}

/// What stands after the authority of the base.
fn own_path(base: &str) -> &str {
    base.splitn(4, '/').nth(3).unwrap_or_default()
}

/// Undoes the percent-encoding of letters beyond ASCII, which IRIs have and requests cannot; everything else stays as it is, for
/// `%2F` is not `/`.
fn decode_letters(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        if *byte == b'%'
            && let Some(code) = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok())
            && let Ok(code) = u8::from_str_radix(code, 16)
            && code >= 0x80
        {
            bytes.push(code);
            rest = &after[2..];
        } else {
            bytes.push(*byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

/// Percent-encodes letters beyond ASCII.
pub(super) fn encode_letters(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            encoded.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::{iri_of, iris_of, path_of};

    #[test]
    fn paths_name_things_under_the_base() {
        for (base, path, iri) in [
            ("http://localhost:7878/", "/event/a/h12", "http://localhost:7878/event/a/h12"),
            ("https://example.org/kg/", "/kg/place/x", "https://example.org/kg/place/x"),
            ("https://example.org/kg/", "/place/x", "https://example.org/kg/place/x"),
            ("http://a/", "/place/%D8%B3%D8%B1%D8%AA", "http://a/place/سرت"),
            ("http://a/", "/place/a%2Fb", "http://a/place/a%2Fb"),
        ] {
            assert_eq!(iri_of(base, path).map(oxrdf::NamedNode::into_string).as_deref(), Some(iri));
        }
        assert_eq!(iri_of("http://a/", "/article/%zz"), None);
        assert_eq!(path_of("http://a/", "http://a/place/سرت#x").as_deref(), Some("/place/%D8%B3%D8%B1%D8%AA#x"));
        assert_eq!(path_of("http://a/", "http://b/place/x"), None);
    }

    #[test]
    fn the_ontology_is_answered_by_term() {
        let iris =
            |path: &str| iris_of("http://a/", path).into_iter().map(oxrdf::NamedNode::into_string).collect::<Vec<_>>();
        let ontology = "https://w3id.org/belligraph/ontology";
        assert_eq!(iris("/ontology"), [ontology, "http://a/ontology"]);
        assert_eq!(iris("/ontology/Siege")[..2], [format!("{ontology}#Siege"), format!("{ontology}/Siege")]);
        assert_eq!(iris("/ontologies"), ["http://a/ontologies"]);
        assert_eq!(path_of("http://a/", &format!("{ontology}#Siege")).as_deref(), Some("/ontology/Siege"));
        assert_eq!(path_of("http://a/", &format!("{ontology}/events")).as_deref(), Some("/ontology/events"));
        assert_eq!(path_of("http://a/", ontology).as_deref(), Some("/ontology"));
        assert_eq!(path_of("http://a/", &format!("{ontology}x")), None);
    }
}
