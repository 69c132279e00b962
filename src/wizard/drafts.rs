//! Keeping what is typed: when it is saved, what is known of the drafts that there are, and what is said where one
//! cannot be kept.
//!
//! Nobody who types waits for it: a change is saved shortly after it was made, and at once before anything risky. No
//! secret and no agreement is in a draft.

use super::marks::Notice;
use super::msg::{Effect, Keep, Kept, Stock};
use super::{Model, Screen};
use crate::facts::{Draft, DraftId, Entry, Unkept};
use crate::form::{Form, Lost, Withheld};
use crate::layout::Tone;
use crate::order::{Course, Event};
use crate::product::StepId;
use std::collections::BTreeSet;

/// So long after a change it is saved, in milliseconds; changes meanwhile go with it.
const SOON: u64 = 400;

/// After so long it is tried again where it could not be saved.
const LATER: u64 = 10_000;

/// The word for Review where a step is named.
const REVIEW: &str = "review";

/// What is known of what is kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Drafts {
    asked: bool,
    stock: Option<Stock>,
    /// When it was read, in milliseconds since the start.
    read: u64,
    /// The draft of this window, once it was saved.
    current: Option<DraftId>,
    /// What was saved last.
    saved: Option<(String, String)>,
    due: Option<u64>,
    /// Which form it is, counted: what is told of an earlier one does not count.
    form: u64,
    /// The draft that is on its way to take the place of the form: until then nothing is typed.
    awaited: Option<DraftId>,
    /// Which form is being saved, if one is.
    saving: Option<u64>,
    /// Why what was typed could not be saved.
    unsaved: Option<Unkept>,
    /// Why what is kept could not be read.
    unread: Option<Unkept>,
    removed: BTreeSet<DraftId>,
    reads_only: bool,
    /// Whether what is kept outlives the program.
    lasting: bool,
}

impl Drafts {
    /// Nothing is read yet.
    pub(super) fn new(lasting: bool) -> Self {
        Self { lasting, ..Self::default() }
    }

    /// Whether what is typed can be gone on with after leaving.
    pub(super) fn keeps(&self) -> bool {
        self.lasting && self.trouble().is_none()
    }

    /// Whether a draft is about to take the place of the form.
    pub(super) fn is_awaited(&self) -> bool {
        self.awaited.is_some()
    }

    /// Whether something that was typed is not on disk yet.
    pub(super) fn is_unsaved(&self) -> bool {
        self.saving.is_some() || self.unsaved.is_some()
    }

    /// Whether what is kept outlives the program.
    pub(super) fn lasting(&self) -> bool {
        self.lasting
    }

    /// The draft of this window, once it was saved.
    pub(super) fn current(&self) -> Option<DraftId> {
        self.current
    }

    /// Whether another window has it open.
    pub(super) fn reads_only(&self) -> bool {
        self.reads_only
    }

    /// Makes this draft the one of this window.
    pub(super) fn set_current(&mut self, id: Option<DraftId>) {
        self.current = id;
    }

    /// What was read; nothing before.
    pub(super) fn stock(&self) -> Option<&Stock> {
        self.stock.as_ref()
    }

    /// Why what was typed is not kept, if it is not.
    pub(super) fn trouble(&self) -> Option<&Unkept> {
        self.unsaved.as_ref().or(self.unread.as_ref())
    }

    /// Whether a draft was removed here; that can still be taken back.
    pub(super) fn is_removed(&self, id: DraftId) -> bool {
        self.removed.contains(&id)
    }

    /// How many milliseconds from now it is to be saved.
    pub(super) fn due_in(&self, now: u64) -> Option<u64> {
        self.due.map(|due| due.saturating_sub(now))
    }

    /// What time it is, in milliseconds since 1970, by when what is kept was read.
    fn today(&self, now: u64) -> i64 {
        let since = i64::try_from(now.saturating_sub(self.read)).unwrap_or_default();
        self.stock.as_ref().map_or(0, |stock| stock.now.saturating_add(since))
    }

    /// How old something is that was kept at this time, in minutes.
    pub(super) fn age(&self, kept_at: i64, now: u64) -> Option<i64> {
        let since = i64::try_from(now.saturating_sub(self.read)).ok()?;
        Some((self.stock.as_ref()?.now + since - kept_at).max(0) / 60_000)
    }
}

impl Model {
    /// Something was typed: it is saved soon.
    pub(super) fn touch(&mut self) {
        self.dirty = true;
        self.drafts.due.get_or_insert(self.now + SOON);
    }

    /// What is to be read at the start.
    pub(super) fn read_drafts(&mut self) -> Option<Effect> {
        if self.is_guided() {
            return None;
        }
        let first = !std::mem::replace(&mut self.drafts.asked, true);
        first.then_some(Effect::Keep(Keep::Read))
    }

    /// Saves what is due by now.
    pub(super) fn save_due(&mut self) -> Option<Effect> {
        if self.drafts.due_in(self.now) == Some(0) { self.save() } else { None }
    }

