//! Navigation: follows where a component leads, to another screen, a dialog, an order event or the end.
//!
//! Only the app knows all screens and dialogs, so it builds what comes next.

use crate::domain::{PersistenceError, PersistenceErrorKind, ServerError};
use crate::form::{FieldPlace, ProblemTarget};
use crate::i18n::{texts, with};
use crate::order::{OrderEvent, OrderMachine, OrderTransition};
use crate::product::StepId;
use crate::tui::app::{
    AgreementDialog, App, ConfirmScreen, Dialog, HomeScreen, KeyTestScreen, OpenFileDialog, QuitDialog, ReviewScreen,
    Screen, SendingScreen, SetupSaveScreen, SetupWelcomeScreen, StatusScreen, StepScreen, UnresolvedScreen,
};
use crate::tui::component::{DialogRoute, ScreenRoute, Transition};
use crate::tui::dialogs::picker::Picker;
use crate::tui::message::{Effect, StoreReply, StoreTask};
use crate::tui::session::Session;
use crate::tui::session::drafts::unrecorded_outcome_note;
use crate::tui::session::exit::{NextSession, quitting_loses_something, session_exit};
use crate::tui::session::feedback::{ReviewNotice, ServerRemark};
use crate::tui::session::page_items::FocusTarget;
use crate::tui::session::setup::is_setting_up;

impl App {
    /// Follows the transition that a component returned.
    pub(in crate::tui) fn follow(&mut self, transition: Transition) {
        match transition {
            Transition::Stay => {}
            Transition::Close => drop(self.dialogs.pop()),
            Transition::CloseAndGoOn => {
                self.dialogs.clear();
                if let Screen::Step(screen) = &mut self.screen {
                    screen.restore_focus(&mut self.session);
                    screen.move_focus(&mut self.session, true);
                }
                self.session.feedback.flash = None;
            }
            Transition::FocusField(at) => self.focus_found_field(at),
            Transition::Go(route) => self.go_to(route),
            Transition::Open(dialog) => self.open_dialog(dialog),
            Transition::Order(event) => self.handle_order_event(*event),
            Transition::QuitAndOpen(next) => self.quit_and_open(next),
        }
    }

    /// Puts a screen in front.
    pub(in crate::tui) fn go_to(&mut self, route: ScreenRoute) {
        match route {
            ScreenRoute::Home => self.show_home(),
            ScreenRoute::NewOrder => self.start_new_order(),
            ScreenRoute::Step(step) => self.open_screen(|session| Screen::Step(StepScreen::open(step, session))),
            ScreenRoute::Field(at) => {
                self.session.feedback.mark_left(at);
                self.open_screen(|session| Screen::Step(StepScreen::open_at_field(at, session)));
            }
            ScreenRoute::Problem(target) => self.go_to_problem(&target),
            ScreenRoute::Review => self.open_screen(|session| Screen::Review(ReviewScreen::open(session))),
            ScreenRoute::Confirm => self.show_confirm(),
            ScreenRoute::Unresolved => self.open_screen(|_| Screen::Unresolved(UnresolvedScreen::default())),
            ScreenRoute::SetupWelcome => self.open_screen(|_| Screen::SetupWelcome(SetupWelcomeScreen::default())),
            ScreenRoute::KeyTest(true) => self.open_screen(|_| Screen::KeyTest(KeyTestScreen::passed())),
            ScreenRoute::KeyTest(false) => {
                let mut test = KeyTestScreen::default();
                let transition = test.begin(&mut self.session);
                self.open_screen(|_| Screen::KeyTest(test));
                self.follow(transition);
            }
            ScreenRoute::SetupSave => self.open_screen(|_| Screen::SetupSave(SetupSaveScreen::default())),
        }
    }

    /// Opens a dialog over what is in front.
    pub(in crate::tui) fn open_dialog(&mut self, dialog: DialogRoute) {
        let dialog = match dialog {
            DialogRoute::Picker(at, query) => Dialog::Picker(Picker::new(&mut self.session, at, &query)),
            DialogRoute::Agreement => Dialog::Agreement(AgreementDialog::default()),
            DialogRoute::OpenFile => Dialog::OpenFile(OpenFileDialog::default()),
        };
        self.dialogs.push(dialog);
    }

