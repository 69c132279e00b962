//! The field of a server error: found by the error code, by the parameter in the code, or by words of the message.
//!
//! The product file lists the codes and words; a parameter is matched with the names of a field's path. This module
//! does not decide what to do about the error.

use super::{FieldPlace, Form};
use crate::domain::ServerError;
use crate::product::FieldId;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerErrorTarget {
    pub place: FieldPlace,
    /// True if the error may be about any field of the group.
    pub whole_group: bool,
}

impl Form {
    pub fn server_error_field(&self, error: &ServerError) -> Option<FieldPlace> {
        Some(self.place_server_error(error)?.place)
    }

    /// Returns the place of a server error (certcentral-api.md 6 row 23). In a list of several rows the error does
    /// not say which row is meant.
    pub fn place_server_error(&self, error: &ServerError) -> Option<ServerErrorTarget> {
        let code = error.code.split(['|', ':']).map(str::trim).find_map(|part| self.product.field_of_error(part));
        if let Some(named) = code.is_none().then(|| target_from_code(self, &error.code)).flatten() {
            return Some(named);
        }
        let text = format!("{} {}", error.code, error.message).to_lowercase();
        let has_all = |words: &str| words.split(' ').all(|word| has_word_starting_with(&text, word));
        let word = || self.product.words.iter().find(|known| has_all(known.words));
        let (field, whole) = code.map(|field| (field, false)).or_else(|| word().map(|w| (w.field, w.whole)))?;
        match self.rows(self.product[field].group) {
            [row] => nearest_visible_target(self, FieldPlace { field, row: *row }, whole),
            _ => None,
        }
    }
}

/// Returns the place of the parameter that a code names after its first bar or colon, such as
/// `invalid_value:ship_info.zip`, or that the code itself is (certcentral-api.md 1.4). Of several fields with
/// that name it is the only one that is asked.
fn target_from_code(form: &Form, code: &str) -> Option<ServerErrorTarget> {
    let parameter = code.split_once(['|', ':']).map_or(code, |(_, parameter)| parameter).to_lowercase();
    let parts = || parameter.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|part| !part.is_empty());
    let row = parts().find_map(|part| part.parse::<usize>().ok());
    let names: Vec<&str> = parts().filter(|part| !part.bytes().all(|b| b.is_ascii_digit())).collect();
    let last = *names.last()?;
    target_by_path_end(form, &names.join("_"), row)
        .or_else(|| target_within_path(form, &names))
        .or_else(|| target_by_path_end(form, last, row))
}

/// Returns the field whose path ends in `names`, joined with `_` as the older parameters are: `validity_years`.
fn target_by_path_end(form: &Form, names: &str, row: Option<usize>) -> Option<ServerErrorTarget> {
    let ends = |path: &str| {
        let path = path.replace('/', "_");
        path.strip_suffix(names).is_some_and(|before| before.is_empty() || before.ends_with('_'))
    };
    let of_row = |at: &FieldPlace| {
        row.is_none_or(|row| form.rows(form.product[at.field].group).get(row).is_none_or(|one| *one == at.row))
    };
    let found: Vec<FieldPlace> =
        place_paths(form).filter(|(at, path)| ends(path) && of_row(at)).map(|(at, _)| at).collect();
    let asked: Vec<FieldPlace> = found.iter().copied().filter(|at| form.is_visible(*at)).collect();
    match (asked.as_slice(), found.as_slice()) {
        ([at], _) => Some(ServerErrorTarget { place: *at, whole_group: false }),
        ([], [at]) => nearest_visible_target(form, *at, true),
        _ => None,
    }
}

/// Returns the first field that is asked within this path, such as `organization.contacts`.
fn target_within_path(form: &Form, names: &[&str]) -> Option<ServerErrorTarget> {
    let is_within = |path: &str| {
        let mut parts = path.split('/');
        names.iter().all(|name| parts.next() == Some(name)) && parts.next().is_some()
    };
    let (at, _) = place_paths(form).find(|(at, path)| is_within(path) && form.is_visible(*at))?;
    Some(ServerErrorTarget { place: at, whole_group: true })
}