    /// Saves what is not saved yet.
    pub(super) fn save(&mut self) -> Option<Effect> {
        self.drafts.due.take()?;
        // What is typed to set an account up is no order: nothing of it is kept before its end.
        if self.is_guided() || self.drafts.reads_only || matches!(self.course, Course::Placed(_)) {
            return None;
        }
        let now = (self.step_word(), self.form.to_draft());
        if self.drafts.saved.as_ref() == Some(&now) {
            return None;
        }
        let draft = Draft {
            account: self.account.owner(),
            product: self.product().name_id.clone(),
            step: now.0.clone(),
            title: self.draft_title(),
            payload: now.1.clone(),
            saved_at: 0,
        };
        self.drafts.saved = Some(now);
        self.drafts.saving = Some(self.drafts.form);
        Some(Effect::Keep(Keep::Save(self.drafts.form, Box::new(draft))))
    }

    /// Before something risky: what was typed, and where one is.
    pub(super) fn save_now(&mut self) -> Option<Effect> {
        if self.dirty {
            self.drafts.due = Some(self.now);
        }
        self.save()
    }

    fn step_word(&self) -> String {
        match &self.screen {
            Screen::Step(step) => self.product()[*step].id.clone(),
            // Home is no place in the form: where one was before it is where one goes on.
            Screen::Home(_) => self.drafts.saved.as_ref().map_or_else(|| REVIEW.to_owned(), |(step, _)| step.clone()),
            _ => REVIEW.to_owned(),
        }
    }

    /// The organization, by its id and by its name where that is known.
    fn draft_title(&self) -> String {
        let Some(id) = self.form.organization_id() else { return self.for_whom() };
        let name = self.known.organization(id).map(|found| found.name.as_str()).unwrap_or_default();
        format!("{id}  {name}").trim().to_owned()
    }

    /// Lets go of the draft of this window: what follows is another one.
    pub(super) fn close_draft(&mut self, keep: Keep) {
        (self.drafts.current, self.drafts.saved, self.drafts.due) = (None, None, None);
        (self.drafts.reads_only, self.dirty) = (false, false);
        (self.drafts.saving, self.drafts.unsaved) = (None, None);
        self.drafts.form += 1;
        self.queue.push(Effect::Keep(keep));
    }

    /// Something was kept, read, or could not be.
    pub(super) fn kept(&mut self, kept: Kept) -> Vec<Effect> {
        // A draft that takes the place of the form after a denial, rather than one that was chosen.
        let denied = matches!(kept, Kept::Taken(_)) && self.drafts.awaited.take().is_some();
        match kept {
            Kept::Read(Ok(stock)) => return self.take_stock(*stock),
            Kept::Saved(form, _) if form != self.drafts.form => {}
            Kept::Saved(_, Ok(id)) => {
                (self.drafts.current, self.drafts.unsaved, self.drafts.saving) = (Some(id), None, None);
            }
            Kept::Saved(_, Err(unkept)) => {
                (self.drafts.saved, self.drafts.saving) = (None, None);
                self.drafts.due = Some(self.now + LATER);
                self.drafts.unsaved = Some(unkept);
            }
            Kept::Taken(Ok(taken)) => self.take_draft(taken.id, taken.draft.as_ref(), taken.mine, denied),
            Kept::Read(Err(unkept)) => self.drafts.unread = Some(unkept),
            Kept::Removed(id, result) => self.take_removal(id, result),
            Kept::Taken(Err(unkept)) => {
                self.hold_on();
                self.say_unkept(&unkept);
            }
            Kept::Closed(Err(unkept)) => self.say_unkept(&unkept),
            Kept::Marked(Ok(mark)) => self.marked(&mark),
            // Without a journal nothing is ordered, and so nothing is to be marked.
            Kept::Closed(Ok(())) | Kept::Marked(Err(_)) => {}
        }
        Vec::new()
    }

    fn take_stock(&mut self, mut stock: Stock) -> Vec<Effect> {
        let open = stock.open.take();
        // What was removed here can be brought back as long as the program runs.
        let before = self.drafts.stock.take().map(|stock| stock.drafts).unwrap_or_default();
        let there: BTreeSet<DraftId> = stock.drafts.iter().map(|(id, _)| *id).collect();
        let removed = before.into_iter().filter(|(id, _)| self.drafts.is_removed(*id) && !there.contains(id));
        stock.drafts.extend(removed);
        (self.drafts.stock, self.drafts.read, self.drafts.unread) = (Some(stock), self.now, None);
        self.ready_for_drafts();
        open.map(|entry| self.find(*entry)).unwrap_or_default()
    }

