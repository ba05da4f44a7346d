//! Training of the parser: a perceptron that follows a dynamic oracle (Goldberg and Nivre 2013).

use super::super::Deprel;
use super::super::atoms::Atoms;
use super::super::conllu::Tree;
use super::super::parser::features::{Sentence, extract};
use super::super::parser::state::{Action, State};
use super::super::parser::{Parser, best_allowed};
use super::super::weights::TrainingWeights;
use super::random::Random;
use std::collections::BTreeSet;

const EPOCHS: usize = 10;

/// The tree a sentence should get. The root is one past the last word.
pub(super) struct Gold {
    heads: Vec<u16>,
    labels: Vec<Deprel>,
    dependents: Vec<Vec<u16>>,
}

impl Gold {
    fn new(tree: &Tree) -> Self {
        let length = tree.words.len();
        let heads: Vec<u16> = tree.words.iter().map(|w| w.head.unwrap_or(length) as u16).collect();
        let mut dependents = vec![Vec::new(); length + 1];
        for (i, &head) in heads.iter().enumerate() {
            dependents[head as usize].push(i as u16);
        }
        let labels = tree.words.iter().map(|w| if w.head.is_none() { Deprel::Root } else { w.deprel }).collect();
        Self { heads, labels, dependents }
    }

    /// How many arcs of the tree are lost for good by shifting, going left and going right.
    fn costs(&self, state: &State) -> [usize; 3] {
        let in_buffer = |i: u16| i >= state.next;
        let (s0, b0) = (state.top(0), state.next);
        let mut costs = [0; 3];
        if (b0 as usize) < self.heads.len() {
            let below = &state.stack[..state.stack.len().saturating_sub(1)];
            costs[0] += usize::from(below.contains(&self.heads[b0 as usize]));
            costs[0] += self.dependents[b0 as usize].iter().filter(|d| state.stack.contains(d)).count();
        }
        if let Some(&head) = self.heads.get(s0 as usize) {
            let lost = self.dependents[s0 as usize].iter().filter(|&&d| in_buffer(d)).count();
            let s1 = state.top(1);
            costs[1] = lost + usize::from(head == s1 || (in_buffer(head) && head != b0));
            costs[2] = lost + usize::from(in_buffer(head));
        }
        costs
    }
}

pub(super) fn train(trees: &[Tree], tags: &[Vec<u16>], progress: &mut dyn FnMut(&str)) -> Parser {
    let golds: Vec<Gold> = trees.iter().map(Gold::new).collect();
    let atoms: Vec<Vec<Atoms>> = trees.iter().map(|t| t.words.iter().map(|w| Atoms::of(&w.form)).collect()).collect();
    let mut seen = BTreeSet::from([Action::Shift]);
    for gold in &golds {
        for (i, &head) in gold.heads.iter().enumerate() {
            let label = gold.labels[i];
            seen.insert(if (head as usize) < i { Action::Right(label) } else { Action::Left(label) });
        }
    }
    let actions: Vec<Action> = seen.into_iter().collect();
    let mut weights = TrainingWeights::new();
    let mut random = Random::new(37);
    let mut order: Vec<usize> = (0..trees.len()).collect();
    let mut state = State::default();
    let mut keys = Vec::new();
    let mut scores = Vec::new();
    for epoch in 0..EPOCHS {
        random.shuffle(&mut order);
        let (mut right, mut all) = (0_usize, 0_usize);
        for &i in &order {
            let sentence = Sentence { atoms: &atoms[i], tags: &tags[i] };
            let gold = &golds[i];
            state.reset(atoms[i].len());
            while !state.is_done() {
                extract(&sentence, &state, &mut keys);
                scores.clear();
                scores.resize(actions.len(), 0);
                weights.add_scores(&keys, &mut scores);
                weights.tick();
                let guess = best_allowed(&actions, &scores, &state);
                let best = best_gold(gold, &state, &actions, &scores);
                let good = is_good(gold, &state, guess);
                all += 1;
                right += usize::from(good);
                if !good {
                    let number = |action: Action| actions.iter().position(|&a| a == action);
                    if let (Some(best), Some(guess)) = (number(best), number(guess)) {
                        weights.update(&keys, best, 1);
                        weights.update(&keys, guess, -1);
                    }
                }
                let explore = epoch > 0 && random.percent(90);
                state.apply(if good || explore { guess } else { best });
            }
        }
        progress(&format!("  round {}: {:.2} % of the steps right", epoch + 1, 100.0 * right as f64 / all as f64));
    }
    Parser { actions, weights: weights.average() }
}

/// The label the tree has for the arc an action would make, if it makes one of the tree's.
fn gold_label(gold: &Gold, state: &State, kind: usize) -> Option<Deprel> {
    let s0 = state.top(0);
    let head = *gold.heads.get(s0 as usize)?;
    let to = if kind == 1 { state.next } else { state.top(1) };
    (head == to).then(|| gold.labels[s0 as usize])
}

fn kind(action: Action) -> usize {
    match action {
        Action::Shift => 0,
        Action::Left(_) => 1,
        Action::Right(_) => 2,
    }
}

fn least(gold: &Gold, state: &State) -> ([usize; 3], usize) {
    let allowed = state.allowed();
    let costs = gold.costs(state);
    let possible = [allowed.shift, allowed.left, allowed.right];
    let least = (0..3).filter(|&k| possible[k]).map(|k| costs[k]).min().unwrap_or(0);
    (costs, least)
}

/// Whether an action loses nothing of the tree that could still be had.
fn is_good(gold: &Gold, state: &State, action: Action) -> bool {
    let (costs, least) = least(gold, state);
    costs[kind(action)] == least
        && match action {
            Action::Shift => true,
            Action::Left(label) | Action::Right(label) => {
                gold_label(gold, state, kind(action)).is_none_or(|wanted| wanted == label)
            }
        }
}

fn best_gold(gold: &Gold, state: &State, actions: &[Action], scores: &[i32]) -> Action {
    let allowed = state.allowed();
    let mut best: Option<(i32, Action)> = None;
    for (&action, &score) in actions.iter().zip(scores) {
        if allowed.contains(action) && best.is_none_or(|(highest, _)| score > highest) && is_good(gold, state, action) {
            best = Some((score, action));
        }
    }
    best.map_or_else(|| state.fallback(), |(_, action)| action)
}
