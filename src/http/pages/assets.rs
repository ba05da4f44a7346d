//! The files that pages load: style and icon. They are part of the program; nothing is asked of another host.

use crate::http::failure::Failure;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// The bundle of the editor; empty if it was not built, see `editor/build.rs`.
const EDITOR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/editor.js"));

/// Name, media type and content.
pub(super) const FILES: &[(&str, &str, &[u8])] = &[
    ("pages.css", "text/css; charset=utf-8", include_bytes!("assets/pages.css")),
    ("editor.js", "text/javascript; charset=utf-8", EDITOR),
    ("icon.svg", "image/svg+xml", include_bytes!("assets/icon.svg")),
];

/// Answers `/assets/{name}`. Pages name the version in the address, so a browser may keep what it has.
pub(super) async fn asset(Path(name): Path<String>) -> Result<Response, Failure> {
    let file = FILES.iter().find(|(known, _, bytes)| *known == name && !bytes.is_empty());
    let (_, media_type, bytes) = file.ok_or_else(|| Failure::missing(format!("there is no file `{name}`")))?;
    let headers = [(CONTENT_TYPE, *media_type), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, *bytes).into_response())
}

/// Whether the bundle of the editor is part of the program.
pub(super) fn has_editor() -> bool {
    !EDITOR.is_empty()
}
