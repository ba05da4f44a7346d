//! Dependencies: a transition parser (arc-hybrid) over the words and tags of a sentence.
//!
//! The parser reads a sentence once, keeping a stack of words whose head is still open; at each step it shifts the
//! next word, or gives the top of the stack its head and relation (Kuhlmann, Gómez-Rodríguez and Satta 2011). Training
//! follows a dynamic oracle, so that the parser learns what to do after its own mistakes (Goldberg and Nivre 2013).

pub(super) mod features;
pub(super) mod state;

use super::Deprel;
use super::atoms::Atoms;
use super::model_file::{ModelError, Reader, Writer};
use super::weights::Weights;
use features::Sentence;
use state::{Action, State};

/// The trained parser.
#[derive(Clone, Debug, Default)]
pub(super) struct Parser {
    pub(super) actions: Vec<Action>,
    pub(super) weights: Weights,
}

/// Buffers of the parser, used again for every sentence.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    state: State,
    keys: Vec<u32>,
    scores: Vec<i32>,
}

impl Parser {
    /// Gives every word of a sentence its head (its own number for the root) and relation.
    pub(super) fn parse(&self, atoms: &[Atoms], tags: &[u16], scratch: &mut Scratch, arcs: &mut Vec<(usize, Deprel)>) {
        let sentence = Sentence { atoms, tags };
        let state = &mut scratch.state;
        state.reset(atoms.len());
        while !state.is_done() {
            features::extract(&sentence, state, &mut scratch.keys);
            scratch.scores.clear();
            scratch.scores.resize(self.actions.len(), 0);
            self.weights.add_scores(&scratch.keys, &mut scratch.scores);
            let action = best_allowed(&self.actions, &scratch.scores, state);
            state.apply(action);
        }
        arcs.clear();
        arcs.extend((0..atoms.len()).map(|i| {
            let head = state.head(i).unwrap_or(i);
            if head == atoms.len() { (i, Deprel::Root) } else { (head, state.label(i)) }
        }));
    }

    pub(super) fn write(&self, to: &mut Writer) {
        to.number(self.actions.len() as u64);
        for action in &self.actions {
            to.number(u64::from(action.code()));
        }
        self.weights.write(to);
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, ModelError> {
        let mut actions = Vec::new();
        for _ in 0..from.count()? {
            let code = from.number()? as u32;
            actions.push(Action::from_code(code).ok_or_else(|| from.broken("an unknown action"))?);
        }
        Ok(Self { actions, weights: Weights::read(from)? })
    }
}

/// The allowed action with the highest score.
pub(super) fn best_allowed(actions: &[Action], scores: &[i32], state: &State) -> Action {
    let allowed = state.allowed();
    let mut best: Option<(i32, Action)> = None;
    for (&action, &score) in actions.iter().zip(scores) {
        if allowed.contains(action) && best.is_none_or(|(highest, _)| score > highest) {
            best = Some((score, action));
        }
    }
    best.map_or_else(|| state.fallback(), |(_, action)| action)
}
