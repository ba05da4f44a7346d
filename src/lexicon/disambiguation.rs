//! Which place each name of an article means, decided for all its names together.
//!
//! [`disambiguate`] weighs how prominent a place is, what kind of place the text says it is, what it lies in by the words
//! of the text, and how well its country and its surroundings agree with the other places of the article. The last two
//! depend on what the other names mean, so the weights go round a few times, as in mean-field inference: each name keeps
//! a distribution over its candidates, "none of them" included. Nothing is forced: a choice says how sure it is and
//! keeps its rivals.

use super::gazetteer::{Demonym, Gazetteer};
use super::places::{Place, PlaceId, PlaceKind};
use std::collections::BTreeMap;

/// One name of an article to be placed.
#[derive(Clone, Debug, Default)]
pub struct PlaceQuery<'a> {
    /// The name as the article writes it.
    pub name: &'a str,
    /// What kind of place the words beside the name say it is ("province", "the city of").
    pub kind: Option<PlaceKind>,
    /// Index of another query, of the place it lies in by the words of the article ("Andar district, Ghazni province").
    pub within: Option<usize>,
    /// How often the article names it; 0 counts as 1.
    pub mentions: u32,
}

/// What else the article says about where it plays.
#[derive(Clone, Debug, Default)]
pub struct PlaceContext {
    countries: BTreeMap<&'static str, f64>,
}

impl PlaceContext {
    /// Notes that the article speaks of a country, so often.
    pub fn add_country(&mut self, gazetteer: &Gazetteer, code: &str, times: u32) {
        if let Some(code) = gazetteer.country(code).and_then(|c| gazetteer.place(c).country) {
            *self.countries.entry(code).or_default() += f64::from(times);
        }
    }

    /// Notes that the article uses a demonym, so often.
    pub fn add_demonym(&mut self, gazetteer: &Gazetteer, demonym: &Demonym, times: u32) {
        let share = f64::from(times) / demonym.places.len() as f64;
        for &place in &demonym.places {
            if let Some(code) = gazetteer.place(place).country {
                *self.countries.entry(code).or_default() += share;
            }
        }
    }
}

/// What a name was found to mean.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceChoice {
    /// The likeliest place.
    pub place: PlaceId,
    /// How likely it is, between 0 and 1; a rival that is the same spot (the province of the town) does not count against
    /// it.
    pub confidence: f64,
    /// All places considered with their probabilities, the likeliest first; with "none of them" they sum to 1.
    pub candidates: Vec<(PlaceId, f64)>,
    /// The name is listed in another spelling only.
    pub is_similar: bool,
}

impl PlaceChoice {
    /// Whether the article leaves no real doubt. If not, the place is not to be taken for known.
    pub fn is_decided(&self) -> bool {
        self.confidence >= DECIDED
    }
}

/// Confidence from which a choice counts as made.
const DECIDED: f64 = 0.6;
/// What agrees with the words for its kind, and what contradicts them.
const KIND_AGREES: f64 = 2.5;
const KIND_CONTRADICTS: f64 = -2.0;
/// What lies in the place the text says it lies in, and what does not.
const INSIDE: f64 = 4.0;
const OUTSIDE: f64 = -1.5;
/// A country the article speaks of at all, and one it speaks of alone.
const COUNTRY_NAMED: f64 = 1.0;
const COUNTRY_SHARE: f64 = 3.5;
/// A district in a country the article does not speak of, though it speaks of others.
const FOREIGN_DISTRICT: f64 = -3.0;
/// Any place below a country in a country that the article does not speak of, though it speaks of others.
const FOREIGN: f64 = -1.2;
/// A place of another country than the one that the text says it lies in.
const ABROAD: f64 = -4.0;
/// Another place of the article at the same spot; it fades over so many kilometres.
const NEARBY: f64 = 1.5;
const NEARBY_KM: f64 = 200.0;
/// What a name listed in another spelling only costs.
const SIMILAR: f64 = -1.5;
/// "None of them" weighs as much as a town of some ten thousand in a country the article does not speak of.
const NONE: f64 = 4.0;
/// Natural units of weight to one of prominence, which is a decimal logarithm.
const SHARPNESS: f64 = 1.5;
/// Rivals nearer than this in one country are one spot.
const ONE_SPOT_KM: f64 = 50.0;
/// Candidates and surrounding places looked at, so that a list of three hundred names costs little.
const MOST_CANDIDATES: usize = 30;
const MOST_AROUND: usize = 30;
const ROUNDS: usize = 4;

struct Considered {
    place: Place<'static>,
    /// What does not depend on the other names.
    fixed: f64,
    probability: f64,
}

struct Open {
    kind: Option<PlaceKind>,
    candidates: Vec<Considered>,
    within: Option<usize>,
    /// The names that lie in this one, as the text says.
    inner: Vec<usize>,
    mentions: f64,
    similar: bool,
}

