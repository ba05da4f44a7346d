//! `SERVICE`: other endpoints that a query may ask, if whoever runs the server has named them (SPARQL 1.1 Federated Query).
//!
//! The address must be one of the list as it stands there, no redirect is followed, and an address that is not public is
//! refused however its name resolves, unless private services were allowed. What comes back is limited in time and size.

use crate::article::{public_client, refuse_private};
use oxigraph::sparql::{DefaultServiceHandler, QueryEvaluationError, QuerySolutionIter};
use oxrdf::NamedNode;
use serde::{Deserialize, Serialize};
use sparesults::{QueryResultsFormat, QueryResultsParser, ReaderQueryResultsParserOutput};
use spargebra::algebra::GraphPattern;
use std::io::Cursor;
use std::time::Duration;
use thiserror::Error;
use url::Url;

/// The most that another endpoint may answer.
const LARGEST: usize = 16 * 1024 * 1024;

/// The other endpoints that may be asked, and how.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Services {
    /// Their addresses.
    pub(super) allowed: Vec<String>,
    /// Whether they may be on this machine and in private networks.
    pub(super) private: bool,
    /// How long one may take.
    pub(super) timeout: Duration,
}

/// Why another endpoint was not asked, or gave no answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub(super) enum ServiceFailure {
    /// It is not on the list.
    #[error("`SERVICE <{0}>` is not allowed here; {1}")]
    NotAllowed(String, String),
    /// It is no address, or not a public one.
    #[error("`SERVICE <{0}>` is refused: {1}")]
    Refused(String, String),
    /// It did not answer, or not with results.
    #[error("`SERVICE <{0}>` gave no results: {1}")]
    NoResults(String, String),
}

impl Services {
    fn ask(&self, name: &str, pattern: &GraphPattern) -> Result<QuerySolutionIter<'static>, ServiceFailure> {
        if !self.allowed.iter().any(|allowed| allowed == name) {
            let hint = if self.allowed.is_empty() {
                "whoever runs the server can allow it by `--allow-service`".to_owned()
            } else {
                format!("allowed are {}", self.allowed.join(", "))
            };
            return Err(ServiceFailure::NotAllowed(name.to_owned(), hint));
        }
        let refused = |why: String| ServiceFailure::Refused(name.to_owned(), why);
        let failed = |why: String| ServiceFailure::NoResults(name.to_owned(), why);
        let url = Url::parse(name).map_err(|error| refused(error.to_string()))?;
        refuse_private(&url, self.private).map_err(|error| refused(error.to_string()))?;
        let query = spargebra::Query::Select { dataset: None, pattern: pattern.clone(), base_iri: None }.to_string();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| failed(error.to_string()))?;
        let client = public_client(self.private, self.timeout).map_err(|error| failed(error.to_string()))?;
        let fetch = async {
            let request = client.post(url).body(query).header("content-type", "application/sparql-query");
            let accepted = "application/sparql-results+json, application/sparql-results+xml;q=0.9";
            let mut response = request.header("accept", accepted).send().await.map_err(|error| innermost(&error))?;
            if !response.status().is_success() {
                return Err(format!("it answered {}", response.status()));
            }
            let media_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
            let format = media_type.and_then(QueryResultsFormat::from_media_type);
            let format =
                format.ok_or_else(|| format!("`{}` is no format of results", media_type.unwrap_or_default()))?;
            let mut bytes = Vec::new();
            while let Some(chunk) = response.chunk().await.map_err(|error| innermost(&error))? {
                if bytes.len() + chunk.len() > LARGEST {
                    return Err(format!("they are larger than {LARGEST} bytes"));
                }
                bytes.extend_from_slice(&chunk);
            }
            Ok((format, bytes))
        };
        let (format, bytes) = runtime.block_on(async {
            match tokio::time::timeout(self.timeout, fetch).await {
                Ok(fetched) => fetched.map_err(failed),
                Err(_) => Err(failed(format!("no complete answer within {} s", self.timeout.as_secs_f64()))),
            }
        })?;
        match QueryResultsParser::from_format(format).for_reader(Cursor::new(bytes)) {
            Ok(ReaderQueryResultsParserOutput::Solutions(solutions)) => Ok(solutions.into()),
            Ok(ReaderQueryResultsParserOutput::Boolean(_)) => Err(failed("a truth value instead".to_owned())),
            Err(error) => Err(failed(error.to_string())),
        }
    }
}

fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &(dyn std::error::Error + 'static) = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

impl DefaultServiceHandler for Services {
    type Error = ServiceFailure;

    fn handle(
        &self,
        name: &NamedNode,
        pattern: &GraphPattern,
        _base: Option<&oxiri::Iri<String>>,
    ) -> Result<QuerySolutionIter<'static>, Self::Error> {
        self.ask(name.as_str(), pattern)
    }
}

/// What went wrong with a service, if that is why an evaluation failed.
pub(super) fn failure(error: &QueryEvaluationError) -> Option<&ServiceFailure> {
    let QueryEvaluationError::Service(cause) = error else { return None };
    let mut cause: &(dyn std::error::Error + 'static) = &**cause;
    loop {
        if let Some(failure) = cause.downcast_ref::<ServiceFailure>() {
            return Some(failure);
        }
        cause = cause.source()?;
    }
}
