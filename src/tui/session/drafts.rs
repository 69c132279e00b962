//! Drafts: when the form is saved, which drafts exist, and what is shown if a draft cannot be saved.
//!
//! Typing never waits for a save: a change is saved shortly after it was made, and at once before anything risky. A
//! draft holds no secret and no agreement.

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

/// Milliseconds between a change and its save. Changes made meanwhile are saved with it.
const SAVE_DELAY_MS: u64 = 400;

/// Milliseconds before a failed save is tried again.
const SAVE_RETRY_DELAY_MS: u64 = 10_000;

/// The id that a draft stores for Review in place of a step.
const REVIEW_STEP_ID: &str = "review";

/// What the session knows of the store and of its own draft.
#[derive(Debug, Clone, Default)]
pub(crate) struct DraftsState {
    was_requested: bool,
    snapshot: Option<StoreSnapshot>,
    /// When the snapshot was read, in milliseconds since the start.
    read_at: u64,
    /// The draft of this window; `None` until it was saved.
    current_draft: Option<DraftId>,
    /// The step and form that were saved last.
    last_saved: Option<(String, String)>,
    save_due_at: Option<u64>,
    /// Counts the forms of this session. Store replies for an earlier form are ignored.
    form_number: u64,
    /// The draft that is about to replace the form. The form is read-only until it arrives.
    opening_draft: Option<DraftId>,
    /// The number of the form that is being saved.
    saving_form: Option<u64>,
    save_error: Option<PersistenceError>,
    read_error: Option<PersistenceError>,
    removed_drafts: BTreeSet<DraftId>,
    is_read_only: bool,
    /// True if drafts remain after the program ends.
    is_persistent: bool,
}

impl DraftsState {
    pub(crate) fn new(is_persistent: bool) -> Self {
        Self { is_persistent, ..Self::default() }
    }

    /// Returns true if the form can be resumed after the program ends.
    pub(crate) fn can_resume_later(&self) -> bool {
        self.is_persistent && self.store_error().is_none()
    }

    pub(crate) fn is_opening_draft(&self) -> bool {
        self.opening_draft.is_some()
    }

    /// Returns true if a change is not on disk yet.
    pub(crate) fn has_unsaved_changes(&self) -> bool {
        self.saving_form.is_some() || self.save_error.is_some()
    }

    /// Returns true if drafts remain after the program ends.
    pub(crate) fn is_persistent(&self) -> bool {
        self.is_persistent
    }

    /// The draft of this window; `None` until it was saved.
    pub(crate) fn current_draft(&self) -> Option<DraftId> {
        self.current_draft
    }

    /// Returns true if another window has the draft open.
    pub(crate) fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    pub(crate) fn set_current_draft(&mut self, id: Option<DraftId>) {
        self.current_draft = id;
    }

    /// What was read from the store; `None` until then.
    pub(crate) fn snapshot(&self) -> Option<&StoreSnapshot> {
        self.snapshot.as_ref()
    }

    /// The reason why the form is not saved; `None` if saving works.
    pub(crate) fn store_error(&self) -> Option<&PersistenceError> {
        self.save_error.as_ref().or(self.read_error.as_ref())
    }

    /// Returns true if the draft was removed in this session. It can still be restored.
    pub(crate) fn is_draft_removed(&self, id: DraftId) -> bool {
        self.removed_drafts.contains(&id)
    }

    /// Milliseconds until the next save is due; `None` if nothing must be saved.
    pub(crate) fn save_due_in(&self, now: u64) -> Option<u64> {
        self.save_due_at.map(|due| due.saturating_sub(now))
    }

    /// The present time in milliseconds since 1970, derived from the time when the store was read.
    fn unix_time_ms(&self, now: u64) -> i64 {
        let since = i64::try_from(now.saturating_sub(self.read_at)).unwrap_or_default();
        self.snapshot.as_ref().map_or(0, |stock| stock.read_at.saturating_add(since))
    }

    /// The age, in minutes, of something saved at `kept_at` (milliseconds since 1970). `None` before the store was
    /// read.
    pub(crate) fn age_in_minutes(&self, kept_at: i64, now: u64) -> Option<i64> {
        let since = i64::try_from(now.saturating_sub(self.read_at)).ok()?;
        Some((self.snapshot.as_ref()?.read_at + since - kept_at).max(0) / 60_000)
    }
}

impl App {
    /// Saves the draft if a save is due.
    pub(crate) fn save_due_draft(&mut self) -> Option<Effect> {
        if self.session.drafts.save_due_in(self.session.now) == Some(0) { self.save_draft() } else { None }
    }

