//! The similarity of organizations: whether a new organization may be an existing one, by name, city, postal code and
//! country.
//!
//! No API call reports it beforehand, so it is compared here (certcentral-api.md 4.12: inferred; what DigiCert
//! itself compares is not documented). Nothing is decided automatically: the person looks and decides. Forms and
//! orders do not belong here.

use crate::domain::Organization;
use crate::text;

/// The fewest letters of a name that is part of another one; shorter names are part of too many.
const MIN_PART_LETTERS: usize = 4;

/// A new organization as far as it was typed, normalized for comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnteredOrganization {
    name: String,
    city: String,
    zip: String,
    country: String,
}

/// How likely two organizations are the same, the most likely first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Similarity {
    /// The same name or nearly, in the same place.
    SameNameAndPlace,
    /// The same name or nearly, not known to be in the same place.
    SimilarName,
    /// One name is part of the other, in the same place or while no place is typed.
    PartialName,
}

impl EnteredOrganization {
    /// Normalizes a new organization; `None` if it has no name.
    pub fn from_organization(described: &Organization) -> Option<Self> {
        let name = normalize_text(&described.name);
        let [city, zip, country] =
            [&described.city, &described.zip, &described.country].map(|text| normalize_text(text));
        (!name.is_empty()).then(|| Self { name, city, zip: without_spaces(&zip), country })
    }

    /// Returns the similarity to an existing organization; `None` if it is too low.
    pub fn similarity_to(&self, known: &Organization) -> Option<Similarity> {
        if self.is_in_other_country(known) {
            return None;
        }
        let names = [normalize_text(&known.name), normalize_text(&known.assumed_name)];
        let is_near = names.iter().any(|name| is_nearly_same(name, &self.name));
        // There may be very many organizations, and the name alone excludes nearly all of them.
        if !is_near && !names.iter().any(|name| has_word_overlap(name, &self.name)) {
            return None;
        }
        match (is_near, self.is_in_same_place(known)) {
            (true, true) => Some(Similarity::SameNameAndPlace),
            (true, false) => Some(Similarity::SimilarName),
            (false, here) => (here || self.city.is_empty() && self.zip.is_empty()).then_some(Similarity::PartialName),
        }
    }

    fn is_in_other_country(&self, known: &Organization) -> bool {
        let country = known.country.trim();
        !country.is_empty() && !self.country.is_empty() && !country.eq_ignore_ascii_case(&self.country)
    }

    fn is_in_same_place(&self, known: &Organization) -> bool {
        let same = |typed: &str, there: String| !typed.is_empty() && typed == there;
        same(&self.city, normalize_text(&known.city)) || same(&self.zip, without_spaces(&normalize_text(&known.zip)))
    }
}

/// Normalizes a text: without case, diacritics, full stops and other signs, which people write in different ways.
fn normalize_text(text: &str) -> String {
    let folded = text::fold(text).replace('.', "");
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn without_spaces(plain: &str) -> String {
    plain.replace(' ', "")
}

/// Returns true if two names are the same within one or two typos.
fn is_nearly_same(one: &str, other: &str) -> bool {
    let (short, long) = (one.len().min(other.len()), one.len().max(other.len()));
    let slips = match short {
        0 => return false,
        1..5 => 0,
        5..10 => 1,
        _ => 2,
    };
    // The distance is at least the difference in length, and slow to compute.
    one == other || long - short <= slips && strsim::osa_distance(one, other) <= slips
}

/// Returns true if one name contains the other as whole words.
fn has_word_overlap(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    short.chars().count() >= MIN_PART_LETTERS && format!(" {long} ").contains(&format!(" {short} "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn entered(name: &str, city: &str, zip: &str, country: &str) -> EnteredOrganization {
        let [name, city, zip, country] = [name, city, zip, country].map(str::to_owned);
        EnteredOrganization::from_organization(&Organization { name, city, zip, country, ..Organization::default() })
            .unwrap()
    }

    fn known() -> Organization {
        Organization {
            id: 900_001,
            name: "Stichting Súdwâld B.V.".into(),
            assumed_name: "De Zilvermantel".into(),
            city: "Súdwâld".into(),
            zip: "8799 AB".into(),
            country: "NL".into(),
            ..Organization::default()
        }
    }

    #[rstest]
    #[case("Stichting Súdwâld B.V.", "Súdwâld", "", Some(Similarity::SameNameAndPlace))]
    #[case("STICHTING SUDWALD BV", "sudwald", "", Some(Similarity::SameNameAndPlace))]
    #[case("Stichting Sudwald B.V", "elsewhere", "8799ab", Some(Similarity::SameNameAndPlace))]
    #[case("Stichting-Súdwâld bv", "", "", Some(Similarity::SimilarName))]
    #[case("Stihcting Súdwâld B.V.", "Amsterdam", "1015 AA", Some(Similarity::SimilarName))]
    #[case("Stichtin Sudwalt B.V.", "", "", Some(Similarity::SimilarName))]
    #[case("Stichtin Zudwalt B.V.", "", "", None)]
    #[case("de zilvermantel", "", "", Some(Similarity::SimilarName))]
    #[case("Súdwâld", "", "", Some(Similarity::PartialName))]
    #[case("Súdwâld", "Súdwâld", "", Some(Similarity::PartialName))]
    #[case("Súdwâld", "Amsterdam", "", None)]
    #[case("Súdw", "", "", None)]
    #[case("B.V.", "", "", None)]
    #[case("Stichting Súdwâld B.V. Noord", "", "8799 AB", Some(Similarity::PartialName))]
    #[case("Gemeente Zilverdam", "Súdwâld", "8799 AB", None)]
    fn names_and_places_are_compared(
        #[case] name: &str,
        #[case] city: &str,
        #[case] zip: &str,
        #[case] likeness: Option<Similarity>,
    ) {
        assert_eq!(entered(name, city, zip, "nl").similarity_to(&known()), likeness);
    }

    #[rstest]
    #[case("be", None)]
    #[case("", Some(Similarity::SimilarName))]
    fn another_country_means_another_organization(#[case] country: &str, #[case] likeness: Option<Similarity>) {
        assert_eq!(entered("Stichting Súdwâld BV", "", "", country).similarity_to(&known()), likeness);
    }

    #[test]
    fn unknown_data_is_no_similarity() {
        let bare = Organization { id: 1, name: "X".into(), ..Organization::default() };
        assert_eq!(entered("Gemeente Zilverdam", "", "", "").similarity_to(&bare), None);
        assert_eq!(entered("x", "", "", "").similarity_to(&bare), Some(Similarity::SimilarName));
    }
}
