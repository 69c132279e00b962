//! What can be made to go wrong in the sandbox, or be lacking: each fault by its name, with the calls and the number of
//! times.
//!
//! A fault is switched by a text such as `slow=200@orders*1`: its name, a number where it has one, which calls it
//! strikes, and how often it does before it is over. What a fault then does is not known here. No fault is a guess at
//! what the real server does; it is what a client must survive.

pub(crate) mod apply;
pub(crate) mod connection;
pub(crate) mod hold;
pub(crate) mod long_body;
pub(crate) mod probe;

use axum::extract::Request;
use axum::http::Method;
use serde_json::{Value, json};
use std::fmt;
use std::str::FromStr;

/// Something that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 403 with `access_denied|missing_permission`; strikes the lists of orders and requests.
    ListForbidden,
    /// 403 with `access_denied|access_denied_invalid_key`, as if the key had been revoked.
    InvalidKey,
    /// 429 with `request_limit_exceeded`, without a `Retry-After`.
    TooMany,
    /// 429 with `request_limit_exceeded` and a `Retry-After` of so many seconds.
    TooManyWait,
    /// 500 with a web page, before anything is done: an order is not placed.
    Http500Before,
    /// 502 with a web page, before anything is done.
    Http502Before,
    /// 503 with a web page, before anything is done.
    Http503Before,
    /// 500 with a web page, after all is done: an order is placed.
    Http500After,
    /// 502 with a web page, after all is done.
    Http502After,
    /// 503 with a web page, after all is done.
    Http503After,
    /// 400 with an error of the sandbox's own: an order is refused whatever it says.
    OrderRefused,
    /// 400 with an error of the sandbox's own: an order that describes its organization is refused as if the account
    /// had that one already, unless it says `skip_duplicate_org_check`. Other orders do not count for it.
    DuplicateOrganization,
    /// All is done, and the connection is closed without a byte of an answer.
    ReplyLost,
    /// All is done, and the connection is closed in the middle of the answer's body.
    ReplyCut,
    /// All is done, and the connection is reset without a byte of an answer.
    Reset,
    /// All is done, and the answer comes so many milliseconds late.
    Slow,
    /// All is done, and the answer comes byte by byte, so many milliseconds apart. It never ends: blanks follow.
    Trickle,
    /// All is done, and the answer is so many mebibytes long: blanks follow.
    Flood,
    /// The body is the first half of the JSON, in an HTTP answer that is whole.
    JsonTruncated,
    /// Every member of the answer is of another JSON type.
    JsonWrongTypes,
    /// Every id is a string.
    IdsAsStrings,
    /// A list has no `page`.
    NoPage,
    /// Every name has control characters in it that would steer a terminal.
    HostileNames,
    /// An order's connection is held before anything is read. Only the first bytes are looked at, where they lie, for
    /// the line that begins an order; so it strikes nothing but the first call of a connection. Whoever hangs up
    /// while this or the next one holds has ordered nothing, even if all of the order was sent.
    HoldAccept,
    /// An order is held when its head was read, before its body is.
    HoldHeaders,
    /// All is done, an order is placed, and the call is held before a byte of the answer.
    HoldPlacing,
    /// All is done, and the call is held in the middle of the answer's body.
    HoldReply,
    /// An order that is placed is missing from the next so many calls for a list of orders or requests.
    ListLate,
    /// The key is restricted to looking: 403 with `access_denied|missing_permission` for all but GET
    /// (certcentral-api.md 1.2).
    KeyViewOnly,
    /// The key is restricted to orders: the same for organizations, users, money and divisions. That these are closed
    /// to such a key is inferred (certcentral-api.md 1.2).
    KeyOrdersOnly,
    /// The user behind the key is a standard user (certcentral-api.md 1.2).
    RoleStandard,
    /// The account may not order the product: 404 with `not_found|product`.
    NoProduct,
    /// The account has several divisions, and the user behind the key belongs to another than the first.
    Divisions,
    /// The account has no stored card.
    NoProfile,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 34] = [
        Self::ListForbidden,
        Self::InvalidKey,
        Self::TooMany,
        Self::TooManyWait,
        Self::Http500Before,
        Self::Http502Before,
        Self::Http503Before,
        Self::Http500After,
        Self::Http502After,
        Self::Http503After,
        Self::OrderRefused,
        Self::DuplicateOrganization,
        Self::ReplyLost,
        Self::ReplyCut,
        Self::Reset,
        Self::Slow,
        Self::Trickle,
        Self::Flood,
        Self::JsonTruncated,
        Self::JsonWrongTypes,
        Self::IdsAsStrings,
        Self::NoPage,
        Self::HostileNames,
        Self::HoldAccept,
        Self::HoldHeaders,
        Self::HoldPlacing,
        Self::HoldReply,
        Self::ListLate,
        Self::KeyViewOnly,
        Self::KeyOrdersOnly,
        Self::RoleStandard,
        Self::NoProduct,
        Self::Divisions,
        Self::NoProfile,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::ListForbidden => "list-forbidden",
            Self::InvalidKey => "invalid-key",
            Self::TooMany => "too-many",
            Self::TooManyWait => "too-many-wait",
            Self::Http500Before => "http-500-before",
            Self::Http502Before => "http-502-before",
            Self::Http503Before => "http-503-before",
            Self::Http500After => "http-500-after",
            Self::Http502After => "http-502-after",
            Self::Http503After => "http-503-after",
            Self::OrderRefused => "order-refused",
            Self::DuplicateOrganization => "duplicate-organization",
            Self::ReplyLost => "reply-lost",
            Self::ReplyCut => "reply-cut",
            Self::Reset => "reset",
            Self::Slow => "slow",
            Self::Trickle => "trickle",
            Self::Flood => "flood",
            Self::JsonTruncated => "json-truncated",
            Self::JsonWrongTypes => "json-wrong-types",
            Self::IdsAsStrings => "ids-as-strings",
            Self::NoPage => "no-page",
            Self::HostileNames => "hostile-names",
            Self::HoldAccept => "hold-accept",
            Self::HoldHeaders => "hold-headers",
            Self::HoldPlacing => "hold-placing",
            Self::HoldReply => "hold-reply",
            Self::ListLate => "list-late",
            Self::KeyViewOnly => "key-view-only",
            Self::KeyOrdersOnly => "key-orders-only",
            Self::RoleStandard => "role-standard",
            Self::NoProduct => "no-product",
            Self::Divisions => "divisions",
            Self::NoProfile => "no-profile",
        }
    }

    /// Whether it strikes at a place of its own, and not at every call that comes.
    fn has_own_trigger(self) -> bool {
        matches!(self, Self::DuplicateOrganization | Self::HoldAccept | Self::HoldHeaders)
            || self.is_account_condition()
    }

    /// Whether it says what the key or the account is like, where a call asks for it.
    fn is_account_condition(self) -> bool {
        matches!(
            self,
            Self::KeyViewOnly
                | Self::KeyOrdersOnly
                | Self::RoleStandard
                | Self::NoProduct
                | Self::Divisions
                | Self::NoProfile
        )
    }

    /// The number that counts where none is given: seconds, milliseconds, mebibytes or calls. None where it has no
    /// number.
    fn default_number(self) -> Option<u64> {
        match self {
            Self::TooManyWait => Some(1),
            Self::Slow => Some(1000),
            Self::Trickle => Some(100),
            Self::Flood => Some(1024),
            Self::ListLate => Some(2),
            _ => None,
        }
    }

    /// The calls that it strikes where none are given.
    fn default_calls(self) -> CallKind {
        match self {
            Self::ListForbidden => CallKind::Lists,
            Self::InvalidKey
            | Self::TooMany
            | Self::TooManyWait
            | Self::Slow
            | Self::JsonTruncated
            | Self::JsonWrongTypes
            | Self::IdsAsStrings
            | Self::NoPage
            | Self::HostileNames => CallKind::Every,
            lack if lack.is_account_condition() => CallKind::Every,
            _ => CallKind::Orders,
        }
    }
}

