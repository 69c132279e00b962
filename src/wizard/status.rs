//! Status: what became of the order so far, and how old that is. Words of the server that are not known are shown
//! as they are.

use super::lists::Want;
use super::msg::{Effect, Keep};
use super::{Model, Screen};
use crate::facts::Validity;
use crate::form::Form;
use crate::layout::{Line, Tone, paragraph};
use crate::order::{Course, Event, Follow};
use crate::product::{FromIssue, Kind, StepId};

impl Model {
    fn follow(&self) -> Option<&Follow> {
        match &self.course {
            Course::Placed(follow) => Some(follow),
            _ => None,
        }
    }

    /// How many seconds ago something was last heard.
    pub(super) fn heard_ago(&self) -> u64 {
        self.follow().map_or(0, |follow| self.now.saturating_sub(follow.heard()) / 1000)
    }

    /// Asks again.
    pub(super) fn refresh(&mut self) -> Vec<Effect> {
        self.happen(Event::Refresh(self.now))
    }

    /// A new order, of which nothing is taken over: neither values nor the agreement.
    pub(super) fn new_order(&mut self) {
        self.begin();
        self.close_draft(Keep::Release);
        // There may be another order to resolve.
        self.queue.push(Effect::Keep(Keep::Read));
        self.screen = Screen::Step(StepId(0));
        self.go_to_step(StepId(0));
    }

    /// This form, and nothing of what was there before.
    pub(super) fn start_over(&mut self, form: Form) {
        let ids = self.ids();
        self.past.ids.extend(ids);
        let paid = !matches!(self.course, Course::Ready);
        self.form = form;
        self.begun.clear();
        self.leave_file();
        self.course = Course::Ready;
        (self.focus, self.visited, self.marks, self.undo, self.history) = Default::default();
        self.experts = false;
        // The order before may have been paid from it.
        if paid || self.ready_is_old() {
            self.known.balances.clear();
            self.lists.forget(|want| matches!(want, Want::Balance(_)));
        }
        self.editor = None;
        (self.past.unkept, self.past.looked_up) = (None, None);
        self.check();
    }

    /// What is known of the order.
    pub(super) fn status_lines(&self, width: usize) -> Vec<Line> {
        let Some(follow) = self.follow() else { return Vec::new() };
        let said = self.status_said(follow);
        said.into_iter().flat_map(|(tone, text)| paragraph(tone, &text, 1, width)).collect()
    }

    fn status_said(&self, follow: &Follow) -> Vec<(Tone, String)> {
        let placed = follow.placed();
        let id = placed.id.to_string();
        let mut said = vec![(Tone::Good, format!("✓ {}", self.lang.tell("status.placed", &[("id", &id)])))];
        said.push((
            Tone::Plain,
            self.lang
                .tell("confirm.what", &[("product", self.words(&self.product().title)), ("who", &self.for_whom())]),
        ));
        said.extend(self.unkept_said());
        said.extend(self.organization_said(follow));
        said.extend(self.teller().requests(follow.requests()));
        said.extend(self.teller().order(follow.order(), follow.certificate_id(), Some(&self.asked_validity())));
        said.extend(self.teller().heard(follow, self.heard_ago()));
        said
    }

    /// What the answer tells of a new organization. Where it names none, the order's own details do (certcentral-api.md
    /// 3: the order may be tied to one that exists).
    fn organization_said(&self, follow: &Follow) -> Option<(Tone, String)> {
        let new = !self.form.all_asked().any(|at| self.form.is_organization(at));
        let order = follow.order().filter(|order| order.organization_id.is_some());
        let named =
            order.map(|order| (order.organization_id.unwrap_or_default().to_string(), &order.organization_name));
        let tell = |id: &str| {
            let (number, name) = named.as_ref()?;
            Some(self.lang.tell(id, &[("id", number), ("name", name)]).trim_end().to_owned())
        };
        match (new, follow.placed().organization_id) {
            (_, Some(id)) => Some((Tone::Plain, self.lang.tell("status.new_organization", &[("id", &id.to_string())]))),
            // The journal does not have it, so that it cannot be told whether it is new.
            (true, None) if self.past.looked_up.is_some() => Some((Tone::Plain, tell("status.organization")?)),
            (true, None) => Some((
                Tone::Warning,
                format!(
                    "! {}",
                    tell("status.tied").unwrap_or_else(|| self.say("status.no_new_organization").to_owned())
                ),
            )),
            (false, None) => None,
        }
    }

    /// The validity that was asked for; an empty one if none was.
    fn asked_validity(&self) -> Validity {
        let asked = self.form.all_asked().find_map(|at| {
            let (field, text) = (&self.product()[at.field], self.form.text(at));
            match field.from_issue {
                Some(FromIssue::Years) => Some(Validity { years: text.parse().ok(), ..Validity::default() }),
                Some(FromIssue::Days) => Some(Validity { days: text.parse().ok(), ..Validity::default() }),
                // Also one in a form that is read in two ways, as it was sent.
                None if field.kind == Kind::Date => Some(Validity { date: text.to_owned(), ..Validity::default() }),
                None => None,
            }
        });
        asked.unwrap_or_default()
    }
}
