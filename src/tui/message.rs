//! Everything that can happen to the wizard, and everything that it can ask for, as plain data.
//!
//! A run is a list of messages and can be replayed. An effect that is answered carries a ticket; an answer whose
//! ticket nobody waits for any more is dropped.

use super::key::KeyPress;
use crate::domain::{
    AccountInfo, ApiError, ApiKeyError, Balance, CurrentUser, DatabaseDamage, Division, DraftId, EditorError,
    FileDigest, FileError, JournalEntry, JournalLoss, KeyLocation, LoadedFile, OrderRow, Organization, Page,
    PathCompletion, PaymentProfile, PersistenceError, Person, ProductInfo, StoredDraft, TransportError, Validation,
};
use crate::order;
use crate::search::SearchIndex;
use crate::secret::{Secret, SecretText};
use crate::tui::widgets::Size;
use jiff::civil::Date;
use std::path::PathBuf;

/// Ties an answer to the effect that asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// What happens.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// A key was pressed.
    Key(KeyPress),
    /// Characters were typed one after the other, and came at once; they may be of a card number.
    Typed(SecretText),
    /// Text was pasted; it may be a card number.
    Paste(SecretText),
    /// The terminal sent a letter that cannot be read.
    UnreadableKey,
    /// The terminal has this size now.
    Resize(Size),
    /// It is this time: milliseconds since the start, and the day in UTC.
    Tick(u64, Date),
    /// An effect was answered.
    Reply(Ticket, Box<EffectReply>),
    /// Something happened to the order.
    Order(Box<order::OrderEvent>),
    /// Something was kept, read, or could not be.
    Store(Box<StoreReply>),
    /// Something was done with a file, or could not be.
    File(Ticket, Box<FileReply>),
    /// Something was done to set up an account, or could not be.
    Setup(Ticket, Box<SetupReply>),
    /// The program is told to stop for a while.
    Suspend,
    /// The program goes on after it was stopped.
    Continued,
    /// The program is told to end, with this exit code: that of a program that a signal ends, as a shell tells it.
    Terminate(u8),
}

/// An answer to an effect.
#[derive(Debug, Clone, PartialEq)]
pub enum EffectReply {
    /// A page of organizations.
    Organizations(Result<Page<Organization>, ApiError>),
    /// One organization.
    Organization(Result<Organization, ApiError>),
    /// Who can be a verified contact.
    Approvers(Result<Page<Person>, ApiError>),
    /// A page of users.
    Users(Result<Page<Person>, ApiError>),
    /// One user.
    User(Result<Person, ApiError>),
    /// What the account may order.
    Product(Result<ProductInfo, ApiError>),
    /// The money of the account, or of a division.
    Balance(Result<Balance, ApiError>),
    /// The user behind the key.
    Me(Result<CurrentUser, ApiError>),
    /// The account.
    Account(Result<AccountInfo, ApiError>),
    /// Its divisions.
    Divisions(Result<Vec<Division>, ApiError>),
    /// The stored cards.
    Profiles(Result<Vec<PaymentProfile>, ApiError>),
    /// How far an organization is validated.
    Validations(Result<Vec<Validation>, ApiError>),
    /// The newest orders.
    Orders(Result<Page<OrderRow>, ApiError>),
    /// The rows of a list that nearly have the words looked for, the nearest first.
    NearMatches(Vec<usize>),
    /// The pause before Confirm takes keys is over.
    Armed,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the server.
    Fetch(Ticket, FetchRequest),
    /// Nobody waits for this answer any more: it need not come.
    Cancel(Ticket),
    /// Look for the rows that nearly have these words. Answered.
    FindNearMatches(Ticket, SearchIndex, String),
    /// Answer `Armed` half a second after the next frame has reached the terminal and waiting keys were read.
    ArmConfirm(Ticket),
    /// Something for the order.
    Order(order::OrderEffect),
    /// Something for what is kept.
    Store(StoreTask),
    /// Something for a file of the person's. Answered.
    File(Ticket, FileTask),
    /// Something to set up an account. Answered.
    Setup(Ticket, SetupTask),
    /// Send a text to the terminal's clipboard. It has no secrets in it.
    CopyToClipboard(String),
    /// Give the terminal back until the program is continued.
    Suspend,
    /// Take the terminal once more, and paint everything again.
    RetakeTerminal,
    /// Paint everything again.
    Repaint,
    /// End.
    Quit,
}

