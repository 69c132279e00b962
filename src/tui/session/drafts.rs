//! Drafts: when the form is saved, which drafts exist, and what is shown if a draft cannot be saved.
//!
//! Typing never waits for a save: a change is saved shortly after it was made, and at once before anything risky. A
//! draft holds no secret and no agreement.

use super::feedback::ReviewNotice;
use crate::domain::{DraftId, JournalEntry, PersistenceError, StoredDraft, is_same_host};
use crate::form::{Form, LostValue, RedactedItem};
use crate::i18n::{texts, with};
use crate::order::OrderMachine;
use crate::product::StepId;
use crate::tone::Tone;
use crate::tui::message::{Effect, OpenedDraft, StoreSnapshot, StoreTask};
use crate::tui::session::Session;
use crate::tui::session::feedback::review_notice_texts;
use crate::tui::session::order_text::order_organization_text;
use crate::tui::session::setup::is_setting_up;
use std::collections::BTreeSet;

/// Milliseconds between a change and its save. Changes made meanwhile are saved with it.
const SAVE_DELAY_MS: u64 = 400;

/// Milliseconds before a failed save is tried again.
const SAVE_RETRY_DELAY_MS: u64 = 10_000;

/// The id that a draft stores for Review in place of a step.
const REVIEW_STEP_ID: &str = "review";

/// What the session knows of the store and of its own draft.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a state of its own")]
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
    /// True if something was typed that would be lost on quitting.
    pub(crate) is_dirty: bool,
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

