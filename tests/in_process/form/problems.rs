//! The problems of a form: each rule on its own, and those that depend on the account or a payload.

use super::{card, codes, known, new_contact, new_org, place, problems, problems_for, valid_form, with};
use rstest::rstest;
use zegel::domain::ProductInfo;
use zegel::form::{Audience, FieldPlace, Form, Problem, ProblemTarget};
use zegel::product::{GroupId, Requirement, ValueKind};
use zegel::secret::Secret;

#[test]
fn a_valid_form_has_no_problem() {
    for form in [valid_form(), card(&[]), new_org(&[]), new_contact(&[]), with(&[("ship.addr2", "")])] {
        assert_eq!(codes(&form, &problems(&form)), Vec::<String>::new());
    }
}

/// Texts that show nothing: white space of every kind, and characters without width.
const BLANKS: &[&str] = &[
    " ",
    "   ",
    "\u{a0}\u{2003}\u{3000}",
    "\u{1680}\u{202f}\u{205f}",
    "\u{200b}",
    " \u{200c}\u{200d}\u{2060}\u{feff} ",
    "\u{ad}\u{180e}\u{2028}\u{2029}",
    "\u{3164}\u{115f}\u{2800}",
    "\u{fe0f}\u{e0020}",
];

#[test]
fn a_required_text_without_visible_characters_is_missing() {
    let date = with(&[("valid.how", "date"), ("valid.date", "2027-06-30")]);
    let mut tried = std::collections::BTreeSet::new();
    for (right, blank) in [valid_form(), card(&[]), new_org(&[]), new_contact(&[]), date]
        .iter()
        .flat_map(|form| BLANKS.iter().map(move |blank| (form, blank)))
    {
        let of_text = |at: &FieldPlace| {
            let field = &right.product()[at.field];
            let kind = matches!(field.kind, ValueKind::Text | ValueKind::Choice | ValueKind::Date | ValueKind::Country);
            kind && matches!(field.required, Requirement::Yes | Requirement::Asked)
        };
        for at in right.visible_places().filter(of_text).collect::<Vec<_>>() {
            let id = &right.product()[at.field].id;
            let form = blank_at(right, at, blank);
            let here = |problem: &Problem| problem.target == ProblemTarget::Field(at);
            let wizard: Vec<Problem> = problems(&form).into_iter().filter(here).collect();
            assert_eq!(codes(&form, &wizard), [format!("{id} error required")], "{blank:?}");
            let review = problems_for(&form, Audience::Review, &known());
            assert!(review.iter().any(here), "{id} {blank:?}");
            assert!(form.is_blank(at), "{id} {blank:?}");
            tried.insert(*id);
        }
    }
    assert!(tried.len() > 30, "{tried:?}");
}

/// Returns the form with a text at a place, which may be a secret.
fn blank_at(form: &Form, at: FieldPlace, text: &str) -> Form {
    let mut form = form.clone();
    if form.product()[at.field].secret.is_some() {
        *form.secret_mut(at) = Secret::from(text);
    } else {
        form.set_text(at, text);
    }
    form
}

#[rstest]
#[case("org.assumed", " ", &[])]
#[case("org.assumed", "\u{200b}", &["org.assumed warning unseen"])]
#[case("orgc.telephone", "\u{a0}", &["orgc.telephone warning advised"])]
#[case("orgc.telephone", "\t", &["orgc.telephone error control"])]
fn a_blank_optional_text_is_no_error(#[case] id: &str, #[case] text: &str, #[case] expected: &[&str]) {
    let form = new_org(&[(id, text)]);
    assert_eq!(codes(&form, &problems(&form)), expected);
}

fn long(count: usize) -> String {
    "x".repeat(count)
}

