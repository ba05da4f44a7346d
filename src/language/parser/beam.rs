//! Search for the best tree: a beam of hypotheses that share what they have in common.
//!
//! All complete derivations of a sentence of n words have 2n steps, so hypotheses of one step compare. The stack of a
//! hypothesis is a list whose cells are never changed, and so are shared; a step adds at most one cell. Hypotheses
//! also share the scores of feature groups that look at the same part of their states ([`super::features`]).

use super::super::weights::Scores;
use super::features::{GROUPS, Sentence, extract_group, group_key};
use super::state::{Action, Allowed, NOTHING, Node, View};

/// How many scores of a group are remembered.
const REMEMBERED: usize = 128;
/// The number of actions is at most this.
const WIDTH: usize = 112;
pub(in super::super) const MOST_ACTIONS: usize = WIDTH;

#[derive(Clone, Copy, Debug)]
struct Cell {
    node: Node,
    below: u32,
}

/// A hypothesis: a state, its score, and how it came about.
#[derive(Clone, Copy, Debug)]
struct Hypothesis {
    top: u32,
    depth: u32,
    next: Node,
    score: i64,
    step: u32,
}

/// One step of a hypothesis, with the number of the step before.
#[derive(Clone, Copy, Debug)]
struct Step {
    before: u32,
    action: u16,
}

#[derive(Clone, Copy, Debug)]
struct Candidate {
    score: i64,
    hypothesis: u32,
    action: u16,
}

/// The buffers of the search, used again for every sentence.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Search {
    cells: Vec<Cell>,
    steps: Vec<Step>,
    beam: Vec<Hypothesis>,
    next_beam: Vec<Hypothesis>,
    candidates: Vec<Candidate>,
    keys: Vec<u32>,
    scores: Vec<i32>,
    memory: Memory,
}

/// Scores of feature groups, found again by the group's key.
#[derive(Clone, Debug, Default)]
struct Memory {
    keys: Vec<(u64, u32)>,
    scores: Vec<[i32; WIDTH]>,
    sentence: u32,
}

impl Memory {
    fn next_sentence(&mut self) {
        if self.keys.is_empty() {
            self.keys = vec![(0, 0); GROUPS * REMEMBERED];
            self.scores = vec![[0; WIDTH]; GROUPS * REMEMBERED];
        }
        self.sentence = self.sentence.wrapping_add(1).max(1);
    }

    fn place(group: usize, key: u64) -> usize {
        group * REMEMBERED + (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 57) as usize % REMEMBERED
    }
}

const NO_STEP: u32 = u32::MAX;

/// How much of what is possible a search keeps in view.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Beam {
    /// So many hypotheses at most.
    pub(in super::super) width: usize,
    /// None whose score is farther than this behind that of the best.
    pub(in super::super) margin: i64,
}

impl Search {
    /// Begins a sentence.
    fn start(&mut self) {
        self.cells.clear();
        self.cells.push(Cell { node: NOTHING, below: 0 });
        self.steps.clear();
        self.beam.clear();
        self.beam.push(Hypothesis { top: 0, depth: 0, next: Node::new(0), score: 0, step: NO_STEP });
        self.memory.next_sentence();
    }

    /// Finds the best derivation. After every step `watch` gets the search, and may end it.
    pub(in super::super) fn run(
        &mut self,
        sentence: &Sentence,
        weights: &impl Scores,
        actions: &[Action],
        beam: Beam,
        mut watch: impl FnMut(&Self) -> bool,
    ) {
        self.start();
        for _ in 0..2 * sentence.len() {
            self.advance(sentence, weights, actions, beam);
            if !watch(self) {
                break;
            }
        }
    }