/// What is to be done with what is kept, one after another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreTask {
    /// Read the drafts, and look for orders of which nobody knows what became. Answered.
    ReadAll,
    /// Save the draft of this window, for the form of this number; the time is put in then. Answered.
    SaveDraft(u64, Box<StoredDraft>),
    /// Let go of the draft of this window.
    ReleaseDraft,
    /// Remove the draft of this window, because its order was placed. Answered.
    DiscardDraft,
    /// Go on with this draft, whose text is here already.
    HoldDraft(DraftId),
    /// Open a draft, in place of the one of this window. Answered.
    OpenDraft(DraftId),
    /// Remove a draft. Answered.
    RemoveDraft(DraftId),
    /// Bring a removed one back. Answered.
    RestoreDraft(DraftId),
    /// Make a mark for an order, which no other has. Answered.
    CreateMarker,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreReply {
    /// What is kept.
    Read(Result<Box<StoreSnapshot>, PersistenceError>),
    /// The draft of this window was saved under this id, for the form of this number.
    Saved(u64, Result<DraftId, PersistenceError>),
    /// A draft was opened.
    Opened(Result<Box<OpenedDraft>, PersistenceError>),
    /// A draft is removed now, or is not.
    Removed(DraftId, Result<bool, PersistenceError>),
    /// The draft of this window was removed.
    Discarded(Result<(), PersistenceError>),
    /// A mark for an order.
    MarkerCreated(Result<String, PersistenceError>),
}

/// What is to be done with a file of the person's. Its text may hold card data only where it is a [`SecretText`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileTask {
    /// Read it.
    Read(PathBuf),
    /// Look what this path, as far as it was typed, can become.
    Complete(String),
    /// Write it: over the one with these bytes, or a new one where there must be none.
    Write(PathBuf, String, Option<FileDigest>),
    /// Hand this text to the person's editor, with the terminal. Nothing is drawn and no key is read meanwhile.
    Edit(SecretText),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileReply {
    /// What was in it.
    Read(Result<LoadedFile, FileError>),
    /// What the last part of the path can become.
    Completed(Result<PathCompletion, FileError>),
    /// Where it really is, and by what it is known again.
    Written(Result<(PathBuf, FileDigest), FileError>),
    /// What the editor left.
    Edited(Result<SecretText, EditorError>),
}

/// What is to be done to set up an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetupTask {
    /// Look whether the system has a keyring that can keep a key.
    FindKeyring,
    /// Read the key of this account, or take the one in it, and ask with it from now on. Nothing is written.
    UseKey(Box<AccountSetup>),
    /// Put the key in its place, and the rest into the configuration.
    SaveAccount(Box<AccountSetup>),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetupReply {
    /// The keyring's name.
    Keyring(Result<String, ApiKeyError>),
    /// The key can be used; whether it is that of a sandbox.
    KeyInUse(Result<bool, TransportError>),
    /// Everything is written, or why not, in words.
    AccountSaved(Result<(), String>),
}

/// An account that is being set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSetup {
    /// What the person calls it.
    pub name: String,
    /// Its address, if that is not `CertCentral` Europe.
    pub url: Option<String>,
    /// Where its key is kept.
    pub key_location: KeyLocation,
    /// The key, where the person typed it.
    pub key: Option<Secret>,
    /// What new orders begin with, by the ids of their fields.
    pub presets: Vec<(String, String)>,
    /// The language of the program, by its code.
    pub lang: String,
}

impl AccountSetup {
    /// Whether the key is to be typed, and is not there.
    pub fn needs_key(&self) -> bool {
        self.key.is_none() && matches!(self.key_location, KeyLocation::Keyring | KeyLocation::File(_))
    }
}

/// What is kept, as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoreSnapshot {
    /// The drafts, the newest first.
    pub drafts: Vec<(DraftId, StoredDraft)>,
    /// Orders that were placed, of this host, the newest first; the last one of each organization is among them.
    pub placed: Vec<JournalEntry>,
    /// The order to resolve first.
    pub first_unresolved: Option<Box<JournalEntry>>,
    /// How many more there are to resolve.
    pub more_unresolved: usize,
    /// How many orders another window is sending or resolving.
    pub busy_orders: usize,
    /// The hosts of orders to resolve that belong elsewhere.
    pub other_hosts: Vec<String>,
    /// A damaged file that was put out of the way: where it is now, and what is wrong with it.
    pub quarantined_file: Option<(String, DatabaseDamage)>,
    /// What the journal has lost and nobody has acknowledged.
    pub journal_losses: Vec<JournalLoss>,
    /// When it was read, in milliseconds since 1970.
    pub read_at: i64,
}

/// A draft that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedDraft {
    /// Which.
    pub id: DraftId,
    /// What is in it; nothing where there is none any more.
    pub draft: Option<StoredDraft>,
    /// Whether it is this window's; else another one has it open.
    pub is_own: bool,
}

/// A question to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchRequest {
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
