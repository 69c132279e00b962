//! Messages and effects: everything that can happen to the app, and everything that it can ask for, as plain data.
//!
//! A run is a list of messages and can be replayed. An effect that gets a reply carries a ticket; a reply whose
//! ticket is no longer awaited is dropped.

use super::key::KeyPress;
use crate::domain::{
    AccountAnswer, AccountResource, ApiError, ApiKeyError, DatabaseDamage, DraftId, EditorError, FileDigest, FileError,
    JournalEntry, JournalLoss, KeyLocation, LoadedFile, PageRange, PathCompletion, PersistenceError, StoredDraft,
    TransportError,
};
use crate::order;
use crate::search::SearchIndex;
use crate::secret::{Secret, SecretText};
use crate::tui::widgets::Size;
use jiff::civil::Date;
use std::path::PathBuf;

/// Ties a reply to the effect that asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    Key(KeyPress),
    /// Characters that were typed one after the other and arrived together. They may be part of a card number.
    Typed(SecretText),
    /// Pasted text. It may be a card number.
    Paste(SecretText),
    /// The terminal sent a letter that cannot be decoded.
    UnreadableKey,
    /// The new size of the terminal.
    Resize(Size),
    /// The time: milliseconds since the start, and the day in UTC.
    Tick(u64, Date),
    /// The reply to an effect.
    Reply(Ticket, Box<EffectReply>),
    /// Something happened to the order.
    Order(Box<order::OrderEvent>),
    /// The result of a store task.
    Store(Box<StoreReply>),
    /// The result of a file task.
    File(Ticket, Box<FileReply>),
    /// The result of a setup task.
    Setup(Ticket, Box<SetupReply>),
    /// The program must suspend itself.
    Suspend,
    /// The program continues after it was suspended.
    Continued,
    /// The program must end with this exit code. For a signal it is the code that a shell reports for that signal.
    Terminate(u8),
}

#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a message holds it in a box")]
pub enum EffectReply {
    /// The answer to a resource of the account.
    Fetched(Result<AccountAnswer, ApiError>),
    /// The rows of a list that nearly match the query, the nearest first.
    NearMatches(Vec<usize>),
    /// The pause before Confirm accepts keys is over.
    Armed,
}

/// Something that the event loop executes.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Fetches a resource of the account; of a list, the rows in this range. Gets a reply.
    Fetch(Ticket, AccountResource, PageRange),
    /// The reply to this ticket is no longer needed.
    Cancel(Ticket),
    /// Finds the rows that nearly match this query. Gets a reply.
    FindNearMatches(Ticket, SearchIndex, String),
    /// Replies `Armed` half a second after the next frame has reached the terminal and the waiting keys were read.
    ArmConfirm(Ticket),
    Order(order::OrderEffect),
    Store(StoreTask),
    /// A task on a file of the person. Gets a reply.
    File(Ticket, FileTask),
    /// A task of account setup. Gets a reply.
    Setup(Ticket, SetupTask),
    /// Sends a text to the terminal's clipboard. The text holds no secrets.
    CopyToClipboard(String),
    /// Releases the terminal until the program is continued.
    Suspend,
    /// Takes the terminal again, and repaints everything.
    RetakeTerminal,
    /// Repaints everything.
    Repaint,
    Quit,
}

/// A task on the store. Tasks run one after another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreTask {
    /// Reads the drafts, and finds orders with an unknown outcome. Gets a reply.
    ReadAll,
    /// Saves the draft of this window, for the form of this number. The executor adds the time. Gets a reply.
    SaveDraft(u64, Box<StoredDraft>),
    /// Releases the draft of this window.
    ReleaseDraft,
    /// Removes the draft of this window, because its order was placed. Gets a reply.
    DiscardDraft,
    /// Continues with this draft, whose text is already in the form.
    HoldDraft(DraftId),
    /// Opens a draft in place of the one of this window. Gets a reply.
    OpenDraft(DraftId),
    /// Gets a reply.
    RemoveDraft(DraftId),
    /// Restores a removed draft. Gets a reply.
    RestoreDraft(DraftId),
    /// Creates a unique marker for an order. Gets a reply.
    CreateMarker,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreReply {
    Read(Result<Box<StoreSnapshot>, PersistenceError>),
    /// The id of the saved draft of this window, for the form of this number.
    Saved(u64, Result<DraftId, PersistenceError>),
    Opened(Result<Box<OpenedDraft>, PersistenceError>),
    /// True if the draft is removed now, false if it is there.
    Removed(DraftId, Result<bool, PersistenceError>),
    Discarded(Result<(), PersistenceError>),
    /// A marker for an order.
    MarkerCreated(Result<String, PersistenceError>),
}

