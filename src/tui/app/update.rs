//! The only writer of the app: a message comes in, effects go out.
//!
//! Every message ends with the same settling: the form is validated, the focus moves to something that exists, the
//! view scrolls to the focus, and missing account data is requested.

use crate::domain::AccountResource;
use crate::i18n::texts;
use crate::secret::SecretText;
use crate::text;
use crate::tone::Tone;
use crate::tui::app::{App, Dialog, ExternalEditorDialog, SaveFileDialog, Screen};
use crate::tui::component::{Component, ComponentEvent, ComponentReply, DialogRoute, ScreenRoute, Transition};
use crate::tui::dialogs::accounts::AccountsDialog;
use crate::tui::dialogs::compare::CompareDialog;
use crate::tui::dialogs::field_search::FieldSearchDialog;
use crate::tui::dialogs::help::{HelpContent, HelpDialog};
use crate::tui::dialogs::readiness::ReadinessDialog;
use crate::tui::key::{KeyCode, KeyPress};
use crate::tui::keymap::{Action, KeyContext, active_bindings, resolve_key};
use crate::tui::message::{Effect, EffectReply, FileReply, Message, SetupReply, Ticket};
use crate::tui::session::field_text::source_texts;
use crate::tui::session::outdated_copies::copy_source_resource;
use crate::tui::session::requests::picked_name_resources;
use crate::tui::session::secret_wipe::secrets_wiped_in;
use crate::tui::session::setup::is_setting_up;
use crate::tui::session::similar_organizations::has_organizations_to_compare;
use crate::tui::session::start::can_choose_account;
use crate::tui::session::stored_card::stored_card_resource;

/// Applies a message to the app, and returns the effects to execute.
pub fn update(app: &mut App, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => app.handle_key(&key),
        Message::Typed(text) => app.type_characters(text.expose()),
        Message::Paste(text) => app.handle_paste(text.expose()),
        Message::UnreadableKey => app.session.flash_unreadable_key(),
        Message::Resize(size) => app.session.size = size,
        Message::Tick(now, today) => {
            let is_changed = app.advance_time(now, today);
            if app.session.drafts.save_due_in(now) == Some(0) {
                app.session.save_draft();
            }
            // A tick that changes only the time needs no settling.
            if !is_changed {
                return app.session.take_effects();
            }
        }
        Message::Reply(ticket, reply) => app.handle_reply(ticket, *reply),
        Message::Order(event) => app.handle_order_event(*event),
        Message::Store(reply) => app.handle_store_reply(*reply),
        Message::File(ticket, reply) => app.handle_file_reply(ticket, *reply),
        Message::Setup(ticket, reply) => app.handle_setup_reply(ticket, *reply),
        Message::Suspend => app.suspend_program(),
        Message::Continued => app.session.queue_effect(Effect::RetakeTerminal),
        Message::Terminate(code) => app.quit_now(code),
    }
    app.settle();
    app.session.take_effects()
}

impl App {
    fn handle_key(&mut self, key: &KeyPress) {
        self.session.begin_input();
        let context = self.key_context();
        match (resolve_key(key, context), key.typed_char()) {
            (Some(action), _) => self.run_action(action, key, context),
            (None, Some(c)) => {
                if self.refuse_if_read_only(context) {
                    return;
                }
                if self.front().takes_text(&self.session) {
                    self.send_to_front(ComponentEvent::Text(c.encode_utf8(&mut [0; 4])));
                } else {
                    self.flash_key_without_effect(key);
                }
            }
            (None, None) => self.flash_key_without_effect(key),
        }
    }