/// Chooses a place for every name of an article, all together; none for a name that nobody lists.
///
/// # Examples
///
/// ```
/// use belligraph::lexicon::{Gazetteer, PlaceContext, PlaceQuery, disambiguate};
/// let gazetteer = Gazetteer::embedded();
/// let names = ["Tripoli", "Beirut"].map(|name| PlaceQuery { name, ..PlaceQuery::default() });
/// let choices = disambiguate(gazetteer, &names, &PlaceContext::default());
/// let tripoli = choices[0].as_ref().map(|c| gazetteer.place(c.place));
/// assert_eq!(tripoli.and_then(|p| p.country), Some("LB"));
/// ```
pub fn disambiguate(
    gazetteer: &Gazetteer,
    names: &[PlaceQuery<'_>],
    context: &PlaceContext,
) -> Vec<Option<PlaceChoice>> {
    let mut open: Vec<Open> = names.iter().map(|q| consider(gazetteer, q)).collect();
    for (inner, query) in names.iter().enumerate() {
        if let Some(outer) = query.within.and_then(|w| open.get_mut(w)) {
            outer.inner.push(inner);
        }
    }
    settle(gazetteer, &mut open, context);
    // Names listed in another spelling only are tried once the others have said where the article plays.
    let countries = spoken_of(&open, context, None);
    let mut retry = false;
    for (query, o) in names.iter().zip(&mut open) {
        if o.candidates.is_empty() {
            o.similar = true;
            o.candidates = gazetteer
                .lookup_similar(query.name)
                .into_iter()
                .map(|id| gazetteer.place(id))
                .filter(|p| p.country.is_some_and(|c| countries.get(c).is_some_and(|&w| w >= 0.5)))
                .map(|place| Considered {
                    place,
                    fixed: prominence(&place) + SIMILAR + kind_weight(query.kind, &place),
                    probability: 0.0,
                })
                .collect();
            retry |= !o.candidates.is_empty();
        }
    }
    if retry {
        settle(gazetteer, &mut open, context);
    }
    open.iter().map(|o| choice(gazetteer, o)).collect()
}

fn consider(gazetteer: &Gazetteer, query: &PlaceQuery<'_>) -> Open {
    let candidates = gazetteer
        .uses(query.name)
        .into_iter()
        .map(|u| {
            let place = gazetteer.place(u.place);
            let fixed = gazetteer.prominence(u) + kind_weight(query.kind, &place);
            Considered { place, fixed, probability: 0.0 }
        })
        .collect();
    Open {
        kind: query.kind,
        candidates,
        within: query.within,
        inner: Vec::new(),
        mentions: f64::from(query.mentions.max(1)),
        similar: false,
    }
}

fn prominence(place: &Place<'_>) -> f64 {
    place.kind.prominence(place.population, place.is_capital, place.is_admin1_seat)
}

fn kind_weight(said: Option<PlaceKind>, place: &Place<'_>) -> f64 {
    use PlaceKind::{Admin1, Admin2, Country, Populated, Region};
    match (said, place.kind) {
        // A district is often called by its main town, which is all that may be listed.
        (None, _) | (Some(Admin2), Populated) => 0.0,
        (Some(said), kind) if said == kind => KIND_AGREES,
        // Words for divisions vary between countries, and a region may be called one ("Darfur province").
        (Some(Admin1 | Region), Admin1 | Region) | (Some(Admin1), Admin2) | (Some(Admin2), Admin1) => KIND_AGREES / 2.5,
        (Some(Country), _) | (Some(_), Country) => 2.0 * KIND_CONTRADICTS,
        _ => KIND_CONTRADICTS,
    }
}

/// How much the article speaks of each country, leaving out one of its names.
fn spoken_of(open: &[Open], context: &PlaceContext, without: Option<usize>) -> BTreeMap<&'static str, f64> {
    let mut countries = context.countries.clone();
    for (i, o) in open.iter().enumerate() {
        if Some(i) == without {
            continue;
        }
        for c in &o.candidates {
            if let Some(code) = c.place.country {
                *countries.entry(code).or_default() += o.mentions * c.probability;
            }
        }
    }
    countries
}

