//! What the loader knows of words and names, compiled for looking up: frames and cues by their words ([`frames`]), word
//! lists of numbers, times and casualties ([`entries`]).

pub mod entries;
pub mod frames;
pub mod numerals;
