//! Training of the parser.
//!
//! The fast model is a perceptron that follows a dynamic oracle (Goldberg and Nivre 2013); the accurate one is trained with
//! its beam: where the right derivation falls farthest behind the best hypothesis, the weights are changed in favour of
//! the one and against the other ("max-violation", Huang, Fayong and Guo 2012). It is trained on the advice of guides that have
//! not seen the sentence, for such is what it will get.

use super::super::Deprel;
use super::super::conllu::Tree;
use super::super::parser::beam::{Beam, Search, score};
use super::super::parser::features::{Sentence, extract};
use super::super::parser::state::{Action, Allowed, State};
use super::super::parser::{Parser, Scratch, mirrored};
use super::super::weights::TrainingWeights;
use super::random::Random;
use super::{FOLDS, joined, trained};
use std::collections::BTreeSet;

/// The tree a sentence should get. The root is one past the last word.
struct Gold {
    heads: Vec<u16>,
    labels: Vec<Deprel>,
    dependents: Vec<Vec<u16>>,
}

impl Gold {
    fn new(tree: &Tree) -> Self {
        let length = tree.words.len();
        let heads: Vec<u16> = tree.words.iter().map(|w| w.head.unwrap_or(length) as u16).collect();
        let labels = tree.words.iter().map(|w| if w.head.is_none() { Deprel::Root } else { w.deprel }).collect();
        Self::of(heads, labels)
    }

    fn of(heads: Vec<u16>, labels: Vec<Deprel>) -> Self {
        let mut dependents = vec![Vec::new(); heads.len() + 1];
        for (i, &head) in heads.iter().enumerate() {
            dependents[head as usize].push(i as u16);
        }
        Self { heads, labels, dependents }
    }

    /// The tree read from its end.
    fn reversed(&self) -> Self {
        let length = self.heads.len() as u16;
        let mirror = |&head: &u16| if head == length { length } else { length - 1 - head };
        Self::of(self.heads.iter().rev().map(mirror).collect(), self.labels.iter().rev().copied().collect())
    }

    /// The same tree without crossing arcs: an arc that crosses another is lifted to the head's head. All
    /// words descend from the top one, so that nothing is lifted above it.
    fn projective(&self) -> Self {
        let mut heads = self.heads.clone();
        let root = heads.len() as u16;
        loop {
            // The shortest arc with a word under it that does not descend from its head.
            let mut crossing: Option<(u16, usize)> = None;
            for (i, &head) in heads.iter().enumerate() {
                let (low, high) = ((i as u16).min(head), (i as u16).max(head));
                let descends = |mut word: u16| {
                    while word != root && word != head {
                        word = heads[word as usize];
                    }
                    word == head
                };
                if head != root && (low + 1..high).any(|w| !descends(w)) {
                    let length = high - low;
                    if crossing.is_none_or(|(shortest, _)| length < shortest) {
                        crossing = Some((length, i));
                    }
                }
            }
            let Some((_, word)) = crossing else { break };
            heads[word] = heads[heads[word] as usize];
        }
        Self::of(heads, self.labels.clone())
    }

    /// The next action of the one derivation of a projective tree.
    fn next(&self, state: &State) -> Action {
        let (s0, s1, b0) = (state.top(0), state.top(1), state.next.word);
        if let Some(&head) = self.heads.get(s0 as usize) {
            let label = self.labels[s0 as usize];
            if head == b0 {
                return Action::Left(label);
            }
            if head == s1 && self.dependents[s0 as usize].iter().all(|&d| d < b0) {
                return Action::Right(label);
            }
        }
        Action::Shift
    }

