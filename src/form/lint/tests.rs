//! Texts with one thing wrong each, the finding, and the place that is marked.
//!
//! The output for a person or a script is tested with the command.

use super::*;
use crate::domain::AccountData;
use crate::form::Audience;
use crate::i18n::{Language, Translations};
use crate::product::PKIO;
use rstest::rstest;

const GOOD: &str = r#"{
  "organization": {
    "id": 900001,
    "contacts": [{"user_id": 800001, "contact_type": "verified_contact"}]
  },
  "certificate": {"signature_hash": "sha256", "profile_option": "nonrepudiation"},
  "provisioning_method": "qscd",
  "csa_agreed_to": true,
  "ship_info": {
    "name": "Anna de Vries", "addr1": "Keizersgracht 1", "addr2": "2 hoog", "zip": "1015 AA",
    "city": "Amsterdam", "state": "Noord-Holland", "country": "nl", "method": "STANDARD"
  },
  "order_validity": {"years": 1},
  "payment_method": "balance"
}"#;

const CARD: &str = r#""payment_method": "card", "credit_card": {"number": "4111111111111111", "expiration_month": "09",
  "expiration_year": "2029", "cvv": "987", "cardholder_name": "Anna de Vries", "set_as_default": "0"},
  "billing_address": {"address": "Keizersgracht 1", "country": "nl", "zip": "1015 AA", "city": "Amsterdam",
  "state": "Noord-Holland"}"#;

fn lint(bytes: &[u8]) -> LintReport {
    let known = AccountData::default();
    let context =
        ValidationContext { today: jiff::civil::date(2026, 11, 22), known: &known, audience: Audience::Review };
    lint_text(PKIO, bytes, &context)
}

/// Returns level, code, pointer and marked text of each finding, one per line.
fn finding_lines(source: &str) -> Vec<String> {
    let sign = |level| if level == Severity::Error { "✗" } else { "!" };
    let one = |f: &LintFinding| format!("{} {} {} «{}»", sign(f.level), f.code(), f.pointer, &source[f.span.clone()]);
    lint(source.as_bytes()).findings.iter().map(one).collect()
}

#[test]
fn a_valid_payload_has_no_finding() {
    let nothing: [String; 0] = [];
    assert_eq!(finding_lines(GOOD), nothing);
    assert_eq!(
        finding_lines(&format!("\u{feff}{}", GOOD.replace('\n', "\r\n"))),
        nothing,
        "byte-order mark and CRLF are fine"
    );
    assert_eq!(
        finding_lines(&GOOD.replace("900001", "\"900001\"").replace("800001", "\"800001\"")),
        nothing,
        "ids may be texts"
    );
}

