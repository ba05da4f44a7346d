//! Dependencies: a transition parser (arc-hybrid) over the words and tags of a sentence.
//!
//! The parser reads a sentence once, keeping a stack of words whose head is still open; at each step it shifts the
//! next word, or gives the top of the stack its head and relation (Kuhlmann, Gómez-Rodríguez and Satta 2011). The
//! accurate model keeps several hypotheses and is trained with them (Zhang and Clark 2008; Huang, Fayong and Guo 2012); the fast one keeps
//! one, and its training follows a dynamic oracle, so that it learns what to do after its own mistakes (Goldberg and
//! Nivre 2013).
//!
//! What is found late in a sentence is known too late to the early steps, whichever end reading begins at. So the accurate parser
//! has a guide, which is fast and reads the sentence from its end first; the guide's arcs are features of the parser's
//! steps, which learn when to follow them (Nivre and `McDonald` 2008).

pub(super) mod beam;
pub(super) mod features;
pub(super) mod state;

use super::Deprel;
use super::model_file::{ModelError, Reader, Writer};
use super::weights::{StoredWeights, Weights};
use beam::{Beam, Search};
use features::Sentence;
use state::Action;

/// The trained parser.
#[derive(Clone, Debug, Default)]
pub(super) struct Parser {
    pub(super) actions: Vec<Action>,
    pub(super) weights: Weights,
    /// How many hypotheses are kept.
    pub(super) width: usize,
    /// Reads the sentence from its end before the parser reads it from its beginning, and gives advice.
    pub(super) guide: Option<Box<Parser>>,
}

/// A hypothesis that is farther behind the best, in steps of the perceptron, never catches up: leaving it out costs no
/// accuracy on the development treebank, and is quicker by a sixth than a margin of 1,050, which saved a quarter of the time.
const MARGIN: f32 = 600.0;

/// Buffers of the parser, used again for every sentence.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    pub(super) sentence: Sentence,
    search: Search,
    actions: Vec<u16>,
    stack: Vec<usize>,
    /// The sentence as the guide reads it.
    reversed: Sentence,
}

impl Parser {
    /// Gives every word of the sentence in `scratch` its head (its own number for the root) and relation.
    pub(super) fn parse(&self, scratch: &mut Scratch, arcs: &mut Vec<(usize, Deprel)>) {
        if let Some(guide) = &self.guide {
            scratch.reversed.reverse_of(&scratch.sentence);
            std::mem::swap(&mut scratch.reversed, &mut scratch.sentence);
            guide.parse(scratch, arcs);
            std::mem::swap(&mut scratch.reversed, &mut scratch.sentence);
            scratch.sentence.advise(mirrored(arcs));
        }
        let Scratch { sentence, search, actions, stack, .. } = scratch;
        let margin = (MARGIN / self.weights.unit.max(f32::MIN_POSITIVE)) as i64;
        search.run(sentence, &self.weights, &self.actions, Beam { width: self.width, margin }, |_| true);
        search.best(actions);
        arcs.clear();
        arcs.extend((0..sentence.len()).map(|i| (i, Deprel::Root)));
        stack.clear();
        let mut next = 0;
        for &action in &*actions {
            match self.actions[action as usize] {
                Action::Shift => {
                    stack.push(next);
                    next += 1;
                }
                Action::Left(label) => {
                    if let Some(word) = stack.pop().filter(|_| next < sentence.len()) {
                        arcs[word] = (next, label);
                    }
                }
                Action::Right(label) => {
                    if let (Some(word), Some(&head)) = (stack.pop(), stack.last()) {
                        arcs[word] = (head, label);
                    }
                }
            }
        }
    }

    pub(super) fn write(&self, to: &mut Writer) {
        to.number(self.width as u64);
        to.number(self.actions.len() as u64);
        for action in &self.actions {
            to.number(u64::from(action.code()));
        }
        self.weights.write(to);
        to.number(u64::from(self.guide.is_some()));
        if let Some(guide) = &self.guide {
            guide.write(to);
        }
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, ModelError> {
        let parser = StoredParser::read(from)?;
        match from.number()? {
            0 => Ok(parser.unpack()),
            1 => {
                let guide = StoredParser::read(from)?;
                if from.number()? != 0 {
                    return Err(from.broken("a guide is announced where there can be none"));
                }
                let (parser, guide) = std::thread::scope(|scope| {
                    let guide = scope.spawn(|| guide.unpack());
                    (parser.unpack(), guide.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                });
                Ok(Self { guide: Some(Box::new(guide)), ..parser })
            }
            _ => Err(from.broken("it says neither that there is a guide nor that there is none")),
        }
    }
}

/// A parser as it stands in a model file, without its guide.
struct StoredParser<'a> {
    width: usize,
    actions: Vec<Action>,
    weights: StoredWeights<'a>,
}

impl<'a> StoredParser<'a> {
    fn read(from: &mut Reader<'a>) -> Result<Self, ModelError> {
        let width = from.number()? as usize;
        if !(1..=64).contains(&width) {
            return Err(from.broken("the beam is too narrow or too wide"));
        }
        let mut actions = Vec::new();
        for _ in 0..from.count()? {
            let code = from.number()? as u32;
            actions.push(Action::from_code(code).ok_or_else(|| from.broken("an unknown action"))?);
        }
        let can = |wanted: fn(&Action) -> bool| actions.iter().any(wanted);
        if !can(|a| *a == Action::Shift)
            || !can(|a| *a == Action::Left(Deprel::Root))
            || !can(|a| matches!(a, Action::Right(label) if *label != Deprel::Root))
            || actions.len() > beam::MOST_ACTIONS
        {
            return Err(from.broken("the actions are incomplete"));
        }
        Ok(Self { width, actions, weights: StoredWeights::read(from)? })
    }

    fn unpack(self) -> Parser {
        Parser { actions: self.actions, weights: self.weights.unpack(), width: self.width, guide: None }
    }
}

/// Arcs of a sentence that was read from its end, as they are from its beginning.
pub(super) fn mirrored(arcs: &[(usize, Deprel)]) -> impl Iterator<Item = (usize, Deprel)> {
    let last = arcs.len().wrapping_sub(1);
    arcs.iter().rev().map(move |&(head, label)| (last - head, label))
}
