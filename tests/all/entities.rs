//! Mentions, their kinds, coreference and resolution, on sentences written for the purpose.

use crate::reading;
use belligraph::facts::{Entity, EntityKind, Facts};

fn read(headline: &str, body: &str) -> Facts {
    reading::read(&reading::article(headline, body, ""))
}

/// The entity that a mention with exactly this text speaks of.
fn entity<'f>(facts: &'f Facts, text: &str) -> Option<&'f Entity> {
    let mention = facts.mentions.iter().find(|m| m.text == text && m.entity.is_some())?;
    facts.entities.get(mention.entity?)
}

fn same(facts: &Facts, a: &str, b: &str) -> bool {
    let id = |text: &str| facts.mentions.iter().find(|m| m.text == text).and_then(|m| m.entity);
    id(a).is_some() && id(a) == id(b)
}

#[test]
fn an_introduced_acronym_and_a_surname_speak_of_what_they_stand_for() {
    let facts = read(
        "",
        "The Libyan National Army (LNA) said its forces took the port. The LNA is led by General Khalifa Haftar. \
         Haftar said the battle was over.",
    );
    assert!(same(&facts, "The Libyan National Army", "The LNA"), "{:#?}", facts.entities);
    let haftar = entity(&facts, "Haftar");
    assert_eq!(haftar.map(|e| (e.kind, e.name.as_str())), Some((EntityKind::Person, "Khalifa Haftar")));
    assert!(haftar.is_some_and(|e| e.known.is_some()));
}

#[test]
fn a_country_is_an_actor_where_it_acts_and_a_place_where_things_happen() {
    let facts = read("", "Egypt supports the army. Militants attacked a checkpoint in Egypt.");
    let kinds: Vec<EntityKind> = facts.entities.iter().filter(|e| e.name.contains("Egypt")).map(|e| e.kind).collect();
    assert!(kinds.contains(&EntityKind::Organization) && kinds.contains(&EntityKind::Place), "{kinds:?}");
}

#[test]
fn people_are_a_group_and_one_is_a_person() {
    let facts = read("", "A soldier was wounded when three gunmen opened fire on the patrol.");
    assert_eq!(entity(&facts, "A soldier").map(|e| e.kind), Some(EntityKind::Person));
    assert_eq!(entity(&facts, "three gunmen").map(|e| e.kind), Some(EntityKind::Organization));
}

#[test]
fn a_demonym_gives_the_country_of_a_force() {
    let facts = read("", "Algerian security forces killed two militants near the border.");
    let forces = facts.entities.iter().find(|e| e.kind == EntityKind::Organization && e.country.is_some());
    assert_eq!(forces.and_then(|e| e.country.as_deref()), Some("DZ"));
}

#[test]
fn a_longer_name_is_not_the_actor_whose_name_it_contains() {
    let facts = read("", "The Syrian Arab Coalition advanced. The Arab Coalition struck Sanaa.");
    assert!(!same(&facts, "The Syrian Arab Coalition", "The Arab Coalition"));
}

#[test]
fn counted_people_of_two_sentences_are_not_taken_for_the_same() {
    let facts = read("", "Three soldiers were killed in Kandahar. Three soldiers were killed in Herat.");
    let soldiers = facts.entities.iter().filter(|e| e.name == "Three soldiers").count();
    assert_eq!(soldiers, 2);
}

#[test]
fn a_place_is_named_by_the_noun_beside_it_and_found() {
    let facts = read("", "Shells fell on the town of Ariha in Idlib province in Syria. Ariha is held by rebels.");
    assert!(same(&facts, "the town of Ariha", "Ariha"), "{:#?}", facts.entities);
    let ariha = entity(&facts, "Ariha");
    assert_eq!(ariha.and_then(|e| e.country.as_deref()), Some("SY"));
    assert!(ariha.is_some_and(|e| e.location.is_some()));
}

#[test]
fn a_village_nobody_lists_is_still_a_place() {
    let facts = read("", "Gunmen raided the village of Zzarbukra in Nigeria and burned houses.");
    let village = facts.entities.iter().find(|e| e.name == "Zzarbukra");
    assert_eq!(village.map(|e| e.kind), Some(EntityKind::Place));
    assert!(village.is_some_and(|e| e.location.is_none()));
}

#[test]
fn spans_are_whole_characters_and_nothing_panics() {
    let names: Vec<String> =
        (0..300).map(|i| format!("Abu Ali{} al-Masri", char::from(b'a' + (i % 26) as u8))).collect();
    let list = format!("The dead were {} and others.", names.join(", "));
    let bodies = [
        list.as_str(),
        "SYRIAS ARMY TOOK HOMS",
        "(SDF) () (A) ((",
        "\u{200f}\u{200e}",
        "Ménaka , , , Gao's's 's",
        "عبود قنبر said",
    ];
    for body in bodies {
        for headline in ["", "REBELS KILL 12 IN ALEPPO"] {
            let facts = read(headline, body);
            for mention in &facts.mentions {
                assert!(mention.evidence.start < mention.evidence.end, "{mention:?}");
            }
            for entity in &facts.entities {
                assert!(!entity.mentions.is_empty() && entity.mentions.iter().all(|&m| m < facts.mentions.len()));
            }
        }
    }
}

#[test]
fn the_group_and_their_take_up_the_group_named_before() {
    let facts = read(
        "",
        "The Libyan National Army has besieged ISIS in Akhribish to avoid the mines planted by the group. \
         In October the army took a town. As for ISIS, their presence has declined.",
    );
    assert!(same(&facts, "ISIS", "the group"), "{:#?}", facts.entities);
    assert!(same(&facts, "ISIS", "their"), "{:#?}", facts.entities);
    assert!(same(&facts, "The Libyan National Army", "the army"), "{:#?}", facts.entities);
}

#[test]
fn the_city_takes_up_the_city_of_the_article_and_the_country_its_country() {
    let facts = read(
        "",
        "Haftar attacked Benghazi, a city in Libya. Within one year the east of the city was taken. \
         Fighters came from across the country.",
    );
    assert!(same(&facts, "Benghazi", "the city"), "{:#?}", facts.entities);
    assert!(same(&facts, "Libya", "the country"), "{:#?}", facts.entities);
}

#[test]
fn it_does_not_take_up_a_place_where_an_act_is_the_subject() {
    let facts = read("", "The rebels held Benghazi. The fighting had stalled in Benghazi before it flared up again.");
    assert!(!same(&facts, "Benghazi", "it"), "{:#?}", facts.mentions);
}