/// Calls of the API, by what they are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    /// All.
    Every,
    /// Those that ask.
    Questions,
    /// Of those that ask the lists of orders and of requests.
    Lists,
    /// Those that order.
    Orders,
}

impl CallKind {
    const ALL: [Self; 4] = [Self::Every, Self::Questions, Self::Lists, Self::Orders];

    fn name(self) -> &'static str {
        match self {
            Self::Every => "every",
            Self::Questions => "questions",
            Self::Lists => "lists",
            Self::Orders => "orders",
        }
    }

    /// What a call of the API is for, as narrowly as can be told.
    pub(super) fn from_request(request: &Request) -> Self {
        match request.uri().path() {
            _ if request.method() != Method::GET => Self::Orders,
            "/services/v2/order/certificate" | "/services/v2/request" => Self::Lists,
            _ => Self::Questions,
        }
    }

    fn includes_call(self, call: Self) -> bool {
        self == Self::Every || self == call || self == Self::Questions && call == Self::Lists
    }
}

/// A fault that is switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultSpec {
    /// What goes wrong.
    pub fault: Fault,
    /// Seconds, milliseconds, mebibytes or calls, as the fault has it; else 0.
    pub number: u64,
    /// Which calls it strikes.
    pub calls: CallKind,
    /// How many calls it strikes before it is over; none for ever.
    pub times: Option<u64>,
}

