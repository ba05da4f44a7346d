//! What the loader knows of words and names, compiled for looking up: frames and cues by their words ([`frames`]).

pub mod frames;
