//! Dates, times, ages, amounts and counts in the format of each language, in texts for people.
//!
//! A machine reads ISO 8601 and plain digits. So does a field: its value, example and bounds are shown as they are
//! typed and sent. A value from the server is converted only if it is clearly a date, a time or an amount; any other
//! value is shown unchanged, because a guess could mislead.

use super::{Language, Translations};
use crate::i18n::{TextId, texts, with};
use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, tz::TimeZone};
use std::fmt::Display;

/// The currency that both languages write with a sign. Any other one is written as its code.
const EURO: &str = "EUR";

/// The marks in a number.
struct NumberMarks {
    /// The mark before the fraction.
    decimal: char,
    /// The mark before each group of three digits.
    group: char,
}

impl Translations {
    /// Formats a date: `24 Oct 2027`, `24 oktober 2027`.
    pub fn format_date(&self, date: Date) -> String {
        self.format_date_with_months(date, texts::format::MONTHS)
    }

    /// Formats a date with a short month in both languages, for columns of a list.
    pub fn format_short_date(&self, date: Date) -> String {
        self.format_date_with_months(date, texts::format::SHORT_MONTHS)
    }

    fn format_date_with_months(&self, date: Date, months: TextId) -> String {
        let month = usize::try_from(date.month() - 1).ok().and_then(|at| self.text(months).split(' ').nth(at));
        match month {
            Some(month) => format!("{} {month} {}", date.day(), date.year()),
            None => date.to_string(),
        }
    }

    /// Formats the UTC date of a time in milliseconds since 1970.
    pub fn format_day_of_millis(&self, millis: i64) -> String {
        Timestamp::from_millisecond(millis).map(|time| self.format_date(to_utc(time).date())).unwrap_or_default()
    }

    /// Formats a time to the second, in UTC: `24 Oct 2027, 09:05:00 UTC`.
    pub fn format_time(&self, time: Timestamp) -> String {
        format!("{} UTC", self.format_date_and_time(to_utc(time)))
    }

    /// Formats a time to the minute, in UTC.
    pub fn format_time_to_minute(&self, time: Timestamp) -> String {
        let time = to_utc(time);
        format!("{}, {} UTC", self.format_date(time.date()), time.time().strftime("%H:%M"))
    }

    fn format_date_and_time(&self, time: DateTime) -> String {
        format!("{}, {}", self.format_date(time.date()), format_clock(time.time()))
    }

    /// Formats a date or time of the server. A time with a zone is converted to UTC; without one no zone is named.
    pub fn format_reported_time(&self, text: &str) -> String {
        if let Some(date) = parse_plain_date(text) {
            return self.format_date(date);
        }
        if let Ok(time) = text.parse::<Timestamp>() {
            return self.format_time(time);
        }
        match text.parse::<DateTime>() {
            Ok(time) if text.len() == "2027-10-24T09:05:00".len() => self.format_date_and_time(time),
            _ => text.to_owned(),
        }
    }

    /// Formats the day of a server's date or time, in the server's zone.
    pub fn format_reported_day(&self, text: &str) -> String {
        let day: String = text.chars().take("2027-10-24".len()).collect();
        parse_plain_date(&day).map_or(day, |date| self.format_date(date))
    }

    /// Formats an age in minutes; `None` is an unknown age.
    pub fn format_age(&self, minutes: Option<i64>) -> String {
        let Some(minutes) = minutes else { return self.text(texts::age::SOME_TIME).to_owned() };
        match minutes.max(0) {
            0 => self.text(texts::age::JUST_NOW).to_owned(),
            1 => self.text(texts::age::ONE_MINUTE).to_owned(),
            minutes @ 2..120 => self.format_age_count(texts::age::MINUTES, minutes),
            minutes @ 120..2880 => self.format_age_count(texts::age::HOURS, minutes / 60),
            minutes => self.format_age_count(texts::age::DAYS, minutes / 1440),
        }
    }

