//! The gazetteer: names to places, names in running text.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use belligraph::lexicon::{Gazetteer, Place, PlaceContext, PlaceKind, PlaceQuery, Point, disambiguate};

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

/// A case of `places.tsv`: a name, its country, and where it is.
struct Placed {
    case: String,
    name: String,
    country: String,
    point: Option<Point>,
    chosen: Option<(Place<'static>, f64, bool)>,
}

fn place_cases() -> Vec<Placed> {
    let gazetteer = Gazetteer::embedded();
    let mut placed = Vec::new();
    for line in include_str!("places.tsv").lines().filter(|l| !l.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let mut context = PlaceContext::default();
        for country in cells.get(2).unwrap_or(&"").split_whitespace() {
            let (code, times) = country.split_once(':').unwrap();
            context.add_country(gazetteer, code, times.parse().unwrap());
        }
        let mut queries = Vec::new();
        let mut wanted = Vec::new();
        for item in cells[1].split("; ") {
            let (head, answer) = item.strip_suffix(')').and_then(|i| i.split_once('(')).unwrap();
            let (head, within) = head.split_once('<').map_or((head, None), |(h, w)| (h, Some(w.parse().unwrap())));
            let (name, kind) = head
                .split_once(':')
                .map_or((head, None), |(n, k)| (n, gazetteer.kind_of_head(k).or(PlaceKind::from_name(k))));
            queries.push(PlaceQuery { name, kind, within, mentions: 1 });
            let mut words = answer.split(' ');
            let country = words.next().unwrap().to_owned();
            let numbers: Vec<f64> = words.map(|w| w.parse().unwrap()).collect();
            let point = (numbers.len() == 2).then(|| Point { latitude: numbers[0], longitude: numbers[1] });
            wanted.push((name.to_owned(), country, point));
        }
        let choices = disambiguate(gazetteer, &queries, &context);
        for ((name, country, point), choice) in wanted.into_iter().zip(choices) {
            let chosen = choice.map(|c| (gazetteer.place(c.place), c.confidence, c.is_decided()));
            placed.push(Placed { case: cells[0].to_owned(), name, country, point, chosen });
        }
    }
    placed
}

#[test]
fn names_in_company_are_placed_where_they_belong() {
    let cases = place_cases();
    let (mut country, mut near, mut located, mut decided, mut decided_right) = (0, 0, 0, 0, 0);
    let mut wrong = Vec::new();
    for c in &cases {
        let right = c.chosen.as_ref().is_some_and(|(p, _, _)| p.country == Some(&c.country));
        let close = c.point.is_none_or(|want| {
            c.chosen.as_ref().and_then(|(p, _, _)| p.point).is_some_and(|p| p.distance_km(want) < 50.0)
        });
        country += usize::from(right);
        located += usize::from(c.point.is_some());
        near += usize::from(c.point.is_some() && right && close);
        if c.chosen.as_ref().is_some_and(|(_, _, d)| *d) {
            decided += 1;
            decided_right += usize::from(right && close);
        }
        if !(right && close) {
            let got = c
                .chosen
                .as_ref()
                .map(|(p, confidence, _)| format!("{} {:?} {:?} {confidence:.2}", p.name, p.country, p.point));
            wrong.push(format!("{}: {} in {}: {got:?}", c.case, c.name, c.country));
        }
    }
    let report = format!(
        "{} names: country {country}, within 50 km {near} of {located}; decided {decided}, of these right {decided_right}\n{}",
        cases.len(),
        wrong.join("\n")
    );
    assert!(country * 100 >= cases.len() * 97 && near * 100 >= located * 95, "{report}");
    assert!(decided * 100 >= cases.len() * 90 && decided_right * 100 >= decided * 97, "{report}");
}
