//! Checks of one value, as the product file names them. Each returns the problem, or `None`.
//!
//! A check gets a value that is not blank. The caller decides whether a violation is an error or a warning.

use super::{FieldPlace, Form, ProblemKind, RowKey, ValidationContext, dates, plausibility};
use crate::api_url::ApiUrl;
use crate::domain::{is_account_name, is_key, is_variable_name};
use crate::form::postal_code::check_postal_code;
use crate::i18n::country;
use crate::product::{AddressPart, Field, FieldId, SetupCheck, ValueCheck};
use crate::redact::is_card_number;
use crate::secret::SECRET_CAPACITY;
use crate::text;
use email_address::{EmailAddress, Options};
use jiff::ToSpan;
use jiff::civil::Date;

pub(super) fn run_check(
    form: &Form,
    check: &ValueCheck,
    text: &str,
    at: FieldPlace,
    context: &ValidationContext<'_>,
) -> Option<ProblemKind> {
    let field = &form.product[at.field];
    match check {
        ValueCheck::Max(max) => check_length(text, *max),
        ValueCheck::Range(first, last) => check_range(text, *first, *last),
        ValueCheck::OneOf => field.find_option(text).is_none().then(|| ProblemKind::OneOf(option_words(field))),
        ValueCheck::AtMost(most) => check_at_most(text, *most),
        ValueCheck::Email => (!has_at_sign(text)).then_some(ProblemKind::Email),
        ValueCheck::EmailShape => (!is_email(text)).then_some(ProblemKind::EmailShape),
        ValueCheck::Telephone => check_telephone(text),
        ValueCheck::Luhn => (!is_card_number(text.as_bytes())).then_some(ProblemKind::Luhn),
        ValueCheck::Cvv(card) => check_cvv(text, &sibling_value(form, at, *card)),
        ValueCheck::Month => (!is_month(text)).then_some(ProblemKind::Month),
        ValueCheck::Year4 => (!has_digit_count(text, 4..=4)).then_some(ProblemKind::Year),
        ValueCheck::PostalCode(country) => check_postal_code(text, &sibling_value(form, at, *country)),
        ValueCheck::NoPoBox => plausibility::is_po_box(text).then_some(ProblemKind::PoBox),
        ValueCheck::HouseNumber(country) => check_house_number(form, text, at, *country),
        ValueCheck::Letters => plausibility::is_number(text).then_some(ProblemKind::NoLetters),
        ValueCheck::Person if plausibility::is_impersonal_name(text) => Some(ProblemKind::NoPerson),
        ValueCheck::Person | ValueCheck::TwoWords => {
            (text.split_whitespace().count() < 2).then_some(ProblemKind::TwoWords)
        }
        ValueCheck::YearMonthDay => dates::parse_plain_date(text).is_none().then_some(ProblemKind::DateSpelling),
        ValueCheck::DaysAhead(first, last) => check_days_ahead(text, *first, *last, context.today),
        ValueCheck::KnownCountry => country::find_country(text).is_none().then_some(ProblemKind::Country),
        ValueCheck::Own(own) => check_setup_value(*own, text),
    }
}

/// Returns the value of another field in the same row. It may be a secret, so it never leaves the form.
pub(super) fn sibling_value(form: &Form, at: FieldPlace, field: FieldId) -> zeroize::Zeroizing<String> {
    let row = if form.product[field].group == form.product[at.field].group { at.row } else { RowKey::SINGLE };
    let there = FieldPlace { field, row };
    zeroize::Zeroizing::new(form.secret(there).map_or(form.text(there), |secret| secret.expose()).to_owned())
}

fn option_words(field: &Field) -> String {
    let words: Vec<&str> = field.options.iter().map(|option| option.id).collect();
    words.join(", ")
}

fn check_length(text: &str, max: usize) -> Option<ProblemKind> {
    let count = text.chars().count();
    (count > max).then_some(ProblemKind::TooLong(max, count))
}

/// Checks the range of a number that the field cannot hold.
pub(super) fn check_raw_number(check: &ValueCheck, text: &str) -> Option<ProblemKind> {
    match check {
        ValueCheck::Range(first, last) => check_range(text, *first, *last),
        _ => None,
    }
}