    /// Formats an age in seconds.
    pub fn format_age_in_seconds(&self, seconds: u64) -> String {
        match seconds {
            1 => self.text(texts::age::ONE_SECOND).to_owned(),
            seconds @ 0..60 => self.format_age_count(texts::age::SECONDS, seconds),
            seconds => self.format_age(i64::try_from(seconds / 60).ok()),
        }
    }

    fn format_age_count(&self, id: TextId<with::Count<'_>>, count: impl Display) -> String {
        self.format(id, with::Count(&self.format_count(count)))
    }

    /// Formats a whole number: `12,345`, `12.345`.
    pub fn format_count(&self, count: impl Display) -> String {
        self.group_digits(&count.to_string())
    }

    /// Formats an amount as the server spells it: `€12,500.00`, `€ 12.500,00`, and for other currencies `USD
    /// 12,500.00`, `USD 12.500,00`. It keeps each digit, with at least two after the decimal mark. An amount that is
    /// not a plain decimal number with a point before its fraction is shown unchanged.
    pub fn format_amount(&self, amount: &str, currency: &str) -> String {
        let Some((sign, whole, fraction)) = parse_decimal(amount) else {
            return format!("{amount} {currency}").trim().to_owned();
        };
        let number = format!("{}{}{fraction:0<2}", self.group_digits(whole), self.marks().decimal);
        match (currency, sign) {
            (EURO, "") => self.format(texts::format::EUROS, with::Amount(&number)),
            (EURO, _) => self.format(texts::format::EUROS_NEGATIVE, with::Amount(&number)),
            (currency, sign) => format!("{currency} {sign}{number}").trim().to_owned(),
        }
    }

    fn marks(&self) -> NumberMarks {
        match self.language {
            Language::En => NumberMarks { decimal: '.', group: ',' },
            Language::Nl => NumberMarks { decimal: ',', group: '.' },
        }
    }

    /// Puts the group mark before each three digits.
    fn group_digits(&self, digits: &str) -> String {
        let mark = self.marks().group;
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(mark);
            }
            grouped.push(digit);
        }
        grouped
    }
}

fn to_utc(time: Timestamp) -> DateTime {
    TimeZone::UTC.to_datetime(time)
}

fn format_clock(time: Time) -> impl Display {
    time.strftime("%H:%M:%S")
}

/// Parses a date of ISO 8601 without a time.
fn parse_plain_date(text: &str) -> Option<Date> {
    text.parse::<Date>().ok().filter(|date| date.to_string() == text)
}

