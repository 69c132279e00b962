//! Organizations of the account that may be the one that is being entered anew.
//!
//! No call of the API tells it beforehand, so names, cities, postal codes and countries are compared here (fact sheet
//! 4.12: inferred; what DigiCert itself compares is not documented). Nothing is ruled out: a person looks and decides.

use super::{Address, Form, Place, Row};
use crate::facts::Organization;
use crate::product::{FieldId, List, Part, Product};
use crate::text;

/// A name that is part of another has at least so many letters; shorter ones are in too many.
const TELLING: usize = 4;

/// A new organization, as far as it was typed, in the form in which it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    name: String,
    city: String,
    zip: String,
    country: String,
}

/// How much speaks for two organizations being the same, the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// The same name, in the same place.
    Same,
    /// The same name, or nearly.
    Name,
    /// One name is part of the other, in the same place.
    Part,
}

impl Form {
    /// The new organization that the order brings; none where it names one that there is, or nothing is typed yet.
    pub fn entered(&self) -> Option<Entered> {
        let at = self.subject().filter(|at| !self.is_organization(*at))?;
        let name = plain(self.text(at));
        let address = self.address(self.product[at.field].group);
        (!name.is_empty()).then(|| Entered::new(name, &address))
    }

    /// Orders for this organization in place of the one that is being entered, of which everything stays but is not
    /// asked any more. Answers the places that were set.
    pub fn order_for(&mut self, id: u64) -> Vec<Place> {
        let product = self.product;
        let Some(field) = product.ids().find(|field| product[*field].subject && names_one(product, *field)) else {
            return Vec::new();
        };
        let at = Place { field, row: Row::ONE };
        let modes = product[field].when.iter().filter_map(|when| Some((when.field, when.is.first()?)));
        let mut set: Vec<Place> = modes
            .map(|(field, option)| {
                let mode = Place { field, ..at };
                self.set(mode, option);
                mode
            })
            .collect();
        self.pick(at, &id.to_string());
        set.push(at);
        set
    }
}

impl Entered {
    fn new(name: String, address: &Address) -> Self {
        let part = |part| address.get(&part).map(|text| plain(text)).unwrap_or_default();
        Self { name, city: part(Part::City), zip: zip(&part(Part::Zip)), country: part(Part::Country) }
    }

    /// How much speaks for an organization being this one; nothing where too little does.
    pub fn likeness(&self, known: &Organization) -> Option<Likeness> {
        if self.is_elsewhere(known) {
            return None;
        }
        let names = [plain(&known.name), plain(&known.assumed_name)];
        let is_near = names.iter().any(|name| near(name, &self.name));
        // There may be very many organizations, and of nearly all the name tells enough.
        if !is_near && !names.iter().any(|name| overlap(name, &self.name)) {
            return None;
        }
        match (is_near, self.is_at(known)) {
            (true, true) => Some(Likeness::Same),
            (true, false) => Some(Likeness::Name),
            (false, here) => (here || self.city.is_empty() && self.zip.is_empty()).then_some(Likeness::Part),
        }
    }

    fn is_elsewhere(&self, known: &Organization) -> bool {
        let country = known.country.trim();
        !country.is_empty() && !self.country.is_empty() && !country.eq_ignore_ascii_case(&self.country)
    }

    fn is_at(&self, known: &Organization) -> bool {
        let same = |typed: &str, there: String| !typed.is_empty() && typed == there;
        same(&self.city, plain(&known.city)) || same(&self.zip, zip(&plain(&known.zip)))
    }
}

/// Whether a field names an organization that there is.
fn names_one(product: &Product, field: FieldId) -> bool {
    product[field].source.as_ref().is_some_and(|source| source.list == List::Organizations)
}

