//! The state of the transition parser: stack, buffer and the arcs so far.

use super::super::Deprel;

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
pub(in super::super) struct Allowed {
    pub(in super::super) shift: bool,
    pub(in super::super) left: bool,
    pub(in super::super) right: bool,
    /// The next word is the root of the sentence, and so the only relation to it is `root`.
    pub(in super::super) to_root: bool,
}

impl Allowed {
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

/// What the state knows of one word.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Node {
    pub(in super::super) head: u16,
    pub(in super::super) label: Deprel,
    /// Outermost dependents on the left and on the right, and the ones next to them.
    pub(in super::super) left: [u16; 2],
    pub(in super::super) right: [u16; 2],
    /// How many dependents there are on each side.
    pub(in super::super) left_count: u8,
    pub(in super::super) right_count: u8,
    /// One bit per relation of the dependents.
    pub(in super::super) labels: u64,
    /// The dependent that stands in the relation `case` or `mark`.
    pub(in super::super) marker: u16,
}

const FRESH: Node = Node {
    head: NONE,
    label: Deprel::Dep,
    left: [NONE; 2],
    right: [NONE; 2],
    left_count: 0,
    right_count: 0,
    labels: 0,
    marker: NONE,
};

/// Stack, buffer and arcs. The words are numbered from 0; the root is one past the last and ends the buffer.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct State {
    pub(in super::super) stack: Vec<u16>,
    pub(in super::super) next: u16,
    pub(in super::super) nodes: Vec<Node>,
    length: u16,
}

impl State {
    /// Begins a sentence of `length` words.
    pub(in super::super) fn reset(&mut self, length: usize) {
        self.stack.clear();
        self.next = 0;
        self.length = length as u16;
        self.nodes.clear();
        self.nodes.resize(length + 1, FRESH);
    }

    /// Whether every word has its head.
    pub(in super::super) fn is_done(&self) -> bool {
        self.next == self.length && self.stack.is_empty()
    }

    pub(in super::super) fn head(&self, word: usize) -> Option<usize> {
        Some(self.nodes[word].head as usize).filter(|&h| h != NONE as usize)
    }

    pub(in super::super) fn label(&self, word: usize) -> Deprel {
        self.nodes[word].label
    }

    pub(in super::super) fn length(&self) -> usize {
        self.length as usize
    }

    /// The word at `depth` in the stack, [`NONE`] below its bottom.
    #[inline]
    pub(in super::super) fn top(&self, depth: usize) -> u16 {
        self.stack.len().checked_sub(depth + 1).map_or(NONE, |i| self.stack[i])
    }

    /// What may be done.
    pub(in super::super) fn allowed(&self) -> Allowed {
        let at_root = self.next == self.length;
        let depth = self.stack.len();
        Allowed { shift: !at_root, left: depth > 0 && (!at_root || depth == 1), right: depth > 1, to_root: at_root }
    }

    /// Something that may always be done.
    pub(in super::super) fn fallback(&self) -> Action {
        let allowed = self.allowed();
        if allowed.shift {
            Action::Shift
        } else if allowed.right {
            Action::Right(Deprel::Dep)
        } else {
            Action::Left(Deprel::Root)
        }
    }

    /// Does it.
    pub(in super::super) fn apply(&mut self, action: Action) {
        match action {
            Action::Shift => {
                self.stack.push(self.next);
                self.next += 1;
            }
            Action::Left(label) => {
                if let Some(word) = self.stack.pop() {
                    self.attach(word, self.next, label);
                }
            }
            Action::Right(label) => {
                if let Some(word) = self.stack.pop() {
                    let head = self.top(0);
                    self.attach(word, head, label);
                }
            }
        }
    }

    fn attach(&mut self, word: u16, head: u16, label: Deprel) {
        let node = &mut self.nodes[word as usize];
        node.head = head;
        node.label = label;
        let node = &mut self.nodes[head as usize];
        node.labels |= 1 << label as u8;
        if matches!(label, Deprel::Case | Deprel::Mark) {
            node.marker = word;
        }
        // Arcs of a head are made from the inside out.
        if word < head {
            node.left = [word, node.left[0]];
            node.left_count = node.left_count.saturating_add(1);
        } else {
            node.right = [word, node.right[0]];
            node.right_count = node.right_count.saturating_add(1);
        }
    }
}