    fn advance(&mut self, sentence: &Sentence, weights: &impl Scores, actions: &[Action], beam: Beam) {
        let width = beam.width;
        self.candidates.clear();
        let root = sentence.len();
        for number in 0..self.beam.len() {
            let hypothesis = self.beam[number];
            let s0 = self.cells[hypothesis.top as usize];
            let s1 = self.cells[s0.below as usize];
            let s2 = self.cells[s1.below as usize];
            let view = View { s0: &s0.node, s1: &s1.node, s2: s2.node.word, b0: &hypothesis.next };
            if width == 1 {
                score(sentence, &view, weights, actions.len(), &mut self.keys, &mut self.scores);
            } else {
                remembered_score(
                    sentence,
                    &view,
                    weights,
                    actions.len(),
                    &mut self.keys,
                    &mut self.scores,
                    &mut self.memory,
                );
            }
            let allowed = Allowed::at(hypothesis.depth as usize, hypothesis.next.word as usize == root);
            let before = self.candidates.len();
            for (action, (&what, &score)) in actions.iter().zip(&self.scores).enumerate() {
                let score = hypothesis.score + i64::from(score);
                if self.candidates.len() >= width && self.candidates[width - 1].score >= score {
                    continue;
                }
                if allowed.contains(what) {
                    let candidate = Candidate { score, hypothesis: number as u32, action: action as u16 };
                    let at = self.candidates.partition_point(|c| c.score >= score);
                    self.candidates.insert(at, candidate);
                    self.candidates.truncate(width);
                }
            }
            debug_assert!(before > 0 || !self.candidates.is_empty(), "something is always allowed");
        }
        let least = self.candidates.first().map_or(0, |best| best.score.saturating_sub(beam.margin));
        self.candidates.truncate(self.candidates.partition_point(|c| c.score >= least));
        self.next_beam.clear();
        for candidate in &self.candidates {
            let mut hypothesis = self.beam[candidate.hypothesis as usize];
            let step = self.steps.len() as u32;
            self.steps.push(Step { before: hypothesis.step, action: candidate.action });
            hypothesis.step = step;
            hypothesis.score = candidate.score;
            match actions[candidate.action as usize] {
                Action::Shift => {
                    self.cells.push(Cell { node: hypothesis.next, below: hypothesis.top });
                    hypothesis.top = self.cells.len() as u32 - 1;
                    hypothesis.depth += 1;
                    hypothesis.next = Node::new(hypothesis.next.word + 1);
                }
                Action::Left(label) => {
                    let top = self.cells[hypothesis.top as usize];
                    hypothesis.next = hypothesis.next.with(&top.node, label);
                    hypothesis.top = top.below;
                    hypothesis.depth -= 1;
                }
                Action::Right(label) => {
                    let top = self.cells[hypothesis.top as usize];
                    let head = self.cells[top.below as usize];
                    self.cells.push(Cell { node: head.node.with(&top.node, label), below: head.below });
                    hypothesis.top = self.cells.len() as u32 - 1;
                    hypothesis.depth -= 1;
                }
            }
            self.next_beam.push(hypothesis);
        }
        std::mem::swap(&mut self.beam, &mut self.next_beam);
    }

    /// The score of the best hypothesis.
    pub(in super::super) fn best_score(&self) -> i64 {
        self.beam.first().map_or(0, |h| h.score)
    }

    /// The numbers of the actions of the best hypothesis.
    pub(in super::super) fn best(&self, actions: &mut Vec<u16>) {
        actions.clear();
        let mut step = self.beam.first().map_or(NO_STEP, |h| h.step);
        while let Some(&Step { before, action }) = self.steps.get(step as usize) {
            actions.push(action);
            step = before;
        }
        actions.reverse();
    }
}

/// Scores all actions in a state.
pub(in super::super) fn score(
    sentence: &Sentence,
    view: &View<'_>,
    weights: &impl Scores,
    actions: usize,
    keys: &mut Vec<u32>,
    scores: &mut Vec<i32>,
) {
    super::features::extract(sentence, view, keys);
    scores.clear();
    scores.resize(actions, 0);
    weights.add_scores(keys, scores);
}

fn remembered_score(
    sentence: &Sentence,
    view: &View<'_>,
    weights: &impl Scores,
    actions: usize,
    keys: &mut Vec<u32>,
    scores: &mut Vec<i32>,
    memory: &mut Memory,
) {
    let mut sums = [0_i32; WIDTH];
    for group in 0..sentence.groups() {
        let key = group_key(group, view);
        let place = Memory::place(group, key);
        let known = &mut memory.scores[place];
        if memory.keys[place] != (key, memory.sentence) {
            memory.keys[place] = (key, memory.sentence);
            keys.clear();
            extract_group(group, sentence, view, keys);
            known.fill(0);
            weights.add_scores(keys, known);
        }
        for (sum, known) in sums.iter_mut().zip(known.iter()) {
            *sum += known;
        }
    }
    scores.clear();
    scores.extend_from_slice(&sums[..actions.min(WIDTH)]);
}