fn check_range(text: &str, first: u64, last: u64) -> Option<ProblemKind> {
    let inside = text.parse::<u64>().is_ok_and(|number| (first..=last).contains(&number));
    let fault = if last == i64::MAX.unsigned_abs() { ProblemKind::Id } else { ProblemKind::Range(first, last) };
    (!inside).then_some(fault)
}

fn check_at_most(text: &str, most: u64) -> Option<ProblemKind> {
    text.parse::<u64>().is_ok_and(|number| number > most).then_some(ProblemKind::AtMost(most))
}

/// Returns true if the text has an @ with something on both sides.
fn has_at_sign(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| at > 0 && at + 1 < text.len())
}

fn is_email(text: &str) -> bool {
    let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
    // The parser accepts brackets around an address with only blanks before it.
    text.ends_with(char::is_alphanumeric) && EmailAddress::parse_with_options(text, options).is_ok()
}

/// A Dutch address has a house number; it may be on the second address line.
fn check_house_number(form: &Form, text: &str, at: FieldPlace, country: FieldId) -> Option<ProblemKind> {
    let mut places = form.product.fields_of(form.product[at.field].group).map(|field| FieldPlace { field, ..at });
    let second = places.find(|place| form.product[place.field].part == Some(AddressPart::Line2));
    let lines = [text, second.map_or("", |second| form.text(second))];
    let dutch = sibling_value(form, at, country).eq_ignore_ascii_case("nl");
    (dutch && !lines.into_iter().any(plausibility::has_house_number)).then_some(ProblemKind::HouseNumber)
}

fn check_telephone(text: &str) -> Option<ProblemKind> {
    let lower = text.to_lowercase();
    let (number, extension) = match lower.find(['e', 'x', '#']) {
        Some(at) => (&lower[..at], lower[at..].trim_start_matches("ext").trim_start_matches(['x', '#', '.', ' '])),
        None => (lower.as_str(), "0"),
    };
    if !is_telephone(text, number, extension) {
        return Some(ProblemKind::Telephone);
    }
    plausibility::has_few_digits(number).then_some(ProblemKind::FewDigits)
}

/// Checks the shape: 5 to 32 characters, digits and `+ ( ) - . /` and spaces, and an optional extension.
fn is_telephone(text: &str, number: &str, extension: &str) -> bool {
    let shaped = number.chars().all(|c| c.is_ascii_digit() || " +()-./".contains(c));
    let dialled = number.chars().filter(char::is_ascii_digit).count();
    shaped && dialled >= 3 && (5..=32).contains(&text.chars().count()) && has_digit_count(extension, 1..=16)
}

fn has_digit_count(text: &str, count: std::ops::RangeInclusive<usize>) -> bool {
    count.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Returns true if a text seems to contain a card number, with or without groups of digits, and perhaps next to other
/// numbers. By chance one in ten numbers of that length matches; numbers that begin like times and telephone numbers
/// are skipped.
pub(super) fn has_card_number(text: &str) -> bool {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let mut runs = text.split(|c: char| !c.is_ascii_digit() && !is_group_separator(c));
    digits(text) >= 12 && runs.any(|run| digits(run) >= 12 && has_card_number_in_run(run))
}

/// Characters that people write between the digits of one number, including invisible ones.
fn is_group_separator(c: char) -> bool {
    c.is_whitespace() || "-._/".contains(c) || ('\u{2010}'..='\u{2015}').contains(&c) || text::is_hidden(c)
}

/// Returns true if consecutive groups of digits make a card number.
fn has_card_number_in_run(run: &str) -> bool {
    let groups: Vec<&str> = run.split(is_group_separator).filter(|group| !group.is_empty()).collect();
    let begins = |group: &&str| group.starts_with(['2', '3', '4', '5', '6']);
    let mut starts = (0..groups.len()).filter(|first| begins(&groups[*first]));
    starts.any(|first| {
        let lengths = groups[first..].iter().scan(0, |length, group| {
            *length += group.len();
            Some(*length)
        });
        let ends = lengths.take_while(|length| *length <= 19).enumerate().filter(|(_, length)| *length >= 12);
        let mut numbers = ends.map(|(more, _)| zeroize::Zeroizing::new(groups[first..=first + more].concat()));
        numbers.any(|number| is_card_number(number.as_bytes()))
    })
}

/// American Express has four digits, the others three; without a card number either length is right.
fn check_cvv(text: &str, card: &str) -> Option<ProblemKind> {
    let length = match card.get(..2) {
        Some("34" | "37") => Some(4),
        Some(_) => Some(3),
        None => None,
    };
    let right = length.map_or(has_digit_count(text, 3..=4), |length| has_digit_count(text, length..=length));
    (!right).then_some(ProblemKind::Cvv(length))
}

fn is_month(text: &str) -> bool {
    has_digit_count(text, 2..=2) && text.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month))
}

