//! Dates as people and programs write them: the one format that zegel writes, and others that can be read as a day.
//!
//! How the server wants a date written is not documented, so another format earns only a warning. A text that is not
//! a date at all is detected here. This module does not use the current date.

use jiff::civil::{Date, Time};
use jiff::fmt::{rfc2822, temporal::Pieces};
use std::borrow::Cow;

/// Characters that occur in a date besides letters and digits.
pub(super) const DATE_PUNCTUATION: &str = ":+., /-";

/// Other date formats. If two of them fit one text, its meaning is ambiguous.
const DATE_FORMATS: &[&str] = &[
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%d-%B-%Y",
    "%d/%b/%Y",
    "%d.%b.%Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
    "%B %d %Y",
    "%Y-%b-%d",
    "%Y %b %d",
    "%Y %B %d",
];

/// Formats with the month first where the day usually comes first. They count only if no other format fits.
const MONTH_FIRST_FORMATS: &[&str] = &["%m-%d-%Y", "%m.%d.%Y"];

/// Dutch names of months that differ from the English ones, each with its English name.
const DUTCH_MONTHS: &[(&str, &str)] = &[
    ("januari", "january"),
    ("februari", "february"),
    ("maart", "march"),
    ("mrt", "mar"),
    ("mei", "may"),
    ("juni", "june"),
    ("juli", "july"),
    ("augustus", "august"),
    ("oktober", "october"),
    ("okt", "oct"),
    ("sept", "sep"),
];

/// Parses a date in the format that zegel writes: `2027-06-30`.
pub(super) fn parse_plain_date(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.to_string() == text).then_some(date)
}

/// Returns the days that a text can mean: none, one, or two if either number can be the month.
pub(super) fn possible_dates(text: &str) -> Vec<Date> {
    if let Some(date) = parse_plain_date(text) {
        return vec![date];
    }
    if !has_date_shape(text) {
        return Vec::new();
    }
    let text = translate_month_name(text.trim_matches(' '));
    if let Ok(pieces) = Pieces::parse(text.as_bytes()) {
        return vec![pieces.date()];
    }
    if let Ok(zoned) = rfc2822::DateTimeParser::new().parse_zoned(text.as_bytes()) {
        return vec![zoned.date()];
    }
    let day = strip_time(&text);
    let spelled = |spellings: &[&str]| {
        let mut found: Vec<Date> = spellings.iter().filter_map(|spelling| Date::strptime(spelling, day).ok()).collect();
        found.dedup();
        found
    };
    let found = spelled(DATE_FORMATS);
    if found.is_empty() { spelled(MONTH_FIRST_FORMATS) } else { found }
}

/// Returns true if a text has only characters that occur in a date, and a year. The JSON Schema checks the same.
fn has_date_shape(text: &str) -> bool {
    let text = text.trim_matches(' ');
    let known = text.chars().all(|c| c.is_ascii_alphanumeric() || DATE_PUNCTUATION.contains(c));
    let year = text.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit));
    known && year && text.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// Translates the Dutch name of a month in a text into English.
fn translate_month_name(text: &str) -> Cow<'_, str> {
    let lower = text.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_ascii_alphabetic());
    let found = words.find_map(|word| DUTCH_MONTHS.iter().find(|(dutch, _)| *dutch == word));
    found.map_or(Cow::Borrowed(text), |(dutch, english)| Cow::Owned(lower.replacen(dutch, english, 1)))
}

/// Returns the text without a time of day at its end.
fn strip_time(text: &str) -> &str {
    let is_time = |time: &str| ["%H:%M", "%H:%M:%S"].iter().any(|spelling| Time::strptime(spelling, time).is_ok());
    text.rsplit_once(' ').filter(|(_, time)| is_time(time)).map_or(text, |(day, _)| day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use rstest::rstest;

    #[rstest]
    #[case("2027-06-30", true)]
    #[case("2027-02-31", false)]
    #[case("2027-6-30", false)]
    #[case("20270630", false)]
    #[case("30-06-2027", false)]
    #[case("2027-06-30T00:00", false)]
    fn only_one_date_spelling_is_sent(#[case] text: &str, #[case] right: bool) {
        assert_eq!(parse_plain_date(text).is_some(), right, "{text}");
    }

    #[rstest]
    #[case::its_own("2027-06-30")]
    #[case::with_a_time("2027-06-30T00:00:00")]
    #[case::with_a_time_in_utc("2027-06-30T00:00:00Z")]
    #[case::with_a_fraction("2027-06-30T23:59:59.000Z")]
    #[case::with_an_offset("2027-06-30T00:00:00+02:00")]
    #[case::with_a_space("2027-06-30 00:00:00")]
    #[case::without_hyphens("20270630")]
    #[case::one_digit("2027-6-30")]
    #[case::slashes("2027/06/30")]
    #[case::day_first("30-06-2027")]
    #[case::day_first_with_dots("30.06.2027")]
    #[case::day_first_with_slashes("30/06/2027")]
    #[case::day_first_and_a_time("30-06-2027 12:00")]
    #[case::month_first("06/30/2027")]
    #[case::month_first_with_hyphens("06-30-2027")]
    #[case::capitals("30 JUN 2027")]
    #[case::hyphens("30-Jun-2027")]
    #[case::joined("30jun2027")]
    #[case::whole_name("30 June 2027")]
    #[case::american("June 30, 2027")]
    #[case::american_and_short("Jun 30, 2027")]
    #[case::dutch("30 juni 2027")]
    #[case::mail("Wed, 30 Jun 2027 00:00:00 +0000")]
    #[case::blanks(" 2027-06-30 ")]
    fn a_day_is_parsed_from_many_spellings(#[case] text: &str) {
        assert_eq!(possible_dates(text), [date(2027, 6, 30)], "{text}");
    }

    #[rstest]
    #[case("09 JUN 2027", date(2027, 6, 9))]
    #[case("9 mei 2027", date(2027, 5, 9))]
    #[case("1 mrt 2027", date(2027, 3, 1))]
    #[case("01-02-2027", date(2027, 2, 1))]
    fn days_with_few_digits_are_parsed(#[case] text: &str, #[case] day: Date) {
        assert_eq!(possible_dates(text), [day], "{text}");
    }

    #[test]
    fn a_date_with_slashes_is_ambiguous() {
        assert_eq!(possible_dates("01/02/2027"), [date(2027, 2, 1), date(2027, 1, 2)]);
        assert_eq!(possible_dates("02/02/2027"), [date(2027, 2, 2)]);
    }

    #[rstest]
    #[case("")]
    #[case("next year")]
    #[case("2027")]
    #[case("2027-06")]
    #[case("2027-02-31")]
    #[case("2027-02-31T00:00:00")]
    #[case("2027-06-30T25:00:00")]
    #[case("31 FEB 2027")]
    #[case("31-06-2027")]
    #[case("32/01/2027")]
    #[case("30-13-2027")]
    #[case("30-06-27")]
    #[case("+002027-06-30")]
    #[case("2027-06-30[Europe/Amsterdam]")]
    #[case("2027-06-30x")]
    fn an_invalid_day_is_not_parsed(#[case] text: &str) {
        assert_eq!(possible_dates(text), [], "{text}");
    }
}
