//! What a client that has a representation already asks by: entity tags and dates (RFC 9110, section 13).

use crate::store::Version;
use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, ETAG, HeaderName, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE, LAST_MODIFIED,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};

use axum::response::Response;
use jiff::Timestamp;
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The state of a representation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Validators {
    /// With its quotes.
    pub(super) etag: String,
    pub(super) modified: Option<Timestamp>,
}

impl Validators {
    /// Of a representation made of these parts: the whole body, or whatever it follows from.
    pub(super) fn of(parts: &[&[u8]], modified: Option<Timestamp>) -> Self {
        Self { etag: format!("\"{}\"", hashed(parts, 16)), modified }
    }

    /// Of a representation of something that can be changed: its tag begins with the version, so that the tag of any form of it tells which
    /// version the client knows.
    pub(super) fn of_version(version: &str, parts: &[&[u8]], modified: Option<Timestamp>) -> Self {
        Self { etag: format!("\"{}.{}\"", hashed(&[version.as_bytes()], 8), hashed(parts, 16)), modified }
    }

    /// Whether the client has this representation already.
    pub(super) fn are_known(&self, headers: &HeaderMap) -> bool {
        if headers.contains_key(IF_NONE_MATCH) {
            return self.are_among(headers, &IF_NONE_MATCH);
        }
        match (self.modified, date(headers, &IF_MODIFIED_SINCE)) {
            (Some(modified), Some(since)) => modified.as_second() <= since.as_second(),
            _ => false,
        }
    }

    /// Whether what the client demands before a change holds; to be asked where no other change can come between. `None` stands for a resource that
    /// is not there.
    pub(super) fn permit(current: Option<&Version>, headers: &HeaderMap) -> bool {
        let is_there = current.is_some();
        let known = current.map(|version| hashed(&[version.name.as_bytes()], 8));
        // Strong comparison (RFC 9110, section 13.1.1): a weak tag is none of ours, and matches nothing.
        let is_known = |tag: &str| {
            let version = tag.strip_prefix('"').and_then(|tag| tag.split_once('.')).map(|(version, _)| version);
            version.is_some() && version == known.as_deref()
        };
        if headers.contains_key(IF_MATCH) {
            if !tags(headers, &IF_MATCH).any(|tag| if tag == "*" { is_there } else { is_known(tag) }) {
                return false;
            }
        } else if let (Some(changed), Some(since)) =
            (current.and_then(|version| version.changed), date(headers, &IF_UNMODIFIED_SINCE))
            && changed.as_second() > since.as_second()
        {
            return false;
        }
        !tags(headers, &IF_NONE_MATCH)
            .any(|tag| if tag == "*" { is_there } else { is_known(tag.strip_prefix("W/").unwrap_or(tag)) })
    }

    /// Whether a client demands anything before a change.
    pub(super) fn are_demanded(headers: &HeaderMap) -> bool {
        [IF_MATCH, IF_NONE_MATCH, IF_UNMODIFIED_SINCE].iter().any(|name| headers.contains_key(name))
    }

    fn are_among(&self, headers: &HeaderMap, name: &HeaderName) -> bool {
        tags(headers, name).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == self.etag)
    }

    /// Writes them into the head of an answer.
    pub(super) fn describe(&self, headers: &mut HeaderMap) {
        if let Ok(etag) = HeaderValue::from_str(&self.etag) {
            headers.insert(ETAG, etag);
        }
        // Without it, a client may keep an old page for a tenth of its age.
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
        let printed = self.modified.and_then(|m| DateTimePrinter::new().timestamp_to_rfc9110_string(&m).ok());
        if let Some(modified) = printed.and_then(|date| HeaderValue::try_from(date).ok()) {
            headers.insert(LAST_MODIFIED, modified);
        }
    }

    /// Describes the answer; without its body if the client has it already.
    pub(super) fn settle(&self, mut response: Response, request: &HeaderMap) -> Response {
        self.describe(response.headers_mut());
        if self.are_known(request) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.body_mut() = Body::empty();
        }
        response
    }
}

/// The tags in a header.
fn tags<'h>(headers: &'h HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'h str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

/// So many bytes of a hash.
fn hashed(parts: &[&[u8]], bytes: usize) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut digits = String::with_capacity(2 * bytes);
    for byte in hash.finalize().iter().take(bytes) {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(headers.get(name)?.to_str().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::{Validators, Version};
    use axum::http::header::{ETAG, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE, LAST_MODIFIED};
    use axum::http::{HeaderMap, HeaderName, HeaderValue};
    use jiff::Timestamp;

    #[test]
    fn what_is_known_is_recognised() {
        let validators = Validators::of(&[b"body"], Timestamp::from_second(1_530_403_200).ok());
        let mut described = HeaderMap::new();
        validators.describe(&mut described);
        assert_eq!(described[LAST_MODIFIED], "Sun, 01 Jul 2018 00:00:00 GMT");
        let etag = described[ETAG].clone();
        let known = |name: HeaderName, value: HeaderValue| validators.are_known(&HeaderMap::from_iter([(name, value)]));
        assert!(known(IF_NONE_MATCH, etag.clone()));
        assert!(known(IF_NONE_MATCH, HeaderValue::from_static("*")));
        assert!(!known(IF_NONE_MATCH, HeaderValue::from_static("\"other\"")));
        assert!(known(IF_MODIFIED_SINCE, described[LAST_MODIFIED].clone()));
        assert!(!known(IF_MODIFIED_SINCE, HeaderValue::from_static("Sat, 30 Jun 2018 00:00:00 GMT")));
    }

    #[test]
    fn what_is_demanded_of_a_version_is_held_against_all_its_forms() {
        let changed = Timestamp::from_second(1_530_403_200).ok();
        let version = Version { name: "run/1".to_owned(), changed };
        let demanded = |name: HeaderName, value: &str| {
            let value = HeaderValue::from_str(value).unwrap_or_else(|_| HeaderValue::from_static("?"));
            HeaderMap::from_iter([(name, value)])
        };
        let [known, other, older] = [("run/1", "turtle"), ("run/1", "html"), ("run/0", "turtle")]
            .map(|(version, form)| Validators::of_version(version, &[form.as_bytes()], changed).etag);
        assert_ne!(known, other);
        for (name, value, permitted, permitted_if_missing) in [
            (IF_MATCH, known.as_str(), true, false),
            (IF_MATCH, other.as_str(), true, false),
            (IF_MATCH, older.as_str(), false, false),
            (IF_MATCH, &format!("W/{known}"), false, false),
            (IF_MATCH, &format!("{older}, {known}"), true, false),
            (IF_MATCH, "*", true, false),
            (IF_NONE_MATCH, "*", false, true),
            (IF_NONE_MATCH, &format!("W/{known}"), false, true),
            (IF_NONE_MATCH, older.as_str(), true, true),
            (IF_UNMODIFIED_SINCE, "Sun, 01 Jul 2018 00:00:00 GMT", true, true),
            (IF_UNMODIFIED_SINCE, "Sat, 30 Jun 2018 23:59:59 GMT", false, true),
        ] {
            let headers = demanded(name.clone(), value);
            assert_eq!(Validators::permit(Some(&version), &headers), permitted, "{name}: {value}");
            assert_eq!(Validators::permit(None, &headers), permitted_if_missing, "{name}: {value}");
        }
    }
}