/// Where a draft is shown that was just opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenedDraftPlace {
    /// The step that was saved with it; `None` for Review.
    pub(crate) step: Option<StepId>,
    /// True if the draft replaces the form after a denial; false if the person chose it. A denial is reported at
    /// Review.
    pub(crate) was_denied: bool,
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

    /// Notes that the form has changed, and schedules its save.
    pub(crate) fn schedule_save(&mut self, now: u64) {
        self.is_dirty = true;
        self.save_due_at.get_or_insert(now + SAVE_DELAY_MS);
    }

    /// Takes the result of saving the form of this number.
    pub(crate) fn take_saved(&mut self, form: u64, saved: Result<DraftId, PersistenceError>, now: u64) {
        if form != self.form_number {
            return;
        }
        self.saving_form = None;
        match saved {
            Ok(id) => (self.current_draft, self.save_error) = (Some(id), None),
            Err(error) => {
                self.last_saved = None;
                self.save_due_at = Some(now + SAVE_RETRY_DELAY_MS);
                self.save_error = Some(error);
            }
        }
    }

    /// Takes the reason why the store could not be read.
    pub(crate) fn take_read_error(&mut self, error: PersistenceError) {
        self.read_error = Some(error);
    }

    /// Milliseconds until the next save is due; `None` if nothing must be saved.
    pub(crate) fn save_due_in(&self, now: u64) -> Option<u64> {
        self.save_due_at.map(|due| due.saturating_sub(now))
    }

    /// The present time in milliseconds since 1970, derived from the time when the store was read.
    pub(crate) fn unix_time_ms(&self, now: u64) -> i64 {
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

impl Session {
    /// Saves the draft if it has unsaved changes.
    pub(crate) fn save_draft(&mut self) {
        if self.drafts.save_due_at.take().is_none()
            // The setup form is no order, so nothing of it is saved before setup ends.
            || is_setting_up(self)
            || self.drafts.is_read_only
            || matches!(self.order_machine, OrderMachine::Placed(_))
        {
            return;
        }
        let step = self.form_place.map_or(REVIEW_STEP_ID, |step| self.product()[step].id);
        let now = (step.to_owned(), self.form.to_draft());
        if self.drafts.last_saved.as_ref() == Some(&now) {
            return;
        }
        let draft = StoredDraft {
            account: self.account.draft_owner(),
            product: self.product().name_id.to_owned(),
            step: now.0.clone(),
            title: draft_title(self),
            payload: now.1.clone(),
            saved_at: 0,
        };
        self.drafts.last_saved = Some(now);
        self.drafts.saving_form = Some(self.drafts.form_number);
        self.queue_effect(Effect::Store(StoreTask::SaveDraft(self.drafts.form_number, Box::new(draft))));
    }

    /// Saves the form and the present step at once, before something risky.
    pub(crate) fn save_draft_now(&mut self) {
        if self.drafts.is_dirty {
            self.drafts.save_due_at = Some(self.now);
        }
        self.save_draft();
    }

    /// Takes what was read from the store. Returns the order of an earlier run whose outcome is unknown, if it must
    /// come to the front.
    pub(crate) fn take_store_snapshot(&mut self, mut snapshot: StoreSnapshot) -> Option<JournalEntry> {
        let unresolved = snapshot.first_unresolved.take();
        // A draft that was removed in this session can be restored as long as the program runs.
        let before = self.drafts.snapshot.take().map(|snapshot| snapshot.drafts).unwrap_or_default();
        let there: BTreeSet<DraftId> = snapshot.drafts.iter().map(|(id, _)| *id).collect();
        let removed = before.into_iter().filter(|(id, _)| self.drafts.is_draft_removed(*id) && !there.contains(id));
        snapshot.drafts.extend(removed);
        (self.drafts.snapshot, self.drafts.read_at, self.drafts.read_error) = (Some(snapshot), self.now, None);
        self.remember_newest_draft();
        let unresolved = *unresolved?;
        let is_busy = matches!(self.order_machine, OrderMachine::Placed(_)) || self.order_machine.is_outcome_open();
        (!is_busy && !self.background_orders.contains(unresolved.id)).then_some(unresolved)
    }

    /// Puts a draft that was opened into the form. Returns where to show it; `None` if the form stays as it is.
    pub(crate) fn take_opened_draft(
        &mut self,
        opened: Result<Box<OpenedDraft>, PersistenceError>,
    ) -> Option<OpenedDraftPlace> {
        let was_denied = self.drafts.opening_draft.take().is_some();
        let opened = match opened {
            // An unresolved order takes precedence over every draft.
            Ok(_) if self.order_machine.is_outcome_open() => return self.hold_current_draft(),
            Ok(opened) => opened,
            Err(error) => {
                self.flash_store_error(&error);
                return self.hold_current_draft();
            }
        };
        let Some(draft) = opened.draft else {
            self.show_flash(texts::flash::NO_DRAFT);
            return self.hold_current_draft();
        };
        let Ok(read) = Form::from_draft(self.product(), &draft.payload) else {
            self.show_flash(texts::flash::BAD_DRAFT);
            return self.hold_current_draft();
        };
        let outcome = self.feedback.attempt_outcome.take();
        self.reset_with_form(read.form);
        self.drafts.form_number += 1;
        self.feedback.attempt_outcome = outcome;
        self.drafts.current_draft = Some(opened.id);
        self.drafts.is_read_only = !opened.is_own;
        self.drafts.is_dirty = true;
        self.drafts.last_saved = Some((draft.step.clone(), self.form.to_draft()));
        self.set_draft_notices(read.redacted, &read.lost_values);
        let steps = self.product().steps.len();
        let step = (0..steps).map(StepId).find(|step| self.product()[*step].id == draft.step);
        self.visited_steps.extend((0..step.map_or(steps, |step| step.0)).map(StepId));
        Some(OpenedDraftPlace { step: step.filter(|_| opened.is_own && !was_denied), was_denied })
    }

    /// The flash over a draft that was just opened.
    pub(crate) fn show_opened_draft_flash(&mut self, was_denied: bool) {
        self.feedback.flash = match (self.drafts.is_read_only, was_denied) {
            (true, _) => Some(self.text(texts::flash::READS_ONLY).to_owned()),
            // Review also shows the notices of the draft, below the outcome of the decision.
            (false, true) => None,
            (false, false) => review_notice_texts(self).into_iter().next(),
        };
    }
}

impl Session {
    /// Reads the store once, at the start; not during account setup.
    pub(crate) fn read_store_at_start(&mut self) {
        if !is_setting_up(self) && !std::mem::replace(&mut self.drafts.was_requested, true) {
            self.queue_effect(Effect::Store(StoreTask::ReadAll));
        }
    }

    /// Closes the draft of this window, because another form follows. `keep` says what happens to the draft.
    pub(crate) fn close_draft(&mut self, keep: StoreTask) {
        (self.drafts.current_draft, self.drafts.last_saved, self.drafts.save_due_at) = (None, None, None);
        (self.drafts.is_read_only, self.drafts.is_dirty) = (false, false);
        (self.drafts.saving_form, self.drafts.save_error) = (None, None);
        self.drafts.form_number += 1;
        self.queue_effect(Effect::Store(keep));
    }

    /// Continues after the person decided that an order was not placed. The draft of an order of an earlier run is
    /// opened again, because it has more than the sent body. The store is read again if there are more orders to
    /// resolve.
    pub(crate) fn continue_after_denial(&mut self) {
        let earlier = self.placed_orders.sent_on.is_none();
        match self.drafts.current_draft.filter(|_| earlier) {
            Some(id) => {
                self.drafts.opening_draft = Some(id);
                self.queue_effect(Effect::Store(StoreTask::OpenDraft(id)));
            }
            None => self.drafts.schedule_save(self.now),
        }
        if self.drafts.snapshot.as_ref().is_some_and(|stock| stock.more_unresolved > 0) {
            self.queue_effect(Effect::Store(StoreTask::ReadAll));
        }
    }

    /// Continues with the draft that was open before another draft was requested.
    fn hold_current_draft(&mut self) -> Option<OpenedDraftPlace> {
        self.queue_effect(Effect::Store(
            self.drafts.current_draft.map_or(StoreTask::ReleaseDraft, StoreTask::HoldDraft),
        ));
        None
    }

    /// Sets the notices of a draft: which items are asked again, and which values have no place in the form any more.
    fn set_draft_notices(&mut self, withheld: Vec<RedactedItem>, lost: &[LostValue]) {
        let lost =
            lost.iter().map(|one| self.lang.format(texts::notice::LOST, (with::Field(&one.id), with::Text(&one.text))));
        let asked = ReviewNotice::AskedAgain([texts::notice::ASKED_AGAIN_ONE, texts::notice::ASKED_AGAIN], withheld);
        self.feedback.notices = std::iter::once(asked).chain(lost.map(ReviewNotice::Lasting)).collect();
    }

    /// Requests an order marker, if the account uses them and the form has none.
    pub(crate) fn request_order_marker(&mut self) {
        let done = matches!(self.order_machine, OrderMachine::Placed(_)) || self.order_machine.is_outcome_open();
        if self.account.uses_markers && !done && !self.form.has_order_marker() {
            self.queue_effect(Effect::Store(StoreTask::CreateMarker));
        }
    }

    pub(crate) fn flash_store_error(&mut self, unkept: &PersistenceError) {
        self.feedback.flash = Some(self.message_writer().store_failure_text(unkept));
    }

    pub(crate) fn handle_draft_removal(&mut self, id: DraftId, result: Result<bool, PersistenceError>) {
        match result {
            Ok(true) => drop(self.drafts.removed_drafts.insert(id)),
            Ok(false) => drop(self.drafts.removed_drafts.remove(&id)),
            Err(unkept) => self.flash_store_error(&unkept),
        }
    }
}

/// The title of the draft: the organization by its id, and by its name if that is known.
fn draft_title(session: &Session) -> String {
    let Some(id) = session.form.organization_id() else { return order_organization_text(session) };
    let name = session.account_data.organization(id).map(|found| found.name.as_str()).unwrap_or_default();
    format!("{id}  {name}").trim().to_owned()
}

/// A note that the outcome of an order could not be recorded; `None` if it was.
pub(crate) fn unrecorded_outcome_note(session: &Session) -> Option<(Tone, String)> {
    let why = session.message_writer().store_failure_text(session.placed_orders.record_error.as_ref()?);
    Some((Tone::Error, format!("✗ {}", session.lang.format(texts::unknown::NOT_KEPT, with::Why(&why)))))
}

/// Returns the drafts of this account, including removed ones.
pub(crate) fn account_drafts(session: &Session) -> Vec<&(DraftId, StoredDraft)> {
    let stock = session.drafts.snapshot().map(|stock| stock.drafts.as_slice()).unwrap_or_default();
    let here = |draft: &StoredDraft| {
        is_same_host(&draft.account, &session.account.draft_owner()) && draft.product == session.product().name_id
    };
    stock.iter().filter(|(_, draft)| here(draft)).collect()
}
