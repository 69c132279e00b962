//! Sandbox faults: what can be made to fail or to be missing, each by its name, with the calls and how often.
//!
//! A fault is switched on by a text such as `slow=200@orders*1`: its name, a number for some faults, the calls that it
//! strikes, and how often it strikes. What a fault does to a call is decided elsewhere. No fault is a guess at what the
//! real server does; each is something that a client must survive.

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

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Fault {
    /// 403 with `access_denied|missing_permission`. Strikes the lists of orders and requests.
    ListForbidden,
    /// 403 with `access_denied|access_denied_invalid_key`, as if the key had been revoked.
    InvalidKey,
    /// 429 with `request_limit_exceeded`, without a `Retry-After` header.
    TooMany,
    /// 429 with `request_limit_exceeded` and a `Retry-After` header. The number is in seconds.
    TooManyWait,
    /// 500 with an HTML page, before the call is handled: an order is not placed.
    #[strum(serialize = "http-500-before")]
    Http500Before,
    /// 502 with an HTML page, before the call is handled.
    #[strum(serialize = "http-502-before")]
    Http502Before,
    /// 503 with an HTML page, before the call is handled.
    #[strum(serialize = "http-503-before")]
    Http503Before,
    /// 500 with an HTML page, after the call is handled: an order is placed.
    #[strum(serialize = "http-500-after")]
    Http500After,
    /// 502 with an HTML page, after the call is handled.
    #[strum(serialize = "http-502-after")]
    Http502After,
    /// 503 with an HTML page, after the call is handled.
    #[strum(serialize = "http-503-after")]
    Http503After,
    /// 400 with a code of the sandbox's own: the order is refused, whatever it contains.
    OrderRefused,
    /// 400 with a code of the sandbox's own: an order for a new organization is refused as if the account already had
    /// that organization, unless it sets `skip_duplicate_org_check`. Other orders do not count toward the limit of this
    /// fault.
    DuplicateOrganization,
    /// The call is handled, then the connection is closed before the first byte of the response.
    ReplyLost,
    /// The call is handled, then the connection is closed in the middle of the response body.
    ReplyCut,
    /// The call is handled, then the connection is reset before the first byte of the response.
    Reset,
    /// The call is handled, and the response is late. The number is in milliseconds.
    Slow,
    /// The call is handled, and the response comes byte by byte. It never ends: blanks follow. The number is the pause
    /// between bytes in milliseconds.
    Trickle,
    /// The call is handled, and the response is huge: blanks follow. The number is its size in mebibytes.
    Flood,
    /// The body is the first half of the JSON, in a complete HTTP response.
    JsonTruncated,
    /// Every member of the response has another JSON type.
    JsonWrongTypes,
    /// Every id is a string.
    IdsAsStrings,
    /// A list has no `page`.
    NoPage,
    /// Every name contains control characters that would control a terminal.
    HostileNames,
    /// The connection of an order is held before anything is read. The sandbox only peeks at the first bytes for the
    /// line that begins an order, so this strikes the first call of a connection only. A caller who hangs up during
    /// this hold or during [`Self::HoldHeaders`] has ordered nothing, even if the whole order was sent.
    HoldAccept,
    /// An order is held after its headers are read and before its body is.
    HoldHeaders,
    /// The call is handled, an order is placed, and the connection is held before the first byte of the response.
    HoldPlacing,
    /// The call is handled, and the connection is held in the middle of the response body.
    HoldReply,
    /// A placed order is missing from later lists of orders and requests. The number is how many list calls.
    ListLate,
    /// The key is view-only: 403 with `access_denied|missing_permission` for every call but GET (certcentral-api.md
    /// 1.2).
    KeyViewOnly,
    /// The key is for orders only: the same error for organizations, users, money and divisions. That such a key cannot
    /// use these is inferred (certcentral-api.md 1.2).
    KeyOrdersOnly,
    /// The user of the key is a standard user (certcentral-api.md 1.2).
    RoleStandard,
    /// The account may not order the product: 404 with `not_found|product`.
    NoProduct,
    /// The account has several divisions, and the user of the key does not belong to the first one.
    Divisions,
    NoProfile,
}

