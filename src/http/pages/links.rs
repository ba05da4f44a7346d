//! Where the pages lead: addresses on this server for what the store minted, addresses elsewhere for the rest.

use crate::http::addresses::{path_of, root};
use oxrdf::NamedNodeRef;
use url::form_urlencoded::Serializer;

/// A name that leads somewhere; it leads nowhere if the address is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Link {
    pub(super) text: String,
    pub(super) href: String,
}

/// Makes addresses.
#[derive(Clone, Debug)]
pub(super) struct Links {
    base: String,
}

impl Links {
    pub(super) fn of(base: &str) -> Self {
        Self { base: base.to_owned() }
    }

    /// The address of a thing's page. Empty if following the IRI would be no use or no good.
    pub(super) fn page(&self, iri: NamedNodeRef<'_>) -> String {
        let iri = iri.as_str();
        if let Some(path) = path_of(&self.base, iri) {
            return path;
        }
        // Other schemes could carry a script.
        if iri.starts_with("https://") || iri.starts_with("http://") { iri.to_owned() } else { String::new() }
    }

    /// The address of one of the other pages, with its parameters.
    pub(super) fn to<'a>(page: &str, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let mut query = Serializer::new(String::new());
        let parameters: Vec<_> = parameters.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        if parameters.is_empty() {
            return format!("{}/{page}", root());
        }
        format!("{}/{page}?{}", root(), query.extend_pairs(parameters).finish())
    }
}

#[cfg(test)]
mod tests {
    use super::Links;
    use oxrdf::NamedNodeRef;

    #[test]
    fn links_stay_on_this_server_or_lead_to_the_web() {
        let links = Links::of("https://example.org/kg/");
        let page = |iri| links.page(NamedNodeRef::new_unchecked(iri));
        assert_eq!(page("https://example.org/kg/event/a/h1"), "/event/a/h1");
        assert_eq!(page("https://sws.geonames.org/1/"), "https://sws.geonames.org/1/");
        assert_eq!(page("javascript:alert(1)"), "");
        assert_eq!(Links::to("events", [("type", "a b"), ("place", "")]), "/events?type=a+b");
    }
}
