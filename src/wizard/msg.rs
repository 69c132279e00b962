//! Everything that can happen to the wizard, and everything that it can ask for, as plain data.
//!
//! A run is a list of messages and can be replayed. An effect that is answered carries a ticket; an answer whose
//! ticket nobody waits for any more is dropped.

use super::key::Key;
use crate::facts::{
    AccountInfo, Balance, Damage, Division, Draft, DraftId, Entry, Failure, Fitting, KeyPlace, KeyTrouble, Loaded,
    Loss, Me, OrderRow, Organization, Page, PaymentProfile, Person, ProductInfo, Reason, Snagged, Stamp, Unedited,
    Unkept, Validation,
};
use crate::find::Words;
use crate::layout::Size;
use crate::order;
use crate::secret::{Secret, SecretText};
use jiff::civil::Date;
use std::path::PathBuf;

/// Ties an answer to the effect that asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// What happens.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Characters were typed one after the other, and came at once; they may be of a card number.
    Typed(SecretText),
    /// Text was pasted; it may be a card number.
    Paste(SecretText),
    /// The terminal sent a letter that cannot be read.
    Garbled,
    /// The terminal has this size now.
    Resize(Size),
    /// It is this time: milliseconds since the start, and the day in UTC.
    Tick(u64, Date),
    /// An effect was answered.
    Reply(Ticket, Box<Reply>),
    /// Something happened to the order.
    Order(Box<order::Event>),
    /// Something was kept, read, or could not be.
    Kept(Box<Kept>),
    /// Something was done with a file, or could not be.
    File(Ticket, Box<Filed>),
    /// Something was done to set up an account, or could not be.
    Guided(Ticket, Box<Guided>),
    /// The program is told to stop for a while.
    Suspend,
    /// The program goes on after it was stopped.
    Continued,
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
    Approvers(Result<Page<Person>, Failure>),
    /// A page of users.
    Users(Result<Page<Person>, Failure>),
    /// One user.
    User(Result<Person, Failure>),
    /// What the account may order.
    Product(Result<ProductInfo, Failure>),
    /// The money of the account, or of a division.
    Balance(Result<Balance, Failure>),
    /// The user behind the key.
    Me(Result<Me, Failure>),
    /// The account.
    Account(Result<AccountInfo, Failure>),
    /// Its divisions.
    Divisions(Result<Vec<Division>, Failure>),
    /// The stored cards.
    Profiles(Result<Vec<PaymentProfile>, Failure>),
    /// How far an organization is validated.
    Validations(Result<Vec<Validation>, Failure>),
    /// The newest orders.
    Orders(Result<Page<OrderRow>, Failure>),
    /// The rows of a list that nearly have the words looked for, the nearest first.
    Near(Vec<usize>),
    /// The pause before Confirm takes keys is over.
    Armed,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the server.
    Fetch(Ticket, Fetch),
    /// Nobody waits for this answer any more: it need not come.
    Cancel(Ticket),
    /// Look for the rows that nearly have these words. Answered.
    Near(Ticket, Words, String),
    /// Answer `Armed` half a second after the next frame has reached the terminal and waiting keys were read.
    Arm(Ticket),
    /// Something for the order.
    Order(order::Effect),
    /// Something for what is kept.
    Keep(Keep),
    /// Something for a file of the person's. Answered.
    File(Ticket, FileTask),
    /// Something to set up an account. Answered.
    Guide(Ticket, GuideTask),
    /// Send a text to the terminal's clipboard. It has no secrets in it.
    Copy(String),
    /// Give the terminal back until the program is continued.
    Suspend,
    /// Take the terminal once more, and paint everything again.
    Retake,
    /// Paint everything again.
    Repaint,
    /// End.
    Quit,
}

