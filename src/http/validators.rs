//! What a client that has a representation already asks by: entity tags and dates (RFC 9110, section 13).

use axum::body::Body;
use axum::http::header::{
    ETAG, HeaderName, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE, LAST_MODIFIED,
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
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut etag = String::from("\"");
        for byte in hash.finalize().iter().take(16) {
            let _ = write!(etag, "{byte:02x}");
        }
        etag.push('"');
        Self { etag, modified }
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

    /// Whether what the client demands before a change holds. `None` stands for a resource that is not there.
    pub(super) fn permit(current: Option<&Self>, headers: &HeaderMap) -> bool {
        Self::permit_any(current.map_or(&[], std::slice::from_ref), headers)
    }

    /// The same for a resource that can be had in several forms; none if it is not there.
    pub(super) fn permit_any(forms: &[Self], headers: &HeaderMap) -> bool {
        let among = |name: &HeaderName| forms.iter().any(|form| form.are_among(headers, name));
        let unmodified = match (forms.first().and_then(|form| form.modified), date(headers, &IF_UNMODIFIED_SINCE)) {
            (Some(modified), Some(since)) => modified.as_second() <= since.as_second(),
            _ => true,
        };
        (if headers.contains_key(IF_MATCH) { among(&IF_MATCH) } else { unmodified })
            && !(headers.contains_key(IF_NONE_MATCH) && among(&IF_NONE_MATCH))
    }

    fn are_among(&self, headers: &HeaderMap, name: &HeaderName) -> bool {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|tag| {
            let tag = tag.trim();
            tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == self.etag
        })
    }

    /// Writes them into the head of an answer.
    pub(super) fn describe(&self, headers: &mut HeaderMap) {
        if let Ok(etag) = HeaderValue::from_str(&self.etag) {
            headers.insert(ETAG, etag);
        }
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

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(headers.get(name)?.to_str().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::Validators;
    use axum::http::header::{ETAG, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
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
        let demanded = HeaderMap::from_iter([(IF_MATCH, etag)]);
        assert!(Validators::permit(Some(&validators), &demanded));
        assert!(!Validators::permit(None, &demanded));
        let fresh = HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_static("*"))]);
        assert!(Validators::permit(None, &fresh));
        assert!(!Validators::permit(Some(&validators), &fresh));
    }
}