/// A text that switches no fault on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no fault of the sandbox: write NAME, NAME=NUMBER, NAME@CALLS or NAME*TIMES")]
pub struct ParseFaultError;

impl From<Fault> for FaultSpec {
    fn from(fault: Fault) -> Self {
        Self { fault, number: fault.default_number().unwrap_or_default(), calls: fault.default_calls(), times: None }
    }
}

impl FromStr for FaultSpec {
    type Err = ParseFaultError;

    /// Reads `NAME`, then in this order and each only if wanted `=NUMBER`, `@CALLS` and `*TIMES`.
    fn from_str(text: &str) -> Result<Self, ParseFaultError> {
        let (rest, times) = split_suffix(text, '*');
        let (rest, calls) = split_suffix(rest, '@');
        let (name, number) = split_suffix(rest, '=');
        let fault = Fault::ALL.into_iter().find(|fault| fault.name() == name).ok_or(ParseFaultError)?;
        let mut switch = Self::from(fault);
        if let Some(number) = number {
            fault.default_number().ok_or(ParseFaultError)?;
            switch.number = parse_number(number)?;
        }
        if let Some(calls) = calls {
            switch.calls = CallKind::ALL.into_iter().find(|known| known.name() == calls).ok_or(ParseFaultError)?;
        }
        switch.times = times.map(parse_number).transpose()?;
        Ok(switch)
    }
}

impl fmt::Display for FaultSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.fault.name())?;
        if self.fault.default_number().is_some() {
            write!(f, "={}", self.number)?;
        }
        write!(f, "@{}", self.calls.name())?;
        self.times.map_or(Ok(()), |times| write!(f, "*{times}"))
    }
}

/// What stands before the mark, and what stands after it, if it is there.
fn split_suffix(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark).map_or((text, None), |(head, tail)| (head, Some(tail)))
}

/// A number beyond an hour of milliseconds or a few million calls is a slip of the pen.
fn parse_number(digits: &str) -> Result<u64, ParseFaultError> {
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|&number| plain && number <= 3_600_000).ok_or(ParseFaultError)
}

/// The faults that are switched on.
#[derive(Debug, Default)]
pub(super) struct ActiveFaults(Vec<FaultSpec>);

impl ActiveFaults {
    /// These faults and no others.
    pub(super) fn new(switches: Vec<FaultSpec>) -> Self {
        let mut faults = Self::default();
        faults.replace_all(switches);
        faults
    }

    /// Switches these on, and all others off.
    pub(super) fn replace_all(&mut self, switches: Vec<FaultSpec>) {
        self.0 = switches;
        self.0.retain(|switch| switch.times != Some(0));
    }

