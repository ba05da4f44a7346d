//! What stands in addresses, forms and the headers that describe bodies.

use super::failure::Failure;

/// The parameters of a form or of an address, decoded, in their order.
pub(super) fn pairs(encoded: &str) -> Result<Vec<(String, String)>, Failure> {
    let pairs = encoded.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}

/// The first value of a parameter.
pub(super) fn parameter(encoded: Option<&str>, name: &str) -> Result<Option<String>, Failure> {
    let found = pairs(encoded.unwrap_or_default())?.into_iter().find(|(given, _)| given == name);
    Ok(found.map(|(_, value)| value))
}

/// Undoes the encoding of forms and addresses, once.
pub(super) fn decode(text: &str) -> Result<String, Failure> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| byte.and_then(|b| char::from(b).to_digit(16));
                match (digit(rest.next()), digit(rest.next())) {
                    (Some(high), Some(low)) => (high * 16 + low) as u8,
                    _ => return Err(Failure::bad(format!("`{text}` is not percent-encoded rightly"))),
                }
            }
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| Failure::bad("a parameter is not UTF-8"))
}

/// A media type without its parameters, in lower case, and its character set.
pub(super) fn media_type(value: &str) -> (String, Option<&str>) {
    let mut parts = value.split(';');
    let media_type = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    (media_type, parts.find_map(|part| attribute(part, "charset")))
}

/// The value of a parameter of a header, without quotes, if `part` is that parameter.
pub(super) fn attribute<'a>(part: &'a str, name: &str) -> Option<&'a str> {
    let (given, value) = part.split_once('=')?;
    given.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::{decode, media_type};

    #[test]
    fn encodings_are_undone_once() {
        assert_eq!(decode("a+b%20c%2531").ok().as_deref(), Some("a b c%31"));
        assert!(decode("%zz").is_err());
        assert!(decode("%").is_err());
        assert!(decode("%ff").is_err());
    }

    #[test]
    fn media_types_have_parameters() {
        assert_eq!(media_type("Text/Turtle; charset=\"UTF-8\""), ("text/turtle".to_owned(), Some("UTF-8")));
        assert_eq!(media_type(""), (String::new(), None));
    }
}