#[rstest]
#[case("org.id", "", "error required")]
#[case("org.id", "abc", "error type")]
#[case("org.id", "0", "error id")]
#[case("org.id", "9223372036854775808", "error id")]
#[case("org.id", "900009", "warning inactive")]
#[case("contact.person", "", "error required")]
#[case("contact.person", "810001", "error contact_id")]
#[case("contact.person", "800002", "warning no_details")]
#[case("contact.person", "800003", "warning no_details")]
#[case("contact.type", "", "error missing")]
#[case("contact.type", "ev_approver", "warning one_of")]
#[case("cert.hash", "sha1", "error fixed")]
#[case("cert.hash", "SHA256", "warning fixed_case")]
#[case("cert.hash", "SHA-256", "error fixed")]
#[case("cert.profile", "NonRepudiation", "warning fixed_case")]
#[case("order.method", "QSCD", "warning fixed_case")]
#[case("cert.hash", "", "error missing")]
#[case("cert.profile", "encryption", "error fixed")]
#[case("order.method", "csr", "error fixed")]
#[case("order.csa", "", "error consent")]
#[case("order.csa", "false", "error consent")]
#[case("ship.name", "", "error required")]
#[case("ship.name", "Anna", "warning two_words")]
#[case("ship.name", "Anna\u{202e} de Vries", "warning unseen")]
#[case("ship.name", "Anna\u{1b} de Vries", "error control")]
#[case("ship.addr1", "", "error required")]
#[case("ship.addr1", "Postbus 12", "warning po_box")]
#[case("ship.addr2", "Postbus 12", "warning po_box")]
#[case("ship.city", "1015", "warning no_letters")]
#[case("ship.name", "Postkamer", "warning no_person")]
#[case("ship.zip", "", "error required")]
#[case("ship.zip", "1015", "warning postal_code")]
#[case("ship.city", "", "error required")]
#[case("ship.state", "", "error required")]
#[case("ship.country", "", "error missing")]
#[case("ship.country", "Nederland", "error country")]
#[case("ship.country", "zz", "error country")]
#[case("ship.method", "", "error missing")]
#[case("ship.method", "pigeon", "warning one_of")]
#[case("valid.years", "", "error missing")]
#[case("valid.years", "0", "error id")]
#[case("valid.years", "2", "warning years_unknown")]
#[case("valid.years", "one", "error type")]
#[case("pay.method", "", "error missing")]
#[case("pay.method", "invoice", "warning one_of")]
fn each_rule_of_an_order_for_an_existing_organization(#[case] id: &str, #[case] text: &str, #[case] expected: &str) {
    let form = with(&[(id, text)]);
    assert_eq!(codes(&form, &problems(&form)), [format!("{id} {expected}")]);
}

#[rstest]
#[case("org.name", "", "error required")]
#[case("org.name", &long(65), "error too_long")]
#[case("org.assumed", &long(44), "error total_too_long")]
#[case("org.country", "x", "error country")]
#[case("org.address", "", "error required")]
#[case("org.address", &long(65), "error too_long")]
#[case("org.address2", &long(65), "error too_long")]
#[case("org.zip", "", "error required")]
#[case("org.zip", "1015", "warning postal_code")]
#[case("org.address", "Raadhuisplein", "warning house_number")]
#[case("org.city", "1234", "warning no_letters")]
#[case("org.telephone", "14070", "warning few_digits")]
#[case("org.city", "", "error required")]
#[case("org.city", &long(65), "error too_long")]
#[case("org.state", "", "error required")]
#[case("org.state", &long(65), "error too_long")]
#[case("org.telephone", "", "error required")]
#[case("org.telephone", "none", "warning telephone")]
#[case("orgc.first", "", "error required")]
#[case("orgc.first", &long(129), "error too_long")]
#[case("orgc.last", "", "error required")]
#[case("orgc.last", &long(129), "error too_long")]
#[case("orgc.email", "", "error required")]
#[case("orgc.email", "a.b", "error email")]
#[case("orgc.email", "@b.nl", "error email")]
#[case("orgc.email", "a@b", "warning email_shape")]
#[case("orgc.email", "Anna <a@b.nl>", "warning email_shape")]
#[case("orgc.title", &long(65), "warning too_long")]
#[case("orgc.telephone", "", "warning advised")]
#[case("orgc.telephone", "none", "warning telephone")]
#[case("orgc.extension", &long(17), "warning too_long")]
fn each_rule_of_a_new_organization(#[case] id: &str, #[case] text: &str, #[case] expected: &str) {
    let form = new_org(&[(id, text)]);
    assert_eq!(codes(&form, &problems(&form)), [format!("{id} {expected}")]);
}

