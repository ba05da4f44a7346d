//! The loader: what it answers, how fast, and what it says of a broken overlay.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use belligraph::ontology::{Iri, Ontology, OntologyError, Problem, SlotRelation, terms};
use std::path::PathBuf;

fn iri(local: &str) -> Iri {
    terms::bg(local).into_string().into()
}

fn overlay(turtle: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("extra.ttl"), turtle).unwrap();
    let path = dir.path().to_owned();
    (dir, path)
}

fn problems(turtle: &str) -> Vec<Problem> {
    let (_dir, path) = overlay(turtle);
    match Ontology::load(&[path]) {
        Err(OntologyError::Invalid(problems)) => problems,
        other => panic!("{other:?}"),
    }
}

const PREFIXES: &str = "@prefix bg: <https://w3id.org/belligraph/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <http://example.org/> .
";

#[test]
fn classes_have_the_codes_of_their_nearest_match() {
    let o = Ontology::embedded();
    assert_eq!(o.acled(&iri("DroneStrike")), Some("Explosions/Remote violence/Air/drone strike"));
    assert_eq!(o.acled(&iri("Battle")), Some("Battles"));
    assert_eq!(o.acled(&iri("Statement")), None);
    assert_eq!(o.plover(&iri("SuicideBombing")), Some("ASSAULT"));
    assert_eq!(o.plover_mode(&iri("SuicideBombing")), Some("suicide-attack"));
    assert_eq!(o.ucdp(&iri("Massacre")), Some("3"));
    assert_eq!(o.ucdp(&iri("ArmedClash")), None);
    assert!(o.salience(&iri("AirStrike")) > o.salience(&iri("Statement")));
}

#[test]
fn all_acled_sub_event_types_have_an_exact_or_broader_class() {
    let o = Ontology::embedded();
    let mut found: Vec<&str> = o.classes().filter_map(|c| o.acled(c)).collect();
    found.sort_unstable();
    found.dedup();
    // 25 sub-event types and the event types of classes that are no finer.
    let types = [
        "Battles",
        "Explosions/Remote violence",
        "Violence against civilians",
        "Protests",
        "Riots",
        "Strategic developments",
    ];
    let subs = found.iter().filter(|f| !types.contains(f)).count();
    assert_eq!(subs, 25, "{found:#?}");
}

#[test]
fn captures_are_refined_by_who_captures() {
    let o = Ontology::embedded();
    let refine = |kind: &str| {
        let kind = iri(kind);
        o.refine(&iri("TerritoryCapture"), |c| {
            c.role == iri("initiator") && c.kinds.iter().any(|k| o.is_subclass(&kind, k))
        })
    };
    assert_eq!(refine("StateForce"), iri("GovernmentRegainsTerritory"));
    assert_eq!(refine("NonStateCombatants"), iri("NonStateActorOvertakesTerritory"));
    assert_eq!(refine("Company"), iri("TerritoryCapture"));
}

#[test]
fn the_side_decides_the_type_of_violence() {
    let o = Ontology::embedded();
    let of = |initiator: &str, target: &str| {
        let (initiator, target) = (iri(initiator), iri(target));
        o.violence_type(&iri("ArmedClash"), |c| {
            let filler = if c.role == iri("initiator") { &initiator } else { &target };
            c.kinds.iter().any(|k| o.is_subclass(filler, k))
        })
    };
    assert_eq!(of("StateForce", "NonStateArmedGroup"), Some("1"));
    assert_eq!(of("NonStateArmedGroup", "Militia"), Some("2"));
    assert_eq!(of("NonStateArmedGroup", "Civilians"), Some("3"));
}

#[test]
fn situations_have_their_exchange_names_and_changes() {
    let o = Ontology::embedded();
    let mut names: Vec<&str> = o.situations().iter().map(|s| s.name.as_ref()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "alliedWith",
            "capitalOf",
            "claimedResponsibility",
            "controls",
            "leads",
            "locatedIn",
            "memberOf",
            "opposes",
            "partOf",
            "presentIn",
            "supports"
        ]
    );
    let begun: Vec<_> = o
        .situation_changes(&iri("GovernmentRegainsTerritory"))
        .filter(|c| c.kind == belligraph::ontology::ChangeKind::Begins)
        .collect();
    assert_eq!(begun.len(), 1);
    assert_eq!(begun[0].situation, iri("Control"));
}

