//! The things the store's IRIs name: what is known of one, by following its IRI.

use super::negotiation::negotiate;
use super::{Failure, Shared, stream};
use crate::sparql::{Options, Query};
use crate::store::StoreError;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use oxrdf::{NamedNode, NamedNodeRef, Quad, Variable};

const ABOUT: &str = include_str!("about.rq");

/// What the graph says of the thing at this path.
pub(super) async fn about(
    State(shared): State<Shared>,
    RawQuery(parameters): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    if uri.path() == "/" {
        return Ok(Redirect::to("/sparql").into_response());
    }
    let unknown = || Failure::new(StatusCode::NOT_FOUND, format!("nothing is known of `{}`", uri.path()));
    let thing = thing(shared.checkpoint().store().base(), uri.path()).ok_or_else(unknown)?;
    let mut query = Query::parse(ABOUT, &shared.prefixes)
        .map_err(|error| Failure::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    query
        .set(&Variable::new_unchecked("this"), &thing.clone().into())
        .map_err(|error| Failure::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    let asked = parameters.as_deref().and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("format=")));
    let format = negotiate(&headers, asked, true)?;
    let options = Options { timeout: Some(shared.timeout), ..Options::default() };
    if !is_known(&shared, thing.as_ref()) {
        return Err(unknown());
    }
    stream::answer(shared, query, options, format).await
}

/// The IRI of the thing at a path. The base may have a path too, and be served with or without it.
fn thing(base: &str, path: &str) -> Option<NamedNode> {
    let own = base.splitn(4, '/').nth(3).unwrap_or_default();
    let path = path.strip_prefix('/')?;
    let path = path.strip_prefix(own).unwrap_or(path);
    NamedNode::new(format!("{base}{path}")).ok()
}

/// Whether anything at all is said of it.
fn is_known(shared: &Shared, thing: NamedNodeRef<'_>) -> bool {
    let checkpoint = shared.checkpoint();
    let store = checkpoint.store();
    let said = |mut quads: Box<dyn Iterator<Item = Result<Quad, StoreError>> + '_>| matches!(quads.next(), Some(Ok(_)));
    said(Box::new(store.quads(Some(thing.into()), None, None, None)))
        || said(Box::new(store.quads(None, None, Some(thing.into()), None)))
}

#[cfg(test)]
mod tests {
    use super::thing;

    #[test]
    fn paths_name_things_under_the_base() {
        for (base, path, iri) in [
            ("http://localhost:7878/", "/event/a/h12", "http://localhost:7878/event/a/h12"),
            ("https://example.org/kg/", "/kg/place/x", "https://example.org/kg/place/x"),
            ("https://example.org/kg/", "/place/x", "https://example.org/kg/place/x"),
        ] {
            assert_eq!(thing(base, path).map(oxrdf::NamedNode::into_string).as_deref(), Some(iri));
        }
    }
}