    /// An order was about to be sent before, and nobody knows what became of it. Its body is the form.
    fn find(&mut self, entry: Entry) -> Vec<Effect> {
        if matches!(self.course, Course::Placed(_)) || self.course.is_open() || self.is_aside(entry.id) {
            return Vec::new();
        }
        let saved = self.save_now();
        self.take_body(&entry.intent.body, entry.intent.draft);
        (self.past.sent_on, self.past.sent_at) = (None, None);
        saved
            .into_iter()
            .chain(self.happen(Event::Found(Box::new(entry), self.now, self.drafts.today(self.now))))
            .collect()
    }

    /// After it was decided that an order was not placed: its draft has more than its body had, and there may be
    /// another order to resolve.
    pub(super) fn after_denial(&mut self) {
        let earlier = self.past.sent_on.is_none();
        match self.drafts.current.filter(|_| earlier) {
            Some(id) => {
                self.drafts.awaited = Some(id);
                self.queue.push(Effect::Keep(Keep::Take(id)));
            }
            None => self.touch(),
        }
        if self.drafts.stock.as_ref().is_some_and(|stock| stock.more > 0) {
            self.queue.push(Effect::Keep(Keep::Read));
        }
    }

    /// Opens a draft where one stopped; at Review after a denial, which is said there.
    fn take_draft(&mut self, id: DraftId, draft: Option<&Draft>, mine: bool, denied: bool) {
        // An order to resolve goes before every draft.
        if self.course.is_open() {
            return self.hold_on();
        }
        let Some(draft) = draft else {
            self.hold_on();
            return self.flash("flash.no_draft");
        };
        let Ok(kept) = Form::from_draft(self.product(), &draft.payload) else {
            self.hold_on();
            return self.flash("flash.bad_draft");
        };
        let outcome = self.marks.outcome.take();
        self.start_over(kept.form.clone());
        self.drafts.form += 1;
        self.marks.outcome = outcome;
        self.drafts.current = Some(id);
        self.drafts.reads_only = !mine;
        self.dirty = true;
        let step = (0..self.product().steps.len()).map(StepId).find(|step| self.product()[*step].id == draft.step);
        self.drafts.saved = Some((draft.step.clone(), self.form.to_draft()));
        self.say_what_is_not_there(kept.withheld, &kept.lost);
        self.visited.extend(step.map_or(0..self.product().steps.len(), |step| 0..step.0).map(StepId));
        match step {
            Some(step) if mine && !denied => self.go_to_step(step),
            _ => self.show_review(),
        }
        self.marks.flash = match (mine, denied) {
            (false, _) => Some(self.say("flash.reads_only").to_owned()),
            // What is to be known of the draft stands at Review too, below what was decided.
            (true, true) => None,
            (true, false) => self.notices_said().into_iter().next(),
        };
    }

    /// Goes on with the draft that was open before another one was asked for.
    fn hold_on(&mut self) {
        self.queue.push(Effect::Keep(self.drafts.current.map_or(Keep::Release, Keep::Hold)));
    }

    /// What is asked again, and why; and what the form has no place for any more.
    fn say_what_is_not_there(&mut self, withheld: Vec<Withheld>, lost: &[Lost]) {
        let lost = lost.iter().map(|one| self.lang.tell("notice.lost", &[("field", &one.id), ("text", &one.text)]));
        let asked = Notice::Asked(["notice.asked_again_one", "notice.asked_again"], withheld);
        self.marks.notices = std::iter::once(asked).chain(lost.map(Notice::Lasting)).collect();
    }

    /// What something is called that is asked again.
    pub(super) fn withheld_name(&self, one: &Withheld) -> String {
        match one {
            Withheld::Secret(at) | Withheld::Agreement(at) | Withheld::Private(at) => self.label(*at).to_owned(),
            Withheld::Member(pointer) => pointer.clone(),
        }
    }

    /// Asks for a mark, where the account's orders carry one and this has none.
    pub(super) fn ask_for_mark(&mut self) {
        let done = matches!(self.course, Course::Placed(_)) || self.course.is_open();
        if self.account.marks && !done && !self.form.is_marked() {
            self.queue.push(Effect::Keep(Keep::Mark));
        }
    }

    fn marked(&mut self, mark: &str) {
        self.form.mark(mark);
        if matches!(self.screen, Screen::Review(_)) {
            self.show_review();
        }
    }

    fn say_unkept(&mut self, unkept: &Unkept) {
        self.marks.flash = Some(self.teller().unkept(unkept));
    }

    fn take_removal(&mut self, id: DraftId, result: Result<bool, Unkept>) {
        match result {
            Ok(true) => drop(self.drafts.removed.insert(id)),
            Ok(false) => drop(self.drafts.removed.remove(&id)),
            Err(unkept) => self.say_unkept(&unkept),
        }
    }

    /// That what became of an order could not be written down.
    pub(super) fn unkept_said(&self) -> Option<(Tone, String)> {
        let why = self.teller().unkept(self.past.unkept.as_ref()?);
        Some((Tone::Error, format!("✗ {}", self.lang.tell("unknown.not_kept", &[("why", &why)]))))
    }
}