    /// Saves the draft if it has unsaved changes.
    pub(crate) fn save_draft(&mut self) -> Option<Effect> {
        self.session.drafts.save_due_at.take()?;
        // The setup form is no order, so nothing of it is saved before setup ends.
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

    /// Saves the form and the present step at once, before something risky.
    pub(crate) fn save_draft_now(&mut self) -> Option<Effect> {
        if self.session.is_dirty {
            self.session.drafts.save_due_at = Some(self.session.now);
        }
        self.save_draft()
    }

    fn draft_step_id(&self) -> String {
        match &self.screen {
            Screen::Step(step) => self.session.product()[*step].id.clone(),
            // Home is not a place in the form, so the draft keeps the step that was saved last.
            Screen::Home(_) => self
                .session
                .drafts
                .last_saved
                .as_ref()
                .map_or_else(|| REVIEW_STEP_ID.to_owned(), |(step, _)| step.clone()),
            _ => REVIEW_STEP_ID.to_owned(),
        }
    }

    /// Handles the result of a store task.
    pub(crate) fn handle_store_reply(&mut self, kept: StoreReply) -> Vec<Effect> {
        // True if the draft replaces the form after a denial; false if the person chose it.
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
            // Without a journal no order is sent, so no marker is needed.
            StoreReply::Discarded(Ok(())) | StoreReply::MarkerCreated(Err(_)) => {}
        }
        Vec::new()
    }

    fn take_store_snapshot(&mut self, mut stock: StoreSnapshot) -> Vec<Effect> {
        let open = stock.first_unresolved.take();
        // A draft that was removed in this session can be restored as long as the program runs.
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

    /// Resumes an order that was about to be sent in an earlier run and whose outcome is unknown. The form becomes
    /// its body.
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

    /// Opens a draft at its saved step. After a denial it opens at Review, where the denial is reported.
    fn open_draft(&mut self, id: DraftId, draft: Option<&StoredDraft>, mine: bool, denied: bool) {
        // An unresolved order takes precedence over every draft.
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
            // Review also shows the notices of the draft, below the outcome of the decision.
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
    /// Marks the form as changed, and schedules its save.
    pub(crate) fn schedule_draft_save(&mut self) {
        self.is_dirty = true;
        self.drafts.save_due_at.get_or_insert(self.now + SAVE_DELAY_MS);
    }

    /// Reads the store once, at the start; not during account setup.
    pub(crate) fn read_store_at_start(&mut self) -> Option<Effect> {
        if is_setting_up(self) {
            return None;
        }
        let first = !std::mem::replace(&mut self.drafts.was_requested, true);
        first.then_some(Effect::Store(StoreTask::ReadAll))
    }

    /// The title of the draft: the organization by its id, and by its name if that is known.
    fn draft_title(&self) -> String {
        let Some(id) = self.form.organization_id() else { return order_organization_text(self) };
        let name = self.account_data.organization(id).map(|found| found.name.as_str()).unwrap_or_default();
        format!("{id}  {name}").trim().to_owned()
    }

    /// Closes the draft of this window, because another form follows. `keep` says what happens to the draft.
    pub(crate) fn close_draft(&mut self, keep: StoreTask) {
        (self.drafts.current_draft, self.drafts.last_saved, self.drafts.save_due_at) = (None, None, None);
        (self.drafts.is_read_only, self.is_dirty) = (false, false);
        (self.drafts.saving_form, self.drafts.save_error) = (None, None);
        self.drafts.form_number += 1;
        self.queued_effects.push(Effect::Store(keep));
    }

    /// Continues after the person decided that an order was not placed. The draft of an order of an earlier run is
    /// opened again, because it has more than the sent body. The store is read again if there are more orders to
    /// resolve.
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

    /// Continues with the draft that was open before another draft was requested.
    fn hold_current_draft(&mut self) {
        self.queued_effects
            .push(Effect::Store(self.drafts.current_draft.map_or(StoreTask::ReleaseDraft, StoreTask::HoldDraft)));
    }

    /// Sets the notices of a draft: which items are asked again, and which values have no place in the form any more.
    fn set_draft_notices(&mut self, withheld: Vec<RedactedItem>, lost: &[LostValue]) {
        let lost =
            lost.iter().map(|one| self.lang.format_text("notice.lost", &[("field", &one.id), ("text", &one.text)]));
        let asked = ReviewNotice::AskedAgain(["notice.asked_again_one", "notice.asked_again"], withheld);
        self.feedback.notices = std::iter::once(asked).chain(lost.map(ReviewNotice::Lasting)).collect();
    }

    /// The name of an item that is asked again.
    pub(crate) fn withheld_name(&self, one: &RedactedItem) -> String {
        match one {
            RedactedItem::Secret(at) | RedactedItem::Agreement(at) | RedactedItem::Private(at) => {
                field_label(self, *at).to_owned()
            }
            RedactedItem::Member(pointer) => pointer.clone(),
        }
    }

    /// Requests an order marker, if the account uses them and the form has none.
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

    /// A note that the outcome of an order could not be recorded; `None` if it was.
    pub(crate) fn unrecorded_outcome_note(&self) -> Option<(Tone, String)> {
        let why = self.message_writer().store_failure_text(self.placed_orders.record_error.as_ref()?);
        Some((Tone::Error, format!("✗ {}", self.lang.format_text("unknown.not_kept", &[("why", &why)]))))
    }
}