/// Splits a plain decimal number into sign, whole part and fraction. A number with grouped digits, a plus, an
/// exponent or a needless leading zero is not plain.
fn parse_decimal(text: &str) -> Option<(&str, &str, &str)> {
    let (sign, number) = text.strip_prefix('-').map_or(("", text), |number| ("-", number));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let plain = digits(whole) && digits(fraction) && (whole == "0" || !whole.starts_with('0'));
    plain.then_some((sign, whole, fraction))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use rstest::rstest;

    fn both() -> [Translations; 2] {
        [Language::En, Language::Nl].map(Translations::new)
    }

    fn said(say: impl Fn(&Translations) -> String) -> [String; 2] {
        both().each_ref().map(say)
    }

    #[rstest]
    #[case(date(2027, 10, 24), ["24 Oct 2027", "24 oktober 2027"], "24 okt 2027")]
    #[case(date(2028, 3, 1), ["1 Mar 2028", "1 maart 2028"], "1 mrt 2028")]
    #[case(date(2030, 5, 31), ["31 May 2030", "31 mei 2030"], "31 mei 2030")]
    #[case(date(1970, 1, 2), ["2 Jan 1970", "2 januari 1970"], "2 jan 1970")]
    #[case(date(9999, 12, 31), ["31 Dec 9999", "31 december 9999"], "31 dec 9999")]
    fn a_day_is_written_in_the_language(#[case] day: Date, #[case] written: [&str; 2], #[case] short: &str) {
        assert_eq!(said(|lang| lang.format_date(day)), written);
        assert_eq!(said(|lang| lang.format_short_date(day)), [written[0], short]);
    }

    #[test]
    fn each_language_has_twelve_months() {
        for lang in both() {
            for id in [texts::format::MONTHS, texts::format::SHORT_MONTHS] {
                let months: std::collections::BTreeSet<&str> = lang.text(id).split(' ').collect();
                assert_eq!((months.len(), lang.text(id).split(' ').count()), (12, 12), "{id:?}");
            }
        }
    }

    #[test]
    fn a_time_has_its_zone() {
        let time = Timestamp::from_second(1_795_000_000).unwrap();
        assert_eq!(
            said(|lang| lang.format_time(time)),
            ["18 Nov 2026, 11:06:40 UTC", "18 november 2026, 11:06:40 UTC"]
        );
        assert_eq!(
            said(|lang| lang.format_time_to_minute(time)),
            ["18 Nov 2026, 11:06 UTC", "18 november 2026, 11:06 UTC"]
        );
        assert_eq!(said(|lang| lang.format_day_of_millis(1_795_000_000_000)), ["18 Nov 2026", "18 november 2026"]);
    }

    #[rstest]
    #[case("2027-06-30", "30 juni 2027")]
    #[case("2027-06-30T09:05:00Z", "30 juni 2027, 09:05:00 UTC")]
    #[case("2027-06-30T09:05:00.250+00:00", "30 juni 2027, 09:05:00 UTC")]
    #[case("2027-06-30T23:05:00-02:00", "1 juli 2027, 01:05:00 UTC")]
    #[case("2027-06-30T09:05:00", "30 juni 2027, 09:05:00")]
    #[case("2027-06-30 09:05:00", "30 juni 2027, 09:05:00")]
    #[case("2027-06-31", "2027-06-31")]
    #[case("20270630", "20270630")]
    #[case("06-07-2027", "06-07-2027")]
    #[case("30 JUN 2027", "30 JUN 2027")]
    #[case("2027-06-30 or so", "2027-06-30 or so")]
    #[case("soon", "soon")]
    #[case("", "")]
    fn an_invalid_date_is_shown_unchanged(#[case] told: &str, #[case] shown: &str) {
        assert_eq!(Translations::new(Language::Nl).format_reported_time(told), shown);
    }

    #[rstest]
    #[case("2027-06-30T23:05:00-02:00", "30 Jun 2027")]
    #[case("2027-06-30", "30 Jun 2027")]
    #[case("2027-06-31T09:05:00Z", "2027-06-31")]
    #[case("ééééé ééééé é", "ééééé éééé")]
    #[case("", "")]
    fn the_day_of_a_time_is_in_the_servers_zone(#[case] told: &str, #[case] shown: &str) {
        assert_eq!(Translations::new(Language::En).format_reported_day(told), shown);
    }

    #[rstest]
    #[case(None, ["at an unknown time", "op een onbekend moment"])]
    #[case(Some(-5), ["just now", "zojuist"])]
    #[case(Some(0), ["just now", "zojuist"])]
    #[case(Some(1), ["1 minute ago", "1 minuut geleden"])]
    #[case(Some(3), ["3 minutes ago", "3 minuten geleden"])]
    #[case(Some(119), ["119 minutes ago", "119 minuten geleden"])]
    #[case(Some(120), ["2 hours ago", "2 uur geleden"])]
    #[case(Some(2879), ["47 hours ago", "47 uur geleden"])]
    #[case(Some(2880), ["2 days ago", "2 dagen geleden"])]
    #[case(Some(1440 * 12_345), ["12,345 days ago", "12.345 dagen geleden"])]
    fn an_age_is_written_in_words(#[case] minutes: Option<i64>, #[case] told: [&str; 2]) {
        assert_eq!(said(|lang| lang.format_age(minutes)), told);
    }

    #[rstest]
    #[case(0, ["0 seconds ago", "0 seconden geleden"])]
    #[case(1, ["1 second ago", "1 seconde geleden"])]
    #[case(59, ["59 seconds ago", "59 seconden geleden"])]
    #[case(60, ["1 minute ago", "1 minuut geleden"])]
    #[case(7200, ["2 hours ago", "2 uur geleden"])]
    #[case(u64::MAX, ["213,503,982,334,601 days ago", "213.503.982.334.601 dagen geleden"])]
    fn an_age_of_many_seconds_is_written_in_minutes(#[case] seconds: u64, #[case] told: [&str; 2]) {
        assert_eq!(said(|lang| lang.format_age_in_seconds(seconds)), told);
    }

    #[rstest]
    #[case(0, ["0", "0"])]
    #[case(999, ["999", "999"])]
    #[case(1_000, ["1,000", "1.000"])]
    #[case(12_345, ["12,345", "12.345"])]
    #[case(100_000, ["100,000", "100.000"])]
    #[case(u64::MAX, ["18,446,744,073,709,551,615", "18.446.744.073.709.551.615"])]
    fn a_count_has_groups_of_three(#[case] count: u64, #[case] written: [&str; 2]) {
        assert_eq!(said(|lang| lang.format_count(count)), written);
    }

    #[rstest]
    #[case("12500.00", "EUR", ["€12,500.00", "€ 12.500,00"])]
    #[case("100", "EUR", ["€100.00", "€ 100,00"])]
    #[case("1005", "EUR", ["€1,005.00", "€ 1.005,00"])]
    #[case("100.5", "EUR", ["€100.50", "€ 100,50"])]
    #[case("0.005", "EUR", ["€0.005", "€ 0,005"])]
    #[case("0", "EUR", ["€0.00", "€ 0,00"])]
    #[case("-5.00", "EUR", ["-€5.00", "€ -5,00"])]
    #[case("12500.00", "USD", ["USD 12,500.00", "USD 12.500,00"])]
    #[case("-12500.00", "USD", ["USD -12,500.00", "USD -12.500,00"])]
    #[case("12500.00", "", ["12,500.00", "12.500,00"])]
    #[case("99999999999999999999.99", "EUR", ["€99,999,999,999,999,999,999.99", "€ 99.999.999.999.999.999.999,99"])]
    fn an_amount_keeps_each_digit(#[case] amount: &str, #[case] currency: &str, #[case] written: [&str; 2]) {
        assert_eq!(said(|lang| lang.format_amount(amount, currency)), written);
    }

    #[rstest]
    #[case("1,005.00", "1,005.00 EUR")]
    #[case("1.005,00", "1.005,00 EUR")]
    #[case("1 005.00", "1 005.00 EUR")]
    #[case(" 5.00", " 5.00 EUR")]
    #[case("+5.00", "+5.00 EUR")]
    #[case("--5", "--5 EUR")]
    #[case("007.00", "007.00 EUR")]
    #[case("5.", "5. EUR")]
    #[case(".5", ".5 EUR")]
    #[case("1e5", "1e5 EUR")]
    #[case("NaN", "NaN EUR")]
    #[case("٣", "٣ EUR")]
    #[case("€5", "€5 EUR")]
    #[case("", "EUR")]
    fn an_invalid_amount_is_shown_unchanged(#[case] amount: &str, #[case] shown: &str) {
        assert_eq!(
            said(|lang| lang.format_amount(amount, "EUR")).map(|text| text.trim().to_owned()),
            [shown.trim(); 2]
        );
    }

    #[test]
    fn a_terminal_without_the_sign_gets_the_code() {
        let plain = both().map(|lang| lang.for_plain_terminal(|text| text.replace('€', "?")));
        assert_eq!(
            plain.each_ref().map(|lang| lang.format_amount("12500.00", "EUR")),
            ["EUR 12,500.00", "EUR 12.500,00"]
        );
        assert_eq!(plain.each_ref().map(|lang| lang.format_amount("-5.00", "EUR")), ["EUR -5.00", "EUR -5,00"]);
    }
}
