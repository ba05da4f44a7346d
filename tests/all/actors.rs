//! Who did what to whom and where, when the event's own words do not say it plainly, on sentences written for the purpose.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::reading;
use belligraph::facts::{EntityKind, Event, Facts};

fn read(headline: &str, body: &str) -> Facts {
    reading::read(&reading::article(headline, body, "2021-03-02"))
}

/// The names of those in a role of an event.
fn named<'e>(event: &'e Event, role: &str) -> Vec<&'e str> {
    event.participants.iter().filter(|p| p.role.rsplit('#').next() == Some(role)).map(|p| p.name.as_str()).collect()
}

#[test]
fn what_a_bombing_hit_does_not_hide_whom_it_killed() {
    let facts = read("", "A suicide bombing at Kismayo airport killed 13 soldiers on Thursday.");
    let targets = named(&facts.events[0], "target");
    assert!(targets.iter().any(|t| t.contains("soldiers")), "{:#?}", facts.events);
}

#[test]
fn who_stands_before_a_noun_of_violence_did_it() {
    let facts = read("", "Three children were wounded in an army rocket attack on a school in Aleppo on Monday.");
    assert_eq!(named(&facts.events[0], "initiator"), ["army"], "{:#?}", facts.events);
}

#[test]
fn a_city_before_a_weapon_is_where_and_not_who() {
    let facts =
        read("MOGADISHU TRUCK BOMB KILLS 9", "A truck bomb killed nine people in Mogadishu on Monday, police said.");
    let initiators: Vec<_> = facts.events.iter().flat_map(|e| named(e, "initiator")).collect();
    assert!(initiators.iter().all(|i| !i.eq_ignore_ascii_case("Mogadishu")), "{initiators:?}");
}

#[test]
fn the_assailants_are_those_who_did_what_was_told_before() {
    let facts = read(
        "",
        "Nine passengers of a bus were killed near Kidal on Monday, officials said. The assailants escaped on motorcycles.",
    );
    assert_eq!(named(&facts.events[0], "initiator"), ["The assailants"], "{:#?}", facts.events);
}

#[test]
fn those_whom_an_attack_hit_are_not_its_assailants() {
    let facts = read("", "A drone strike hit a house near Kidal on Monday. Soldiers killed three attackers.");
    let strike = facts.events.iter().find(|e| e.class.ends_with("#DroneStrike")).unwrap();
    assert!(named(strike, "initiator").is_empty(), "{strike:#?}");
}

#[test]
fn a_name_that_is_entered_is_a_place() {
    let facts = read("", "Armed men killed six farmers on Monday. The men entered Kurmin Gida at dawn, police said.");
    let name = facts.entities.iter().find(|e| e.name == "Kurmin Gida").unwrap();
    assert_eq!(name.kind, EntityKind::Place);
}

#[test]
fn no_name_runs_over_the_dash_of_a_dateline() {
    let facts = read("", "KABUL - A suicide bombing killed 13 people in a market of the city on Thursday.");
    assert!(facts.entities.iter().all(|e| !e.name.contains('-')), "{:#?}", facts.entities);
}