    /// Replaces the screen, after the one in front has finished what was begun in it. All dialogs close.
    fn open_screen(&mut self, open: impl FnOnce(&mut Session) -> Screen) {
        self.screen.component_mut().leave(&mut self.session);
        self.dialogs.clear();
        self.screen = open(&mut self.session);
        match &self.screen {
            Screen::Step(screen) => self.session.form_place = Some(screen.step()),
            // Home is not a place in the form, so a draft keeps the one that it has.
            Screen::Home(_) => {}
            _ => self.session.form_place = None,
        }
    }

    /// Goes from Review to Confirm, unless something is in the way.
    fn show_confirm(&mut self) {
        let Screen::Review(review) = &self.screen else { return };
        if self.session.order_machine.is_outcome_open() {
            self.go_to(ScreenRoute::Unresolved);
            return self.session.show_flash(texts::flash::UNRESOLVED);
        }
        let Some(confirm) = ConfirmScreen::open(&review.body, &mut self.session) else { return };
        let plan = confirm.plan_order(&mut self.session);
        self.open_screen(|_| Screen::Confirm(confirm));
        self.handle_order_event(OrderEvent::Planned(Box::new(plan)));
    }

    /// Puts the place in front where a problem can be solved, if the form has it.
    fn go_to_problem(&mut self, target: &ProblemTarget) {
        match target {
            ProblemTarget::Field(at) => self.go_to(ScreenRoute::Field(*at)),
            ProblemTarget::Group(group) => {
                self.go_to(ScreenRoute::Step(self.session.product()[*group].step));
                if let Screen::Step(screen) = &mut self.screen {
                    screen.set_focus(&mut self.session, FocusTarget::AddRow(*group));
                }
            }
            ProblemTarget::Pointer(_) => self.session.show_flash(texts::flash::NOT_IN_FORM),
        }
    }

    /// Goes to the step with this number, counted from one; the number after the last step is Review.
    pub(in crate::tui) fn go_to_step_number(&mut self, number: usize) {
        self.session.returns_to_review = false;
        let count = self.session.product().steps.len();
        match number {
            1.. if number <= count => self.go_to(ScreenRoute::Step(StepId(number - 1))),
            _ if number == count + 1 && !is_setting_up(&self.session) => self.go_to(ScreenRoute::Review),
            _ => self.session.show_flash(texts::flash::NO_STEP),
        }
    }

    /// Puts Home in front and reads the store again. If the outcome of the order in front is unknown, it shows that
    /// screen instead.
    pub(crate) fn show_home(&mut self) {
        if self.session.order_machine.is_outcome_open() {
            self.go_to(ScreenRoute::Unresolved);
            return self.session.show_flash(texts::flash::UNRESOLVED);
        }
        self.session.save_draft_now();
        self.screen.component_mut().leave(&mut self.session);
        self.session.form.wipe_secrets();
        if matches!(self.session.order_machine, OrderMachine::Placed(_)) {
            self.session.reset_form_to_defaults();
            self.session.drafts.is_dirty = false;
        }
        self.open_screen(|_| Screen::Home(HomeScreen::default()));
        self.session.queue_effect(Effect::Store(StoreTask::ReadAll));
        self.session.refresh_stale_readiness();
    }

    /// Starts a new order. It takes over neither values nor the consent.
    pub(crate) fn start_new_order(&mut self) {
        self.session.reset_form_to_defaults();
        self.session.close_draft(StoreTask::ReleaseDraft);
        // There may be another order to resolve.
        self.session.queue_effect(Effect::Store(StoreTask::ReadAll));
        self.go_to(ScreenRoute::Step(StepId(0)));
    }

