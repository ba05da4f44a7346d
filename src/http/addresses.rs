//! Paths of the server and the IRIs they stand for.
//!
//! The store mints IRIs under its base, which need not be the address it is served at: a path stands for the IRI made of the base and
//! the path, with or without the path of the base itself, and redirects and links inside pages are paths. All of these begin with the
//! [`root`], the path that clients know the server by: a proxy may hand on what lies below `/kg/` with or without that.

use crate::ontology::terms::NAMESPACE;
use oxrdf::NamedNode;
use std::fmt::Write as _;
use std::sync::OnceLock;

/// The ontology as a whole. Its terms are named by fragments of it, its modules by paths below it.
pub(super) const ONTOLOGY: &str = "https://w3id.org/belligraph/ontology";

/// Where the server is for its clients: empty, or a path such as `/kg`.
static ROOT: OnceLock<String> = OnceLock::new();

/// Tells where the server is for its clients: the path of `/kg/` or the like. One process serves one store at one place, and pages are
/// made in many places, so that this is told once.
pub(super) fn stand_at(path: &str) {
    let root = path.trim_end_matches('/');
    if ROOT.set(root.to_owned()).is_err() && self::root() != root {
        tracing::warn!(path, at = self::root(), "a process serves at one path only");
    }
}

/// What the paths of all addresses begin with, for clients. It does not end with a slash.
pub(super) fn root() -> &'static str {
    ROOT.get().map_or("", String::as_str)
}

/// A path of this server as clients know it.
pub(super) fn rooted(path: &str) -> String {
    format!("{}{path}", root())
}

/// A path as a client knows it, as the router does: without the root. None for the root itself without its slash.
pub(super) fn unrooted<'p>(root: &str, path: &'p str) -> Option<&'p str> {
    match path.strip_prefix(root) {
        Some("") if !root.is_empty() => None,
        Some(rest) if rest.starts_with('/') => Some(rest),
        _ => Some(path),
    }
}

/// The scheme and authority of an IRI.
pub(super) fn origin(base: &str) -> &str {
    let path = own_path(base);
    base.get(..base.len() - path.len()).unwrap_or(base).trim_end_matches('/')
}

/// The path of the base IRI of a store; it begins and ends with a slash.
pub(super) fn path_of_base(base: &str) -> String {
    format!("/{}", own_path(base))
}

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
        return Some(rooted(&format!("/{}", encode_letters(local))));
    }
    let local = iri.strip_prefix(ONTOLOGY)?;
    match local.strip_prefix(['#', '/']) {
        Some(local) => Some(rooted(&format!("/ontology/{}", encode_letters(local)))),
        None => local.is_empty().then(|| rooted("/ontology")),
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
    use super::{iri_of, iris_of, origin, path_of, path_of_base, unrooted};

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
    fn the_root_is_taken_off() {
        for (root, path, rest) in [
            ("", "/event/a", Some("/event/a")),
            ("", "/", Some("/")),
            ("/kg", "/kg/event/a", Some("/event/a")),
            ("/kg", "/event/a", Some("/event/a")),
            ("/kg", "/kg/", Some("/")),
            ("/kg", "/kg", None),
            ("/kg", "/kgs", Some("/kgs")),
        ] {
            assert_eq!(unrooted(root, path), rest, "{path} below {root}");
        }
        assert_eq!(path_of_base("https://example.org/kg/"), "/kg/");
        assert_eq!(path_of_base("https://example.org/"), "/");
        assert_eq!(origin("https://example.org/kg/"), "https://example.org");
        assert_eq!(origin("http://localhost:7878/"), "http://localhost:7878");
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