#[rstest]
#[case("contact.first", "", "error required")]
#[case("contact.first", &long(129), "error too_long")]
#[case("contact.last", "", "error required")]
#[case("contact.last", &long(129), "error too_long")]
#[case("contact.email", "", "error required")]
#[case("contact.email", "b@", "error email")]
#[case("contact.email", "b@c", "warning email_shape")]
#[case("contact.title", "", "error required")]
#[case("contact.title", &long(65), "warning too_long")]
#[case("contact.telephone", "", "error required")]
#[case("contact.telephone", "none", "warning telephone")]
fn each_rule_of_a_new_contact(#[case] id: &str, #[case] text: &str, #[case] expected: &str) {
    let form = new_contact(&[(id, text)]);
    assert_eq!(codes(&form, &problems(&form)), [format!("{id} {expected}")]);
}

#[rstest]
#[case("card.number", "", "error required")]
#[case("card.number", "4111111111111112", "error card_number")]
#[case("card.month", "", "error required")]
#[case("card.month", "13", "error month")]
#[case("card.year", "", "error required")]
#[case("card.year", "26", "error year")]
#[case("card.year", "2025", "error past_month")]
#[case("card.cvv", "", "error required")]
#[case("card.cvv", "1234", "error cvv")]
#[case("card.holder", "", "error required")]
#[case("card.holder", "Anna", "warning two_words")]
#[case("card.default", "", "error missing")]
#[case("bill.address", "", "error required")]
#[case("bill.country", "", "error missing")]
#[case("bill.country", "zz", "error country")]
#[case("bill.zip", "", "warning advised")]
#[case("bill.zip", "1", "warning postal_code")]
#[case("bill.city", "", "error required")]
#[case("bill.state", "", "warning advised")]
fn each_rule_of_a_card(#[case] id: &str, #[case] text: &str, #[case] expected: &str) {
    let form = card(&[(id, text)]);
    assert_eq!(codes(&form, &problems(&form)), [format!("{id} {expected}")]);
}

#[rstest]
#[case("days", "valid.days", "", "error required")]
#[case("days", "valid.days", "398", "warning at_most")]
#[case("days", "valid.days", "9999", "warning at_most")]
#[case("days", "valid.days", "0", "error id")]
#[case("days", "valid.days", "-1", "error type")]
#[case("date", "valid.date", "", "error required")]
#[case("date", "valid.date", "2027-02-31", "error date")]
#[case("date", "valid.date", "2026-11-22", "error date_range")]
#[case("date", "valid.date", "2027-12-25", "error date_range")]
#[case("date", "valid.date", "30-06-2027", "warning date_spelling")]
#[case("date", "valid.date", "2027-06-30T00:00:00", "warning date_spelling")]
#[case("date", "valid.date", "2027-06-30T00:00:00Z", "warning date_spelling")]
#[case("date", "valid.date", "2027-06-30T23:59:59+02:00", "warning date_spelling")]
#[case("date", "valid.date", "09 JUN 2027", "warning date_spelling")]
#[case("date", "valid.date", "9 juni 2027", "warning date_spelling")]
#[case("date", "valid.date", "June 9, 2027", "warning date_spelling")]
#[case("date", "valid.date", "06/30/2027", "warning date_spelling")]
#[case("date", "valid.date", "05/06/2027", "warning date_spelling")]
#[case("date", "valid.date", "20270630", "warning date_spelling")]
#[case("date", "valid.date", "2027-12-25T00:00:00Z", "error date_range")]
#[case("date", "valid.date", "22 NOV 2026", "error date_range")]
#[case("date", "valid.date", "31 FEB 2027", "error date")]
#[case("date", "valid.date", "2027-02-31T00:00:00", "error date")]
#[case("date", "valid.date", "next year", "error date")]
fn each_rule_of_the_validity(#[case] how: &str, #[case] id: &str, #[case] text: &str, #[case] expected: &str) {
    let form = with(&[("valid.how", how), (id, text)]);
    assert_eq!(codes(&form, &problems(&form)), [format!("{id} {expected}")]);
}

