//! Who may do what: the tokens of `--token-file`, and what each permits.
//!
//! Without such a file the server only reads. With one, a request that changes something brings a token, `Authorization: Bearer …`
//! (RFC 6750). Tokens are kept and compared as hashes, all of them each time and each in constant time, so that how long a
//! refusal takes tells nothing of any.

use super::failure::Failure;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use sha2::{Digest, Sha256};
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use thiserror::Error;

/// A shorter token could be guessed.
const SHORTEST: usize = 16;

/// What a token permits; each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Right {
    /// To ask, where not everybody may.
    Read = 1,
    /// To load and remove articles, and to write to graphs of one's own.
    Write = 2,
    /// To clear the graphs of all users at once, and to look after the server.
    Admin = 3,
}

impl Right {
    const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }
}

/// Why a file of tokens was not taken.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TokenError {
    /// It cannot be read.
    #[error("cannot read the tokens in `{path}`", path = .0.display())]
    File(PathBuf, #[source] io::Error),
    /// A line is not a right and a token.
    #[error("{path}:{line}: {reason}; write `read TOKEN`, `write TOKEN` or `admin TOKEN`", path = .path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// There is none.
    #[error("`{path}` holds no token; write `read TOKEN`, `write TOKEN` or `admin TOKEN` on a line", path = .0.display())]
    None(PathBuf),
}

/// The tokens of a file.
#[derive(Clone, Default)]
pub(super) struct Tokens {
    list: Vec<(Right, [u8; 32])>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tokens", self.list.len())
    }
}

impl Tokens {
    /// Reads a file with a right and a token on each line; empty lines and those that begin with `#` do not count.
    pub(super) fn read(path: &Path) -> Result<Self, TokenError> {
        let text = fs::read_to_string(path).map_err(|error| TokenError::File(path.to_owned(), error))?;
        let mut list = Vec::new();
        for (i, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |reason: String| TokenError::Line { path: path.to_owned(), line: i + 1, reason };
            let mut words = line.split_whitespace();
            let (Some(name), Some(token), None) = (words.next(), words.next(), words.next()) else {
                return Err(wrong("not two words".to_owned()));
            };
            let right = Right::ALL.into_iter().find(|right| right.name() == name);
            let right = right.ok_or_else(|| wrong(format!("`{name}` is no right")))?;
            if token.len() < SHORTEST {
                return Err(wrong(format!("the token is shorter than {SHORTEST} characters and could be guessed")));
            }
            list.push((right, hash(token)));
        }
        if list.is_empty() { Err(TokenError::None(path.to_owned())) } else { Ok(Self { list }) }
    }

    /// What a token permits; none if it is not among ours.
    fn right(&self, token: &str) -> Option<Right> {
        let given = hash(token);
        let mut found = 0_u8;
        for (right, known) in &self.list {
            let same: Choice = known.ct_eq(&given);
            found.conditional_assign(&(*right as u8), same);
        }
        Right::ALL.into_iter().find(|right| *right as u8 == found)
    }

    /// Whether a request may do what needs this right.
    pub(super) fn permit(tokens: Option<&Self>, headers: &HeaderMap, needed: Right) -> Result<(), Failure> {
        let Some(tokens) = tokens else {
            let message = "this server only reads; it takes changes when it is started with `--token-file`";
            return Err(Failure::new(StatusCode::FORBIDDEN, message));
        };
        let challenge = |status, message: String, error: &str| {
            let value = format!("Bearer realm=\"belligraph\"{error}");
            Err(Failure::new(status, message).with(WWW_AUTHENTICATE, &value))
        };
        let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| {
            let (scheme, token) = value.trim().split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let name = needed.name();
        let Some(token) = token else {
            let message = format!("this needs a token with the right to {name}: send `Authorization: Bearer TOKEN`");
            return challenge(StatusCode::UNAUTHORIZED, message, "");
        };
        match tokens.right(token) {
            None => {
                challenge(StatusCode::UNAUTHORIZED, "the token is not known".to_owned(), ", error=\"invalid_token\"")
            }
            Some(right) if right < needed => {
                let message = format!("the token has no right to {name}, only to {}", right.name());
                let error = format!(", error=\"insufficient_scope\", scope=\"{name}\"");
                challenge(StatusCode::FORBIDDEN, message, &error)
            }
            Some(_) => Ok(()),
        }
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::{Right, Tokens, hash};
    use axum::http::header::AUTHORIZATION;
    use axum::http::{HeaderMap, HeaderValue};

    #[test]
    fn rights_include_those_below() {
        let tokens = Tokens { list: vec![(Right::Read, hash("reader")), (Right::Admin, hash("admin"))] };
        let status = |header: &'static str, right| {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static(header))]);
            Tokens::permit(Some(&tokens), &headers, right).map_err(|failure| failure.status.as_u16())
        };
        assert_eq!(status("Bearer reader", Right::Read), Ok(()));
        assert_eq!(status("bearer  admin", Right::Write), Ok(()));
        assert_eq!(status("Bearer reader", Right::Write), Err(403));
        assert_eq!(status("Bearer other", Right::Read), Err(401));
        assert_eq!(status("Basic admin", Right::Read), Err(401));
        assert_eq!(
            Tokens::permit(Some(&tokens), &HeaderMap::new(), Right::Write).map_err(|f| f.status.as_u16()),
            Err(401)
        );
        assert_eq!(Tokens::permit(None, &HeaderMap::new(), Right::Write).map_err(|f| f.status.as_u16()), Err(403));
    }
}
