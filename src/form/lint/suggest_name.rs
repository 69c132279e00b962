//! Suggestions for unknown member names: the known name that was most likely meant.
//!
//! A typing error is recognized by its letters. A name that another program uses is suggested only if the known
//! member is absent from the same object: then the unknown name is probably meant to be it.

use crate::product::payload_shape::{PayloadMember, PayloadShape};
use crate::text;

/// The names that other programs use for a member, by its name in the product file; only letters and digits, in lower
/// case.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("zip", &["postalcode", "postcode", "pcode"]),
    ("state", &["province", "provincie", "region", "county"]),
    ("city", &["town", "place", "plaats", "locality"]),
    ("country", &["land", "nation"]),
    ("addr1", &["address", "address1", "addressline1", "street", "line1"]),
    ("addr2", &["address2", "addressline2", "line2"]),
    ("address", &["address1", "addr1", "addressline1", "street", "line1"]),
    ("address2", &["addr2", "addressline2", "line2"]),
    ("telephone", &["phone", "phonenumber", "tel", "mobile"]),
    ("job_title", &["title", "function", "role", "position"]),
    ("first_name", &["givenname", "forename"]),
    ("last_name", &["surname", "familyname"]),
    ("email", &["mail", "emailaddress"]),
];

/// Returns the known name that was most likely meant, if one is near enough. `is_there` returns true for a name that
/// is present in the same object.
pub(super) fn suggest_name<'a>(
    name: &str,
    shape: &'a PayloadShape,
    is_there: impl Fn(&str) -> bool,
) -> Option<&'a str> {
    let known = shape.members.iter().map(|(known, _)| *known);
    text::nearest_name(name, known).or_else(|| suggest_synonym(name, shape, is_there))
}

fn suggest_synonym<'a>(name: &str, shape: &'a PayloadShape, is_there: impl Fn(&str) -> bool) -> Option<&'a str> {
    let bare = normalize_name(name);
    let leaves = shape.members.iter().filter(|(_, member)| matches!(member, PayloadMember::Leaf(_)));
    let missing = || leaves.clone().map(|(known, _)| *known).filter(|known| !is_there(known));
    let named = |known: &&str| SYNONYMS.iter().any(|(here, others)| here == known && others.contains(&bare.as_str()));
    let within = |known: &&str| known.len() > 2 && bare.contains(&self::normalize_name(known));
    missing().find(named).or_else(|| missing().filter(within).max_by_key(|known| known.len()))
}

/// Returns the letters and digits of a name, in lower case.
fn normalize_name(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::PKIO;
    use rstest::rstest;

    #[rstest]
    #[case::longer("ship_info", "zipcode", &["city"], Some("zip"))]
    #[case::two_words("ship_info", "zip_code", &[], Some("zip"))]
    #[case::capital("ship_info", "ZipCode", &[], Some("zip"))]
    #[case::other_word("ship_info", "postalCode", &[], Some("zip"))]
    #[case::province("ship_info", "province", &[], Some("state"))]
    #[case::street("ship_info", "street", &[], Some("addr1"))]
    #[case::street_there("ship_info", "street", &["addr1"], None)]
    #[case::in_another_object("billing_address", "addr1", &[], Some("address"))]
    #[case::known_is_there("ship_info", "zipcode", &["zip"], None)]
    #[case::slip("ship_info", "zipp", &["zip"], Some("zip"))]
    #[case::nothing_like_it("ship_info", "floor", &[], None)]
    #[case::too_short_to_tell("organization", "identity", &[], None)]
    #[case::within("organization", "legal_name", &["id"], Some("name"))]
    fn a_misspelled_name_is_matched_by_letters_or_by_a_missing_member(
        #[case] object: &str,
        #[case] name: &str,
        #[case] there: &[&str],
        #[case] expected: Option<&str>,
    ) {
        let product = PKIO;
        let Some((_, PayloadMember::Object(shape))) = product.shape.member(object) else { panic!("{object}") };
        assert_eq!(suggest_name(name, shape, |known| there.contains(&known)), expected);
    }
}