#[rstest]
#[case("days", "valid.days", "1")]
#[case("days", "valid.days", "397")]
#[case("date", "valid.date", "2026-11-23")]
#[case("date", "valid.date", "2027-12-24")]
#[case("none", "valid.years", "")]
fn valid_validities_have_no_problem(#[case] how: &str, #[case] id: &str, #[case] text: &str) {
    let form = with(&[("valid.how", how), (id, text)]);
    assert_eq!(codes(&form, &problems(&form)), Vec::<String>::new());
}

#[test]
fn account_limits_apply_only_once_the_account_is_known() {
    let allow = |years: Option<Vec<u32>>, custom_date| ProductInfo { years, custom_date, ..ProductInfo::default() };
    let mut known = known();
    known.product = Some(allow(Some(vec![1, 2]), Some(false)));
    let form = with(&[("valid.years", "2")]);
    assert_eq!(codes(&form, &problems_for(&form, Audience::Wizard, &known)), Vec::<String>::new());
    let form = with(&[("valid.years", "3")]);
    assert_eq!(codes(&form, &problems_for(&form, Audience::Wizard, &known)), ["valid.years warning years"]);
    let form = with(&[("valid.how", "date"), ("valid.date", "2027-06-30")]);
    assert_eq!(codes(&form, &problems_for(&form, Audience::Wizard, &known)), ["valid.date warning no_custom_date"]);
    known.product = Some(allow(None, None));
    assert_eq!(codes(&form, &problems_for(&form, Audience::Wizard, &known)), Vec::<String>::new());
}

#[test]
fn two_contacts_of_one_type_cause_a_warning() {
    let mut form = valid_form();
    let group = form.product()[place(&form, "contact.type").field].group;
    let second = form.add_row(group);
    let person = FieldPlace { row: second, ..place(&form, "contact.person") };
    form.set_text(person, "800001");
    assert_eq!(codes(&form, &problems(&form)), ["contact.type warning twice"]);
    assert_eq!(
        problems(&form)[0].target,
        ProblemTarget::Field(FieldPlace { row: second, ..place(&form, "contact.type") })
    );
}

#[rstest]
#[case::dutch("nl", "Stadhuis", "", true)]
#[case::in_capitals("NL", "Stadhuis", "", true)]
#[case::on_the_second_line("nl", "Stadhuis", "Coolsingel 40", false)]
#[case::elsewhere("be", "Stadhuis", "", false)]
#[case::there("nl", "Coolsingel 40", "", false)]
fn a_dutch_address_has_a_house_number(
    #[case] country: &str,
    #[case] first: &str,
    #[case] second: &str,
    #[case] warned: bool,
) {
    let form = with(&[("ship.country", country), ("ship.addr1", first), ("ship.addr2", second)]);
    let found = codes(&form, &problems(&form));
    assert_eq!(found.contains(&"ship.addr1 warning house_number".to_owned()), warned, "{found:?}");
}

#[rstest]
#[case::a_cardholder_signs_nothing(&[("card.holder", "Gemeente Zilverdam")])]
#[case::a_card_is_billed_anywhere(&[("bill.address", "Postbus 12")])]
#[case::any_province_is_sent(&[("bill.state", "Friesland")])]
fn foreign_address_forms_cause_no_warning(#[case] values: &[(&str, &str)]) {
    let form = card(values);
    assert_eq!(codes(&form, &problems(&form)), Vec::<String>::new());
}

#[test]
fn the_wizard_requires_what_a_review_only_warns_about() {
    let form = new_org(&[("orgc.email", "")]);
    assert_eq!(codes(&form, &problems(&form)), ["orgc.email error required"]);
    assert_eq!(codes(&form, &problems_for(&form, Audience::Review, &known())), ["orgc.email warning required"]);
}

#[test]
fn a_list_has_a_limit_of_rows() {
    let mut form = valid_form();
    let group = GroupId(form.product().groups.iter().position(|group| group.id == "contact").unwrap());
    for _ in 0..10 {
        form.add_row(group);
    }
    assert!(codes(&form, &problems(&form)).contains(&"contact warning rows".to_owned()));
}
