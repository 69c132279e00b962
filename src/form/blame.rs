//! The field that an error of the server points at: by its code, else by words in it.
//!
//! Which codes and words those are says the product file. What is to be done about it is not decided here.

use super::{Form, Place};
use crate::facts::ServerError;

/// What an error of the server is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blamed {
    /// The field.
    pub at: Place,
    /// Whether it may be about any field of its group: nothing tells which one.
    pub whole: bool,
}

impl Form {
    /// The field that an error of the server points at.
    pub fn points_at(&self, error: &ServerError) -> Option<Place> {
        Some(self.blames(error)?.at)
    }

    /// What an error of the server is about (fact sheet 6 #23). In a list of several rows nothing tells which one is
    /// meant.
    pub fn blames(&self, error: &ServerError) -> Option<Blamed> {
        let code = error.code.split('|').map(str::trim).find_map(|part| self.product.errors.get(part));
        let text = format!("{} {}", error.code, error.message).to_lowercase();
        let has_all = |words: &str| words.split(' ').all(|word| begins_a_word(&text, word));
        let word = || self.product.words.iter().find(|known| has_all(&known.words));
        let (field, whole) = code.map(|field| (*field, false)).or_else(|| word().map(|w| (w.field, w.whole)))?;
        match self.rows(self.product[field].group) {
            [row] => self.asked_near(Place { field, row: *row }, whole),
            _ => None,
        }
    }

    /// The place itself if it is asked, else the first of its group that is.
    fn asked_near(&self, at: Place, whole: bool) -> Option<Blamed> {
        if self.visible(at) {
            return Some(Blamed { at, whole: whole || self.product[at.field].is_mode() });
        }
        let near = self.places(self.product[at.field].group).find(|place| self.visible(*place))?;
        Some(Blamed { at: near, whole: true })
    }
}

/// Whether some word of the text begins like this: `ship` is found in `ship_info` and `shipping`, not in `ownership`.
fn begins_a_word(text: &str, word: &str) -> bool {
    let starts = text.match_indices(word).map(|(at, _)| at);
    let mut before = starts.map(|at| text[..at].chars().next_back());
    before.any(|c| c.is_none_or(|c| !c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::begins_a_word;
    use rstest::rstest;

    #[rstest]
    #[case("ship_info.zip is required", "ship", true)]
    #[case("invalid ownership", "ship", false)]
    #[case("organization.contacts", "contact", true)]
    #[case("", "zip", false)]
    fn words_are_found_at_their_beginning(#[case] text: &str, #[case] word: &str, #[case] found: bool) {
        assert_eq!(begins_a_word(text, word), found);
    }
}