#[rstest]
#[case::blank("\"Amsterdam\"", "\"\"", "✗ required /ship_info/city «\"\"»")]
#[case::white("\"Amsterdam\"", "\"   \"", "✗ required /ship_info/city «\"   \"»")]
#[case::invisible("\"Amsterdam\"", "\"\\u200b\\u00a0\\t\"", "✗ required /ship_info/city «\"\\u200b\\u00a0\\t\"»")]
#[case::absent("\"city\": \"Amsterdam\", ", "", "✗ required /ship_info/city «\"ship_info\"»")]
#[case::absent_at_the_root("  \"csa_agreed_to\": true,\n", "", "✗ consent /csa_agreed_to «{»")]
#[case::blank_second_line("\"2 hoog\"", "\"\"", "")]
#[case::absent_second_line("\"addr2\": \"2 hoog\", ", "", "! missing /ship_info/addr2 «\"ship_info\"»")]
#[case::false_consent("true", "false", "✗ consent /csa_agreed_to «false»")]
#[case::absent_fixed("\"signature_hash\": \"sha256\", ", "", "✗ missing /certificate/signature_hash «\"certificate\"»")]
#[case::other_fixed("sha256", "sha512", "✗ fixed /certificate/signature_hash «\"sha512\"»")]
#[case::absent_object(
    "  \"certificate\": {\"signature_hash\": \"sha256\", \"profile_option\": \"nonrepudiation\"},\n",
    "",
    "✗ missing_object /certificate «{»"
)]
#[case::absent_list(
    ",\n    \"contacts\": [{\"user_id\": 800001, \"contact_type\": \"verified_contact\"}]",
    "",
    "✗ rows /organization/contacts «\"organization\"»"
)]
#[case::empty_list(
    "[{\"user_id\": 800001, \"contact_type\": \"verified_contact\"}]",
    "[]",
    "✗ rows /organization/contacts «\"contacts\"»"
)]
#[case::object_for_a_list(
    "[{\"user_id\": 800001, \"contact_type\": \"verified_contact\"}]",
    "{}",
    "✗ type /organization/contacts «{}»"
)]
#[case::text_for_an_object("{\"years\": 1}", "\"1\"", "✗ type /order_validity «\"1\"»")]
#[case::text_for_a_row(
    "{\"user_id\": 800001, \"contact_type\": \"verified_contact\"}",
    "7",
    "✗ type /organization/contacts/0 «7»"
)]
#[case::null("\"Amsterdam\"", "null", "✗ null /ship_info/city «null»")]
#[case::null_object("{\"years\": 1}", "null", "✗ null /order_validity «null»")]
#[case::number_for_a_text("\"Amsterdam\"", "1015", "✗ type /ship_info/city «1015»")]
#[case::number_for_a_postal_code("\"1015 AA\"", "1015", "! postal_code /ship_info/zip «1015»")]
#[case::whole_number("900001", "900001.0", "")]
#[case::whole_number_in_a_row("800001", "8.00001e5", "")]
#[case::date_and_time(
    "\"years\": 1",
    "\"custom_expiration_date\": \"2027-06-30T00:00:00\"",
    "! date_spelling /order_validity/custom_expiration_date «\"2027-06-30T00:00:00\"»"
)]
#[case::date_that_is_none(
    "\"years\": 1",
    "\"custom_expiration_date\": \"2027-02-30T00:00:00\"",
    "✗ date /order_validity/custom_expiration_date «\"2027-02-30T00:00:00\"»"
)]
#[case::capitals("sha256", "SHA256", "! fixed_case /certificate/signature_hash «\"SHA256\"»")]
#[case::list_for_a_text("\"1015 AA\"", "[1015]", "✗ type /ship_info/zip «[1015]»")]
#[case::fraction("\"years\": 1", "\"years\": 1.5", "✗ type /order_validity/years «1.5»")]
#[case::below("\"years\": 1", "\"years\": -1", "✗ id /order_validity/years «-1»")]
#[case::beyond("900001", "99999999999999999999", "✗ id /organization/id «99999999999999999999»")]
#[case::many_days("\"years\": 1", "\"days\": 398", "! at_most /order_validity/days «398»")]
#[case::no_days("\"years\": 1", "\"days\": 0", "✗ id /order_validity/days «0»")]
#[case::twice("\"zip\":", "\"zip\": \"9\", \"zip\":", "✗ duplicate /ship_info/zip «\"zip\"»")]
#[case::unknown("\"zip\":", "\"foo\": 1, \"zip\":", "! unknown /ship_info/foo «\"foo\"»")]
#[case::misspelled("\"zip\":", "\"Zipp\": 1, \"zip\":", "! misspelled /ship_info/Zipp «\"Zipp\"»")]
#[case::pointer("\"zip\":", "\"a/b~c\": 1, \"zip\":", "! unknown /ship_info/a~1b~0c «\"a/b~c\"»")]
#[case::elsewhere("{\"years\"", "{\"years\"", "")]
#[case::of_a_sibling(
    "\"csa_agreed_to\"",
    "\"container\": {\"id\": 5}, \"csa_agreed_to\"",
    "! elsewhere /container «\"container\"»"
)]
#[case::of_a_sibling_in_a_row(
    "\"user_id\"",
    "\"id\": 5, \"user_id\"",
    "! elsewhere /organization/contacts/0/id «\"id\"»"
)]
#[case::both("\"id\": 900001", "\"id\": 900001, \"name\": \"Zilverdam\"", "✗ conflict /organization/name «\"name\"»")]
#[case::several("{\"years\": 1}", "{\"years\": 1, \"days\": 90}", "! wins /order_validity/years «\"years\"»")]
#[case::left_out(
    "\"payment_method\"",
    "\"billing_address\": {\"city\": \"Ede\"}, \"payment_method\"",
    "! left_out /billing_address «\"billing_address\"»"
)]
#[case::control("Amsterdam", "Amster\\u0007dam", "✗ control /ship_info/city «\"Amster\\u0007dam\"»")]
#[case::unseen("Amsterdam", "Amster\u{202e}dam", "! unseen /ship_info/city «\"Amster\u{202e}dam\"»")]
#[case::raw_control("Amsterdam", "Amster\u{7}dam", "✗ raw_control  «\u{7}»")]
#[case::trailing_comma("\"years\": 1}", "\"years\": 1,}", "✗ trailing_comma  «,»")]
#[case::unclosed("\"balance\"\n}", "\"balance\"\n", "✗ unclosed  «{»")]
fn each_problem_is_reported_once(#[case] from: &str, #[case] to: &str, #[case] found: &str) {
    assert!(GOOD.contains(from));
    let expected: Vec<&str> = Some(found).filter(|found| !found.is_empty()).into_iter().collect();
    assert_eq!(finding_lines(&GOOD.replace(from, to)), expected);
}

