//! RDF that clients send: a document, or several in a form.

use super::failure::Failure;
use super::form;
use axum::http::{HeaderMap, StatusCode, header};
use oxrdf::Triple;
use oxrdfio::{JsonLdProfileSet, RdfFormat, RdfParser};

const UNDERSTOOD: &str = "send text/turtle, application/n-triples, application/rdf+xml or application/ld+json, or several in multipart/form-data";

/// The triples of a body, relative IRIs resolved against `base`. Nothing is fetched for it, contexts of JSON-LD included.
pub(super) fn triples(headers: &HeaderMap, body: &[u8], base: &str) -> Result<Vec<Triple>, Failure> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (media_type, _) = form::media_type(content_type);
    if media_type != "multipart/form-data" {
        return document(content_type, body, base);
    }
    let boundary = content_type.split(';').find_map(|part| form::attribute(part, "boundary"));
    let boundary = boundary.ok_or_else(|| Failure::bad("multipart/form-data without a boundary"))?;
    let mut triples = Vec::new();
    for (content_type, body) in parts(body, boundary)? {
        triples.extend(document(&content_type, body, base)?);
    }
    Ok(triples)
}

fn document(content_type: &str, body: &[u8], base: &str) -> Result<Vec<Triple>, Failure> {
    let (media_type, charset) = form::media_type(content_type);
    if charset.is_some_and(|charset| !charset.eq_ignore_ascii_case("utf-8")) {
        return Err(unsupported("RDF is sent in UTF-8"));
    }
    let format = match media_type.as_str() {
        "text/turtle" | "application/x-turtle" => RdfFormat::Turtle,
        "application/n-triples" | "text/plain" => RdfFormat::NTriples,
        "application/rdf+xml" | "application/xml" | "text/xml" => RdfFormat::RdfXml,
        "application/ld+json" | "application/json" => RdfFormat::JsonLd { profile: JsonLdProfileSet::default() },
        "" => return Err(unsupported("the request has no Content-Type")),
        other => return Err(unsupported(&format!("`{other}` is not understood"))),
    };
    let parser = RdfParser::from_format(format).without_named_graphs().rename_blank_nodes();
    let parser =
        parser.with_base_iri(base).map_err(|error| Failure::bad(format!("`{base}` is not an IRI: {error}")))?;
    let read = parser.for_slice(body).map(|quad| quad.map(Triple::from));
    read.collect::<Result<_, _>>().map_err(|error| Failure::bad(format!("not {media_type}: {error}")))
}

fn unsupported(message: &str) -> Failure {
    Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("{message}: {UNDERSTOOD}"))
}

/// The parts of a form (RFC 7578) with their content types.
fn parts<'b>(body: &'b [u8], boundary: &str) -> Result<Vec<(String, &'b [u8])>, Failure> {
    let wrong = || Failure::bad("the parts of multipart/form-data are not marked as announced");
    let delimiter = format!("--{boundary}");
    let mut rest = body;
    let mut parts = Vec::new();
    rest = &rest[find(rest, delimiter.as_bytes()).ok_or_else(wrong)? + delimiter.len()..];
    let inner = format!("\r\n{delimiter}");
    while !rest.starts_with(b"--") {
        rest = rest.strip_prefix(b"\r\n").ok_or_else(wrong)?;
        let end = find(rest, inner.as_bytes()).ok_or_else(wrong)?;
        let part = &rest[..end];
        let head = find(part, b"\r\n\r\n").ok_or_else(wrong)?;
        let lines = String::from_utf8_lossy(&part[..head]).into_owned();
        let content_type = lines.split("\r\n").find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim().eq_ignore_ascii_case("content-type").then(|| value.trim().to_owned())
        });
        parts.push((content_type.unwrap_or_else(|| "text/turtle".to_owned()), &part[head + 4..]));
        rest = &rest[end + inner.len()..];
    }
    Ok(parts)
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, what)
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn forms_have_parts() {
        let body = b"--x\r\nContent-Type: text/turtle\r\n\r\n<a> <b> <c> .\r\n\r\n--x\r\nA: b\r\n\r\n\r\n--x--\r\n";
        let read = parts(body, "x").unwrap_or_default();
        assert_eq!(read, [("text/turtle".to_owned(), &b"<a> <b> <c> .\r\n"[..]), ("text/turtle".to_owned(), &b""[..])]);
        for wrong in [&b"--y--"[..], b"--x\r\nA: b\r\n\r\n", b"--xy"] {
            assert!(parts(wrong, "x").is_err());
        }
    }
}