fn check_days_ahead(text: &str, first: i32, last: i32, today: Date) -> Option<ProblemKind> {
    let ahead = |days: i32| today.checked_add(days.days()).ok();
    let (first, last) = (ahead(first)?, ahead(last)?);
    let inside = dates::possible_dates(text).iter().any(|date| (first..=last).contains(date));
    (!inside).then_some(ProblemKind::DateRange(first, last))
}

fn check_setup_value(own: SetupCheck, text: &str) -> Option<ProblemKind> {
    match own {
        SetupCheck::Address => ApiUrl::parse(text).err().map(ProblemKind::Address),
        SetupCheck::ApiKey => (!is_key(text) || text.len() > SECRET_CAPACITY).then_some(ProblemKind::ApiKey),
        SetupCheck::AccountName => (!is_account_name(text)).then_some(ProblemKind::AccountName),
        SetupCheck::Variable => (!is_variable_name(text)).then_some(ProblemKind::Variable),
        SetupCheck::Command => {
            shell_words::split(text).map_or(true, |words| words.is_empty()).then_some(ProblemKind::Command)
        }
        SetupCheck::AbsolutePath => (!text.starts_with('/')).then_some(ProblemKind::AbsolutePath),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("a@b.nl", true)]
    #[case("a.b+c@sub.example.nl", true)]
    #[case("a@b", false)]
    #[case("a b@c.nl", false)]
    #[case("Anna <a@b.nl>", false)]
    #[case(" <a@b.nl>", false)]
    #[case("  <a@b.nl> ", false)]
    #[case("a@[127.0.0.1]", false)]
    fn emails(#[case] text: &str, #[case] right: bool) {
        assert_eq!(is_email(text), right, "{text}");
    }

    #[rstest]
    #[case("+31 88 555 0100", None)]
    #[case("(088) 555-0100", None)]
    #[case("088/555.01.00 ext. 12", None)]
    #[case("55501000", None)]
    #[case("555 0100 x12", Some(ProblemKind::FewDigits))]
    #[case("555 0100 x123456789", Some(ProblemKind::FewDigits))]
    #[case("14070", Some(ProblemKind::FewDigits))]
    #[case("1407", Some(ProblemKind::Telephone))]
    #[case("call me", Some(ProblemKind::Telephone))]
    #[case("+31 88 555 0100 ext", Some(ProblemKind::Telephone))]
    #[case("-----", Some(ProblemKind::Telephone))]
    #[case("123456789012345678901234567890123", Some(ProblemKind::Telephone))]
    fn telephones(#[case] text: &str, #[case] fault: Option<ProblemKind>) {
        assert_eq!(check_telephone(text), fault, "{text}");
    }

    #[rstest]
    #[case("4111111111111111", true)]
    #[case("378282246310005", true)]
    #[case("4111111111111112", false)]
    #[case("41111111111", false)]
    #[case("00000000000000000000", false)]
    #[case("4111 1111 1111 1111", false)]
    fn cards(#[case] text: &str, #[case] right: bool) {
        assert_eq!(is_card_number(text.as_bytes()), right, "{text}");
    }

    #[rstest]
    #[case("4111111111111111", true)]
    #[case("pay with 4111 1111-1111.1111, please", true)]
    #[case("900001 4111111111111111", true)]
    #[case("x4111111111111111x", true)]
    #[case("4111\u{a0}1111\u{2011}1111\u{200b}1111", true)]
    #[case("4111/1111_1111\n1111", true)]
    #[case("12 4111 1111 1111 1111 09/29 987", true)]
    #[case("4.111111111111111e15", true)]
    #[case("4111111111111112", false)]
    #[case("4111 1111, 1111 1111", false)]
    #[case("1111111111116", false)]
    #[case("+31 88 555 0100", false)]
    fn card_numbers_within_texts_are_found(#[case] text: &str, #[case] shown: bool) {
        assert_eq!(has_card_number(text), shown, "{text}");
    }

    #[rstest]
    #[case("123", "4111111111111111", None)]
    #[case("1234", "4111111111111111", Some(ProblemKind::Cvv(Some(3))))]
    #[case("1234", "378282246310005", None)]
    #[case("123", "378282246310005", Some(ProblemKind::Cvv(Some(4))))]
    #[case("1234", "", None)]
    #[case("12", "", Some(ProblemKind::Cvv(None)))]
    #[case("12a", "4", Some(ProblemKind::Cvv(None)))]
    fn cvvs(#[case] text: &str, #[case] card: &str, #[case] fault: Option<ProblemKind>) {
        assert_eq!(check_cvv(text, card), fault);
    }

    #[rstest]
    #[case("01", true)]
    #[case("12", true)]
    #[case("13", false)]
    #[case("00", false)]
    #[case("1", false)]
    fn months(#[case] text: &str, #[case] right: bool) {
        assert_eq!(is_month(text), right);
    }

    #[rstest]
    #[case("a@b", true)]
    #[case("Anna <a@b.nl>", true)]
    #[case("@@b", true)]
    #[case("anna", false)]
    #[case("anna@", false)]
    #[case("@b.nl", false)]
    #[case("@", false)]
    fn an_email_address_has_an_at_sign_between_two_parts(#[case] text: &str, #[case] right: bool) {
        assert_eq!(has_at_sign(text), right, "{text}");
    }

    #[rstest]
    #[case("2026-11-22", false)]
    #[case("2026-11-23", true)]
    #[case("2027-12-24", true)]
    #[case("2027-12-25", false)]
    #[case("24 DEC 2027", true)]
    #[case("2027-12-25T00:00:00", false)]
    #[case("12/01/2027", true)]
    #[case("12/11/2026", true)]
    #[case("11/10/2026", false)]
    fn days_ahead(#[case] text: &str, #[case] right: bool) {
        let today = jiff::civil::date(2026, 11, 22);
        assert_eq!(check_days_ahead(text, 1, 397, today).is_none(), right, "{text}");
    }

    #[rstest]
    #[case("1", true)]
    #[case("397", true)]
    #[case("0", false)]
    #[case("-1", false)]
    #[case("398", false)]
    #[case("99999999999999999999", false)]
    fn ranges(#[case] text: &str, #[case] right: bool) {
        assert_eq!(check_range(text, 1, 397).is_none(), right);
    }

    #[rstest]
    #[case(SetupCheck::Address, "https://certcentral.digicert.eu/services/v2", true)]
    #[case(SetupCheck::Address, "https://www.digicert.com/services/v2", false)]
    #[case(SetupCheck::Address, "certcentral.digicert.eu", false)]
    #[case(SetupCheck::ApiKey, "MADE-UP_key.1", true)]
    #[case(SetupCheck::ApiKey, "MADE UP", false)]
    #[case(SetupCheck::ApiKey, "sleutel\u{e9}", false)]
    #[case(SetupCheck::AccountName, "main-2", true)]
    #[case(SetupCheck::AccountName, "-x", false)]
    #[case(SetupCheck::AccountName, "Main", false)]
    #[case(SetupCheck::AccountName, "gemeente zilverdam", false)]
    #[case(SetupCheck::Variable, "ZEGEL_API_KEY", true)]
    #[case(SetupCheck::Variable, "2KEY", false)]
    #[case(SetupCheck::Variable, "A=B", false)]
    #[case(SetupCheck::Variable, "made_up", false)]
    #[case(SetupCheck::Command, "pass show 'a b'", true)]
    #[case(SetupCheck::Command, "  ", false)]
    #[case(SetupCheck::Command, "pass 'x", false)]
    #[case(SetupCheck::AbsolutePath, "/k", true)]
    #[case(SetupCheck::AbsolutePath, "k", false)]
    fn setup_values_are_checked(#[case] own: SetupCheck, #[case] text: &str, #[case] right: bool) {
        assert_eq!(check_setup_value(own, text).is_none(), right, "{text}");
    }
}
