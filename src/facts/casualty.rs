//! Reports of how many people came to harm.

use super::{EntityId, Evidence};

/// What became of the people counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Killed.
    Killed,
    /// Injured or wounded.
    Injured,
    /// Killed or injured, the words not telling which ("50 casualties").
    Harmed,
    /// Captured, arrested, detained, kidnapped or surrendered.
    Captured,
    /// Missing.
    Missing,
    /// Driven from their homes.
    Displaced,
}

impl Outcome {
    /// The name in the exchange format.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Killed => "killed",
            Self::Injured => "injured",
            Self::Harmed => "harmed",
            Self::Captured => "captured",
            Self::Missing => "missing",
            Self::Displaced => "displaced",
        }
    }
}

/// Who the people counted are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VictimClass {
    /// Civilians, children and women among them.
    Civilian,
    /// Members of an armed force or group.
    Combatant,
    /// Both together, stated as one number.
    Mixed,
    /// The text does not say.
    Unknown,
}

impl VictimClass {
    /// The name in the exchange format.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Civilian => "civilian",
            Self::Combatant => "combatant",
            Self::Mixed => "mixed",
            Self::Unknown => "unknown",
        }
    }
}

/// One figure for one outcome, as one source gives it. Never overwritten, never merged: sums and ranges are queries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasualtyReport {
    /// What became of them.
    pub outcome: Outcome,
    /// Who they are.
    pub victims: VictimClass,
    /// Whether the class was inferred from the circumstances and is not in the words ("seven people" in a market).
    pub presumed: bool,
    /// The side they belong to, if the text says.
    pub side: Option<EntityId>,
    /// At least so many.
    pub min: u32,
    /// At most so many; none if open above.
    pub max: Option<u32>,
    /// The words of the figure ("at least 12", "dozens").
    pub wording: String,
    /// Whether the figure sums up more than this event ("more than 230,000 since 2011", "bringing the toll to 43").
    pub cumulative: bool,
    /// Whether the article itself corrects the figure or does not hold to it ("initial: 9 dead", "five more presumed dead,
    /// not counted").
    pub superseded: bool,
    /// Index in the event's reports of the larger figure this one is a part of ("including 11 children").
    pub part_of: Option<usize>,
    /// Who says so, where it is not the article itself.
    pub according_to: Option<EntityId>,
    /// The noun phrase or words it was read from.
    pub evidence: Evidence,
}
