//! The known status of an order or a request at one moment: as lines, as one line per change, and as JSON.
//!
//! Words of the server appear as received; callers must make them visible. This module sends no request.

use crate::domain::{ApiError, Intent, OrderRow, RequestRow, RequestState, Validity};
use crate::i18n::{texts, with};
use crate::messages::{MessageWriter, TonedLines};
use crate::order::OrderPolling;
use crate::order::resolve::SoughtOrder;
use crate::tone::Tone;
use jiff::{RoundMode, SignedDuration, Timestamp, TimestampRound, Unit};
use serde_json::{Value, json};

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct StatusSnapshot {
    /// The order's id. `None` if only a request is known.
    pub(super) id: Option<u64>,
    /// The order, if the server reported it.
    pub(super) order: Option<OrderRow>,
    /// The requests of the order, or the request itself.
    pub(super) requests: Vec<RequestState>,
    pub(super) certificate: Option<u64>,
    /// The time of the last response, to the second.
    pub(super) heard_at: Option<Timestamp>,
    /// True if the status no longer changes by itself.
    pub(super) is_final: bool,
    /// The last failure, if something could not be fetched.
    pub(super) failure: Option<ApiError>,
}

impl StatusSnapshot {
    /// Returns what is known of a followed order. `now` is the time of its clock, in milliseconds.
    pub(super) fn from_follow(follow: &OrderPolling, now: u64) -> Self {
        let requests = follow.requests().to_vec();
        let is_known = follow.order().is_some() || requests.iter().any(|request| !request.status.is_empty());
        Self {
            id: Some(follow.placed_order().id),
            order: follow.order().cloned(),
            requests,
            certificate: follow.certificate_id(),
            heard_at: is_known.then(|| time_before_now(now.saturating_sub(follow.last_reply_at()))),
            is_final: follow.is_final(),
            failure: follow.last_error().cloned(),
        }
    }

    /// Returns the status of a request that names no order, received just now.
    pub(super) fn from_request(row: &RequestRow) -> Self {
        Self { requests: vec![row.clone().into()], heard_at: Some(time_before_now(0)), ..Self::default() }
    }

    /// Returns true if the server reported anything.
    pub(super) fn has_data(&self) -> bool {
        self.heard_at.is_some()
    }

    /// Returns true if a status may still come, though there is none yet. The server may not yet know an order that
    /// the journal records as placed.
    pub(super) fn may_arrive_later(&self, known: bool) -> bool {
        match self.failure {
            Some(ApiError::Refused { status: 404, .. }) => known,
            Some(ApiError::Refused { status, .. }) => status >= 500 || matches!(status, 408 | 429),
            Some(ApiError::NotAllowed(_)) => false,
            _ => true,
        }
    }

    /// Returns true if nothing changed since another moment.
    pub(super) fn is_same_status(&self, other: &Self) -> bool {
        let describe = |one: &Self| {
            let order = one.order.clone().map(|order| OrderRow {
                user_id: None,
                user_name: String::new(),
                product: String::new(),
                date_created: String::new(),
                valid_till: String::new(),
                days_remaining: None,
                alternative_order_id: String::new(),
                ..order
            });
            Self { heard_at: None, failure: None, order, ..one.clone() }
        };
        self.has_data() == other.has_data() && describe(self) == describe(other)
    }

    /// Returns all lines. With `asked`, the requested validity appears beside the reported one.
    pub(super) fn status_lines(&self, writer: MessageWriter<'_>, requested: Option<&Validity>) -> TonedLines {
        let mut lines = vec![(Tone::Heading, self.title_text(writer))];
        lines.extend(writer.request_lines(&self.requests));
        if self.id.is_some() {
            lines.extend(writer.order_lines(self.order.as_ref(), self.certificate, requested));
        }
        lines.extend(self.organization_text(writer).map(|words| (Tone::Plain, words)));
        lines.extend(self.heard_text(writer).map(|words| (Tone::Dim, words)));
        if self.is_final {
            lines.push((Tone::Dim, writer.lang.text(texts::follow::FINAL).to_owned()));
        }
        lines
    }

    /// Returns everything that may change in one line, with the time.
    pub(super) fn change_line(&self, writer: MessageWriter<'_>) -> (Tone, String) {
        let (tone, status) = writer.order_status_line(self.order.as_ref());
        let requests = self.requests.iter().map(|request| writer.request_line(request).1);
        let order = self.id.map(|_| status);
        let certificate = self.certificate.map(|id| writer.lang.format(texts::follow::CERTIFICATE, with::Id(&id)));
        let time = self.heard_at.map(|heard| writer.lang.format_time(heard));
        let parts = time.into_iter().chain(requests).chain(order).chain(certificate);
        (tone, parts.collect::<Vec<_>>().join(" · "))
    }

    /// Returns the order or request, and the host.
    pub(super) fn title_text(&self, writer: MessageWriter<'_>) -> String {
        let id = self.id.or_else(|| self.requests.first().map(|request| request.id)).unwrap_or_default();
        let text = if self.id.is_some() { texts::follow::ORDER } else { texts::follow::REQUEST };
        writer.lang.format(text, (with::Id(&id), with::Host(&writer.host)))
    }

    /// Returns the organization by id and name, as far as known.
    pub(super) fn organization_text(&self, writer: MessageWriter<'_>) -> Option<String> {
        let order = self.order.as_ref()?;
        let id = order.organization_id.map(|id| id.to_string());
        let name = Some(order.organization_name.clone()).filter(|name| !name.trim().is_empty());
        let words: Vec<String> = id.into_iter().chain(name).collect();
        (!words.is_empty()).then(|| writer.lang.format(texts::follow::ORGANIZATION, with::Words(&words.join("  "))))
    }