impl Fault {
    pub const ALL: &[Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The name by which a text such as `slow=200` refers to the fault.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Returns true for faults that are checked in one place only, not at every call.
    fn has_own_trigger(self) -> bool {
        matches!(self, Self::DuplicateOrganization | Self::HoldAccept | Self::HoldHeaders)
            || self.is_account_condition()
    }

    /// Returns true for faults that describe the key or the account and are checked only where a call depends on that.
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

    /// The number that is used if none is given: seconds, milliseconds, mebibytes or calls. `None` for faults without a
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

    /// The calls that the fault strikes if none are given.
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

/// The API calls that a fault strikes, by their purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum CallKind {
    /// Every call.
    Every,
    /// Calls that read: all GET calls.
    Questions,
    /// The calls that read the lists of orders and of requests.
    Lists,
    /// Calls that order: all calls but GET.
    Orders,
}

impl CallKind {
    /// Returns the narrowest kind of this call.
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

/// A fault that is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultSpec {
    pub fault: Fault,
    /// Seconds, milliseconds, mebibytes or calls, depending on the fault. 0 for faults without a number.
    pub number: u64,
    pub calls: CallKind,
    /// How many more calls the fault strikes. `None` means no limit.
    pub times: Option<u64>,
}

/// The text does not name a fault in the expected format.
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

    /// Parses `NAME`, followed by the optional parts `=NUMBER`, `@CALLS` and `*TIMES`, in this order.
    fn from_str(text: &str) -> Result<Self, ParseFaultError> {
        let (rest, times) = split_suffix(text, '*');
        let (rest, calls) = split_suffix(rest, '@');
        let (name, number) = split_suffix(rest, '=');
        let fault = Fault::from_str(name).map_err(|_| ParseFaultError)?;
        let mut switch = Self::from(fault);
        if let Some(number) = number {
            fault.default_number().ok_or(ParseFaultError)?;
            switch.number = parse_number(number)?;
        }
        if let Some(calls) = calls {
            switch.calls = calls.parse().map_err(|_| ParseFaultError)?;
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
        write!(f, "@{}", <&str>::from(self.calls))?;
        self.times.map_or(Ok(()), |times| write!(f, "*{times}"))
    }
}

/// Splits the text at the mark. The second part is `None` if the text does not contain the mark.
fn split_suffix(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark).map_or((text, None), |(head, tail)| (head, Some(tail)))
}

/// Parses decimal digits. A number above 3 600 000 (an hour in milliseconds, or millions of calls) is an error, because
/// it is a typing mistake.
fn parse_number(digits: &str) -> Result<u64, ParseFaultError> {
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|&number| plain && number <= 3_600_000).ok_or(ParseFaultError)
}

/// The faults that are on.
#[derive(Debug, Default)]
pub(super) struct ActiveFaults(Vec<FaultSpec>);

impl ActiveFaults {
    pub(super) fn new(switches: Vec<FaultSpec>) -> Self {
        let mut faults = Self::default();
        faults.replace_all(switches);
        faults
    }

    /// Switches these faults on and all others off.
    pub(super) fn replace_all(&mut self, switches: Vec<FaultSpec>) {
        self.0 = switches;
        self.0.retain(|switch| switch.times != Some(0));
    }

    /// Returns the faults that strike this call. The call counts toward the limit of each of them.
    pub(super) fn trigger_for_call(&mut self, call: CallKind) -> Vec<FaultSpec> {
        self.trigger_where(|switch| !switch.fault.has_own_trigger() && switch.calls.includes_call(call))
    }

    /// Returns true if this fault, which is checked in one place only, strikes this call. The call counts toward the
    /// limit of this fault only.
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

    /// Returns the active faults as texts that switch them on again.
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
        for &fault in Fault::ALL {
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
    fn a_fault_text_is_parsed(#[case] text: &str, #[case] shown: &str) {
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
    fn an_invalid_fault_text_is_refused(#[case] text: &str) {
        assert_eq!(text.parse::<FaultSpec>(), Err(ParseFaultError));
    }

    #[test]
    fn a_fault_affects_its_calls_and_ends_after_its_count() {
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
    fn a_fault_with_a_fixed_place_affects_only_that_place() {
        let faults = ["duplicate-organization*1", "order-refused*1"];
        let mut faults = ActiveFaults::new(faults.into_iter().map(|text| text.parse().unwrap()).collect());
        assert_eq!(faults.trigger_for_call(CallKind::Orders).len(), 1);
        assert!(!faults.trigger_fault(Fault::DuplicateOrganization, CallKind::Lists));
        assert!(faults.trigger_fault(Fault::DuplicateOrganization, CallKind::Orders));
        assert!(!faults.trigger_fault(Fault::DuplicateOrganization, CallKind::Orders), "it is over");
    }
}