/// A text without what people write in one way or another: case, diacritics, full stops and other signs.
fn plain(text: &str) -> String {
    let folded = text::fold(text).replace('.', "");
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn zip(plain: &str) -> String {
    plain.replace(' ', "")
}

/// Whether two names are the same but for a slip or two of the pen.
fn near(one: &str, other: &str) -> bool {
    let (short, long) = (one.len().min(other.len()), one.len().max(other.len()));
    let slips = match short {
        0 => return false,
        1..5 => 0,
        5..10 => 1,
        _ => 2,
    };
    // The distance is at least the difference in length, and takes long to measure.
    one == other || long - short <= slips && strsim::osa_distance(one, other) <= slips
}

/// Whether one name has the other in it, whole words at that.
fn overlap(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    short.chars().count() >= TELLING && format!(" {long} ").contains(&format!(" {short} "))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{form_with, place};
    use super::*;
    use rstest::rstest;

    fn entered(name: &str, city: &str, zip: &str, country: &str) -> Entered {
        let address = [(Part::City, city), (Part::Zip, zip), (Part::Country, country)];
        let address = address.into_iter().map(|(part, text)| (part, text.to_owned())).collect();
        Entered::new(plain(name), &address)
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
    #[case("Stichting Súdwâld B.V.", "Súdwâld", "", Some(Likeness::Same))]
    #[case("STICHTING SUDWALD BV", "sudwald", "", Some(Likeness::Same))]
    #[case("Stichting Sudwald B.V", "elsewhere", "8799ab", Some(Likeness::Same))]
    #[case("Stichting-Súdwâld bv", "", "", Some(Likeness::Name))]
    #[case("Stihcting Súdwâld B.V.", "Amsterdam", "1015 AA", Some(Likeness::Name))]
    #[case("Stichtin Sudwalt B.V.", "", "", Some(Likeness::Name))]
    #[case("Stichtin Zudwalt B.V.", "", "", None)]
    #[case("de zilvermantel", "", "", Some(Likeness::Name))]
    #[case("Súdwâld", "", "", Some(Likeness::Part))]
    #[case("Súdwâld", "Súdwâld", "", Some(Likeness::Part))]
    #[case("Súdwâld", "Amsterdam", "", None)]
    #[case("Súdw", "", "", None)]
    #[case("B.V.", "", "", None)]
    #[case("Stichting Súdwâld B.V. Noord", "", "8799 AB", Some(Likeness::Part))]
    #[case("Gemeente Zilverdam", "Súdwâld", "8799 AB", None)]
    fn names_and_places_are_compared(
        #[case] name: &str,
        #[case] city: &str,
        #[case] zip: &str,
        #[case] likeness: Option<Likeness>,
    ) {
        assert_eq!(entered(name, city, zip, "nl").likeness(&known()), likeness);
    }

    #[rstest]
    #[case("be", None)]
    #[case("", Some(Likeness::Name))]
    fn another_country_is_another_organization(#[case] country: &str, #[case] likeness: Option<Likeness>) {
        assert_eq!(entered("Stichting Súdwâld BV", "", "", country).likeness(&known()), likeness);
    }

    #[test]
    fn what_is_not_known_of_one_is_no_likeness() {
        let bare = Organization { id: 1, name: "X".into(), ..Organization::default() };
        assert_eq!(entered("Gemeente Zilverdam", "", "", "").likeness(&bare), None);
        assert_eq!(entered("x", "", "", "").likeness(&bare), Some(Likeness::Name));
    }

    #[test]
    fn the_form_tells_what_is_entered_and_takes_one_that_there_is() {
        let mut form = form_with(&[]);
        assert_eq!(form.entered(), None);
        form.set(place(&form, "org.how"), "new");
        assert_eq!(form.entered(), None, "nothing is typed");
        form.set(place(&form, "org.name"), "Gemeente Zilverdam");
        form.set(place(&form, "org.city"), "Zilverdam");
        assert_eq!(form.entered(), Some(entered("gemeente zilverdam", "zilverdam", "", "nl")));
        let set = form.order_for(900_001);
        assert_eq!(set, [place(&form, "org.how"), place(&form, "org.id")]);
        assert_eq!((form.organization_id(), form.entered()), (Some(900_001), None));
        form.set(place(&form, "org.how"), "new");
        assert_eq!(form.text(place(&form, "org.name")), "Gemeente Zilverdam", "what was typed stays");
    }
}
