//! Dependency relations.

/// A relation of Universal Dependencies with the subtypes English has (<https://universaldependencies.org/en/dep/>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Deprel {
    /// `nsubj`.
    Nsubj,
    /// `nsubj:pass`.
    NsubjPass,
    /// `nsubj:outer`.
    NsubjOuter,
    /// `obj`.
    Obj,
    /// `iobj`.
    Iobj,
    /// `csubj`.
    Csubj,
    /// `csubj:pass`.
    CsubjPass,
    /// `csubj:outer`.
    CsubjOuter,
    /// `ccomp`.
    Ccomp,
    /// `xcomp`.
    Xcomp,
    /// `obl`.
    Obl,
    /// `obl:agent`.
    OblAgent,
    /// `obl:unmarked`.
    OblUnmarked,
    /// `vocative`.
    Vocative,
    /// `expl`.
    Expl,
    /// `dislocated`.
    Dislocated,
    /// `advcl`.
    Advcl,
    /// `advcl:relcl`.
    AdvclRelcl,
    /// `advmod`.
    Advmod,
    /// `discourse`.
    Discourse,
    /// `aux`.
    Aux,
    /// `aux:pass`.
    AuxPass,
    /// `cop`.
    Cop,
    /// `mark`.
    Mark,
    /// `nmod`.
    Nmod,
    /// `nmod:poss`.
    NmodPoss,
    /// `nmod:unmarked`.
    NmodUnmarked,
    /// `nmod:desc`.
    NmodDesc,
    /// `appos`.
    Appos,
    /// `nummod`.
    Nummod,
    /// `acl`.
    Acl,
    /// `acl:relcl`.
    AclRelcl,
    /// `amod`.
    Amod,
    /// `det`.
    Det,
    /// `det:predet`.
    DetPredet,
    /// `clf`.
    Clf,
    /// `case`.
    Case,
    /// `conj`.
    Conj,
    /// `cc`.
    Cc,
    /// `cc:preconj`.
    CcPreconj,
    /// `fixed`.
    Fixed,
    /// `flat`.
    Flat,
    /// `compound`.
    Compound,
    /// `compound:prt`.
    CompoundPrt,
    /// `list`.
    List,
    /// `parataxis`.
    Parataxis,
    /// `orphan`.
    Orphan,
    /// `goeswith`.
    Goeswith,
    /// `reparandum`.
    Reparandum,
    /// `punct`.
    Punct,
    /// `root`.
    Root,
    /// `dep`.
    Dep,
}

impl Deprel {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 52] = [
        Self::Nsubj,
        Self::NsubjPass,
        Self::NsubjOuter,
        Self::Obj,
        Self::Iobj,
        Self::Csubj,
        Self::CsubjPass,
        Self::CsubjOuter,
        Self::Ccomp,
        Self::Xcomp,
        Self::Obl,
        Self::OblAgent,
        Self::OblUnmarked,
        Self::Vocative,
        Self::Expl,
        Self::Dislocated,
        Self::Advcl,
        Self::AdvclRelcl,
        Self::Advmod,
        Self::Discourse,
        Self::Aux,
        Self::AuxPass,
        Self::Cop,
        Self::Mark,
        Self::Nmod,
        Self::NmodPoss,
        Self::NmodUnmarked,
        Self::NmodDesc,
        Self::Appos,
        Self::Nummod,
        Self::Acl,
        Self::AclRelcl,
        Self::Amod,
        Self::Det,
        Self::DetPredet,
        Self::Clf,
        Self::Case,
        Self::Conj,
        Self::Cc,
        Self::CcPreconj,
        Self::Fixed,
        Self::Flat,
        Self::Compound,
        Self::CompoundPrt,
        Self::List,
        Self::Parataxis,
        Self::Orphan,
        Self::Goeswith,
        Self::Reparandum,
        Self::Punct,
        Self::Root,
        Self::Dep,
    ];

    /// The label as written in CoNLL-U.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nsubj => "nsubj",
            Self::NsubjPass => "nsubj:pass",
            Self::NsubjOuter => "nsubj:outer",
            Self::Obj => "obj",
            Self::Iobj => "iobj",
            Self::Csubj => "csubj",
            Self::CsubjPass => "csubj:pass",
            Self::CsubjOuter => "csubj:outer",
            Self::Ccomp => "ccomp",
            Self::Xcomp => "xcomp",
            Self::Obl => "obl",
            Self::OblAgent => "obl:agent",
            Self::OblUnmarked => "obl:unmarked",
            Self::Vocative => "vocative",
            Self::Expl => "expl",
            Self::Dislocated => "dislocated",
            Self::Advcl => "advcl",
            Self::AdvclRelcl => "advcl:relcl",
            Self::Advmod => "advmod",
            Self::Discourse => "discourse",
            Self::Aux => "aux",
            Self::AuxPass => "aux:pass",
            Self::Cop => "cop",
            Self::Mark => "mark",
            Self::Nmod => "nmod",
            Self::NmodPoss => "nmod:poss",
            Self::NmodUnmarked => "nmod:unmarked",
            Self::NmodDesc => "nmod:desc",
            Self::Appos => "appos",
            Self::Nummod => "nummod",
            Self::Acl => "acl",
            Self::AclRelcl => "acl:relcl",
            Self::Amod => "amod",
            Self::Det => "det",
            Self::DetPredet => "det:predet",
            Self::Clf => "clf",
            Self::Case => "case",
            Self::Conj => "conj",
            Self::Cc => "cc",
            Self::CcPreconj => "cc:preconj",
            Self::Fixed => "fixed",
            Self::Flat => "flat",
            Self::Compound => "compound",
            Self::CompoundPrt => "compound:prt",
            Self::List => "list",
            Self::Parataxis => "parataxis",
            Self::Orphan => "orphan",
            Self::Goeswith => "goeswith",
            Self::Reparandum => "reparandum",
            Self::Punct => "punct",
            Self::Root => "root",
            Self::Dep => "dep",
        }
    }

    /// The relation of a label as written in CoNLL-U; an unknown subtype gives its universal relation.
    pub fn parse(label: &str) -> Option<Self> {
        let find = |l: &str| Self::ALL.into_iter().find(|r| r.as_str() == l);
        find(label).or_else(|| find(label.split_once(':')?.0))
    }

    /// The relation without its subtype.
    #[must_use]
    pub fn universal(self) -> Self {
        self.as_str().split_once(':').and_then(|(base, _)| Self::parse(base)).unwrap_or(self)
    }
}
