//! The products that are not ordered: defaults of new orders, and the setup of an account.

use zegel::form::Form;
use zegel::product::{ACCOUNT_SETUP, PKIO, PKIO_DEFAULTS, Requirement};

#[test]
fn only_what_may_be_preset_is_asked_and_nothing_is_required() {
    let (whole, part) = (PKIO, PKIO_DEFAULTS);
    let expected: Vec<&str> = whole.fields.iter().filter(|field| field.preset).map(|field| field.id).collect();
    let found: Vec<&str> = part.fields.iter().map(|field| field.id).collect();
    assert_eq!(found, expected);
    assert!(part.fields.iter().all(|field| field.is_mode() || field.required == Requirement::No));
    assert!(part.fields.iter().all(|field| field.secret.is_none()));
    let steps: Vec<&str> = part.steps.iter().map(|step| step.id).collect();
    assert_eq!(steps, ["organization", "contacts", "shipping", "payment"]);
}

#[test]
fn what_is_filled_in_there_is_taken_by_a_new_order() {
    let values = [("org.id", "900001"), ("contact.person", "800001"), ("ship.city", "Zilverdam")];
    let values = values.map(|(id, text)| (id.to_owned(), text.to_owned()));
    let mut part = Form::new(PKIO_DEFAULTS);
    assert_eq!(part.apply_account_defaults(&values).rejected, []);
    let told = part.account_defaults();
    assert!(values.iter().all(|value| told.contains(value)), "{told:?}");
    let mut whole = Form::new(PKIO);
    assert_eq!(whole.apply_account_defaults(&told).rejected, []);
}

#[test]
fn setting_up_is_a_form_of_its_own() {
    let setup = ACCOUNT_SETUP;
    let steps: Vec<&str> = setup.steps.iter().map(|step| step.id).collect();
    assert_eq!(steps, ["account", "key"]);
    assert!(setup.fields.iter().all(|field| !field.preset));
    let secrets: Vec<&str> = setup.fields.iter().filter(|field| field.secret.is_some()).map(|field| field.id).collect();
    assert_eq!(secrets, ["keep.key"]);
}