    /// Shows the step of a field, with the focus on the field. This alone does not make its problems visible.
    fn focus_found_field(&mut self, at: FieldPlace) {
        let product = self.session.product();
        let (target, step) = (FocusTarget::Field(at), product[product[at.field].group].step);
        self.dialogs.retain(|dialog| !matches!(dialog, Dialog::FieldSearch(_)));
        self.session.shows_expert_fields |= product[at.field].expert;
        self.session.returns_to_review |= matches!(self.screen, Screen::Review(_));
        if let Screen::Step(screen) = &mut self.screen
            && screen.step() == step
        {
            return screen.set_focus(&mut self.session, target);
        }
        self.go_to(ScreenRoute::Step(step));
        self.session.focus.insert(step, target);
        self.session.feedback.mark_entered(at);
    }

    /// Quits, or asks first if something would be lost. A second quit does not ask again.
    pub(crate) fn quit_or_ask(&mut self) {
        let was_asked = matches!(self.top_dialog(), Some(Dialog::Quit(_)));
        if quitting_loses_something(&self.session) && !was_asked {
            self.session.close_field_editor();
            self.dialogs.push(Dialog::Quit(QuitDialog::default()));
        } else {
            self.quit_now(0);
        }
    }

    /// Quits with this exit code. An unknown outcome of an order takes precedence over it.
    pub(crate) fn quit_now(&mut self, code: u8) {
        self.session.save_draft_now();
        self.session.wipe_secrets();
        self.exit = Some(session_exit(&self.session, code));
        self.session.queue_effect(Effect::Quit);
    }

    /// Ends this session to open something else. The form is saved as with any other quit.
    pub(crate) fn quit_and_open(&mut self, next: NextSession) {
        self.quit_now(0);
        if let Some(exit) = &mut self.exit {
            exit.next = Some(next);
        }
    }

    /// Takes the result of a store task.
    pub(crate) fn handle_store_reply(&mut self, reply: StoreReply) {
        match reply {
            StoreReply::Read(Ok(snapshot)) => {
                if let Some(unresolved) = self.session.take_store_snapshot(*snapshot) {
                    let event = self.session.resume_unresolved_order(unresolved);
                    self.handle_order_event(event);
                }
            }
            StoreReply::Read(Err(error)) => self.session.drafts.take_read_error(error),
            StoreReply::Saved(form, saved) => self.session.drafts.take_saved(form, saved, self.session.now),
            StoreReply::Opened(opened) => {
                let Some(place) = self.session.take_opened_draft(opened) else { return };
                self.go_to(place.step.map_or(ScreenRoute::Review, ScreenRoute::Step));
                self.session.show_opened_draft_flash(place.was_denied);
            }
            StoreReply::Removed(id, result) => self.session.handle_draft_removal(id, result),
            StoreReply::Discarded(Err(error)) => self.session.flash_store_error(&error),
            StoreReply::MarkerCreated(Ok(marker)) => {
                self.session.form.add_order_marker(&marker);
                if matches!(self.screen, Screen::Review(_)) {
                    self.go_to(ScreenRoute::Review);
                }
            }
            // Without a journal no order is sent, so no marker is needed.
            StoreReply::Discarded(Ok(())) | StoreReply::MarkerCreated(Err(_)) => {}
        }
    }

    /// Passes an event to the order machine, and shows what follows from it.
    pub(crate) fn handle_order_event(&mut self, event: OrderEvent) {
        if let Some(effects) = self.session.background_orders.handle_event(&event) {
            return self.session.queue_effects(effects.into_iter().map(Effect::Order));
        }
        if matches!(event, OrderEvent::DecisionRecorded(Ok(()), _)) {
            self.session.placed_orders.record_error = None;
        }
        let is_past_order = matches!(event, OrderEvent::PollingRequested(..));
        // An order that is known only from its intent file has no form.
        let has_no_form =
            self.session.order_machine.unresolved_order().is_some_and(|order| order.intent().body.is_empty());
        let (transition, effects) = self.session.order_machine.handle_event(event);
        self.session.queue_effects(effects.into_iter().map(Effect::Order));
        self.follow_order(transition, is_past_order, has_no_form);
    }

