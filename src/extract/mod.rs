//! Extraction: from an analysed article to the facts it states.
//!
//! [`Extractor`] is the entry point. The steps share one [`reading::Reading`], in this order: time expressions and
//! mentions; entities; events and situations from frames; casualties; then the tellings of one event are merged, the
//! events ordered, and everything turned into [`crate::facts`] with its evidence. Extraction does not fail: text that
//! matches nothing gives nothing.

pub mod arguments;
pub mod casualties;
pub mod entities;
mod events;
mod finish;
pub mod mentions;
mod merging;
mod ordering;
pub mod quantities;
pub mod reading;
mod situations;
pub mod time;
mod triggers;