    pub(super) fn heard_text(&self, writer: MessageWriter<'_>) -> Option<String> {
        self.heard_at.map(|heard| writer.lang.format(texts::follow::HEARD, with::Time(&writer.lang.format_time(heard))))
    }

    /// Returns everything as JSON, as the help of the command describes it.
    pub(super) fn to_json(&self, host: &str, failure: Option<&str>) -> Value {
        let requests: Vec<Value> = self.requests.iter().map(request_json).collect();
        json!({
            "host": host,
            "order": self.id.map(|id| self.order_json(id)),
            "requests": requests,
            "certificate": self.certificate,
            "heard": self.heard_at.map(|heard| heard.to_string()),
            "final": self.is_final,
            "failure": failure,
        })
    }

    fn order_json(&self, id: u64) -> Value {
        let order = self.order.clone().unwrap_or_default();
        json!({
            "id": id,
            "status": non_blank(&order.status),
            "validity": validity_json(&order.validity),
            "organization": { "id": order.organization_id, "name": non_blank(&order.organization_name) },
        })
    }
}

fn request_json(request: &RequestState) -> Value {
    json!({ "id": request.id, "status": non_blank(&request.status) })
}

pub(in crate::commands) fn validity_json(validity: &Validity) -> Value {
    json!({ "years": validity.years, "days": validity.days, "date": non_blank(&validity.date) })
}

/// Returns a word of the server, or `None` if it is blank.
pub(in crate::commands) fn non_blank(word: &str) -> Option<&str> {
    Some(word).filter(|word| !word.is_empty())
}

/// Returns the validity in the sent order; empty if it had none.
pub(super) fn requested_validity_text(intent: &Intent) -> Validity {
    SoughtOrder::from(intent).validity
}

/// Returns the time this many milliseconds ago, rounded down to the second.
fn time_before_now(millis: u64) -> Timestamp {
    let now = Timestamp::now();
    let ago = SignedDuration::from_millis(i64::try_from(millis).unwrap_or(i64::MAX));
    let then = now.checked_sub(ago).unwrap_or(now);
    then.round(TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Trunc)).unwrap_or(then)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TransportErrorKind;
    use rstest::rstest;

    fn picture() -> StatusSnapshot {
        let order = OrderRow { id: 7, status: "pending".into(), ..OrderRow::default() };
        let requests = vec![RequestState { id: 5, status: "approved".into() }];
        let heard = Timestamp::from_second(1_795_000_000).ok();
        StatusSnapshot {
            id: Some(7),
            order: Some(order),
            requests,
            certificate: Some(9),
            heard_at: heard,
            ..StatusSnapshot::default()
        }
    }

    #[test]
    fn a_new_time_or_failure_is_not_a_change() {
        let failure = Some(ApiError::ResponseCut(TransportErrorKind::Slow.into()));
        let later = StatusSnapshot { heard_at: Some(Timestamp::UNIX_EPOCH), failure, ..picture() };
        assert!(picture().is_same_status(&later));
        assert!(!picture().is_same_status(&StatusSnapshot::default()));
    }

    #[rstest]
    #[case::request(|picture: &mut StatusSnapshot| picture.requests[0].status = "rejected".into())]
    #[case::order(|picture: &mut StatusSnapshot| picture.order.as_mut().unwrap().status = "issued".into())]
    #[case::certificate(|picture: &mut StatusSnapshot| picture.certificate = None)]
    #[case::another_request(|picture: &mut StatusSnapshot| picture.requests.push(RequestState::default()))]
    #[case::validity(|picture: &mut StatusSnapshot| picture.order.as_mut().unwrap().validity.days = Some(3))]
    fn any_other_difference_is_a_change(#[case] change: fn(&mut StatusSnapshot)) {
        let mut other = picture();
        change(&mut other);
        assert!(!picture().is_same_status(&other));
    }

    #[rstest]
    #[case(Some(ApiError::Refused { status: 404, errors: vec![], excerpt: String::new() }), false, false)]
    #[case(Some(ApiError::Refused { status: 404, errors: vec![], excerpt: String::new() }), true, true)]
    #[case(Some(ApiError::Refused { status: 403, errors: vec![], excerpt: String::new() }), true, false)]
    #[case(Some(ApiError::Refused { status: 429, errors: vec![], excerpt: String::new() }), false, true)]
    #[case(Some(ApiError::Refused { status: 502, errors: vec![], excerpt: String::new() }), false, true)]
    #[case(Some(ApiError::NotConnected(TransportErrorKind::Refused.into())), false, true)]
    #[case(Some(ApiError::NotAllowed(TransportErrorKind::Unfit.into())), true, false)]
    fn a_temporary_failure_is_retried(#[case] failure: Option<ApiError>, #[case] known: bool, #[case] comes: bool) {
        assert_eq!(StatusSnapshot { failure, ..StatusSnapshot::default() }.may_arrive_later(known), comes);
    }

    #[test]
    fn unknown_values_are_null() {
        let nothing = StatusSnapshot { id: Some(7), ..StatusSnapshot::default() }.to_json("h", Some("why"));
        assert_eq!(nothing["order"]["status"], Value::Null);
        assert_eq!((&nothing["heard"], &nothing["failure"]), (&Value::Null, &json!("why")));
        let all = picture().to_json("h", None);
        assert_eq!((&all["order"]["status"], &all["heard"]), (&json!("pending"), &json!("2026-11-18T11:06:40Z")));
        assert_eq!(StatusSnapshot::from_request(&RequestRow::default()).to_json("h", None)["order"], Value::Null);
    }
}