    fn follow_order(&mut self, transition: OrderTransition, is_past_order: bool, has_no_form: bool) {
        match transition {
            OrderTransition::Stay => {}
            OrderTransition::PreflightExpired => {
                if let Screen::Confirm(confirm) = &mut self.screen {
                    confirm.restart(&mut self.session);
                }
            }
            OrderTransition::Sent => {
                self.session.note_order_sent();
                self.open_screen(|_| Screen::Sending(SendingScreen::default()));
            }
            OrderTransition::Placed => {
                self.session.form.wipe_secrets();
                // A past order has nothing to do with the current draft.
                self.session.close_draft(if is_past_order { StoreTask::ReleaseDraft } else { StoreTask::DiscardDraft });
                self.open_screen(|_| Screen::Status(StatusScreen::default()));
            }
            OrderTransition::Refused(status, errors) => self.handle_order_refused(status, errors),
            OrderTransition::NotSent(reason) => {
                let why = self.session.message_writer().reason_text(&reason);
                let host = self.session.account.host.as_str();
                let message = self.session.lang.format(texts::notice::NOT_SENT, (with::Host(&host), with::Why(&why)));
                self.show_review_with_outcome(message, Vec::new());
            }
            OrderTransition::Unknown => {
                self.session.form.wipe_secrets();
                self.go_to(ScreenRoute::Unresolved);
            }
            OrderTransition::NotRecorded(error) => self.handle_intent_not_recorded(&error),
            OrderTransition::NotSaved(error) => {
                self.session.placed_orders.record_error = Some(error);
                if matches!(self.screen, Screen::Review(_)) {
                    let note = unrecorded_outcome_note(&self.session).map(|(_, text)| ReviewNotice::Lasting(text));
                    self.session.feedback.notices.extend(note);
                }
            }
            OrderTransition::NotPlaced => self.handle_not_placed(has_no_form),
        }
    }

    /// Handles the decision that the order was not placed. If it has no form, Home opens, where the drafts are.
    fn handle_not_placed(&mut self, has_no_form: bool) {
        if has_no_form {
            self.session.reset_form_to_defaults();
            self.session.close_draft(StoreTask::ReleaseDraft);
            self.show_home();
            return self.session.show_flash(texts::notice::NOT_PLACED);
        }
        // The next order gets a new marker.
        self.session.form.remove_own_order_marker();
        self.show_review_with_outcome(self.session.text(texts::notice::NOT_PLACED).to_owned(), Vec::new());
        self.session.continue_after_denial();
    }

    /// Returns to Review, with a notice and the server's remarks at its top.
    fn show_review_with_outcome(&mut self, notice: String, remarks: Vec<ServerRemark>) {
        (self.session.feedback.attempt_outcome, self.session.feedback.remarks) = (Some(notice), remarks);
        self.session.placed_orders.was_refused = true;
        self.go_to(ScreenRoute::Review);
    }

    /// Returns to Review: without its intent on disk, an order is not sent.
    fn handle_intent_not_recorded(&mut self, error: &PersistenceError) {
        let is_blocked = matches!(
            error.kind,
            PersistenceErrorKind::Blocked(_)
                | PersistenceErrorKind::JournalLost(_)
                | PersistenceErrorKind::SendingElsewhere
                | PersistenceErrorKind::PlacedMeanwhile(_)
        );
        let id = if is_blocked { texts::notice::BLOCKED } else { texts::notice::NOT_RECORDED };
        let why = self.session.message_writer().store_failure_text(error);
        self.show_review_with_outcome(self.session.lang.format(id, with::Why(&why)), Vec::new());
    }

    /// Puts the server's remarks at the fields that they point at; the others stay at the top of Review.
    fn handle_order_refused(&mut self, status: u16, errors: Vec<ServerError>) {
        // The server may have refused the marker. The next attempt gets a new one if it is to have one.
        self.session.form.remove_own_order_marker();
        let remarks = errors
            .into_iter()
            .map(|error| ServerRemark { about: self.session.form.place_server_error(&error), error })
            .collect();
        let notice = self.session.lang.format(texts::notice::REFUSED, with::Status(&status));
        self.show_review_with_outcome(notice, remarks);
    }
}