/// What is to be done with what is kept, one after another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// Read the drafts, and look for orders of which nobody knows what became. Answered.
    Read,
    /// Save the draft of this window, for the form of this number; the time is put in then. Answered.
    Save(u64, Box<Draft>),
    /// Let go of the draft of this window.
    Release,
    /// Remove the draft of this window, because its order was placed. Answered.
    Discard,
    /// Go on with this draft, whose text is here already.
    Hold(DraftId),
    /// Open a draft, in place of the one of this window. Answered.
    Take(DraftId),
    /// Remove a draft. Answered.
    Remove(DraftId),
    /// Bring a removed one back. Answered.
    Restore(DraftId),
    /// Make a mark for an order, which no other has. Answered.
    Mark,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// What is kept.
    Read(Result<Box<Stock>, Unkept>),
    /// The draft of this window was saved under this id, for the form of this number.
    Saved(u64, Result<DraftId, Unkept>),
    /// A draft was opened.
    Taken(Result<Box<Taken>, Unkept>),
    /// A draft is removed now, or is not.
    Removed(DraftId, Result<bool, Unkept>),
    /// The draft of this window was removed.
    Closed(Result<(), Unkept>),
    /// A mark for an order.
    Marked(Result<String, Unkept>),
}

/// What is to be done with a file of the person's. Its text may hold card data only where it is a [`SecretText`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileTask {
    /// Read it.
    Read(PathBuf),
    /// Look what this path, as far as it was typed, can become.
    Complete(String),
    /// Write it: over the one with these bytes, or a new one where there must be none.
    Write(PathBuf, String, Option<Stamp>),
    /// Hand this text to the person's editor, with the terminal. Nothing is drawn and no key is read meanwhile.
    Edit(SecretText),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filed {
    /// What was in it.
    Read(Result<Loaded, Snagged>),
    /// What the last part of the path can become.
    Fitting(Result<Fitting, Snagged>),
    /// Where it really is, and by what it is known again.
    Written(Result<(PathBuf, Stamp), Snagged>),
    /// What the editor left.
    Edited(Result<SecretText, Unedited>),
}

/// What is to be done to set up an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuideTask {
    /// Look whether the system has a keyring that can keep a key.
    FindKeyring,
    /// Read the key of this account, or take the one in it, and ask with it from now on. Nothing is written.
    Try(Box<NewAccount>),
    /// Put the key in its place, and the rest into the configuration.
    Keep(Box<NewAccount>),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guided {
    /// The keyring's name.
    Keyring(Result<String, KeyTrouble>),
    /// The key can be used; whether it is that of a sandbox.
    Tried(Result<bool, Reason>),
    /// Everything is written, or why not, in words.
    Kept(Result<(), String>),
}

/// An account that is being set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// What the person calls it.
    pub name: String,
    /// Its address, if that is not `CertCentral` Europe.
    pub url: Option<String>,
    /// Where its key is kept.
    pub place: KeyPlace,
    /// The key, where the person typed it.
    pub key: Option<Secret>,
    /// What new orders begin with, by the ids of their fields.
    pub order: Vec<(String, String)>,
    /// The language of the program, by its code.
    pub lang: String,
}

impl NewAccount {
    /// Whether the key is to be typed, and is not there.
    pub fn lacks_key(&self) -> bool {
        self.key.is_none() && matches!(self.place, KeyPlace::Keyring | KeyPlace::File(_))
    }
}

/// What is kept, as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stock {
    /// The drafts, the newest first.
    pub drafts: Vec<(DraftId, Draft)>,
    /// Orders that were placed, of this host, the newest first; the last one of each organization is among them.
    pub placed: Vec<Entry>,
    /// The order to resolve first.
    pub open: Option<Box<Entry>>,
    /// How many more there are to resolve.
    pub more: usize,
    /// How many orders another window is sending or resolving.
    pub busy: usize,
    /// The hosts of orders to resolve that belong elsewhere.
    pub elsewhere: Vec<String>,
    /// A damaged file that was put out of the way: where it is now, and what is wrong with it.
    pub set_aside: Option<(String, Damage)>,
    /// What the journal has lost and nobody has acknowledged.
    pub lost: Vec<Loss>,
    /// When it was read, in milliseconds since 1970.
    pub now: i64,
}

/// A draft that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Which.
    pub id: DraftId,
    /// What is in it; nothing where there is none any more.
    pub draft: Option<Draft>,
    /// Whether it is this window's; else another one has it open.
    pub mine: bool,
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
    /// The money of the account, or of this division.
    Balance(Option<u64>),
    /// The user behind the key.
    Me,
    /// The account.
    Account,
    /// Its divisions.
    Divisions,
    /// The stored cards.
    Profiles,
    /// How far this organization is validated.
    Validations(u64),
    /// The newest orders, a page of them.
    Orders {
        /// Of this product.
        product: &'static str,
        /// Of this organization alone.
        organization: Option<u64>,
        /// At most so many.
        limit: u64,
    },
}
