//! Leaving: a question where something would be lost, and what is told on the way out.
//!
//! The ids of what was placed are for a script, the words for the person. It prints nothing itself.

use super::msg::Effect;
use super::{Model, Overlay};
use crate::layout::{Line, Tone, paragraph};
use crate::order::Course;

/// How the program ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    /// 0 good, 1 the last order was refused or never left, 3 its outcome is unknown, else that of the signal that
    /// ended it.
    pub code: u8,
    /// For standard output: the ids of what was placed.
    pub ids: Vec<String>,
    /// For the person: what is not known.
    pub words: Vec<String>,
    /// For the person: that what was typed is kept, if it is.
    pub kept: Option<String>,
    /// What is opened next, if the person asked for something.
    pub next: Option<Next>,
}

/// What is opened after a wizard has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// The embedded sandbox.
    Demo,
    /// This account of the configuration, which was just set up, at a new order.
    Account(String),
    /// This account of the configuration, at Home.
    Switch(String),
    /// Setting up another account.
    Setup,
}

impl Model {
    /// Leaves, or asks first where something would be lost. Asked twice it leaves.
    pub(super) fn leave(&mut self) -> Vec<Effect> {
        let asked = matches!(self.overlay(), Some(Overlay::Leave));
        // What is kept can be gone on with; where it cannot be kept, or not for long, it would be lost.
        let kept = self.drafts.keeps() || self.drafts.reads_only();
        let kept = kept || self.is_in_file();
        let loses = self.dirty && !kept || self.course.is_open();
        if loses && !asked {
            self.leave_editor();
            self.overlays.push(Overlay::Leave);
            return Vec::new();
        }
        self.leave_now(0)
    }

    /// Leaves with this exit code. That the outcome of an order is not known weighs more.
    pub(super) fn leave_now(&mut self, code: u8) -> Vec<Effect> {
        let saved = self.save_now();
        self.wipe();
        let aside: Vec<String> = self.aside().map(|open| open.id().to_string()).collect();
        let open = self.course.is_open() || !aside.is_empty();
        let mut words = Vec::new();
        if open {
            words.push(self.say("exit.unknown").to_owned());
        }
        if self.course.is_open() {
            words.extend([self.look_words(), self.say("unknown.request").to_owned()]);
        }
        words.extend(aside.iter().map(|id| self.lang.tell("submit.resolve", &[("intent", id)])));
        let keeps = !open && self.drafts.keeps() && self.dirty && !self.drafts.reads_only();
        let kept = keeps.then(|| self.say("exit.kept").to_owned());
        let code = match (open, code) {
            (true, _) => 3,
            (false, 0) => u8::from(self.past.refused),
            (false, code) => code,
        };
        let ids = self.past.ids.iter().cloned().chain(self.ids()).collect();
        self.exit = Some(Exit { code, ids, words, kept, next: None });
        saved.into_iter().chain([Effect::Quit]).collect()
    }

    /// Ends this wizard to open something else. What was typed is kept as when one leaves.
    pub(super) fn leave_for(&mut self, next: Next) -> Vec<Effect> {
        let effects = self.leave_now(0);
        if let Some(exit) = &mut self.exit {
            exit.next = Some(next);
        }
        effects
    }

    /// The ids of what was placed last, a line each, for a script to read.
    pub(super) fn ids(&self) -> Vec<String> {
        let Course::Placed(follow) = &self.course else { return Vec::new() };
        let placed = follow.placed();
        // Whoever reads them takes them for those of an order that was placed just now.
        if self.past.looked_up == Some(placed.id) {
            return Vec::new();
        }
        let requests = follow.requests().iter().map(|request| format!("request {} {}", request.id, request.status));
        let organization = placed.organization_id.map(|id| format!("organization {id}"));
        let certificate = follow.certificate_id().map(|id| format!("certificate {id}"));
        std::iter::once(format!("order {}", placed.id)).chain(requests).chain(organization).chain(certificate).collect()
    }

    /// The question.
    pub(super) fn leave_lines(&self, width: usize) -> Vec<Line> {
        let what = match self.course {
            Course::Recording(..) | Course::Sending(..) => "leave.sending",
            Course::Unknown(_) => "leave.unknown",
            _ if self.drafts.lasting() => "leave.unsaved",
            _ => "leave.typed",
        };
        let said = [
            (Tone::Heading, self.say("leave.title")),
            (Tone::Plain, self.say(what)),
            (Tone::Dim, self.say("leave.keys")),
        ];
        said.into_iter().flat_map(|(tone, text)| paragraph(tone, text, 1, width)).collect()
    }
}
