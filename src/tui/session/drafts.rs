//! Keeping what is typed: when it is saved, what is known of the drafts that there are, and what is said where one
//! cannot be kept.
//!
//! Nobody who types waits for it: a change is saved shortly after it was made, and at once before anything risky. No
//! secret and no agreement is in a draft.

use super::feedback::ReviewNotice;
use crate::domain::{DraftId, JournalEntry, PersistenceError, StoredDraft};
use crate::form::{Form, LostValue, RedactedItem};
use crate::order::{OrderEvent, OrderMachine};
use crate::product::StepId;
use crate::tone::Tone;
use crate::tui::app::{App, Screen};
use crate::tui::message::{Effect, StoreReply, StoreSnapshot, StoreTask};
use crate::tui::screens::confirm::order_organization_text;
use crate::tui::screens::setup::is_setting_up;
use crate::tui::screens::step::values::field_label;
use crate::tui::session::Session;
use std::collections::BTreeSet;

/// So long after a change it is saved, in milliseconds; changes meanwhile go with it.
const SAVE_DELAY_MS: u64 = 400;

/// After so long it is tried again where it could not be saved.
const SAVE_RETRY_DELAY_MS: u64 = 10_000;

/// The word for Review where a step is named.
const REVIEW_STEP_ID: &str = "review";

/// What is known of what is kept.
#[derive(Debug, Clone, Default)]
pub(crate) struct DraftsState {
    was_requested: bool,
    snapshot: Option<StoreSnapshot>,
    /// When it was read, in milliseconds since the start.
    read_at: u64,
    /// The draft of this window, once it was saved.
    current_draft: Option<DraftId>,
    /// What was saved last.
    last_saved: Option<(String, String)>,
    save_due_at: Option<u64>,
    /// Which form it is, counted: what is told of an earlier one does not count.
    form_number: u64,
    /// The draft that is on its way to take the place of the form: until then nothing is typed.
    opening_draft: Option<DraftId>,
    /// Which form is being saved, if one is.
    saving_form: Option<u64>,
    /// Why what was typed could not be saved.
    save_error: Option<PersistenceError>,
    /// Why what is kept could not be read.
    read_error: Option<PersistenceError>,
    removed_drafts: BTreeSet<DraftId>,
    is_read_only: bool,
    /// Whether what is kept outlives the program.
    is_persistent: bool,
}

impl DraftsState {
    /// Nothing is read yet.
    pub(crate) fn new(is_persistent: bool) -> Self {
        Self { is_persistent, ..Self::default() }
    }

    /// Whether what is typed can be gone on with after leaving.
    pub(crate) fn can_resume_later(&self) -> bool {
        self.is_persistent && self.store_error().is_none()
    }

    /// Whether a draft is about to take the place of the form.
    pub(crate) fn is_opening_draft(&self) -> bool {
        self.opening_draft.is_some()
    }

    /// Whether something that was typed is not on disk yet.
    pub(crate) fn has_unsaved_changes(&self) -> bool {
        self.saving_form.is_some() || self.save_error.is_some()
    }

    /// Whether what is kept outlives the program.
    pub(crate) fn is_persistent(&self) -> bool {
        self.is_persistent
    }

    /// The draft of this window, once it was saved.
    pub(crate) fn current_draft(&self) -> Option<DraftId> {
        self.current_draft
    }

    /// Whether another window has it open.
    pub(crate) fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    /// Makes this draft the one of this window.
    pub(crate) fn set_current_draft(&mut self, id: Option<DraftId>) {
        self.current_draft = id;
    }

    /// What was read; nothing before.
    pub(crate) fn snapshot(&self) -> Option<&StoreSnapshot> {
        self.snapshot.as_ref()
    }

    /// Why what was typed is not kept, if it is not.
    pub(crate) fn store_error(&self) -> Option<&PersistenceError> {
        self.save_error.as_ref().or(self.read_error.as_ref())
    }

    /// Whether a draft was removed here; that can still be taken back.
    pub(crate) fn is_draft_removed(&self, id: DraftId) -> bool {
        self.removed_drafts.contains(&id)
    }

    /// How many milliseconds from now it is to be saved.
    pub(crate) fn save_due_in(&self, now: u64) -> Option<u64> {
        self.save_due_at.map(|due| due.saturating_sub(now))
    }