    /// How many arcs of the tree are lost for good by shifting, going left and going right.
    fn costs(&self, state: &State) -> [usize; 3] {
        let b0 = state.next.word;
        let in_buffer = |i: u16| i >= b0;
        let s0 = state.top(0);
        let mut costs = [0; 3];
        if (b0 as usize) < self.heads.len() {
            let below = &state.stack[..state.stack.len().saturating_sub(1)];
            let head = self.heads[b0 as usize];
            costs[0] += usize::from(below.iter().any(|n| n.word == head));
            let dependents = &self.dependents[b0 as usize];
            costs[0] += dependents.iter().filter(|&&d| state.stack.iter().any(|n| n.word == d)).count();
        }
        if let Some(&head) = self.heads.get(s0 as usize) {
            let lost = self.dependents[s0 as usize].iter().filter(|&&d| in_buffer(d)).count();
            costs[1] = lost + usize::from(head == state.top(1) || (in_buffer(head) && head != b0));
            costs[2] = lost + usize::from(in_buffer(head));
        }
        costs
    }
}

/// So many parsers are trained, which differ in the order of the sentences; the mean of their weights is better than any.
const SEEDS: usize = 4;

/// How a parser is trained.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    /// How many hypotheses are kept; one means greedy.
    pub(super) width: usize,
    pub(super) rounds: usize,
    /// Size of the weights ([`TrainingWeights::average`]).
    pub(super) bytes: usize,
}

pub(super) fn train(
    trees: &[Tree],
    sentences: &[Sentence],
    settings: Settings,
    progress: &mut dyn FnMut(&str),
) -> Parser {
    let golds: Vec<Gold> = trees.iter().map(Gold::new).collect();
    let (golds, sentences): (Vec<&Gold>, Vec<&Sentence>) = golds.iter().zip(sentences).unzip();
    train_on(&golds, &sentences, settings, SEEDS, progress)
}

/// Trains a guide: a parser that reads sentences from their end. Gives `sentences` the advice of guides that have not
/// seen them: `fold_of` says for each of them, by number, which of the folds it is left to.
pub(super) fn train_guide(
    trees: &[Tree],
    sentences: &mut [Sentence],
    fold_of: impl Fn(usize) -> usize + Sync,
    settings: Settings,
    progress: &mut dyn FnMut(&str),
) -> Parser {
    let golds: Vec<Gold> = trees.iter().map(|tree| Gold::new(tree).reversed()).collect();
    let mut reversed = vec![Sentence::default(); sentences.len()];
    for (reversed, sentence) in reversed.iter_mut().zip(&*sentences) {
        reversed.reverse_of(sentence);
    }
    let advise = |fold: usize| {
        let (golds, reversed): (Vec<&Gold>, Vec<&Sentence>) =
            golds.iter().zip(&reversed).enumerate().filter(|&(i, _)| fold_of(i) != fold).map(|(_, pair)| pair).unzip();
        let guide = train_on(&golds, &reversed, settings, 1, &mut |_| ());
        let mut scratch = Scratch::default();
        let mut arcs = Vec::new();
        let mut advice = Vec::new();
        for i in (0..sentences.len()).filter(|&i| fold_of(i) == fold) {
            scratch.sentence.reverse_of(&sentences[i]);
            guide.parse(&mut scratch, &mut arcs);
            advice.push((i, mirrored(&arcs).collect::<Vec<_>>()));
        }
        advice
    };
    let (guide, advice) = std::thread::scope(|scope| {
        let advise = &advise;
        // The folds do not depend on each other: each has its thread.
        let folds: Vec<_> = (0..FOLDS).map(|fold| scope.spawn(move || advise(fold))).collect();
        let (golds, reversed): (Vec<&Gold>, Vec<&Sentence>) = golds.iter().zip(&reversed).unzip();
        let guide = train_on(&golds, &reversed, settings, SEEDS, progress);
        (guide, folds.into_iter().flat_map(joined).collect::<Vec<_>>())
    });
    for (i, arcs) in advice {
        sentences[i].advise(arcs.into_iter());
    }
    guide
}

