//! The state of the transition parser: the words whose head is open, with the dependents they have so far.

use super::super::Deprel;
use super::super::hashing::feature;

/// One step of the parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Action {
    /// Puts the next word on the stack.
    Shift,
    /// The next word becomes the head of the top of the stack.
    Left(Deprel),
    /// The second word on the stack becomes the head of the top.
    Right(Deprel),
}

impl Action {
    pub(in super::super) fn code(self) -> u32 {
        match self {
            Self::Shift => 0,
            Self::Left(label) => 1 + 2 * label as u32,
            Self::Right(label) => 2 + 2 * label as u32,
        }
    }

    pub(in super::super) fn from_code(code: u32) -> Option<Self> {
        let Some(code) = code.checked_sub(1) else { return Some(Self::Shift) };
        let label = Deprel::ALL.get(code as usize / 2).copied()?;
        Some(if code % 2 == 0 { Self::Left(label) } else { Self::Right(label) })
    }
}

/// Which kinds of action a state allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts, named where they are read")]
pub(in super::super) struct Allowed {
    pub(in super::super) shift: bool,
    pub(in super::super) left: bool,
    pub(in super::super) right: bool,
    /// The next word is the root of the sentence, and so the only relation to it is `root`.
    pub(in super::super) to_root: bool,
}

impl Allowed {
    /// What may be done with `depth` words on the stack.
    pub(in super::super) fn at(depth: usize, at_root: bool) -> Self {
        Self { shift: !at_root, left: depth > 0 && (!at_root || depth == 1), right: depth > 1, to_root: at_root }
    }

    #[inline]
    pub(in super::super) fn contains(self, action: Action) -> bool {
        match action {
            Action::Shift => self.shift,
            Action::Left(label) => self.left && (label == Deprel::Root) == self.to_root,
            Action::Right(label) => self.right && label != Deprel::Root,
        }
    }
}

/// No word.
pub(in super::super) const NONE: u16 = u16::MAX;

/// A dependent and its relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Child {
    pub(in super::super) word: u16,
    pub(in super::super) label: u8,
}

const NO_CHILD: Child = Child { word: NONE, label: 0x3F };

/// A word whose head is still open, and its dependents so far.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Node {
    pub(in super::super) word: u16,
    /// The outermost dependents on each side, the outermost first.
    pub(in super::super) left: [Child; 2],
    pub(in super::super) right: [Child; 2],
    /// How many dependents there are on each side.
    pub(in super::super) left_count: u8,
    pub(in super::super) right_count: u8,
    /// The dependent that stands in the relation `case` or `mark`.
    pub(in super::super) marker: u16,
    /// One bit per relation of the dependents.
    pub(in super::super) labels: u64,
    /// A hash of the word and all its dependents: nodes of one sentence with the same have the same features.
    pub(in super::super) identity: u32,
}

/// Stands where there is no word.
pub(in super::super) const NOTHING: Node = Node {
    word: NONE,
    left: [NO_CHILD; 2],
    right: [NO_CHILD; 2],
    left_count: 0,
    right_count: 0,
    marker: NONE,
    labels: 0,
    identity: 0,
};

impl Node {
    /// A word without dependents.
    pub(in super::super) fn new(word: u16) -> Self {
        Self { word, identity: feature(900, u32::from(word), 0, 0), ..NOTHING }
    }

    /// The node with one more dependent, farther out than all it has on that side.
    #[must_use]
    pub(in super::super) fn with(mut self, child: &Self, label: Deprel) -> Self {
        let dependent = Child { word: child.word, label: label as u8 };
        self.labels |= 1 << label as u8;
        if matches!(label, Deprel::Case | Deprel::Mark) {
            self.marker = child.word;
        }
        if child.word < self.word {
            self.left = [dependent, self.left[0]];
            self.left_count = self.left_count.saturating_add(1);
        } else {
            self.right = [dependent, self.right[0]];
            self.right_count = self.right_count.saturating_add(1);
        }
        self.identity = feature(901, self.identity, u32::from(child.word), u32::from(label as u8));
        self
    }
}

/// What the features see of a state.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct View<'a> {
    /// Top of the stack, and the words below it.
    pub(in super::super) s0: &'a Node,
    pub(in super::super) s1: &'a Node,
    pub(in super::super) s2: u16,
    /// The next word.
    pub(in super::super) b0: &'a Node,
}

/// A state with its stack, for training. The words are numbered from 0; the root is one past the last and ends the buffer.
#[derive(Clone, Debug)]
pub(in super::super) struct State {
    pub(in super::super) stack: Vec<Node>,
    pub(in super::super) next: Node,
    pub(in super::super) length: u16,
}

impl State {
    /// Begins a sentence of `length` words.
    pub(in super::super) fn new(length: usize) -> Self {
        Self { stack: Vec::new(), next: Node::new(0), length: length as u16 }
    }

    /// Whether every word has its head.
    pub(in super::super) fn is_done(&self) -> bool {
        self.next.word == self.length && self.stack.is_empty()
    }

    fn at(&self, depth: usize) -> &Node {
        self.stack.len().checked_sub(depth + 1).map_or(&NOTHING, |i| &self.stack[i])
    }

    /// The word at `depth` in the stack, [`NONE`] below its bottom.
    pub(in super::super) fn top(&self, depth: usize) -> u16 {
        self.at(depth).word
    }

    pub(in super::super) fn view(&self) -> View<'_> {
        View { s0: self.at(0), s1: self.at(1), s2: self.top(2), b0: &self.next }
    }

    pub(in super::super) fn allowed(&self) -> Allowed {
        Allowed::at(self.stack.len(), self.next.word == self.length)
    }

    /// Does it; what is not allowed is not done.
    pub(in super::super) fn apply(&mut self, action: Action) {
        match action {
            Action::Shift => {
                self.stack.push(self.next);
                self.next = Node::new(self.next.word + 1);
            }
            Action::Left(label) => {
                if let Some(word) = self.stack.pop() {
                    self.next = self.next.with(&word, label);
                }
            }
            Action::Right(label) => {
                if let Some(word) = self.stack.pop()
                    && let Some(head) = self.stack.last_mut()
                {
                    *head = head.with(&word, label);
                }
            }
        }
    }
}