    /// The faults that strike this call, which counts for each of them.
    pub(super) fn trigger_for_call(&mut self, call: CallKind) -> Vec<FaultSpec> {
        self.trigger_where(|switch| !switch.fault.has_own_trigger() && switch.calls.includes_call(call))
    }

    /// Whether this fault strikes this call where it has its own place. It counts for this fault alone.
    pub(super) fn trigger_fault(&mut self, fault: Fault, call: CallKind) -> bool {
        !self.trigger_where(|switch| switch.fault == fault && switch.calls.includes_call(call)).is_empty()
    }

    fn trigger_where(&mut self, strikes: impl Fn(&FaultSpec) -> bool) -> Vec<FaultSpec> {
        let mut struck = Vec::new();
        for switch in self.0.iter_mut().filter(|switch| strikes(switch)) {
            struck.push(*switch);
            switch.times = switch.times.map(|times| times - 1);
        }
        self.0.retain(|switch| switch.times != Some(0));
        struck
    }

    /// What is switched on, as texts that switch it on.
    pub(super) fn to_json(&self) -> Value {
        json!({ "faults": self.0.iter().map(ToString::to_string).collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn every_fault_is_found_by_its_name() {
        for fault in Fault::ALL {
            assert_eq!(fault.name().parse(), Ok(FaultSpec::from(fault)));
            let shown = FaultSpec::from(fault).to_string();
            assert_eq!(shown.parse(), Ok(FaultSpec::from(fault)), "{shown}");
        }
    }

    #[rstest]
    #[case("slow", "slow=1000@every")]
    #[case("slow=20", "slow=20@every")]
    #[case("slow=20@orders*3", "slow=20@orders*3")]
    #[case("reply-lost*1", "reply-lost@orders*1")]
    #[case("too-many@lists", "too-many@lists")]
    #[case("list-late=5", "list-late=5@orders")]
    fn a_text_switches_a_fault(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(text.parse::<FaultSpec>().unwrap().to_string(), shown);
    }

    #[rstest]
    #[case("")]
    #[case("slower")]
    #[case("SLOW")]
    #[case("slow=")]
    #[case("slow=-1")]
    #[case("slow=+1")]
    #[case("slow=3600001")]
    #[case("slow*1@orders")]
    #[case("slow@nobody")]
    #[case("slow*")]
    #[case("reply-lost=1")]
    #[case(" slow")]
    fn another_text_switches_none(#[case] text: &str) {
        assert_eq!(text.parse::<FaultSpec>(), Err(ParseFaultError));
    }

    #[test]
    fn a_fault_strikes_its_calls_and_ends_after_its_times() {
        let faults = ["slow=1@questions*2", "reply-lost*0", "too-many@lists"];
        let mut faults = ActiveFaults::new(faults.into_iter().map(|text| text.parse().unwrap()).collect());
        let mut strike =
            |call| faults.trigger_for_call(call).into_iter().map(|switch| switch.fault).collect::<Vec<_>>();
        assert_eq!(strike(CallKind::Orders), []);
        assert_eq!(strike(CallKind::Lists), [Fault::Slow, Fault::TooMany]);
        assert_eq!(strike(CallKind::Questions), [Fault::Slow]);
        assert_eq!(strike(CallKind::Lists), [Fault::TooMany]);
        assert_eq!(faults.to_json(), json!({ "faults": ["too-many@lists"] }));
    }

    #[test]
    fn a_fault_with_its_own_place_strikes_nowhere_else_and_alone() {
        let faults = ["duplicate-organization*1", "order-refused*1"];
        let mut faults = ActiveFaults::new(faults.into_iter().map(|text| text.parse().unwrap()).collect());
        assert_eq!(faults.trigger_for_call(CallKind::Orders).len(), 1);
        assert!(!faults.trigger_fault(Fault::DuplicateOrganization, CallKind::Lists));
        assert!(faults.trigger_fault(Fault::DuplicateOrganization, CallKind::Orders));
        assert!(!faults.trigger_fault(Fault::DuplicateOrganization, CallKind::Orders), "it is over");
    }
}