fn train_on(
    golds: &[&Gold],
    sentences: &[&Sentence],
    settings: Settings,
    seeds: usize,
    progress: &mut dyn FnMut(&str),
) -> Parser {
    let projective: Vec<Gold> = golds.iter().map(|gold| gold.projective()).collect();
    let mut seen = BTreeSet::from([Action::Shift]);
    for gold in projective.iter().chain(golds.iter().copied()) {
        for (i, &head) in gold.heads.iter().enumerate() {
            let label = gold.labels[i];
            if label != Deprel::Root || head as usize == gold.heads.len() {
                seen.insert(if (head as usize) < i { Action::Right(label) } else { Action::Left(label) });
            }
        }
    }
    // At the end of a sentence nothing else may be possible, however the few sentences of a small treebank are built.
    if !seen.iter().any(|action| matches!(action, Action::Right(_))) {
        seen.insert(Action::Right(Deprel::Dep));
    }
    let actions: Vec<Action> = seen.into_iter().collect();
    let one = |seed: u64, progress: &mut dyn FnMut(&str)| {
        let mut weights = if settings.width == 1 {
            greedy(golds, sentences, &actions, settings.rounds, seed, progress)
        } else {
            beam(&projective, sentences, &actions, settings, seed, progress)
        };
        note_all(&mut weights, &projective, sentences);
        weights
    };
    let all = trained(seeds, one, progress);
    Parser { actions, weights: TrainingWeights::average(&all, settings.bytes), width: settings.width, guide: None }
}

/// Counts the features on the way to the trees.
fn note_all(weights: &mut TrainingWeights, golds: &[Gold], sentences: &[&Sentence]) {
    let mut keys = Vec::new();
    for (gold, sentence) in golds.iter().zip(sentences) {
        let mut state = State::new(sentence.len());
        while !state.is_done() {
            extract(sentence, &state.view(), &mut keys);
            weights.note(&keys);
            state.apply(gold.next(&state));
        }
    }
}

fn beam(
    golds: &[Gold],
    sentences: &[&Sentence],
    actions: &[Action],
    settings: Settings,
    seed: u64,
    progress: &mut dyn FnMut(&str),
) -> TrainingWeights {
    let mut weights = TrainingWeights::new(5);
    let mut random = Random::new(seed);
    let mut order: Vec<usize> = (0..golds.len()).collect();
    let mut search = Search::default();
    let mut keys = Vec::new();
    for round in 0..settings.rounds {
        random.shuffle(&mut order);
        let mut right = 0;
        for &i in &order {
            weights.tick();
            match worst(sentences[i], &golds[i], &weights, actions, settings.width, &mut search) {
                Some((wanted, guess)) => update(&mut weights, sentences[i], actions, &wanted, &guess, &mut keys),
                None => right += 1,
            }
        }
        progress(&format!(
            "  round {}: {:.1} % of the sentences right",
            round + 1,
            100.0 * f64::from(right) / golds.len() as f64
        ));
    }
    weights
}

/// The numbers of the actions of the right derivation and of the wrong one that beats it, to where it does so most.
type Derivations = (Vec<u16>, Vec<u16>);

/// Where the right derivation falls farthest behind the best hypothesis; `None` if nowhere.
fn worst(
    sentence: &Sentence,
    gold: &Gold,
    weights: &TrainingWeights,
    actions: &[Action],
    width: usize,
    search: &mut Search,
) -> Option<Derivations> {
    let (mut keys, mut scores) = (Vec::new(), Vec::new());
    let mut state = State::new(sentence.len());
    let mut wanted: Vec<u16> = Vec::new();
    // What the right derivation scores after each step.
    let mut target = Vec::new();
    let mut sum = 0;
    while !state.is_done() {
        let action = gold.next(&state);
        let number = actions.iter().position(|&a| a == action)?;
        score(sentence, &state.view(), weights, actions.len(), &mut keys, &mut scores);
        sum += i64::from(scores[number]);
        wanted.push(number as u16);
        target.push(sum);
        state.apply(action);
    }
    let mut step = 0;
    let mut most: Option<i64> = None;
    let (mut guess, mut best) = (Vec::new(), Vec::new());
    let beam = Beam { width, margin: i64::MAX };
    search.run(sentence, weights, actions, beam, |search| {
        let violation = search.best_score() - target[step];
        step += 1;
        if most.is_none_or(|most| violation >= most) {
            search.best(&mut best);
            if best[..] != wanted[..step] {
                most = Some(violation);
                std::mem::swap(&mut guess, &mut best);
            }
        }
        step < target.len()
    });
    most.map(|_| (wanted, guess))
}

