//! The gazetteer: names to places, names in running text.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use belligraph::lexicon::{Gazetteer, Place, PlaceKind};

fn first(name: &str) -> Place<'static> {
    let gazetteer = Gazetteer::embedded();
    let found = gazetteer.lookup(name);
    gazetteer.place(*found.first().unwrap_or_else(|| panic!("no place named `{name}`")))
}

fn scanned(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split(' ').collect();
    Gazetteer::embedded().scan(&words).into_iter().map(|m| words[m.words].join(" ")).collect()
}

#[test]
fn large_cities_have_their_country_and_coordinates() {
    for (name, country, latitude, longitude) in [
        ("Benghazi", "LY", 32.1, 20.1),
        ("Mosul", "IQ", 36.3, 43.1),
        ("Aleppo", "SY", 36.2, 37.2),
        ("Goma", "CD", -1.7, 29.2),
        ("Kharkiv", "UA", 50.0, 36.2),
        ("Maiduguri", "NG", 11.8, 13.2),
        ("Kunduz", "AF", 36.7, 68.9),
        ("Mogadishu", "SO", 2.0, 45.3),
    ] {
        let place = first(name);
        let point = place.point.unwrap();
        assert_eq!(place.country, Some(country), "{name}");
        assert!(
            (point.latitude - latitude).abs() < 0.3 && (point.longitude - longitude).abs() < 0.3,
            "{name}: {point:?}"
        );
    }
}

#[test]
fn a_country_is_found_by_its_common_names() {
    for (name, code) in [
        ("United States", "US"),
        ("the United States", "US"),
        ("U.S.", "US"),
        ("America", "US"),
        ("Britain", "GB"),
        ("UK", "GB"),
        ("Burma", "MM"),
        ("Côte d'Ivoire", "CI"),
        ("Ivory Coast", "CI"),
        ("DR Congo", "CD"),
        ("DRC", "CD"),
        ("Czech Republic", "CZ"),
        ("UAE", "AE"),
        ("Türkiye", "TR"),
        ("Palestine", "PS"),
        ("Georgia", "GE"),
        ("Jordan", "JO"),
        ("Niger", "NE"),
    ] {
        let place = first(name);
        assert_eq!((place.kind, place.country), (PlaceKind::Country, Some(code)), "{name}");
        assert_eq!(Gazetteer::embedded().country(code), Some(place.id));
    }
}

#[test]
fn an_acronym_is_found_in_capitals_only() {
    let gazetteer = Gazetteer::embedded();
    let is_country = |name: &str| gazetteer.lookup(name).iter().any(|&p| gazetteer.place(p).kind == PlaceKind::Country);
    assert!(is_country("US") && is_country("UAE") && is_country("CAR"));
    assert!(!is_country("us") && !is_country("Us") && !is_country("car") && !is_country("Car"));
}

#[test]
fn spellings_of_one_name_lead_to_one_place() {
    for names in [
        &["Deir ez-Zor", "Deir al-Zour", "Dayr az Zawr", "Deir Ezzor"][..],
        &["Sanaa", "Sana'a", "Sana’a", "Ṣan‘ā’"],
        &["Raqqa", "al-Raqqa", "Ar Raqqah", "Raqqah"],
        &["Hodeidah", "Al Hudaydah", "Hudaydah", "Hodeida"],
        &["Kyiv", "Kiev"],
        &["El Fasher", "Al-Fashir", "al-Fasher"],
        &["Kandahar", "Qandahar"],
    ] {
        let ids: Vec<_> = names.iter().map(|n| first(n).id).collect();
        assert!(ids.iter().all(|&id| id == ids[0]), "{names:?}: {ids:?}");
    }
}

#[test]
fn demonyms_name_their_country() {
    let gazetteer = Gazetteer::embedded();
    for (word, country) in [
        ("Libyan", "LY"),
        ("Libyans", "LY"),
        ("Emirati", "AE"),
        ("Saudis", "SA"),
        ("British", "GB"),
        ("South Sudanese", "SS"),
        ("Burkinabè", "BF"),
        ("Congolese", "CD"),
        ("Afghans", "AF"),
        ("Darfuri", "SD"),
    ] {
        assert_eq!(gazetteer.demonym(word).unwrap().country, Some(country), "{word}");
    }
    let libyans = gazetteer.demonym("Libyans").unwrap();
    assert!(libyans.is_people && !libyans.is_adjective);
    assert!(gazetteer.demonym("polish").is_none());
    assert_eq!(gazetteer.demonym("Congolese").unwrap().places.len(), 2);
}

#[test]
fn one_pass_finds_the_longest_names() {
    assert_eq!(
        scanned("Clashes near Deir ez - Zor in Syria and Port - au - Prince , Haiti , killed two ."),
        ["Deir ez - Zor", "Syria", "Port - au - Prince", "Haiti"]
    );
    assert_eq!(scanned("South Sudan 's army took al-Bab and El Fasher"), ["South Sudan", "al-Bab", "El Fasher"]);
    assert_eq!(scanned("they told us that it is an hour from Mali"), ["Mali"]);
    assert_eq!(scanned("The US and the UK said ISIS and the LNA fled"), ["US", "UK"]);
    assert_eq!(scanned("As Syria burns , Iraq waits"), ["Syria", "Iraq"]);
}

#[test]
fn containment_follows_divisions_and_regions() {
    let gazetteer = Gazetteer::embedded();
    let id = |name| first(name).id;
    assert!(gazetteer.contains(id("Libya"), id("Benghazi")));
    assert!(gazetteer.contains(id("Sahel"), id("Mali")));
    assert!(gazetteer.contains(id("Sahel"), id("Gao")));
    assert!(gazetteer.contains(id("Darfur"), id("Nyala")));
    assert!(gazetteer.contains(id("Sudan"), id("Darfur")));
    assert!(gazetteer.contains(id("Africa"), id("Darfur")));
    assert!(!gazetteer.contains(id("Libya"), id("Libya")));
    assert!(!gazetteer.contains(id("Libya"), id("Mosul")));
}

#[test]
fn a_division_knows_its_name_without_the_word_for_its_kind() {
    let gazetteer = Gazetteer::embedded();
    for (name, country) in
        [("Anbar", "IQ"), ("Borno", "NG"), ("North Kivu", "CD"), ("Helmand", "AF"), ("Hadramawt", "YE")]
    {
        let found = gazetteer.lookup(name);
        let division = found.iter().map(|&p| gazetteer.place(p)).find(|p| p.kind == PlaceKind::Admin1);
        assert_eq!(division.unwrap_or_else(|| panic!("no division `{name}`")).country, Some(country), "{name}");
    }
    assert_eq!(gazetteer.kind_of_head("provinces"), Some(PlaceKind::Admin1));
}