/// A task on a file of the person. The text may hold card data only where it is a [`SecretText`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileTask {
    Read(PathBuf),
    /// Finds the completions of a partly typed path.
    Complete(String),
    /// Writes the text: over the file with this digest, or as a new file if the digest is `None`.
    Write(PathBuf, String, Option<FileDigest>),
    /// Opens this text in the person's editor, which gets the terminal. Meanwhile nothing is drawn and no key is
    /// read.
    Edit(SecretText),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileReply {
    Read(Result<LoadedFile, FileError>),
    /// The completions of the last part of the path.
    Completed(Result<PathCompletion, FileError>),
    /// The real path of the file, and the digest of its bytes.
    Written(Result<(PathBuf, FileDigest), FileError>),
    /// The text as the editor saved it.
    Edited(Result<SecretText, EditorError>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetupTask {
    /// Finds out if the system has a keyring that can hold a key.
    FindKeyring,
    /// Reads the key of this account, or takes the one in the setup, and uses it for all requests from now on. Writes
    /// nothing.
    UseKey(Box<AccountSetup>),
    /// Stores the key in its place, and the rest in the configuration.
    SaveAccount(Box<AccountSetup>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetupReply {
    /// The keyring's name.
    Keyring(Result<String, ApiKeyError>),
    /// The key can be used; true if it is the key of a sandbox.
    KeyInUse(Result<bool, TransportError>),
    /// Everything is written, or a text that says why not.
    AccountSaved(Result<(), String>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSetup {
    /// The person's own name for the account.
    pub name: String,
    /// The address, if it is not that of `CertCentral` Europe.
    pub url: Option<String>,
    pub key_location: KeyLocation,
    /// The key, if the person typed it.
    pub key: Option<Secret>,
    /// The values that new orders begin with, by the ids of their fields.
    pub presets: Vec<(String, String)>,
    /// The language of the program, by its code.
    pub lang: String,
}

impl AccountSetup {
    /// Returns true if the person must type the key and has not done so.
    pub fn needs_key(&self) -> bool {
        self.key.is_none() && matches!(self.key_location, KeyLocation::Keyring | KeyLocation::File(_))
    }
}

/// The content of the store when it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoreSnapshot {
    /// The drafts, newest first.
    pub drafts: Vec<(DraftId, StoredDraft)>,
    /// The placed orders of this host, newest first. The last one of each organization is among them.
    pub placed: Vec<JournalEntry>,
    /// The order to resolve first.
    pub first_unresolved: Option<Box<JournalEntry>>,
    /// How many more orders are unresolved.
    pub more_unresolved: usize,
    /// How many orders another window is sending or resolving.
    pub busy_orders: usize,
    /// The hosts of unresolved orders that belong to other hosts.
    pub other_hosts: Vec<String>,
    /// A damaged file that was quarantined: its new path, and the damage.
    pub quarantined_file: Option<(String, DatabaseDamage)>,
    /// The losses of the journal that are not acknowledged yet.
    pub journal_losses: Vec<JournalLoss>,
    /// When the store was read, in milliseconds since 1970.
    pub read_at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedDraft {
    pub id: DraftId,
    /// The content; `None` if the draft no longer exists.
    pub draft: Option<StoredDraft>,
    /// True if this window owns the draft; false if another window has it open.
    pub is_own: bool,
}
