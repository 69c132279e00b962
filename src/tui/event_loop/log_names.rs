//! Names of messages and effects for the log: only their kinds, never their contents.
//!
//! Keys have no name here, because a log of keys would be a log of what the person typed.

use crate::order::{self, OrderEvent};
use crate::tui::message::{Effect, FileReply, FileTask, Message, SetupReply, SetupTask, StoreReply, StoreTask};

pub(super) fn effect_name(effect: &Effect) -> &'static str {
    match effect {
        Effect::Fetch(..) => "fetch",
        Effect::Cancel(_) => "cancel a request",
        Effect::FindNearMatches(..) => "find near matches",
        Effect::ArmConfirm(_) => "arm Confirm",
        Effect::Order(order::OrderEffect::RunPreflight(_)) => "run the preflight",
        Effect::Order(order::OrderEffect::Write(order::JournalWrite::Intent(..))) => "write the intent",
        Effect::Order(order::OrderEffect::Write(order::JournalWrite::Outcome(..))) => "write the outcome",
        Effect::Order(order::OrderEffect::Write(order::JournalWrite::Decision(..))) => "write the decision",
        Effect::Order(order::OrderEffect::Write(order::JournalWrite::Statement(..))) => "write the statement",
        Effect::Order(order::OrderEffect::SendOrder(_)) => "send the order",
        Effect::Order(order::OrderEffect::RunLookup(..)) => "look up the order",
        Effect::Order(order::OrderEffect::FetchRequest(..) | order::OrderEffect::FetchOrder(..)) => "poll the order",
        Effect::Order(order::OrderEffect::WaitForRound(..)) => "wait",
        Effect::Store(StoreTask::SaveDraft(..)) => "save the draft",
        Effect::Store(_) => "drafts",
        Effect::File(_, FileTask::Read(_)) => "read a file",
        Effect::File(_, FileTask::Complete(_)) => "read a directory",
        Effect::File(_, FileTask::Write(..)) => "write a file",
        Effect::File(_, FileTask::Edit(_)) => "open the editor",
        Effect::Setup(_, SetupTask::FindKeyring) => "find a keyring",
        Effect::Setup(_, SetupTask::UseKey(_)) => "try a key",
        Effect::Setup(_, SetupTask::SaveAccount(_)) => "save an account",
        Effect::CopyToClipboard(_) => "copy",
        Effect::Suspend => "suspend",
        Effect::RetakeTerminal => "take the terminal again",
        Effect::Repaint => "repaint",
        Effect::Quit => "quit",
    }
}

/// Returns the name of a message about an order, the store, a file, account setup or the process. `None` for all
/// others, above all for keys.
pub(super) fn message_name(msg: &Message) -> Option<&'static str> {
    Some(match msg {
        Message::Order(event) => match &**event {
            OrderEvent::PollingRequested(..) => "polling begins",
            OrderEvent::PreflightDone(..) => "the preflight is done",
            OrderEvent::IntentRecorded(Ok(_)) => "the intent is on disk",
            OrderEvent::IntentRecorded(Err(_)) => "the intent is not on disk",
            OrderEvent::SendFinished(..) => "sending has ended",
            OrderEvent::OutcomeRecorded(Ok(())) => "the outcome is on disk",
            OrderEvent::OutcomeRecorded(Err(_)) => "the outcome is not on disk",
            OrderEvent::LookupDone(..) => "a lookup is done",
            OrderEvent::DecisionRecorded(Ok(()), _) => "the decision is on disk",
            OrderEvent::DecisionRecorded(Err(_), _) => "the decision is not on disk",
            _ => return None,
        },
        Message::Setup(_, reply) => match &**reply {
            SetupReply::Keyring(Ok(_)) => "there is a keyring",
            SetupReply::Keyring(Err(_)) => "there is no keyring",
            SetupReply::KeyInUse(Ok(_)) => "there is a key to try",
            SetupReply::KeyInUse(Err(_)) => "there is no key to try",
            SetupReply::AccountSaved(Ok(())) => "the account is saved",
            SetupReply::AccountSaved(Err(_)) => "the account is not saved",
        },
        Message::Store(reply) if is_store_failure(reply) => "a store task failed",
        Message::File(_, reply) => match &**reply {
            FileReply::Read(Ok(_)) => "a file was read",
            FileReply::Written(Ok(_)) => "a file was written",
            FileReply::Edited(Ok(_)) => "the editor returned a text",
            FileReply::Completed(Ok(_)) => "a directory was read",
            FileReply::Completed(Err(_)) | FileReply::Read(Err(_)) | FileReply::Written(Err(_)) => {
                "a file could not be read or written"
            }
            FileReply::Edited(Err(_)) => "the editor returned nothing",
        },
        Message::Terminate(_) => "asked to end",
        Message::Suspend => "asked to suspend",
        Message::Continued => "continues",
        Message::Store(_)
        | Message::Key(_)
        | Message::Paste(_)
        | Message::Typed(_)
        | Message::UnreadableKey
        | Message::Resize(_)
        | Message::Tick(..)
        | Message::Reply(..) => {
            return None;
        }
    })
}

fn is_store_failure(reply: &StoreReply) -> bool {
    matches!(
        reply,
        StoreReply::Read(Err(_))
            | StoreReply::Saved(_, Err(_))
            | StoreReply::Opened(Err(_))
            | StoreReply::Removed(_, Err(_))
            | StoreReply::Discarded(Err(_))
            | StoreReply::MarkerCreated(Err(_))
    )
}