#[rstest]
#[case("\"zip\"", "\"zipcode\"", "zip")]
#[case("\"zip\"", "\"postal_code\"", "zip")]
#[case("\"state\"", "\"province\"", "state")]
#[case("\"city\"", "\"town\"", "city")]
fn an_unknown_name_beside_a_missing_member_suggests_that_member(
    #[case] from: &str,
    #[case] to: &str,
    #[case] meant: &str,
) {
    let lang = Translations::new(Language::En);
    let source = GOOD.replace(from, to);
    let found = lint(source.as_bytes()).findings;
    let codes: Vec<&str> = found.iter().map(LintFinding::code).collect();
    assert_eq!(codes, ["required", "misspelled"]);
    assert!(found[1].message(&lang).contains(&format!("Did you mean \"{meant}\"?")), "{}", found[1].message(&lang));
}

#[rstest]
#[case("", "✗ empty  «»")]
#[case(" \n", "✗ empty  « »")]
#[case("[1]", "✗ not_an_object  «[»")]
#[case("\"text\"", "✗ not_an_object  «\"»")]
fn a_text_that_is_no_order_is_reported_as_such(#[case] source: &str, #[case] found: &str) {
    assert_eq!(finding_lines(source), [found]);
    assert!(lint(source.as_bytes()).payload.is_none());
}

#[test]
fn an_empty_object_has_one_finding_for_each_missing_member() {
    let found = finding_lines("{}");
    let codes: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(
        codes,
        [
            "✗ missing /provisioning_method «{»",
            "✗ consent /csa_agreed_to «{»",
            "✗ missing /payment_method «{»",
            "✗ missing_object /certificate «{»",
            "✗ missing_object /organization «{»",
            "✗ missing_object /ship_info «{»",
        ]
    );
}

#[test]
fn invalid_utf_8_is_reported_with_its_offset() {
    let mut bytes = GOOD.as_bytes().to_vec();
    bytes[40] = 0xff;
    let found = lint(&bytes).findings;
    assert_eq!((found.len(), found[0].code(), found[0].span.clone()), (1, "not_text", 40..41));
}

#[test]
fn an_overlong_file_is_not_parsed() {
    let found = lint(&vec![b'['; MAX_TEXT_BYTES + 1]).findings;
    assert_eq!((found.len(), found[0].code()), (1, "too_large"));
    assert_eq!(lint(&vec![b'['; MAX_TEXT_BYTES]).findings[0].code(), "deep");
}

/// The hidden parts of a text.
fn hidden(source: &str) -> Vec<&str> {
    lint(source.as_bytes()).secret_spans.iter().map(|at| &source[at.clone()]).collect()
}

