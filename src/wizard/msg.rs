//! Everything that can happen to the wizard, and everything that it can ask for, as plain data.
//!
//! A run is a list of messages and can be replayed. An effect that is answered carries a ticket; an answer whose
//! ticket nobody waits for any more is dropped.

use super::key::Key;
use crate::facts::{Balance, Failure, Organization, Page, Person, ProductInfo};
use crate::layout::Size;
use crate::order;
use crate::secret::SecretText;
use jiff::civil::Date;

/// Ties an answer to the effect that asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// What happens.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted; it may be a card number.
    Paste(SecretText),
    /// The terminal has this size now.
    Resize(Size),
    /// It is this time: milliseconds since the start, and the day in UTC.
    Tick(u64, Date),
    /// An effect was answered.
    Reply(Ticket, Box<Reply>),
    /// Something happened to the order.
    Order(Box<order::Event>),
    /// The program is told to end, with this exit code: that of a program that a signal ends, as a shell tells it.
    Terminate(u8),
}

/// An answer to an effect.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// A page of organizations.
    Organizations(Result<Page<Organization>, Failure>),
    /// One organization.
    Organization(Result<Organization, Failure>),
    /// Who can be a verified contact.
    Approvers(Result<Vec<Person>, Failure>),
    /// A page of users.
    Users(Result<Page<Person>, Failure>),
    /// One user.
    User(Result<Person, Failure>),
    /// What the account may order.
    Product(Result<ProductInfo, Failure>),
    /// The account's money.
    Balance(Result<Balance, Failure>),
    /// The pause before Confirm takes keys is over.
    Armed,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the server.
    Fetch(Ticket, Fetch),
    /// Answer `Armed` half a second after the next frame has reached the terminal and waiting keys were read.
    Arm(Ticket),
    /// Something for the order.
    Order(order::Effect),
    /// Give the terminal back until the program is continued.
    Suspend,
    /// Paint everything again.
    Repaint,
    /// End.
    Quit,
}

/// A question to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetch {
    /// A page of organizations.
    Organizations {
        /// At most so many.
        limit: u64,
        /// After so many.
        offset: u64,
    },
    /// One organization.
    Organization(u64),
    /// Who can be a verified contact.
    Approvers,
    /// A page of users.
    Users {
        /// At most so many.
        limit: u64,
        /// After so many.
        offset: u64,
    },
    /// One user.
    User(u64),
    /// What the account may order of this product.
    Product(&'static str),
    /// The account's money.
    Balance,
}
