//! What situations, places and times sentences state, and what they only seem to, on sentences written for the purpose.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::reading::{self, of_class};
use belligraph::facts::{Facts, Modality, Situation, TimeSpan};

fn read(body: &str) -> Facts {
    reading::read(&reading::article("", body, "2019-06-12"))
}

/// Subject, object and situation, of one kind.
fn stated<'f>(facts: &'f Facts, kind: &str) -> Vec<(&'f str, &'f str, &'f Situation)> {
    let of_kind = facts.situations.iter().filter(|s| s.kind.rsplit('#').next() == Some(kind));
    of_kind.map(|s| (s.subject.name.as_str(), s.object.name.as_str(), s)).collect()
}

fn holds(facts: &Facts, kind: &str, subject: &str, object: &str) -> bool {
    stated(facts, kind).iter().any(|(s, o, _)| s.contains(subject) && o.contains(object))
}

fn names(facts: &Facts) -> Vec<&str> {
    facts.entities.iter().map(|e| e.name.as_str()).collect()
}

#[test]
fn whose_is_of_the_last_and_no_member_of_the_list() {
    let facts = read(
        "An alliance of militias that included the Fajr Battalion and Ansar Dine, whose Malian branch has been bombed by French \
         warplanes, held the port.",
    );
    let members = stated(&facts, "Membership");
    assert!(members.iter().all(|(member, ..)| !member.contains("branch")), "{:?}", facts.situations);
    let foes = stated(&facts, "Hostility");
    assert!(foes.iter().all(|(_, opposed, _)| !opposed.contains("Fajr")), "{:?}", facts.situations);
    assert!(names(&facts).iter().all(|n| !n.starts_with("whose")), "{:?}", names(&facts));
}

#[test]
fn a_clause_behind_an_of_phrase_is_no_part_of_it() {
    let facts = read("Calm has returned to parts of Misrata and public life has made a comeback.");
    assert!(names(&facts).iter().all(|n| !(n.contains("Misrata") && n.contains("life"))), "{:?}", names(&facts));
}

#[test]
fn what_people_are_called_before_a_noun_is_nobody() {
    let facts = read("The ranks of the Islamist militias grew while the insurgency threat remained.");
    assert!(names(&facts).iter().all(|n| *n != "Islamist" && *n != "insurgency"), "{:?}", names(&facts));
}

#[test]
fn what_something_is_done_for_has_not_come_about() {
    let facts = read("The army advanced slowly on Friday to drive out the rebels.");
    assert!(of_class(&facts, "Expulsion").iter().all(|e| e.modality != Modality::Actual), "{:?}", facts.events);
}

#[test]
fn an_aim_is_nobodys_statement() {
    let facts = read("The general's aim to expel the militias from Sabha alienated the tribes.");
    assert!(facts.events.iter().all(|e| e.according_to.is_none()), "{:?}", facts.events);
}

#[test]
fn within_two_years_counts_from_what_was_told_before() {
    let facts = read(
        "The offensive was launched by rebels in March 2012. Within two years, the rebels captured the town of Derna.",
    );
    let captures = facts.events.iter().filter(|e| e.class.contains("Territory"));
    let spans: Vec<_> = captures.filter_map(|e| e.time.as_ref()).collect();
    let Some(TimeSpan::At(at)) = spans.first() else { panic!("{:?}", facts.events) };
    assert_eq!(at.earliest, Some("2012-03-01".parse().unwrap()));
    assert_eq!(at.latest, Some("2014-03-31".parse().unwrap()));
}

#[test]
fn since_then_gone_is_not_gone_then() {
    let facts = read("The group's presence in Sirte has vanished since 2016.");
    let found = stated(&facts, "Presence");
    let (.., presence) = found.first().unwrap_or_else(|| panic!("{:?}", facts.situations));
    assert_eq!(presence.end.as_ref().and_then(|e| e.latest), Some("2019-06-12".parse().unwrap()));
    assert_eq!(presence.begin.as_ref().and_then(|b| b.latest), Some("2016-12-31".parse().unwrap()));
}

#[test]
fn a_fight_shows_that_its_sides_were_foes_by_then() {
    let facts = read("Al-Shabaab fighters attacked the Somali army on 3 June 2019.");
    let found = stated(&facts, "Hostility");
    let (.., foes) = found.first().unwrap_or_else(|| panic!("{:?}", facts.situations));
    assert_eq!(foes.begin.as_ref().and_then(|b| b.latest), Some("2019-06-03".parse().unwrap()));
    assert_eq!(foes.begin.as_ref().and_then(|b| b.earliest), None);
}

#[test]
fn a_member_of_a_coalition_of_groups_is_in_the_coalition_once() {
    let facts = read("A coalition of Islamist militias that included Ansar al-Sharia held the port.");
    assert!(holds(&facts, "Membership", "Ansar al-Sharia", "coalition"), "{:?}", facts.situations);
    let of_ansar = stated(&facts, "Membership").into_iter().filter(|(s, ..)| *s == "Ansar al-Sharia").count();
    assert_eq!(of_ansar, 1, "{:?}", facts.situations);
}

#[test]
fn who_is_expelled_from_a_pocket_is_who_held_it() {
    let facts = read("Iraqi troops expelled the last ISIS pocket in Mosul on Sunday.");
    let expulsion = of_class(&facts, "Expulsion");
    let told = expulsion.first().unwrap_or_else(|| panic!("{:?}", facts.events));
    assert!(told.participants.iter().any(|p| p.name == "ISIS"), "{told:?}");
    assert!(stated(&facts, "Control").iter().all(|(.., s)| s.ended), "{:?}", facts.situations);
}

#[test]
fn an_area_of_a_place_lies_in_it_and_a_region_beyond_a_country_does_not() {
    let facts = read("Shells hit the western area of Zarmut. The army had withdrawn from Zarmut on Monday.");
    let find = |text: &str| facts.entities.iter().position(|e| e.name.contains(text));
    let inner = find("western area").unwrap_or_else(|| panic!("{:?}", names(&facts)));
    assert_eq!(facts.entities[inner].within.map(|w| facts.entities[w].name.as_str()), Some("Zarmut"));
    let facts = read("The group grew in the region, not only in Libya, but across Iraq and Syria.");
    assert!(facts.entities.iter().filter(|e| e.name == "the region").all(|e| e.within.is_none()));
}

#[test]
fn who_acts_alongside_is_an_ally_and_who_is_sent_from_a_unit_is_of_it() {
    let facts = read("Turkish soldiers patrolled the highway alongside Russian troops.");
    assert!(holds(&facts, "Alliance", "Turkish soldiers", "Russian troops"), "{:?}", facts.situations);
    let facts = read("Soldiers deployed from an infantry brigade guarded the dam.");
    assert!(holds(&facts, "Membership", "Soldiers", "infantry brigade"), "{:?}", facts.situations);
    let facts = read("The brigade, part of the Free Syrian Army, held the hill.");
    assert!(holds(&facts, "Containment", "The brigade", "Free Syrian Army"), "{:?}", facts.situations);
}