    /// What time it is, in milliseconds since 1970, by when what is kept was read.
    fn unix_time_ms(&self, now: u64) -> i64 {
        let since = i64::try_from(now.saturating_sub(self.read_at)).unwrap_or_default();
        self.snapshot.as_ref().map_or(0, |stock| stock.read_at.saturating_add(since))
    }

    /// How old something is that was kept at this time, in minutes.
    pub(crate) fn age_in_minutes(&self, kept_at: i64, now: u64) -> Option<i64> {
        let since = i64::try_from(now.saturating_sub(self.read_at)).ok()?;
        Some((self.snapshot.as_ref()?.read_at + since - kept_at).max(0) / 60_000)
    }
}

impl App {
    /// Saves what is due by now.
    pub(crate) fn save_due_draft(&mut self) -> Option<Effect> {
        if self.session.drafts.save_due_in(self.session.now) == Some(0) { self.save_draft() } else { None }
    }

    /// Saves what is not saved yet.
    pub(crate) fn save_draft(&mut self) -> Option<Effect> {
        self.session.drafts.save_due_at.take()?;
        // What is typed to set an account up is no order: nothing of it is kept before its end.
        if is_setting_up(&self.session)
            || self.session.drafts.is_read_only
            || matches!(self.session.order_machine, OrderMachine::Placed(_))
        {
            return None;
        }
        let now = (self.draft_step_id(), self.session.form.to_draft());
        if self.session.drafts.last_saved.as_ref() == Some(&now) {
            return None;
        }
        let draft = StoredDraft {
            account: self.session.account.draft_owner(),
            product: self.session.product().name_id.clone(),
            step: now.0.clone(),
            title: self.session.draft_title(),
            payload: now.1.clone(),
            saved_at: 0,
        };
        self.session.drafts.last_saved = Some(now);
        self.session.drafts.saving_form = Some(self.session.drafts.form_number);
        Some(Effect::Store(StoreTask::SaveDraft(self.session.drafts.form_number, Box::new(draft))))
    }

    /// Before something risky: what was typed, and where one is.
    pub(crate) fn save_draft_now(&mut self) -> Option<Effect> {
        if self.session.is_dirty {
            self.session.drafts.save_due_at = Some(self.session.now);
        }
        self.save_draft()
    }

    fn draft_step_id(&self) -> String {
        match &self.screen {
            Screen::Step(step) => self.session.product()[*step].id.clone(),
            // Home is no place in the form: where one was before it is where one goes on.
            Screen::Home(_) => self
                .session
                .drafts
                .last_saved
                .as_ref()
                .map_or_else(|| REVIEW_STEP_ID.to_owned(), |(step, _)| step.clone()),
            _ => REVIEW_STEP_ID.to_owned(),
        }
    }

    /// Something was kept, read, or could not be.
    pub(crate) fn handle_store_reply(&mut self, kept: StoreReply) -> Vec<Effect> {
        // A draft that takes the place of the form after a denial, rather than one that was chosen.
        let denied = matches!(kept, StoreReply::Opened(_)) && self.session.drafts.opening_draft.take().is_some();
        match kept {
            StoreReply::Read(Ok(stock)) => return self.take_store_snapshot(*stock),
            StoreReply::Saved(form, _) if form != self.session.drafts.form_number => {}
            StoreReply::Saved(_, Ok(id)) => {
                (self.session.drafts.current_draft, self.session.drafts.save_error, self.session.drafts.saving_form) =
                    (Some(id), None, None);
            }
            StoreReply::Saved(_, Err(unkept)) => {
                (self.session.drafts.last_saved, self.session.drafts.saving_form) = (None, None);
                self.session.drafts.save_due_at = Some(self.session.now + SAVE_RETRY_DELAY_MS);
                self.session.drafts.save_error = Some(unkept);
            }
            StoreReply::Opened(Ok(taken)) => self.open_draft(taken.id, taken.draft.as_ref(), taken.is_own, denied),
            StoreReply::Read(Err(unkept)) => self.session.drafts.read_error = Some(unkept),
            StoreReply::Removed(id, result) => self.session.handle_draft_removal(id, result),
            StoreReply::Opened(Err(unkept)) => {
                self.session.hold_current_draft();
                self.session.flash_store_error(&unkept);
            }
            StoreReply::Discarded(Err(unkept)) => self.session.flash_store_error(&unkept),
            StoreReply::MarkerCreated(Ok(mark)) => self.apply_order_marker(&mark),
            // Without a journal nothing is ordered, and so nothing is to be marked.
            StoreReply::Discarded(Ok(())) | StoreReply::MarkerCreated(Err(_)) => {}
        }
        Vec::new()
    }