fn settle(gazetteer: &Gazetteer, open: &mut [Open], context: &PlaceContext) {
    for o in open.iter_mut() {
        o.candidates.sort_by(|a, b| b.fixed.total_cmp(&a.fixed));
        set_probabilities(o, |c| c.fixed);
    }
    for round in 0..ROUNDS {
        let total = spoken_of(open, context, None);
        let around = surroundings(open);
        let mut next: Vec<Vec<f64>> = Vec::with_capacity(open.len());
        for (i, o) in open.iter().enumerate() {
            // Its own share is taken out again, lest a name speak for itself.
            let mut own: BTreeMap<&str, f64> = BTreeMap::new();
            for c in &o.candidates {
                if let Some(code) = c.place.country {
                    *own.entry(code).or_default() += o.mentions * c.probability;
                }
            }
            let others: f64 = total.values().sum::<f64>() - own.values().sum::<f64>();
            let weights = o.candidates.iter().map(|c| {
                let spoken = c.place.country.map_or(0.0, |code| {
                    total.get(code).copied().unwrap_or(0.0) - own.get(code).copied().unwrap_or(0.0)
                });
                let share = if others > 0.0 { spoken.max(0.0) / others } else { 0.0 };
                // A district is local news: not one of a country that the article does not speak of.
                let unspoken = others >= 1.0 && share < 0.1;
                let district = o.kind == Some(PlaceKind::Admin2);
                let foreign = if district { FOREIGN_DISTRICT } else { FOREIGN };
                let foreign = if unspoken && (district || c.place.kind.is_local()) { foreign } else { 0.0 };
                c.fixed
                    + foreign
                    + COUNTRY_NAMED * spoken.clamp(0.0, 1.0)
                    + COUNTRY_SHARE * share
                    + nearby(i, c, &around)
                    + nesting(gazetteer, open, i, c)
            });
            next.push(weights.collect());
        }
        for (o, weights) in open.iter_mut().zip(next) {
            let mut weights = weights.into_iter();
            for c in &mut o.candidates {
                c.probability = weights.next().unwrap_or(f64::MIN);
            }
            if round == 0 && o.candidates.len() > MOST_CANDIDATES {
                o.candidates.sort_by(|a, b| b.probability.total_cmp(&a.probability));
                o.candidates.truncate(MOST_CANDIDATES);
            }
            set_probabilities(o, |c| c.probability);
        }
    }
}

/// Turns weights into probabilities, "none of them" taking its part.
fn set_probabilities(o: &mut Open, weight: impl Fn(&Considered) -> f64) {
    let top = o.candidates.iter().map(&weight).fold(NONE, f64::max);
    let mut sum = ((NONE - top) * SHARPNESS).exp();
    for c in &mut o.candidates {
        c.probability = ((weight(c) - top) * SHARPNESS).exp();
        sum += c.probability;
    }
    for c in &mut o.candidates {
        c.probability /= sum;
    }
}

/// The likeliest spot of each name, of those named most.
fn surroundings(open: &[Open]) -> Vec<(usize, Place<'static>, f64)> {
    let mut around: Vec<_> = open
        .iter()
        .enumerate()
        .filter_map(|(i, o)| {
            let best = o.candidates.iter().max_by(|a, b| a.probability.total_cmp(&b.probability))?;
            best.place.kind.is_local().then_some((i, best.place, best.probability, o.mentions))
        })
        .collect();
    around.sort_by(|a, b| b.3.total_cmp(&a.3).then(a.0.cmp(&b.0)));
    around.into_iter().take(MOST_AROUND).map(|(i, place, probability, _)| (i, place, probability)).collect()
}

fn nearby(own: usize, c: &Considered, around: &[(usize, Place<'static>, f64)]) -> f64 {
    let Some(point) = c.place.point.filter(|_| c.place.kind != PlaceKind::Country) else { return 0.0 };
    around
        .iter()
        .filter(|(i, place, _)| *i != own && place.id != c.place.id)
        .filter_map(|(_, place, probability)| {
            Some(NEARBY * probability * (-point.distance_km(place.point?) / NEARBY_KM).exp())
        })
        .fold(0.0, f64::max)
}

fn nesting(gazetteer: &Gazetteer, open: &[Open], own: usize, c: &Considered) -> f64 {
    let mut weight = 0.0;
    if let Some(outer) = open[own].within.and_then(|w| open.get(w)).filter(|o| !o.candidates.is_empty()) {
        let inside: f64 =
            outer.candidates.iter().filter(|o| gazetteer.contains(o.place.id, c.place.id)).map(|o| o.probability).sum();
        weight += OUTSIDE + (INSIDE - OUTSIDE) * inside.sqrt();
        let abroad = |o: &&Considered| o.place.country.is_some() && o.place.country != c.place.country;
        weight += ABROAD * outer.candidates.iter().filter(abroad).map(|o| o.probability).sum::<f64>();
    }
    for inner in open[own].inner.iter().map(|&i| &open[i]).filter(|o| !o.candidates.is_empty()) {
        let inside: f64 =
            inner.candidates.iter().filter(|o| gazetteer.contains(c.place.id, o.place.id)).map(|o| o.probability).sum();
        weight += 0.5 * (OUTSIDE + (INSIDE - OUTSIDE) * inside.sqrt());
    }
    weight
}

fn choice(gazetteer: &Gazetteer, o: &Open) -> Option<PlaceChoice> {
    let mut candidates: Vec<&Considered> = o.candidates.iter().collect();
    candidates.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.place.id.cmp(&b.place.id)));
    let best = candidates.first()?.place;
    let same_spot = |p: &Place<'_>| {
        let near = match (p.point, best.point) {
            (Some(a), Some(b)) => p.country == best.country && a.distance_km(b) < ONE_SPOT_KM,
            _ => false,
        };
        p.id == best.id || near || gazetteer.contains(p.id, best.id) || gazetteer.contains(best.id, p.id)
    };
    Some(PlaceChoice {
        place: best.id,
        confidence: candidates.iter().filter(|c| same_spot(&c.place)).map(|c| c.probability).sum::<f64>().min(1.0),
        candidates: candidates.iter().map(|c| (c.place.id, c.probability)).collect(),
        is_similar: o.similar,
    })
}
