//! The ontology: classes, properties, codes and frames, read from Turtle.
//!
//! What the program knows of events, roles and words comes from the folder `ontology/`, which is compiled into the
//! binary ([`embedded`]); [`terms`] has the few IRIs that the code must name.

pub mod embedded;
pub mod terms;
