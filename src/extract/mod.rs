//! Extraction: from an analysed article to the facts it states (being written).
//!
//! The steps, in order, share one [`reading::Reading`]: mentions and their kinds; entities (coreference and
//! resolution against seeds and gazetteer); quantities and time expressions; events with roles and modality;
//! casualties; situations; then merging of events and their order.

pub mod casualties;
pub mod entities;
pub mod mentions;
pub mod quantities;
pub mod reading;