#[test]
fn card_data_is_reported_and_hidden() {
    let source = GOOD.replace("\"payment_method\": \"balance\"", CARD);
    assert_eq!(
        finding_lines(&source),
        ["! card_data /credit_card/number «\"4111111111111111\"»", "! card_data /credit_card/cvv «\"987\"»"]
    );
    assert_eq!(hidden(&source), ["\"4111111111111111\"", "\"2029\"", "\"987\""]);
    let beside = source.replace("\"payment_method\": \"card\"", "\"payment_method\": \"balance\"");
    assert_eq!(
        finding_lines(&beside).len(),
        4,
        "and that it is left out, beside another way to pay: {:?}",
        finding_lines(&beside)
    );
}

#[rstest]
#[case::twice(r#"{"credit_card": {"cvv": "123", "cvv": "987"}}"#, &["\"123\"", "\"987\""])]
#[case::twice_as_a_whole(r#"{"credit_card": {"cvv": "123"}, "credit_card": 5}"#, &["{\"cvv\": \"123\"}", "5"])]
#[case::misspelled(r#"{"credit_card": {"cvc": "123"}}"#, &["\"123\""])]
#[case::mixed_up(r#"{"credit_card": {"expiration_month": "987", "cvv": "09"}}"#, &["\"987\"", "\"09\""])]
#[case::in_another(r#"{"payer": {"CVV2": 123, "nr": "4111 1111 1111 1111"}}"#, &["123", "\"4111 1111 1111 1111\""])]
#[case::in_its_own(r#"{"creditCard": {"a": [12, true]}}"#, &["{\"a\": [12, true]}"])]
#[case::in_what_should_be_a_text(r#"{"payment_method": {"cvv": "9876"}}"#, &["\"9876\""])]
#[case::in_a_field(r#"{"ship_info": {"name": "4111111111111111"}}"#, &["\"4111111111111111\""])]
#[case::with_others(r#"{"comments": "Visa 4111 1111 1111 1111 09/29 987"}"#, &["\"Visa 4111 1111 1111 1111 09/29 987\""])]
#[case::escaped(r#"{"comments": "\u0034111111111111111"}"#, &["\"\\u0034111111111111111\""])]
#[case::in_a_list(r#"{"credit_card": ["4111", {"a": "123"}]}"#, &["[\"4111\", {\"a\": \"123\"}]"])]
#[case::in_a_name(r#"{"4111111111111111": true}"#, &["\"4111111111111111\""])]
#[case::in_a_name_below(r#"{"x": {"4111111111111111": true}}"#, &["\"4111111111111111\""])]
#[case::in_a_name_beside(r#"{"credit_card": {"41111": true}}"#, &["\"41111\"", "true"])]
#[case::no_json(r#"{"credit_card": {"cvv": "123", }"#, &["123"])]
#[case::no_json_and_apart("{\"number\": \"4 1-1\n1\" }}", &["4 1-1\n1"])]
#[case::no_json_and_escaped(r#"{"number": "\u{34}\x31\u0031" }}"#, &["34}\\x31\\u0031"])]
#[case::no_json_and_other_digits("{\"number\": \"４１１\" }}", &["４１１"])]
#[case::no_json_and_two_bytes("{\u{0}\"\u{0}4\u{0}1\u{0}1\u{0}\"\u{0}}\u{0}", &["4\u{0}1\u{0}1"])]
#[case::no_json_and_few(r#"{"addr1": "Plein 1", "years": 01 }}"#, &[])]
#[case::no_object(r#"["4111111111111111", 12, {"411": 1}]"#, &["\"4111111111111111\"", "12", "\"411\"", "1"])]
fn secrets_are_hidden_at_every_place(#[case] source: &str, #[case] expected: &[&str]) {
    assert_eq!(hidden(source), expected);
}

#[test]
fn secrets_in_unread_or_invalid_text_are_hidden() {
    let number = br#"{"number": "4111111111111111""#;
    let long = [number.as_slice(), &vec![b' '; MAX_TEXT_BYTES]].concat();
    let odd = [b"\xff".as_slice(), number, b"\xff"].concat();
    let secret = |bytes: &[u8]| bytes.get(lint(bytes).secret_spans[0].clone()).map(<[u8]>::to_vec);
    assert_eq!(secret(&long), Some(b"4111111111111111".to_vec()));
    assert_eq!(secret(&odd), Some(b"4111111111111111".to_vec()));
}

