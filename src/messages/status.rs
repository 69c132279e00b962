//! Messages about the status of an order. Unknown words of the server appear as received.

use super::{MessageWriter, TonedLines};
use crate::domain::{OrderRow, RequestState, Validity};
use crate::i18n::{TextId, texts, with};
use crate::order::OrderPolling;
use crate::tone::Tone;

impl MessageWriter<'_> {
    /// Returns a status word of the server in the user's language, followed by the word itself.
    pub fn status_word(&self, find: impl Fn(&str) -> Option<TextId>, word: &str) -> String {
        match find(word).map(|id| self.text(id)) {
            Some(known) if known != word => format!("{known} ({word})"),
            _ => word.to_owned(),
        }
    }

    /// Returns the lines about the requests of an order.
    pub fn request_lines(&self, requests: &[RequestState]) -> TonedLines {
        let mut lines = vec![(Tone::Heading, self.text(texts::status::APPROVAL).to_owned())];
        if requests.is_empty() {
            lines.push((Tone::Plain, self.text(texts::status::NO_REQUESTS).to_owned()));
        }
        lines.extend(requests.iter().map(|request| self.request_line(request)));
        lines
    }

    pub fn request_line(&self, request: &RequestState) -> (Tone, String) {
        let (id, word) = (request.id.to_string(), self.status_word(texts::request_word::find, &request.status));
        let word = if word.is_empty() { self.text(texts::status::NOT_HEARD) } else { &word };
        (status_tone(&request.status), self.format(texts::status::REQUEST, (with::Id(&id), with::Status(&word))))
    }

    pub fn order_status_line(&self, order: Option<&OrderRow>) -> (Tone, String) {
        match order {
            Some(order) if !order.status.is_empty() => {
                let word = self.status_word(texts::order_word::find, &order.status);
                (status_tone(&order.status), self.format(texts::status::ORDER_STATUS, with::Status(&word)))
            }
            _ => (Tone::Dim, self.text(texts::status::NOT_HEARD).to_owned()),
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
        let mut lines = vec![(Tone::Heading, self.text(texts::status::ORDER).to_owned())];
        lines.push(self.order_status_line(order));
        if let Some(id) = certificate {
            lines.push((Tone::Plain, self.format(texts::status::CERTIFICATE, with::Id(&id))));
        }
        let reported = order.map(|order| self.validity_text(&order.validity)).unwrap_or_default();
        if !reported.is_empty() {
            let requested = requested.map(|requested| self.validity_text(requested));
            let validity = match requested.as_deref() {
                None => self.format(texts::status::VALIDITY_ALONE, with::Reported(&reported)),
                Some("") => self.format(texts::status::VALIDITY_UNASKED, with::Reported(&reported)),
                Some(asked) => self.format(texts::status::VALIDITY, (with::Reported(&reported), with::Asked(&asked))),
            };
            lines.push((Tone::Plain, validity));
        }
        lines
    }

    /// Returns how long ago, in seconds, the last response came, what failed since, and whether the status is final.
    pub fn heard_lines(&self, follow: &OrderPolling, ago: u64) -> TonedLines {
        let age = self.lang.format_age_in_seconds(ago);
        let mut lines = vec![(Tone::Dim, self.format(texts::status::HEARD, with::Age(&age)))];
        if let Some(failure) = follow.last_error() {
            lines.push((Tone::Warning, format!("! {}", self.failure_text(failure))));
        }
        if follow.is_final() {
            lines.push((Tone::Dim, self.text(texts::status::FINAL).to_owned()));
        }
        lines
    }

    /// Returns a validity in words; blank if there is none.
    pub fn validity_text(&self, validity: &Validity) -> String {
        let counted =
            |id: TextId<with::Count<'_>>, count: u64| self.format(id, with::Count(&self.lang.format_count(count)));
        match (validity.date.as_str(), validity.days, validity.years) {
            ("", None, None) => String::new(),
            ("", None, Some(1)) => self.text(texts::picker::ONE_YEAR).to_owned(),
            ("", None, Some(years)) => counted(texts::picker::YEARS, years),
            ("", Some(1), _) => self.text(texts::status::ONE_DAY).to_owned(),
            ("", Some(days), _) => counted(texts::status::DAYS, days),
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
        #[case] text: &str,
    ) {
        let lang = Translations::new(language);
        let validity = Validity { years, days, ..Validity::default() };
        assert_eq!(MessageWriter { lang: &lang, host: "" }.validity_text(&validity), text);
    }
}
