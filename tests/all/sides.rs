//! Who belongs to which side, what was claimed by whom, and which tellings are one event, on sentences written for the purpose.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::reading::{self, of_class};
use belligraph::facts::{Facts, Modality, Outcome, Party, SituationSide, TimeSpan};

fn read(headline: &str, body: &str) -> Facts {
    reading::read(&reading::article(headline, body, "2018-01-02"))
}

fn name(facts: &Facts, side: &SituationSide) -> String {
    match side.party {
        Party::Entity(entity) => facts.entities[entity].name.clone(),
        Party::Event(event) => facts.events[event].class.rsplit('#').next().unwrap_or_default().to_owned(),
    }
}

/// Names of subject and object of the situations of a kind.
fn pairs(facts: &Facts, kind: &str) -> Vec<(String, String)> {
    facts
        .situations
        .iter()
        .filter(|s| s.kind.rsplit('#').next() == Some(kind))
        .map(|s| (name(facts, &s.subject), name(facts, &s.object)))
        .collect()
}

/// The side of those killed, by their number.
fn side_of(facts: &Facts, killed: u32) -> Option<String> {
    let report = facts
        .events
        .iter()
        .flat_map(|e| &e.casualties)
        .find(|c| c.outcome == Outcome::Killed && c.min == killed && c.max == Some(killed))?;
    report.side.map(|e| facts.entities[e].name.clone())
}

#[test]
fn the_dead_are_of_the_side_that_their_noun_describes() {
    let facts = read(
        "",
        "On Friday, soldiers belonging to the Libyan National Army defeated ISIS militants near Derna. \
         12 militants and one soldier were killed.",
    );
    assert!(side_of(&facts, 12).is_some_and(|s| s == "ISIS" || s == "Islamic State"), "{:#?}", facts.events);
    assert_eq!(side_of(&facts, 1).as_deref(), Some("Libyan National Army"));
}

#[test]
fn the_dead_are_of_the_only_side_they_may_belong_to() {
    let facts =
        read("", "The Somali army clashed with al-Shabaab near Kismayo. Seven militants were killed in the clash.");
    assert!(side_of(&facts, 7).is_some_and(|s| s.to_lowercase().contains("shabaab")), "{:#?}", facts.events);
}

#[test]
fn counted_dead_are_no_third_side_of_a_fight() {
    let facts = read("", "Soldiers clashed with rebels near Goma on Monday. Five rebels were killed.");
    let clash = facts.events.iter().find(|e| e.participants.len() > 1).unwrap();
    assert!(clash.participants.iter().all(|p| p.name != "Five rebels"), "{clash:#?}");
}

#[test]
fn a_claim_that_nobody_made_is_none() {
    let facts = read("", "A bomb killed nine people in Kabul. No group has claimed responsibility for the attack.");
    let claims = of_class(&facts, "ClaimOfResponsibility");
    assert!(claims.iter().all(|e| e.modality == Modality::Negated), "{claims:#?}");
}

#[test]
fn an_operation_to_capture_a_town_does_not_capture_it() {
    let facts = read("", "The operation to capture Benghazi was launched by Haftar in May 2014.");
    assert!(of_class(&facts, "TerritoryCapture").iter().all(|e| !e.modality.is_asserted()), "{:#?}", facts.events);
    assert!(pairs(&facts, "Control").is_empty());
}

#[test]
fn both_of_whom_are_the_two_named_before() {
    let facts = read(
        "",
        "Haftar received support from Egypt and the United Arab Emirates, both of whom fear the resurgence of the Muslim Brotherhood.",
    );
    let hostile = pairs(&facts, "Hostility");
    assert!(hostile.iter().any(|(a, b)| a == "Egypt" && b.contains("Brotherhood")), "{hostile:?}");
    assert!(hostile.iter().any(|(a, b)| a.contains("Emirates") && b.contains("Brotherhood")), "{hostile:?}");
}

#[test]
fn the_headline_and_the_lead_of_one_strike_are_one_event() {
    let facts = read(
        "Air strike kills at least 40 migrants in detention centre near Tripoli",
        "An air strike hit a detention centre for migrants in a suburb of Tripoli late on Tuesday, killing at least 40 \
         people and wounding 80, emergency services said.",
    );
    assert_eq!(of_class(&facts, "AirStrike").len(), 1, "{:#?}", facts.events);
    let strike = of_class(&facts, "AirStrike")[0];
    assert!(strike.participants.iter().all(|p| !p.name.contains("emergency services")), "{strike:#?}");
}

#[test]
fn who_claims_an_attack_is_responsible_for_that_event() {
    let facts = read(
        "",
        "A car bomb killed nine people in Kabul on Sunday. The Taliban claimed responsibility for the bombing in a statement.",
    );
    let claims = pairs(&facts, "Responsibility");
    assert!(claims.iter().any(|(who, what)| who == "Taliban" && what.contains("Bombing")), "{claims:?}");
}

