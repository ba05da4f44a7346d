//! How exactly a place says where something happened, and how sure it is that it is one.

use super::Scene;
use crate::extract::reading::Noted;
use crate::facts::{EntityKind, MentionForm, PlacePrecision};
use crate::language::Upos;
use crate::ontology::terms::class;

impl Scene<'_> {
    /// Whether a place lies in another country than most places of the article.
    pub(super) fn is_abroad(&self, mention: usize) -> bool {
        let own = self.reading.mentions[mention].entity.and_then(|e| self.entities[e].country.as_deref());
        own.is_some() && self.country.is_some() && own != self.country
    }

    /// Whether a place is known, or the text says what kind of place it is or what it lies in: not merely a run of
    /// capitalised words.
    pub(super) fn is_credible(&self, mention: usize) -> bool {
        self.is_known(mention) || self.reading.mentions[mention].class.is_some() || self.stands_locatively(mention)
    }

    /// Whether a name stands right behind a preposition after which a name is a place's.
    pub(super) fn stands_locatively(&self, mention: usize) -> bool {
        let noted = &self.reading.mentions[mention];
        let document = self.reading.document;
        noted.form == MentionForm::Name
            && noted.words.start.checked_sub(1).is_some_and(|w| self.triggers.grammar.is_locative(document.lemma(w)))
    }

    /// Named places below a country first, then places that are only described, then countries.
    pub(super) fn tier(&self, mention: usize) -> u8 {
        let noted = &self.reading.mentions[mention];
        let described = noted.form != MentionForm::Name
            && !self.is_called_after(mention)
            && !self.is_known(mention)
            && !self.is(noted, class::SETTLEMENT)
            && !self.is(noted, class::REGION);
        match self.breadth(mention) {
            5.. => 2,
            3 => 1,
            // "a Somali National Army base"
            _ if described || self.is_called_after_owner(mention) => 1,
            _ => 0,
        }
    }

    /// Whether a place has no name of its own, only that of whose it is or of the country it is in: "*ISIS* stronghold", "a
    /// *Syria* wedding".
    pub(super) fn is_called_after_owner(&self, mention: usize) -> bool {
        let noted = &self.reading.mentions[mention];
        let common = self.reading.document.upos(noted.head) == Upos::Noun || self.is(noted, class::FACILITY);
        if !common || self.is_known(mention) || self.is(noted, class::SETTLEMENT) || self.is(noted, class::REGION) {
            return false;
        }
        let inner = self.reading.mentions_in(&noted.words).map(|m| &self.reading.mentions[m]);
        let mut inner = inner.filter(|m| m.words.end <= noted.words.end && m.head != noted.head).peekable();
        let owns = |m: &Noted| m.kind != EntityKind::Place || self.is(m, class::COUNTRY) || self.is(m, class::STATE);
        inner.peek().is_some() && inner.all(owns)
    }

    /// Whether a description has the name of a place below a country in it: "the livestock market of *El Fasher*", "the
    /// *Kamenge* neighbourhood".
    pub(super) fn is_called_after(&self, mention: usize) -> bool {
        let noted = &self.reading.mentions[mention];
        let country = |m: &Noted| self.is(m, class::COUNTRY) || self.is(m, class::STATE);
        noted.form != MentionForm::Name
            && self.reading.mentions_in(&noted.words).any(|m| {
                let inner = &self.reading.mentions[m];
                m != mention
                    && inner.kind == EntityKind::Place
                    && inner.form == MentionForm::Name
                    && inner.words.end <= noted.words.end
                    && !country(inner)
            })
    }

    /// Whether the text says of a name that it is a settlement's ("the village of Gaskindé").
    pub(super) fn is_settled(&self, mention: usize) -> bool {
        self.is(&self.reading.mentions[mention], class::SETTLEMENT)
    }

    /// How wide a place is for the order of places: a name of which only a preposition says that it is a place's stands
    /// between settlements and districts.
    pub(super) fn width(&self, mention: usize) -> u8 {
        let stated = self.is_known(mention) || self.reading.mentions[mention].class.is_some();
        let breadth = self.breadth(mention) * 2;
        if stated { breadth } else { breadth.max(3) }
    }

    /// Whether a description has a name in it: "the east of *Aleppo* city".
    pub(super) fn has_name(&self, mention: usize) -> bool {
        let document = self.reading.document;
        self.reading.mentions[mention].words.clone().any(|w| document.upos(w) == Upos::Propn)
    }

    /// Whether a place lies in one of others, by the words of the text or by the gazetteer.
    pub(super) fn is_within(&self, mention: usize, others: &[usize]) -> bool {
        let entity = |m: usize| self.reading.mentions[m].entity;
        let mut at = entity(mention);
        for _ in 0..4 {
            at = at.and_then(|e| self.entities[e].within);
            if at.is_some() && others.iter().any(|&o| entity(o) == at) {
                return true;
            }
        }
        false
    }

    /// Whether a mention names a place, or describes one that is named elsewhere, below the level of a country.
    pub(super) fn is_located(&self, mention: usize) -> bool {
        let noted = &self.reading.mentions[mention];
        let named = noted.entity.is_some_and(|e| self.entities[e].named);
        named && self.breadth(mention) < 5 && !self.is_called_after_owner(mention)
    }

    /// Whether the gazetteer knows a place.
    pub(super) fn is_listed(&self, mention: usize) -> bool {
        self.reading.mentions[mention].entity.is_some_and(|e| self.entities[e].location.is_some())
    }

    /// Whether the gazetteer knows a place, or the text says in which known place it lies.
    pub(super) fn is_known(&self, mention: usize) -> bool {
        let Some(entity) = self.reading.mentions[mention].entity.map(|e| &self.entities[e]) else { return false };
        entity.location.is_some() || entity.within.is_some()
    }

    pub(super) fn entity_mentions(&self, mention: usize) -> usize {
        self.reading.mentions[mention].entity.map_or(0, |e| self.entities[e].mentions.len())
    }

    /// How wide a place is: facilities and settlements first, countries last.
    pub(super) fn breadth(&self, mention: usize) -> u8 {
        let noted = &self.reading.mentions[mention];
        let entity = noted.entity.map(|e| &self.entities[e]);
        let named = noted.form == MentionForm::Name || entity.is_some_and(|e| e.named) || self.is_called_after(mention);
        let precision = entity.and_then(|e| e.location.as_ref()).map(|l| l.precision);
        if self.is(noted, class::COUNTRY) || self.is(noted, class::STATE) || precision == Some(PlacePrecision::Country)
        {
            return 6;
        }
        // "northern Syria" is most of a country.
        if precision.is_none() && self.ends_in_country(noted) {
            return 5;
        }
        match precision {
            Some(PlacePrecision::Province) => 4,
            _ if !named => 3,
            Some(PlacePrecision::District) => 2,
            _ if self.is(noted, class::REGION) => 4,
            _ => u8::from(self.is(noted, class::SETTLEMENT)),
        }
    }

    /// Whether the last word of a name is that of a country, as in "northern Syria".
    pub(super) fn ends_in_country(&self, noted: &Noted) -> bool {
        self.countries.contains(self.reading.document.form(noted.head))
    }
}
