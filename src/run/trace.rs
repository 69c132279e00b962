//! The names of what happens and what is done, for the log: kinds alone, never what is in them.
//!
//! Keys have no name here, because a log of keys would be a log of what was typed.

use crate::order::{self, Event};
use crate::wizard::msg::{Effect, FileTask, Filed, GuideTask, Guided, Keep, Kept, Msg};

/// What is to be done.
pub(super) fn effect(effect: &Effect) -> &'static str {
    match effect {
        Effect::Fetch(..) => "fetch",
        Effect::Cancel(_) => "leave a question",
        Effect::Near(..) => "look for rows that nearly have the words",
        Effect::Arm(_) => "arm",
        Effect::Order(order::Effect::Survey(_)) => "survey",
        Effect::Order(order::Effect::Write(order::Write::Intent(..))) => "write the intent",
        Effect::Order(order::Effect::Write(order::Write::Ended(..))) => "write the outcome",
        Effect::Order(order::Effect::Write(order::Write::Decision(..))) => "write the decision",
        Effect::Order(order::Effect::Write(order::Write::Statement(..))) => "write the statement",
        Effect::Order(order::Effect::Send(_)) => "send the order",
        Effect::Order(order::Effect::Look(..)) => "look for the order",
        Effect::Order(order::Effect::AskRequest(..) | order::Effect::AskOrder(..)) => "follow",
        Effect::Order(order::Effect::Wait(..)) => "wait",
        Effect::Keep(Keep::Save(..)) => "save the draft",
        Effect::Keep(_) => "drafts",
        Effect::File(_, FileTask::Read(_)) => "read a file",
        Effect::File(_, FileTask::Complete(_)) => "read a directory",
        Effect::File(_, FileTask::Write(..)) => "write a file",
        Effect::File(_, FileTask::Edit(_)) => "hand a text to the editor",
        Effect::Guide(_, GuideTask::FindKeyring) => "look for a keyring",
        Effect::Guide(_, GuideTask::Try(_)) => "try a key",
        Effect::Guide(_, GuideTask::Keep(_)) => "write an account down",
        Effect::Copy(_) => "copy",
        Effect::Suspend => "suspend",
        Effect::Retake => "retake",
        Effect::Repaint => "repaint",
        Effect::Quit => "quit",
    }
}

/// What happened to an order or to what is kept; nothing for all else, keys above all.
pub(super) fn message(msg: &Msg) -> Option<&'static str> {
    Some(match msg {
        Msg::Order(event) => match &**event {
            Event::Followed(..) => "follows",
            Event::Surveyed(..) => "surveyed",
            Event::Recorded(Ok(_)) => "the intent is on disk",
            Event::Recorded(Err(_)) => "the intent is not on disk",
            Event::Answered(..) => "the order was answered, or was not",
            Event::Kept(Ok(())) => "the outcome is on disk",
            Event::Kept(Err(_)) => "the outcome is not on disk",
            Event::Looked(..) => "looked",
            Event::DecisionKept(Ok(()), _) => "the decision is on disk",
            Event::DecisionKept(Err(_), _) => "the decision is not on disk",
            _ => return None,
        },
        Msg::Guided(_, guided) => match &**guided {
            Guided::Keyring(Ok(_)) => "there is a keyring",
            Guided::Keyring(Err(_)) => "there is no keyring",
            Guided::Tried(Ok(_)) => "there is a key to try",
            Guided::Tried(Err(_)) => "there is no key to try",
            Guided::Kept(Ok(())) => "the account is written down",
            Guided::Kept(Err(_)) => "the account is not written down",
        },
        Msg::Kept(kept) if is_unkept(kept) => "something was not kept",
        Msg::File(_, filed) => match &**filed {
            Filed::Read(Ok(_)) => "a file was read",
            Filed::Written(Ok(_)) => "a file was written",
            Filed::Edited(Ok(_)) => "the editor has left a text",
            Filed::Fitting(Ok(_)) => "a directory was read",
            Filed::Fitting(Err(_)) | Filed::Read(Err(_)) | Filed::Written(Err(_)) => {
                "a file could not be read or written"
            }
            Filed::Edited(Err(_)) => "the editor has left nothing",
        },
        Msg::Terminate(_) => "told to end",
        Msg::Suspend => "told to stop",
        Msg::Continued => "goes on",
        Msg::Kept(_)
        | Msg::Key(_)
        | Msg::Paste(_)
        | Msg::Typed(_)
        | Msg::Garbled
        | Msg::Resize(_)
        | Msg::Tick(..)
        | Msg::Reply(..) => {
            return None;
        }
    })
}

fn is_unkept(kept: &Kept) -> bool {
    matches!(
        kept,
        Kept::Read(Err(_))
            | Kept::Saved(_, Err(_))
            | Kept::Taken(Err(_))
            | Kept::Removed(_, Err(_))
            | Kept::Closed(Err(_))
            | Kept::Marked(Err(_))
    )
}