    fn take_store_snapshot(&mut self, mut stock: StoreSnapshot) -> Vec<Effect> {
        let open = stock.first_unresolved.take();
        // What was removed here can be brought back as long as the program runs.
        let before = self.session.drafts.snapshot.take().map(|stock| stock.drafts).unwrap_or_default();
        let there: BTreeSet<DraftId> = stock.drafts.iter().map(|(id, _)| *id).collect();
        let removed =
            before.into_iter().filter(|(id, _)| self.session.drafts.is_draft_removed(*id) && !there.contains(id));
        stock.drafts.extend(removed);
        (self.session.drafts.snapshot, self.session.drafts.read_at, self.session.drafts.read_error) =
            (Some(stock), self.session.now, None);
        self.session.remember_newest_draft();
        open.map(|entry| self.resume_unresolved_order(*entry)).unwrap_or_default()
    }

    /// An order was about to be sent before, and nobody knows what became of it. Its body is the form.
    fn resume_unresolved_order(&mut self, entry: JournalEntry) -> Vec<Effect> {
        if matches!(self.session.order_machine, OrderMachine::Placed(_))
            || self.session.order_machine.is_outcome_open()
            || self.session.is_background_order(entry.id)
        {
            return Vec::new();
        }
        let saved = self.save_draft_now();
        self.session.load_sent_body(&entry.intent.body, entry.intent.draft);
        (self.session.placed_orders.sent_on, self.session.placed_orders.sent_at) = (None, None);
        saved
            .into_iter()
            .chain(self.handle_order_event(OrderEvent::OpenIntentFound(
                Box::new(entry),
                self.session.now,
                self.session.drafts.unix_time_ms(self.session.now),
            )))
            .collect()
    }

    /// Opens a draft where one stopped; at Review after a denial, which is said there.
    fn open_draft(&mut self, id: DraftId, draft: Option<&StoredDraft>, mine: bool, denied: bool) {
        // An order to resolve goes before every draft.
        if self.session.order_machine.is_outcome_open() {
            return self.session.hold_current_draft();
        }
        let Some(draft) = draft else {
            self.session.hold_current_draft();
            return self.session.show_flash("flash.no_draft");
        };
        let Ok(kept) = Form::from_draft(self.session.product(), &draft.payload) else {
            self.session.hold_current_draft();
            return self.session.show_flash("flash.bad_draft");
        };
        let outcome = self.session.feedback.attempt_outcome.take();
        self.session.reset_with_form(kept.form.clone());
        self.session.drafts.form_number += 1;
        self.session.feedback.attempt_outcome = outcome;
        self.session.drafts.current_draft = Some(id);
        self.session.drafts.is_read_only = !mine;
        self.session.is_dirty = true;
        let step = (0..self.session.product().steps.len())
            .map(StepId)
            .find(|step| self.session.product()[*step].id == draft.step);
        self.session.drafts.last_saved = Some((draft.step.clone(), self.session.form.to_draft()));
        self.session.set_draft_notices(kept.redacted, &kept.lost_values);
        self.session
            .visited_steps
            .extend(step.map_or(0..self.session.product().steps.len(), |step| 0..step.0).map(StepId));
        match step {
            Some(step) if mine && !denied => self.go_to_step(step),
            _ => self.show_review(),
        }
        self.session.feedback.flash = match (mine, denied) {
            (false, _) => Some(self.session.text("flash.reads_only").to_owned()),
            // What is to be known of the draft stands at Review too, below what was decided.
            (true, true) => None,
            (true, false) => self.session.review_notice_texts().into_iter().next(),
        };
    }

    fn apply_order_marker(&mut self, mark: &str) {
        self.session.form.add_order_marker(mark);
        if matches!(self.screen, Screen::Review(_)) {
            self.show_review();
        }
    }
}

impl Session {
    /// Something was typed: it is saved soon.
    pub(crate) fn schedule_draft_save(&mut self) {
        self.is_dirty = true;
        self.drafts.save_due_at.get_or_insert(self.now + SAVE_DELAY_MS);
    }