#[test]
fn a_capture_ends_the_hold_of_those_who_had_held_the_place() {
    let facts =
        read("", "The Libyan National Army captured Sirte on Monday. Sirte had been held by Islamic State since 2015.");
    let control = |who: &str| {
        facts.situations.iter().find(|s| {
            s.kind.ends_with("#Control") && s.subject.entity().is_some_and(|e| facts.entities[e].name.contains(who))
        })
    };
    let (old, new) = (control("Islamic State").unwrap(), control("Libyan National Army").unwrap());
    assert!(old.ended_by.is_some() && old.ended_by == new.begun_by, "{old:#?} {new:#?}");
    assert!(old.begin.is_some() && new.begin.is_some() && !new.ended);
}

#[test]
fn most_of_them_are_those_counted_before() {
    let facts = read("", "The Observatory said on Monday that 51 people were killed in Aleppo, 40 of them children.");
    let entity = |text: &str| facts.mentions.iter().find(|m| m.text == text).and_then(|m| m.entity);
    assert!(entity("them").is_none_or(|e| Some(e) == entity("51 people")), "{:#?}", facts.mentions);
}

#[test]
fn what_was_not_done_or_is_only_to_be_done_is_no_fact() {
    let facts = read("", "The army did not attack the town of Derna.");
    assert!(facts.events.iter().all(|e| e.modality == Modality::Negated), "{:#?}", facts.events);
    let facts = read("", "Federal troops are to enter Mekelle.");
    assert!(facts.events.iter().all(|e| e.modality == Modality::Planned), "{:#?}", facts.events);
    assert!(facts.situations.is_empty(), "{:#?}", facts.situations);
}

/// The names that fill a role of the first event of a class.
fn fillers(facts: &Facts, class: &str, role: &str) -> Vec<String> {
    let events = of_class(facts, class);
    let first = events.first().copied();
    let of_role = |p: &&belligraph::facts::Participant| p.role.rsplit('#').next() == Some(role);
    first
        .map(|e| e.participants.iter().filter(of_role).map(|p| facts.entities[p.entity].name.clone()).collect())
        .unwrap_or_default()
}

#[test]
fn who_claims_what_was_told_before_is_said_to_have_done_it() {
    let facts =
        read("", "A bomb killed nine people at a market in Mosul on Friday. The Islamic State claimed responsibility.");
    let doers = fillers(&facts, "Bombing", "initiator");
    assert!(doers.iter().any(|d| d.contains("Islamic State")), "{doers:?}");
}

#[test]
fn what_happens_beside_a_place_happens_near_it() {
    let facts = read("", "Gunmen attacked an army patrol about 20 km south of Baidoa on Friday.");
    let near: Vec<(&str, bool)> =
        facts.events.iter().flat_map(|e| &e.places).map(|p| (p.name.as_str(), p.near)).collect();
    assert!(near.contains(&("Baidoa", true)), "{near:?}");
}

/// The first day of the article's main event.
fn main_day(facts: &Facts) -> Option<String> {
    match facts.events.first()?.time.as_ref()? {
        TimeSpan::At(bounds) => bounds.earliest.map(|day| day.to_string()),
        TimeSpan::Lasting { .. } => None,
    }
}

#[test]
fn findings_of_a_court_have_the_deeds_of_long_ago_as_their_news() {
    let facts = read(
        "Summary of the judgment",
        "The Chamber finds that on 3 May 1994 militiamen surrounded the parish church and shot dead at least 40 \
         refugees. The survivors were taken to the barracks. The accused visited the village in June.",
    );
    assert!(!facts.events.first().unwrap().background);
    assert_eq!(main_day(&facts).as_deref(), Some("1994-05-03"), "{:#?}", facts.events);
}

#[test]
fn an_undated_headline_has_the_day_of_the_opening_if_that_is_older_than_the_news() {
    let facts = read(
        "Gunmen kill five farmers in central Mali",
        "Residents counted the dead in a hamlet near Bandiagara. The attackers came on 27 December, burning granaries and \
         abducting two herders.",
    );
    assert_eq!(main_day(&facts).as_deref(), Some("2017-12-27"), "{:#?}", facts.events);
}

#[test]
fn crowds_that_the_tree_has_as_a_noun_with_a_participle_act() {
    for body in [
        "Hundreds of people gathered outside the ministry to demand higher pay.",
        "Dozens of students protested outside the town hall.",
    ] {
        let facts = read("", body);
        assert_eq!(of_class(&facts, "Protest").len(), 1, "{body} {:#?}", facts.events);
        assert!(!fillers(&facts, "Protest", "initiator").is_empty(), "{body} {:#?}", facts.events);
    }
}
