//! How far an order of the sandbox is: when it is pending and approved, and the status words of that.

use jiff::SignedDuration;

pub(super) const PENDING_AFTER: SignedDuration = SignedDuration::from_secs(5);

/// The time from placing an order until its request is approved.
pub(super) const APPROVED_AFTER: SignedDuration = SignedDuration::from_secs(15);

/// How far an order is. The status words are documented (certcentral-api.md 4.9, 4.11); the times are the sandbox's
/// own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OrderProgress {
    Submitted,
    /// Somebody is reviewing the request.
    Pending,
    /// The request is approved: the order has a certificate id and is being validated.
    Approved,
    Issued,
    /// The request is rejected.
    Rejected,
    /// The order was canceled after its request was approved.
    Canceled,
}

impl OrderProgress {
    /// Returns the progress of an order this long after it was placed.
    pub(super) fn after_time(time: SignedDuration) -> Self {
        match time {
            _ if time < PENDING_AFTER => Self::Submitted,
            _ if time < APPROVED_AFTER => Self::Pending,
            _ => Self::Approved,
        }
    }

    /// The status of the request, in the API's words.
    pub(super) fn request_status(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Pending => "pending",
            Self::Approved | Self::Issued | Self::Canceled => "approved",
            Self::Rejected => "rejected",
        }
    }

    /// The status of the order, in the API's words.
    pub(super) fn order_status(self) -> &'static str {
        match self {
            Self::Submitted | Self::Pending => "needs_approval",
            Self::Approved => "pending",
            Self::Issued => "issued",
            Self::Rejected => "rejected",
            Self::Canceled => "canceled",
        }
    }
}