    /// What is to be read at the start.
    pub(crate) fn read_store_at_start(&mut self) -> Option<Effect> {
        if is_setting_up(self) {
            return None;
        }
        let first = !std::mem::replace(&mut self.drafts.was_requested, true);
        first.then_some(Effect::Store(StoreTask::ReadAll))
    }

    /// The organization, by its id and by its name where that is known.
    fn draft_title(&self) -> String {
        let Some(id) = self.form.organization_id() else { return order_organization_text(self) };
        let name = self.account_data.organization(id).map(|found| found.name.as_str()).unwrap_or_default();
        format!("{id}  {name}").trim().to_owned()
    }

    /// Lets go of the draft of this window: what follows is another one.
    pub(crate) fn close_draft(&mut self, keep: StoreTask) {
        (self.drafts.current_draft, self.drafts.last_saved, self.drafts.save_due_at) = (None, None, None);
        (self.drafts.is_read_only, self.is_dirty) = (false, false);
        (self.drafts.saving_form, self.drafts.save_error) = (None, None);
        self.drafts.form_number += 1;
        self.queued_effects.push(Effect::Store(keep));
    }

    /// After it was decided that an order was not placed: its draft has more than its body had, and there may be
    /// another order to resolve.
    pub(crate) fn continue_after_denial(&mut self) {
        let earlier = self.placed_orders.sent_on.is_none();
        match self.drafts.current_draft.filter(|_| earlier) {
            Some(id) => {
                self.drafts.opening_draft = Some(id);
                self.queued_effects.push(Effect::Store(StoreTask::OpenDraft(id)));
            }
            None => self.schedule_draft_save(),
        }
        if self.drafts.snapshot.as_ref().is_some_and(|stock| stock.more_unresolved > 0) {
            self.queued_effects.push(Effect::Store(StoreTask::ReadAll));
        }
    }

    /// Goes on with the draft that was open before another one was asked for.
    fn hold_current_draft(&mut self) {
        self.queued_effects
            .push(Effect::Store(self.drafts.current_draft.map_or(StoreTask::ReleaseDraft, StoreTask::HoldDraft)));
    }

    /// What is asked again, and why; and what the form has no place for any more.
    fn set_draft_notices(&mut self, withheld: Vec<RedactedItem>, lost: &[LostValue]) {
        let lost =
            lost.iter().map(|one| self.lang.format_text("notice.lost", &[("field", &one.id), ("text", &one.text)]));
        let asked = ReviewNotice::AskedAgain(["notice.asked_again_one", "notice.asked_again"], withheld);
        self.feedback.notices = std::iter::once(asked).chain(lost.map(ReviewNotice::Lasting)).collect();
    }

    /// What something is called that is asked again.
    pub(crate) fn withheld_name(&self, one: &RedactedItem) -> String {
        match one {
            RedactedItem::Secret(at) | RedactedItem::Agreement(at) | RedactedItem::Private(at) => {
                field_label(self, *at).to_owned()
            }
            RedactedItem::Member(pointer) => pointer.clone(),
        }
    }

    /// Asks for a mark, where the account's orders carry one and this has none.
    pub(crate) fn request_order_marker(&mut self) {
        let done = matches!(self.order_machine, OrderMachine::Placed(_)) || self.order_machine.is_outcome_open();
        if self.account.uses_markers && !done && !self.form.has_order_marker() {
            self.queued_effects.push(Effect::Store(StoreTask::CreateMarker));
        }
    }

    fn flash_store_error(&mut self, unkept: &PersistenceError) {
        self.feedback.flash = Some(self.message_writer().store_failure_text(unkept));
    }

    fn handle_draft_removal(&mut self, id: DraftId, result: Result<bool, PersistenceError>) {
        match result {
            Ok(true) => drop(self.drafts.removed_drafts.insert(id)),
            Ok(false) => drop(self.drafts.removed_drafts.remove(&id)),
            Err(unkept) => self.flash_store_error(&unkept),
        }
    }

    /// That what became of an order could not be written down.
    pub(crate) fn unrecorded_outcome_note(&self) -> Option<(Tone, String)> {
        let why = self.message_writer().store_failure_text(self.placed_orders.record_error.as_ref()?);
        Some((Tone::Error, format!("✗ {}", self.lang.format_text("unknown.not_kept", &[("why", &why)]))))
    }
}
