//! The key of an article, under which it is stored and replaced: entry point [`Article::key`].
//!
//! A key is a readable slug and a hash, as `belligraph-examples-lib-001-0f8k2m6q9t4w7y1z`. The slug is for people; the
//! hash alone makes it unique: 80 bits of the SHA-256 of what identifies the article, in 16 characters of Crockford's
//! base 32. Two of a billion articles share a hash with a probability under one in a million.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use url::Url;

use super::Article;

impl Article {
    /// The key of the article: the same for the same article on any machine, different for different ones; made of
    /// `a-z`, `0-9` and `-`, at most 65 characters, so that it can stand in an IRI or a file name as it is.
    ///
    /// It is made from the first of these that the article has:
    /// 1. its [`id`](Article::id) together with its publisher (letter case and white space of the publisher do not
    ///    count); without a publisher, the host of its URL stands for it;
    /// 2. its [canonical URL](canonical_url), `http` and `https` being the same;
    /// 3. the words of headline and body (how they are spaced does not count).
    ///
    /// # Examples
    ///
    /// ```
    /// use belligraph::article::Article;
    ///
    /// let article = |url: &str| Article { url: Some(url.to_owned()), ..Article::default() };
    /// let key = article("https://example.org/2018/benghazi-siege-ends/?utm_source=x#top").key();
    /// assert!(key.starts_with("example-org-benghazi-siege-ends-"));
    /// assert_eq!(key, article("http://example.org/2018/benghazi-siege-ends").key());
    /// ```
    pub fn key(&self) -> String {
        let address = self.url.as_deref().and_then(canonical);
        let mut hash = Sha256::new();
        let slug = if let Some(id) = self.id.as_deref().filter(|id| !id.trim().is_empty()) {
            let id = id.trim();
            let publisher = match (&self.publisher, &address) {
                (Some(publisher), _) => publisher.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase(),
                (None, Some(address)) => address.host_str().unwrap_or_default().to_owned(),
                (None, None) => String::new(),
            };
            update(&mut hash, &["id", &publisher, id]);
            slug_of(&[&publisher, id])
        } else if let Some(address) = address {
            let host = address.host_str().unwrap_or_default();
            let location = address.as_str().split_once("://").map_or("", |(_, location)| location);
            update(&mut hash, &["url", location]);
            let last = address.path().rsplit('/').find(|segment| !segment.is_empty()).unwrap_or_default();
            slug_of(&[host.strip_prefix("www.").unwrap_or(host), last])
        } else {
            hash.update(b"text");
            for text in [&self.headline, &self.body] {
                hash.update([0]);
                for word in text.split_whitespace() {
                    hash.update(word.as_bytes());
                    hash.update(b" ");
                }
            }
            slug_of(&[&self.headline])
        };
        let hash = base32(&hash.finalize());
        if slug.is_empty() { hash } else { format!("{slug}-{hash}") }
    }
}

fn update(hash: &mut Sha256, parts: &[&str]) {
    for part in parts {
        // The length before each part keeps `a, bc` and `ab, c` apart.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
}

/// The first 80 bits in Crockford's base 32, lower case: 16 characters.
fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let bits = bytes.iter().take(10).fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    let mut text = String::with_capacity(16);
    for place in (0..16).rev() {
        let digit = (bits >> (place * 5) & 31) as usize;
        let _ = write!(text, "{}", char::from(ALPHABET[digit]));
    }
    text
}

/// The ASCII letters and digits of the parts, accents removed, as whole words, at most 48 characters.
fn slug_of(parts: &[&str]) -> String {
    const LONGEST: usize = 48;
    let text = parts.join(" ");
    let plain: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '’'))
        .take(400)
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' })
        .collect();
    let mut slug = String::new();
    for word in plain.split_whitespace() {
        if slug.is_empty() {
            slug.push_str(&word[..word.len().min(LONGEST)]);
        } else if slug.len() + 1 + word.len() <= LONGEST {
            slug.push('-');
            slug.push_str(word);
        } else {
            break;
        }
    }
    slug
}

/// The canonical form of a web address, or `None` if it is not one.
///
/// Scheme and host in lower case; without fragment, user name, default port, tracking parameters (`utm_…`, click
/// identifiers of advertisers, mail campaigns), empty query and trailing slash; the remaining parameters sorted.
///
/// # Examples
///
/// ```
/// use belligraph::article::canonical_url;
///
/// let url = canonical_url("HTTPS://Example.org:443/News/?id=7&utm_medium=social&fbclid=x#comments");
/// assert_eq!(url.as_deref(), Some("https://example.org/News?id=7"));
/// assert_eq!(canonical_url("n/a"), None);
/// ```
pub fn canonical_url(url: &str) -> Option<String> {
    canonical(url).map(String::from)
}

fn canonical(url: &str) -> Option<Url> {
    let mut url = Url::parse(url.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_fragment(None);
    // Both fail only for addresses without host, which those of the web all have.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let mut kept: Vec<String> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_tracking(pair.split('=').next().unwrap_or_default()))
        .map(str::to_owned)
        .collect();
    kept.sort();
    url.set_query(if kept.is_empty() { None } else { Some(kept.join("&")) }.as_deref());
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Some(url)
}

fn is_tracking(parameter: &str) -> bool {
    const PREFIXES: [&str; 6] = ["utm_", "mc_", "pk_", "mtm_", "hsa_", "at_"];
    const NAMES: [&str; 14] = [
        "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid",
        "ref_src", "_ga", "_gl",
    ];
    let name = parameter.to_ascii_lowercase();
    NAMES.contains(&name.as_str()) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_safe_and_distinct() {
        let of = |id: &str, publisher: Option<&str>| {
            Article { id: Some(id.to_owned()), publisher: publisher.map(str::to_owned), ..Article::default() }.key()
        };
        let keys = [
            of("a", Some("b c")),
            of("c", Some("b a")),
            of("a", Some("b")),
            of("b a", None),
            of("A", Some("b c")),
            of("é/../?#", None),
            of("مقال", None),
        ];
        for (at, key) in keys.iter().enumerate() {
            assert!(
                key.len() <= 65 && key.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')),
                "{key}"
            );
            assert!(!keys[..at].contains(key), "{key}");
        }
        assert_eq!(of("a", Some("B  C ")), keys[0]);
    }

    #[test]
    fn text_without_id_and_address() {
        let of = |headline: &str, body: &str| {
            Article {
                headline: headline.to_owned(),
                body: body.to_owned(),
                url: Some("n/a".into()),
                ..Article::default()
            }
            .key()
        };
        let key = of("Army’s last stand in Déraa", "One.\n\nTwo.");
        assert!(key.starts_with("armys-last-stand-in-deraa-"), "{key}");
        assert_eq!(key, of("Army’s last stand in Déraa", "One.\r\n\r\nTwo. "));
        assert_ne!(key, of("Army’s last stand in Déraa One.", "Two."));
    }
}