/// Returns each place that is sent, with the names of its path.
fn place_paths(form: &Form) -> impl Iterator<Item = (FieldPlace, String)> + '_ {
    let places = (0..form.product.fields.len())
        .map(FieldId)
        .flat_map(|field| form.rows(form.product[field].group).iter().map(move |row| FieldPlace { field, row: *row }));
    places.filter_map(|at| {
        let pointer = form.json_pointer(at)?;
        let names = pointer.split('/').filter(|name| !name.bytes().all(|b| b.is_ascii_digit()));
        Some((at, names.collect::<Vec<_>>().join("/")))
    })
}

/// Returns the place itself if it is asked, else the first place of its group that is asked.
fn nearest_visible_target(form: &Form, at: FieldPlace, whole: bool) -> Option<ServerErrorTarget> {
    if form.is_visible(at) {
        return Some(ServerErrorTarget { place: at, whole_group: whole || form.product[at.field].is_mode() });
    }
    let near = form.group_places(form.product[at.field].group).find(|place| form.is_visible(*place))?;
    Some(ServerErrorTarget { place: near, whole_group: true })
}

/// Returns true if a word of the text begins with `word`: `ship` is found in `ship_info` and `shipping`, not in
/// `ownership`.
fn has_word_starting_with(text: &str, word: &str) -> bool {
    let starts = text.match_indices(word).map(|(at, _)| at);
    let mut before = starts.map(|at| text[..at].chars().next_back());
    before.any(|c| c.is_none_or(|c| !c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::tests::form_with;
    use rstest::rstest;

    const OLD: &[(&str, &str)] = &[("org.how", "existing"), ("org.id", "900001"), ("pay.method", "balance")];

    #[rstest]
    #[case("invalid_value:ship_info.zip", "ship.zip", false)]
    #[case("invalid_value:zip", "ship.zip", false)]
    #[case("required_param:city", "ship.city", false)]
    #[case("required_param:SHIP_INFO[city]", "ship.city", false)]
    #[case("invalid_value:validity_years", "valid.years", false)]
    #[case("invalid_value:custom_expiration_date", "valid.how", true)]
    #[case("required_param:payment_method", "pay.method", false)]
    #[case("invalid_value:organization.contacts", "contact.person", true)]
    #[case("required_param:organization.contacts[0].contact_type", "contact.type", false)]
    #[case("bad|ship_info/addr1", "ship.addr1", false)]
    #[case("ship_info.method", "ship.method", false)]
    fn an_error_code_maps_to_the_parameter_that_it_names(#[case] code: &str, #[case] id: &str, #[case] whole: bool) {
        let form = form_with(OLD);
        let error = ServerError { code: code.into(), message: "billing balance".into() };
        let blamed = form.place_server_error(&error).unwrap();
        assert_eq!((form.product()[blamed.place.field].id, blamed.whole_group), (id, whole));
    }

    #[rstest]
    #[case("invalid_value:no_such_thing", "The balance is too low.", Some("pay.method"))]
    #[case("invalid_value:", "The balance is too low.", Some("pay.method"))]
    #[case("", "The balance is too low.", Some("pay.method"))]
    #[case("access_denied|missing_permission", "No.", None)]
    #[case("not_found|order", "Gone.", None)]
    fn the_message_decides_if_the_code_names_no_parameter(
        #[case] code: &str,
        #[case] message: &str,
        #[case] id: Option<&str>,
    ) {
        let form = form_with(OLD);
        let error = ServerError { code: code.into(), message: message.into() };
        let blamed = form.server_error_field(&error).map(|at| form.product()[at.field].id);
        assert_eq!(blamed, id);
    }

    #[rstest]
    #[case("ship_info.zip is required", "ship", true)]
    #[case("invalid ownership", "ship", false)]
    #[case("organization.contacts", "contact", true)]
    #[case("", "zip", false)]
    fn words_match_at_their_start(#[case] text: &str, #[case] word: &str, #[case] found: bool) {
        assert_eq!(has_word_starting_with(text, word), found);
    }
}