#[test]
fn relations_are_read_as_frames_write_them() {
    assert_eq!(SlotRelation::parse("self"), Some(SlotRelation::Own));
    assert!(matches!(SlotRelation::parse("nmod:poss"), Some(SlotRelation::Dependent { preposition: None, .. })));
    assert!(matches!(
        SlotRelation::parse("obl:from"),
        Some(SlotRelation::Dependent { preposition: Some(p), .. }) if &*p == "from"
    ));
    assert!(matches!(SlotRelation::parse("xcomp/obj/nmod:on"), Some(SlotRelation::Path(_))));
    assert_eq!(SlotRelation::parse("obj/self"), None);
    assert_eq!(SlotRelation::parse("object"), None);
    assert_eq!(SlotRelation::parse("obj:from"), None);
}

#[test]
fn an_overlay_adds_a_class_with_its_frame() {
    let (_dir, path) = overlay(&format!(
        "{PREFIXES}
ex:GridAttack a owl:Class ; rdfs:subClassOf bg:Attack ; rdfs:label \"attack on a power grid\"@en, \"attaque\"@fr .
ex:blackout a bg:Frame ; bg:evokes ex:GridAttack ; bg:verb \"black out\" ."
    ));
    let o = Ontology::load(&[path]).unwrap();
    assert!(o.is_subclass("http://example.org/GridAttack", &iri("Violence")));
    assert_eq!(o.label("http://example.org/GridAttack"), Some("attack on a power grid"));
    assert_eq!(o.frames().len(), Ontology::embedded().frames().len() + 1);
    assert!(o.version().starts_with("1.0.0+"));
}

#[test]
fn an_overlay_replaces_a_subjects_whole_description() {
    let (_dir, path) = overlay(&format!(
        "{PREFIXES}
@prefix frame: <https://w3id.org/belligraph/frame#> .
frame:ambush a bg:Frame ; bg:evokes bg:Raid ; bg:verb \"ambush\" ."
    ));
    let o = Ontology::load(&[path]).unwrap();
    let frame = o.frames().iter().find(|f| f.iri.ends_with("frame#ambush")).unwrap();
    assert_eq!(frame.evokes, iri("Raid"));
    assert_eq!(frame.triggers.len(), 1);
}

#[test]
fn all_problems_are_told_at_once_with_their_lines() {
    let found = problems(&format!(
        "{PREFIXES}
ex:f a bg:Frame ;
    bg:evokes bg:Ambsh ;
    bg:verb \"lurk\" ;
    bg:slot [ bg:relation \"object\" ; bg:role bg:target ] .
ex:g a bg:Frame ; bg:verb \"lurk\" ."
    ));
    let text: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found.len(), 4, "{text:#?}");
    assert!(text.iter().any(|t| t.contains("extra.ttl:9: ") && t.contains("unknown relation `object`")), "{text:#?}");
    assert!(text.iter().any(|t| t.contains("extra.ttl:7: ") && t.contains("Ambsh")), "{text:#?}");
    assert!(text.iter().any(|t| t.contains("extra.ttl:10: ") && t.contains("evokes nothing")), "{text:#?}");
}

#[test]
fn a_syntax_error_names_its_line() {
    let found = problems(&format!("{PREFIXES}ex:a ex:b .\n"));
    assert_eq!(found[0].line, Some(5));
}

#[test]
fn two_overlays_that_describe_one_subject_are_both_named() {
    let (_a, first) = overlay(&format!("{PREFIXES}ex:A a owl:Class .\n"));
    let (_b, second) = overlay(&format!("{PREFIXES}\nex:A a owl:Class ; rdfs:label \"A\" .\n"));
    let error = Ontology::load(&[first, second]).unwrap_err().to_string();
    assert!(error.contains("extra.ttl:6") && error.contains("extra.ttl:5"), "{error}");
}

#[test]
fn loading_is_quick() {
    let start = std::time::Instant::now();
    let o = Ontology::load(&[]).unwrap();
    let took = start.elapsed();
    assert!(!o.frames().is_empty());
    // About 25 ms in a release build; this holds off what grows faster than the ontology, on a busy machine too.
    assert!(took < std::time::Duration::from_secs(5), "{took:?}");
}
