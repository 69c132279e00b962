//! Messages about the status of an order. Unknown words of the server appear as received.

use super::{MessageWriter, TonedLines};
use crate::domain::{OrderRow, RequestState, Validity};
use crate::order::OrderPolling;
use crate::tone::Tone;

impl MessageWriter<'_> {
    /// Returns a status word of the server in the user's language, followed by the word itself.
    pub fn status_word(&self, family: &str, word: &str) -> String {
        match self.lang.find_text(&format!("{family}{word}")) {
            Some(known) if known != word => format!("{known} ({word})"),
            _ => word.to_owned(),
        }
    }

    /// Returns the lines about the requests of an order.
    pub fn request_lines(&self, requests: &[RequestState]) -> TonedLines {
        let mut lines = vec![(Tone::Heading, self.text("status.approval").to_owned())];
        if requests.is_empty() {
            lines.push((Tone::Plain, self.text("status.no_requests").to_owned()));
        }
        lines.extend(requests.iter().map(|request| self.request_line(request)));
        lines
    }

    pub fn request_line(&self, request: &RequestState) -> (Tone, String) {
        let (id, word) = (request.id.to_string(), self.status_word("request_word.", &request.status));
        let word = if word.is_empty() { self.text("status.not_heard") } else { &word };
        (status_tone(&request.status), self.format_text("status.request", &[("id", &id), ("status", word)]))
    }

    pub fn order_status_line(&self, order: Option<&OrderRow>) -> (Tone, String) {
        match order {
            Some(order) if !order.status.is_empty() => {
                let word = self.status_word("order_word.", &order.status);
                (status_tone(&order.status), self.format_text("status.order_status", &[("status", &word)]))
            }
            _ => (Tone::Dim, self.text("status.not_heard").to_owned()),
        }
    }

    /// Returns the lines about the status of an order, its certificate and its validity. `asked` is the requested
    /// validity: `None` if the sent order is unknown, empty if the order requested none.
    pub fn order_lines(
        &self,
        order: Option<&OrderRow>,
        certificate: Option<u64>,
        requested: Option<&Validity>,
    ) -> TonedLines {
        let mut lines = vec![(Tone::Heading, self.text("status.order").to_owned())];
        lines.push(self.order_status_line(order));
        if let Some(id) = certificate {
            lines.push((Tone::Plain, self.format_text("status.certificate", &[("id", &id.to_string())])));
        }
        let reported = order.map(|order| self.validity_text(&order.validity)).unwrap_or_default();
        if !reported.is_empty() {
            let requested = requested.map(|requested| self.validity_text(requested));
            let validity = match requested.as_deref() {
                None => self.format_text("status.validity_alone", &[("reported", &reported)]),
                Some("") => self.format_text("status.validity_unasked", &[("reported", &reported)]),
                Some(asked) => self.format_text("status.validity", &[("reported", &reported), ("asked", asked)]),
            };
            lines.push((Tone::Plain, validity));
        }
        lines
    }

    /// Returns how long ago, in seconds, the last response came, what failed since, and whether the status is final.
    pub fn heard_lines(&self, follow: &OrderPolling, ago: u64) -> TonedLines {
        let age = self.lang.format_age_in_seconds(ago);
        let mut lines = vec![(Tone::Dim, self.format_text("status.heard", &[("age", &age)]))];
        if let Some(failure) = follow.last_error() {
            lines.push((Tone::Warning, format!("! {}", self.failure_text(failure))));
        }
        if follow.is_final() {
            lines.push((Tone::Dim, self.text("status.final").to_owned()));
        }
        lines
    }

    /// Returns a validity in words; blank if there is none.
    pub fn validity_text(&self, validity: &Validity) -> String {
        let counted = |id: &str, count: u64| self.format_text(id, &[("count", &self.lang.format_count(count))]);
        match (validity.date.as_str(), validity.days, validity.years) {
            ("", None, None) => String::new(),
            ("", None, Some(1)) => self.text("picker.one_year").to_owned(),
            ("", None, Some(years)) => counted("picker.years", years),
            ("", Some(1), _) => self.text("status.one_day").to_owned(),
            ("", Some(days), _) => counted("status.days", days),
            (date, ..) => self.lang.format_reported_time(date),
        }
    }
}

fn status_tone(word: &str) -> Tone {
    match word {
        "approved" | "issued" => Tone::Good,
        "rejected" | "canceled" | "revoked" | "expired" => Tone::Error,
        _ => Tone::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Language, Translations};
    use rstest::rstest;

    #[rstest]
    #[case(Language::En, None, Some(1), "1 day")]
    #[case(Language::En, None, Some(2), "2 days")]
    #[case(Language::En, Some(1), None, "1 year")]
    #[case(Language::En, Some(2), None, "2 years")]
    #[case(Language::Nl, None, Some(1), "1 dag")]
    #[case(Language::Nl, None, Some(397), "397 dagen")]
    fn a_count_of_one_is_singular(
        #[case] language: Language,
        #[case] years: Option<u64>,
        #[case] days: Option<u64>,
        #[case] said: &str,
    ) {
        let lang = Translations::load(language).unwrap();
        let validity = Validity { years, days, ..Validity::default() };
        assert_eq!(MessageWriter { lang: &lang, host: "" }.validity_text(&validity), said);
    }
}
