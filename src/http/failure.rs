//! What a client is told when a request cannot be answered: the status, a sentence, and the headers that belong to the status. In which form, is for
//! `refusals`.

use super::refusals::Reason;
use super::services::{self, ServiceFailure};
use crate::sparql::SparqlError;
use crate::store::StoreError;
use axum::http::header::{HeaderName, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::io::{self, ErrorKind};

/// A refusal or a fault.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) status: StatusCode,
    pub(super) message: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Failure {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), headers: Vec::new() }
    }

    /// The request is wrong.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// There is no such thing.
    pub(super) fn missing(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// Not now; in so many seconds perhaps.
    pub(super) fn busy(message: impl Into<String>, seconds: u32) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, message).with(RETRY_AFTER, &seconds.to_string())
    }

    /// A fault of the program.
    pub(super) fn fault(error: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }

    /// Who asked has gone, so that nobody is told.
    pub(super) fn abandoned() -> Self {
        Self::new(gone(), "nobody waits for the answer")
    }

    /// What is written found no place: nobody reads it any more, or nobody wants more of it.
    pub(super) fn of_output(error: &io::Error) -> Self {
        match error.kind() {
            ErrorKind::BrokenPipe => Self::abandoned(),
            ErrorKind::StorageFull => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "there is more than is wanted"),
            ErrorKind::TimedOut => Self::busy("the answer was read too slowly", 60),
            _ => Self::fault(error),
        }
    }

    /// How it is counted.
    pub(super) fn outcome(&self) -> &'static str {
        match self.status {
            StatusCode::SERVICE_UNAVAILABLE => "timeout",
            StatusCode::INSUFFICIENT_STORAGE => "memory",
            StatusCode::PAYLOAD_TOO_LARGE => "cut",
            status if status == gone() => "abandoned",
            status if status.is_client_error() => "refused",
            _ => "failed",
        }
    }

    /// The same with a header; a value that cannot be one is left out.
    #[must_use]
    pub(super) fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }
}

/// 499, which proxies log when the client closes its connection; no client ever gets it.
fn gone() -> StatusCode {
    StatusCode::from_u16(499).unwrap_or(StatusCode::REQUEST_TIMEOUT)
}

impl From<SparqlError> for Failure {
    fn from(error: SparqlError) -> Self {
        match error {
            SparqlError::Syntax(_) => Self::bad(error.to_string()),
            SparqlError::TimedOut(_) => Self::busy(error.to_string(), 60),
            SparqlError::Evaluation(ref cause) => match services::failure(cause) {
                Some(failure @ (ServiceFailure::NotAllowed(..) | ServiceFailure::Refused(..))) => {
                    Self::new(StatusCode::FORBIDDEN, failure.to_string())
                }
                Some(failure) => Self::new(StatusCode::BAD_GATEWAY, failure.to_string()),
                None => Self::fault(error),
            },
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Locked { .. } => Self::busy(error.to_string(), 5),
            StoreError::BlankNode(_) | StoreError::NotAnArticle { .. } => Self::bad(error.to_string()),
            error => Self::fault(error),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Reason(self.message));
        for (name, value) in self.headers {
            response.headers_mut().append(name, value);
        }
        response
    }
}