/// Changes the weights in favour of the one derivation and against the other, from where they part.
fn update(
    weights: &mut TrainingWeights,
    sentence: &Sentence,
    actions: &[Action],
    wanted: &[u16],
    guess: &[u16],
    keys: &mut Vec<u32>,
) {
    let common = wanted.iter().zip(guess).take_while(|(a, b)| a == b).count();
    for (path, by) in [(&wanted[..guess.len()], 1), (guess, -1)] {
        let mut state = State::new(sentence.len());
        for (step, &number) in path.iter().enumerate() {
            if step >= common {
                extract(sentence, &state.view(), keys);
                weights.update(keys, number as usize, by);
            }
            state.apply(actions[number as usize]);
        }
    }
}

fn greedy(
    golds: &[&Gold],
    sentences: &[&Sentence],
    actions: &[Action],
    rounds: usize,
    seed: u64,
    progress: &mut dyn FnMut(&str),
) -> TrainingWeights {
    let mut weights = TrainingWeights::new(3);
    let mut random = Random::new(seed);
    let mut order: Vec<usize> = (0..golds.len()).collect();
    let (mut keys, mut scores) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        random.shuffle(&mut order);
        let (mut right, mut all) = (0_usize, 0_usize);
        for &i in &order {
            let (sentence, gold) = (sentences[i], golds[i]);
            let mut state = State::new(sentence.len());
            while !state.is_done() {
                score(sentence, &state.view(), &weights, actions.len(), &mut keys, &mut scores);
                weights.tick();
                let oracle = Oracle::new(gold, &state);
                let allowed = state.allowed();
                let guess = highest(actions, &scores, |a| allowed.contains(a));
                let best = highest(actions, &scores, |a| allowed.contains(a) && oracle.is_good(a));
                let (Some(guess), Some(best)) = (guess, best) else { break };
                let good = oracle.is_good(actions[guess]);
                all += 1;
                right += usize::from(good);
                if !good {
                    weights.update(&keys, best, 1);
                    weights.update(&keys, guess, -1);
                }
                let explore = round > 0 && random.percent(90);
                state.apply(actions[if good || explore { guess } else { best }]);
            }
        }
        progress(&format!("  round {}: {:.2} % of the steps right", round + 1, 100.0 * right as f64 / all as f64));
    }
    weights
}

fn highest(actions: &[Action], scores: &[i32], wanted: impl Fn(Action) -> bool) -> Option<usize> {
    let mut best: Option<usize> = None;
    for (i, &action) in actions.iter().enumerate() {
        if best.is_none_or(|b| scores[i] > scores[b]) && wanted(action) {
            best = Some(i);
        }
    }
    best
}

/// What loses nothing of the tree that can still be had from a state.
struct Oracle {
    /// For shifting, going left and going right: whether it loses nothing, and the relation the tree has for the arc.
    kinds: [(bool, Option<Deprel>); 3],
}

impl Oracle {
    fn new(gold: &Gold, state: &State) -> Self {
        let Allowed { shift, left, right, .. } = state.allowed();
        let costs = gold.costs(state);
        let possible = [shift, left, right];
        let least = (0..3).filter(|&k| possible[k]).map(|k| costs[k]).min().unwrap_or(0);
        let s0 = state.top(0) as usize;
        let label = |to: u16| gold.heads.get(s0).filter(|&&h| h == to).map(|_| gold.labels[s0]);
        Self {
            kinds: [
                (costs[0] == least, None),
                (costs[1] == least, label(state.next.word)),
                (costs[2] == least, label(state.top(1))),
            ],
        }
    }

    fn is_good(&self, action: Action) -> bool {
        match action {
            Action::Shift => self.kinds[0].0,
            Action::Left(label) => self.kinds[1].0 && self.kinds[1].1.is_none_or(|wanted| wanted == label),
            Action::Right(label) => self.kinds[2].0 && self.kinds[2].1.is_none_or(|wanted| wanted == label),
        }
    }
}