    /// Handles characters that were typed one after the other and arrived together. Each is a key press. In a line of
    /// text they have the same effect as one by one, but are inserted together.
    fn type_characters(&mut self, text: &str) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if let (KeyContext::Line, Some(at)) = (self.key_context(), self.focused_field()) {
                self.session.begin_input();
                if !self.refuse_if_read_only(KeyContext::Line) {
                    self.session.type_words_into_line(at, rest);
                }
                break;
            }
            self.handle_key(&KeyPress::plain(KeyCode::Char(c)));
            self.settle();
            rest = &rest[c.len_utf8()..];
        }
    }

    fn handle_paste(&mut self, raw: &str) {
        self.session.begin_input();
        let line = SecretText::from(text::to_one_line(raw));
        if self.refuse_if_read_only(self.key_context()) {
            return;
        }
        if self.front().takes_text(&self.session) {
            self.send_to_front(ComponentEvent::Paste(line.expose()));
        } else {
            self.session.show_flash(texts::flash::IDLE_PASTE);
        }
    }

    /// Says that a key has no effect here.
    fn flash_key_without_effect(&mut self, key: &KeyPress) {
        let is_help = matches!(self.top_dialog(), Some(Dialog::Help(_)));
        self.session.flash_about_key(if is_help { texts::flash::IDLE_IN_HELP } else { texts::flash::IDLE }, key);
    }

    /// Shows a flash if the form is read-only now, such as a draft that another window has open or the form of an
    /// unresolved order. Returns true if it is.
    fn refuse_if_read_only(&mut self, context: KeyContext) -> bool {
        let only_reads = matches!(context, KeyContext::HelpPage | KeyContext::Agreement | KeyContext::FieldSearch);
        let is_form = matches!(self.screen, Screen::Step(_)) && !only_reads;
        match self.session.read_only_reason().filter(|_| is_form) {
            Some(reason) => self.session.show_flash(reason),
            None => return false,
        }
        true
    }

    fn run_action(&mut self, action: Action, key: &KeyPress, context: KeyContext) {
        if action.can_change_form() && self.refuse_if_read_only(context) {
            return;
        }
        match action {
            Action::Back if self.dialogs.pop().is_some() => {}
            action if action.is_for_app() => self.run_app_action(action, key),
            action => self.send_to_front(ComponentEvent::Action(action)),
        }
    }

    /// Runs an action that does the same on every screen.
    fn run_app_action(&mut self, action: Action, key: &KeyPress) {
        let dialog = match action {
            Action::GoToStep => return self.go_to_step_number(key_digit(key)),
            Action::NewOrder => return self.go_to(ScreenRoute::NewOrder),
            Action::OpenFile => return self.open_dialog(DialogRoute::OpenFile),
            Action::Quit => return self.quit_or_ask(),
            Action::QuitNow => return self.quit_now(0),
            Action::Suspend => return self.suspend_program(),
            Action::Repaint => return self.session.queue_effect(Effect::Repaint),
            Action::Help => return self.toggle_help(),
            Action::SearchFields => {
                Some(Dialog::FieldSearch(FieldSearchDialog::new(&self.session, self.focused_field())))
            }
            Action::ShowReadiness if self.session.account.is_none() => {
                self.session.show_flash(texts::flash::NO_KEY);
                None
            }
            Action::ShowReadiness => Some(Dialog::Readiness(ReadinessDialog::default())),
            Action::Compare => Some(Dialog::Compare(CompareDialog::new(&self.session))),
            Action::SaveFile => SaveFileDialog::begin(&mut self.session).map(Dialog::SaveFile),
            Action::EditExternally => ExternalEditorDialog::begin(&mut self.session).map(Dialog::ExternalEditor),
            Action::Accounts if !can_choose_account(&self.session) => {
                self.session.show_flash(texts::flash::NO_ACCOUNTS);
                None
            }
            Action::Accounts => Some(Dialog::Accounts(AccountsDialog::new(&self.session))),
            _ => None,
        };
        self.dialogs.extend(dialog);
    }

    /// Sends an event to the component in front, and follows the transition that it returns.
    fn send_to_front(&mut self, event: ComponentEvent<'_>) {
        let front = match self.dialogs.last_mut() {
            Some(dialog) => dialog.component_mut(),
            None => self.screen.component_mut(),
        };
        if let ComponentEvent::Action(Action::Move(step)) = event
            && front.scroll_text(step, &self.session)
        {
            return;
        }
        let transition = front.handle(event, &mut self.session);
        self.follow(transition);
    }

    /// Opens the help page over what is in front, or closes it if it is open.
    fn toggle_help(&mut self) {
        match self.dialogs.last() {
            Some(Dialog::Help(_)) => drop(self.dialogs.pop()),
            _ => self.dialogs.push(Dialog::Help(HelpDialog::new(self.help_content(self.dialogs.len())))),
        }
    }

    /// What the help page says of the component that has this number of dialogs under it.
    fn help_content(&self, depth: usize) -> HelpContent {
        let covered: &dyn Component = match depth.checked_sub(1) {
            Some(index) => self.dialogs[index].component(),
            None => self.screen.component(),
        };
        let notes = covered.help_notes(&self.session).into_iter().map(|(_, text)| (Tone::Plain, text));
        let field = self.focused_field().filter(|_| depth == 0 && matches!(self.screen, Screen::Step(_)));
        let sources = field.map(|at| source_texts(&self.session, at)).unwrap_or_default();
        HelpContent {
            notes: notes.chain(sources.into_iter().map(|text| (Tone::Dim, text))).collect(),
            bindings: active_bindings(covered, &self.session, true),
        }
    }

    fn suspend_program(&mut self) {
        self.session.save_draft_now();
        self.session.queue_effect(Effect::Suspend);
    }

    /// Sets the time. Returns true if more than the time changed.
    fn advance_time(&mut self, now: u64, today: jiff::civil::Date) -> bool {
        let is_new_day = self.session.today != today;
        (self.session.now, self.session.today) = (now, today);
        if secrets_wiped_in(&self.session) != Some(0) {
            return is_new_day || has_organizations_to_compare(&self.session);
        }
        self.session.wipe_secrets();
        let wiped = if is_setting_up(&self.session) { texts::notice::KEY_WIPED } else { texts::notice::WIPED };
        self.session.feedback.attempt_outcome = Some(self.session.text(wiped).to_owned());
        if matches!(self.screen, Screen::Review(_) | Screen::Confirm(_)) {
            self.go_to(ScreenRoute::Review);
        }
        self.session.show_flash(wiped);
        true
    }

    fn handle_reply(&mut self, ticket: Ticket, reply: EffectReply) {
        match reply {
            EffectReply::Armed => self.send_reply(|| ComponentReply::Armed(ticket)),
            EffectReply::NearMatches(rows) => self.send_reply(|| ComponentReply::NearMatches(ticket, &rows)),
            EffectReply::Fetched(answer) => {
                self.session.fetches.take_answer(&mut self.session.account_data, ticket, answer);
                self.send_reply(|| ComponentReply::AccountData);
            }
        }
    }

    /// Sends a reply to the screen and to every dialog. None of them leads anywhere by it.
    fn send_reply<'r>(&mut self, reply: impl Fn() -> ComponentReply<'r>) {
        self.screen.component_mut().take_reply(reply(), &mut self.session);
        for dialog in &mut self.dialogs {
            dialog.component_mut().take_reply(reply(), &mut self.session);
        }
    }

    /// Takes the reply to a setup task, and follows where the screen leads.
    fn handle_setup_reply(&mut self, ticket: Ticket, reply: SetupReply) {
        let Some(reply) = self.session.take_setup_reply(ticket, reply) else { return };
        let transition = self.screen.component_mut().take_reply(ComponentReply::Setup(reply), &mut self.session);
        self.follow(transition);
    }

    /// Takes the reply to a file task. A reply that is no longer awaited is dropped.
    fn handle_file_reply(&mut self, ticket: Ticket, reply: FileReply) {
        let Some(task) = self.session.take_pending_file_task(ticket) else { return };
        let at = self.dialogs.iter().rposition(|dialog| dialog.component().awaits_file_reply(&reply));
        let mut dialog = match (at, &reply) {
            (Some(at), _) => self.dialogs.remove(at),
            // What was written or edited counts, even if its dialog has been closed.
            (None, FileReply::Written(_)) => Dialog::SaveFile(SaveFileDialog::for_write()),
            (None, FileReply::Edited(_)) => Dialog::ExternalEditor(ExternalEditorDialog::default()),
            (None, FileReply::Read(_) | FileReply::Completed(_)) => return,
        };
        match dialog.component_mut().take_reply(ComponentReply::File(&task, reply), &mut self.session) {
            Transition::Close => {}
            Transition::Stay => match (at, &dialog) {
                // Another screen may be in front by now.
                (None, Dialog::SaveFile(saving)) if !matches!(self.screen, Screen::Review(_)) => {
                    self.session.feedback.flash = saving.error().map(str::to_owned);
                }
                _ => self.dialogs.insert(at.unwrap_or(self.dialogs.len()), dialog),
            },
            transition => self.follow(transition),
        }
    }

    /// Brings the app into a consistent state after a message.
    fn settle(&mut self) {
        self.session.validate_form();
        self.session.find_similar_organizations();
        // The page says that data is being requested, so it settles after the request.
        self.request_needed_resources();
        let is_covered = !self.dialogs.is_empty();
        self.screen.component_mut().settle(&mut self.session, is_covered);
        if let Some(depth) = self.dialogs.len().checked_sub(1)
            && matches!(self.dialogs[depth], Dialog::Help(_))
        {
            let content = self.help_content(depth);
            if let Dialog::Help(help) = &mut self.dialogs[depth] {
                help.set_content(content);
            }
        }
        if let Some(dialog) = self.dialogs.last_mut() {
            dialog.component_mut().settle(&mut self.session, false);
        }
        self.session.read_store_at_start();
    }

    /// Requests the account data that the components need and that was not requested yet.
    fn request_needed_resources(&mut self) {
        let session = &self.session;
        let mut needed: Vec<AccountResource> = stored_card_resource(session).into_iter().collect();
        needed.extend(copy_source_resource(session));
        needed.extend(self.screen.component().needed_resources(session, !self.dialogs.is_empty()));
        needed.extend(self.dialogs.iter().enumerate().flat_map(|(index, dialog)| {
            let is_covered = index + 1 < self.dialogs.len();
            dialog.component().needed_resources(session, is_covered)
        }));
        needed.extend(picked_name_resources(session));
        let searched = self.searched_resources();
        self.session.request_resources(&needed, &searched);
    }

    /// The lists that the person searches: these are fetched to their end.
    fn searched_resources(&self) -> Vec<AccountResource> {
        let compared = self.session.form.entered_organization().is_some().then_some(AccountResource::Organizations);
        let pickers = self.dialogs.iter().filter_map(|dialog| match dialog {
            Dialog::Picker(picker) => picker.resource(&self.session),
            _ => None,
        });
        pickers.chain(compared).collect()
    }
}

/// The digit of a key such as `alt-3`; 0 for any other key.
fn key_digit(key: &KeyPress) -> usize {
    match key.code {
        KeyCode::Char(c) => c.to_digit(10).map_or(0, |digit| digit as usize),
        _ => 0,
    }
}
