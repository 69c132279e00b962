//! What the build script makes of a product file: ids become indices, and a file that would make the program guess is
//! refused.

use super::{PKIO_FILE, load_error};
use rstest::rstest;
use zegel::product;

#[test]
fn the_embedded_product_loads_in_the_order_of_asking() {
    let product = product::PKIO;
    assert_eq!(product.fields[0].id, "org.how");
    assert_eq!(
        product.json_pointer(product.find_field("contact.type").unwrap(), Some(2)).unwrap(),
        "/organization/contacts/2/contact_type"
    );
    assert_eq!(product.json_pointer(product.find_field("pay.method").unwrap(), None).unwrap(), "/payment_method");
    assert_eq!(product.json_pointer(product.find_field("org.how").unwrap(), None), None);
}

#[test]
fn a_word_outside_the_vocabulary_is_refused_with_its_place() {
    let wrong = PKIO_FILE.replace("required = \"yes\"", "required = \"perhaps\"");
    let error = load_error(&wrong);
    assert!(error.contains("line"), "{error}");
    assert!(error.contains("`yes`, `asked`, `advised`, `no`") || error.contains("one of"), "{error}");
}

#[rstest]
#[case::field("balance\", field = \"pay.method\"", "balance\", field = \"zzz\"")]
#[case::field_of_a_check("is = { house_number = \"org.country\" }", "is = { house_number = \"zzz\" }")]
#[case::field_of_a_condition("when = [{ field = \"org.how\"", "when = [{ field = \"zzz\"")]
#[case::group("id = \"org.name\"\ngroup = \"org\"", "id = \"org.name\"\ngroup = \"zzz\"")]
#[case::group_of_a_mode("id = \"org.how\"\ngroup = \"org\"", "id = \"org.how\"\ngroup = \"zzz\"")]
#[case::step("id = \"org\"\nstep = \"organization\"", "id = \"org\"\nstep = \"zzz\"")]
#[case::citation("cite = \"guess\"", "cite = \"zzz\"")]
fn an_id_that_is_not_declared_is_refused(#[case] right: &str, #[case] wrong: &str) {
    let error = load_error(&PKIO_FILE.replacen(right, wrong, 1));
    assert_eq!(error, "\"zzz\" is not declared in this product file");
}

#[test]
fn a_page_has_one_title_or_a_description_in_each_language() {
    let product = product::PKIO;
    let page = |id: &str| product[product.find_field(id).unwrap()].advice[0].cite.page;
    let rule = product.find_field("org.id").map(|id| product[id].checks[0].cite.page).unwrap();
    assert_eq!((rule.en, rule.nl), ("order-pkio-qualified-eseal", "order-pkio-qualified-eseal"));
    let words = page("pay.method");
    assert_eq!((words.en, words.nl), ("orders of other products", "bestellingen van andere producten"));
}

#[rstest]
#[case::no_dutch("page = { en = \"orders of other products\" }", "missing field `nl`")]
#[case::no_english("page = { nl = \"bestellingen van andere producten\" }", "missing field `en`")]
#[case::another("page = { en = \"a\", nl = \"b\", de = \"c\" }", "unknown field `de`")]
#[case::no_text("page = 1", "expected a title, or a text in `en` and `nl`")]
fn a_page_without_one_of_the_languages_is_refused_like_any_text(#[case] page: &str, #[case] why: &str) {
    let is_of_others = |line: &str| line.starts_with("others = ");
    let lines = PKIO_FILE.lines().map(|line| {
        if is_of_others(line) { format!("others = {{ mark = \"sib\", {page} }}\n") } else { format!("{line}\n") }
    });
    let error = load_error(&lines.collect::<String>());
    let line = PKIO_FILE.lines().position(is_of_others).unwrap() + 1;
    assert!(error.contains(&format!("line {line},")) && error.contains(why), "{error}");
}