#[rstest]
#[case::values(&format!("{{\"x\": [{}]}}", "1,".repeat(MAX_VALUES) + "1"))]
#[case::rows(&format!("{{\"organization\": {{\"contacts\": [{}{{}}]}}}}", "{},".repeat(MAX_VALUES)))]
#[case::members(&format!("{{{}\"x\": 1}}", "\"a\": 1,".repeat(MAX_VALUES)))]
#[case::name(&format!("{{\"x\": {{\"{}\": \"\\u0007\"}}}}", "a".repeat(MAX_NAME_BYTES + 1)))]
fn an_oversized_payload_is_not_inspected(#[case] source: &str) {
    let found = lint(source.as_bytes());
    let codes: Vec<_> = found.findings.iter().map(LintFinding::code).collect();
    assert_eq!((codes, found.payload.is_none()), (vec!["too_much"], true));
}

#[test]
fn a_card_number_in_a_member_name_is_not_shown_in_a_pointer() {
    let found = finding_lines(r#"{"4111111111111111": {"a": "\u0007"}}"#);
    assert!(found.iter().any(|line| line.contains("/***/a")), "{found:?}");
    assert!(!found.iter().any(|line| line.contains(" /4111")), "{found:?}");
}

#[rstest]
#[case(Language::En, 0, "This list is missing or empty; it must have at least one item.")]
#[case(Language::En, 11, "This list has 11 items; the maximum is 10.")]
#[case(Language::Nl, 0, "Deze lijst ontbreekt of is leeg; er moet minstens één onderdeel in staan.")]
#[case(Language::Nl, 11, "Deze lijst heeft 11 onderdelen; het maximum is 10.")]
fn a_list_is_too_short_or_too_long(#[case] language: Language, #[case] count: usize, #[case] text: &str) {
    let row = "{\"user_id\": 800001, \"contact_type\": \"verified_contact\"}";
    let source = GOOD.replace(&format!("[{row}]"), &format!("[{}]", vec![row; count].join(",")));
    let audit = lint(source.as_bytes());
    let rows: Vec<&LintFinding> = audit.findings.iter().filter(|finding| finding.code() == "rows").collect();
    assert_eq!(rows[0].message(&Translations::new(language)), text);
}

#[rstest]
#[case(Language::En)]
#[case(Language::Nl)]
fn every_problem_code_has_a_message(#[case] language: Language) {
    let lang = Translations::new(language);
    for oddity in every_oddity() {
        let finding = LintFinding::from_text_problem(Severity::Error, oddity, String::new(), 0..0, None);
        let words = finding.message(&lang);
        assert!(words.ends_with(['.', '?']) && !words.starts_with("fault."), "{}: {words}", finding.code());
    }
}

fn every_oddity() -> Vec<TextProblem> {
    use crate::json::SyntaxErrorKind;
    let slips = [
        SyntaxErrorKind::Empty,
        SyntaxErrorKind::RawControl,
        SyntaxErrorKind::TrailingComma,
        SyntaxErrorKind::Comma,
        SyntaxErrorKind::Colon,
        SyntaxErrorKind::Value,
        SyntaxErrorKind::Quotes,
        SyntaxErrorKind::Comment,
        SyntaxErrorKind::Number,
        SyntaxErrorKind::Escape,
        SyntaxErrorKind::LoneSurrogate,
        SyntaxErrorKind::Unclosed,
        SyntaxErrorKind::TrailingContent,
        SyntaxErrorKind::TooDeep,
    ];
    let others = [
        TextProblem::TooLarge,
        TextProblem::TooMuch,
        TextProblem::InvalidUtf8(4),
        TextProblem::NotAnObject,
        TextProblem::Null,
        TextProblem::Duplicate,
        TextProblem::Unknown(None),
        TextProblem::Unknown(Some("zip".into())),
        TextProblem::Elsewhere,
        TextProblem::LeftOut,
        TextProblem::CardData,
        TextProblem::Missing("zip".into()),
    ];
    slips.map(TextProblem::Syntax).into_iter().chain(others).collect()
}
