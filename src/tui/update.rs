//! The only writer of the app: a message comes in, effects go out.
//!
//! Every message ends with the same settling: the form is validated, the focus moves to something that exists, the
//! view scrolls to the focus, and missing account data is requested.

use super::key::KeyPress;
use super::keymap::{Action, KeyContext, resolve_key};
use super::message::{Effect, EffectReply, Message, Ticket};
use crate::form::FieldPlace;
use crate::product::{OptionDetail, PickList};
use crate::secret::SecretText;
use crate::text;
use crate::tui::app::{App, Dialog, Screen, UnresolvedScreen};
use crate::tui::component::{Component, ComponentEvent, Transition};
use crate::tui::dialogs::accounts::{AccountsDialog, can_choose_account};
use crate::tui::dialogs::compare::CompareDialog;
use crate::tui::dialogs::field_search::FieldSearchDialog;
use crate::tui::dialogs::picker::Picker;
use crate::tui::dialogs::readiness::ReadinessDialog;
use crate::tui::screens::home::past_orders::past_order_resources;
use crate::tui::screens::setup::{is_setting_up, ordered_product};
use crate::tui::screens::step::division::funds_resources;
use crate::tui::screens::step::outdated_copies::copy_source_resource;
use crate::tui::screens::step::similar_organization::{has_organizations_to_compare, similar_organization_resource};
use crate::tui::screens::step::stored_card::stored_card_resource;
use crate::tui::screens::step::values::is_consent_field;
use crate::tui::session::Session;
use crate::tui::session::fetch::{AccountResource, FetchQueue};
use crate::tui::session::page_items::FocusTarget;
use crate::tui::session::paging::FetchExtent;
use crate::tui::widgets::{Move, ScrollPosition};

/// Applies a message to the app, and returns the effects to execute.
pub fn update(model: &mut App, msg: Message) -> Vec<Effect> {
    let mut effects = match msg {
        Message::Key(key) => model.handle_key(&key),
        Message::Typed(text) => model.type_characters(text.expose()),
        Message::Paste(text) => model.handle_paste(text.expose()),
        Message::UnreadableKey => model.session.flash_unreadable_key(),
        Message::Resize(size) => {
            model.session.size = size;
            Vec::new()
        }
        // A tick that changes only the time needs no settling.
        Message::Tick(now, today) if !model.advance_time(now, today) => {
            return model.save_due_draft().into_iter().collect();
        }
        Message::Tick(..) => model.save_due_draft().into_iter().collect(),
        Message::Reply(ticket, reply) => model.handle_reply(ticket, *reply),
        Message::Order(event) => model.handle_order_event(*event),
        Message::Store(kept) => model.handle_store_reply(*kept),
        Message::File(ticket, filed) => model.handle_file_reply(ticket, *filed),
        Message::Setup(ticket, guided) => model.handle_setup_reply(ticket, *guided),
        Message::Suspend => model.suspend_program(),
        Message::Continued => vec![Effect::RetakeTerminal],
        Message::Terminate(code) => model.quit_now(code),
    };
    effects.extend(model.settle_state());
    effects
}

impl App {
    pub(crate) fn handle_key(&mut self, key: &KeyPress) -> Vec<Effect> {
        self.session.last_key_at = self.session.now;
        self.session.clear_expired_flash();
        let context = self.key_context();
        match (resolve_key(key, context), key.typed_char()) {
            (Some(action), _) => return self.run_action(action, key, context),
            (None, Some(c)) => return self.handle_typed_char(c, key, context),
            (None, None) => self.flash_key_without_effect(key),
        }
        Vec::new()
    }

    fn handle_typed_char(&mut self, c: char, key: &KeyPress, context: KeyContext) -> Vec<Effect> {
        let text = c.to_string();
        if self.refuse_if_read_only(context) {
            return Vec::new();
        }
        if self.top_component().is_some_and(Component::takes_text) {
            return self.send_to_dialog(ComponentEvent::Text(&text));
        }
        match (context, self.focused_field()) {
            (KeyContext::Confirm, _) => self.type_confirm_char(c),
            (KeyContext::Unresolved, _) => self.type_decision(c),
            (KeyContext::OpenFileName, _) => self.type_file_path(&text),
            (KeyContext::SaveFileName, _) => self.type_file_name(&text),
            (KeyContext::SetupHostName, _) => self.type_host_name(c),
            (KeyContext::Line | KeyContext::Secret, Some(at)) => self.session.type_into_field(at, &text),
            (KeyContext::Pick, Some(at)) => self.open_picker(at, &text),
            (KeyContext::Button, _) => self.session.flash_about_key("flash.button", key),
            _ => self.flash_key_without_effect(key),
        }
        Vec::new()
    }

    /// A paste is text, whatever it holds: it never presses, confirms or submits anything.
    fn handle_paste(&mut self, raw: &str) -> Vec<Effect> {
        self.session.last_key_at = self.session.now;
        self.session.clear_expired_flash();
        let line = SecretText::from(text::to_one_line(raw));
        let line = line.expose();
        if self.refuse_if_read_only(self.key_context()) {
            return Vec::new();
        }
        if self.top_component().is_some_and(Component::takes_text) {
            return self.send_to_dialog(ComponentEvent::Text(line));
        }
        match (self.key_context(), self.focused_field()) {
            (KeyContext::OpenFileName, _) => self.type_file_path(line),
            (KeyContext::SaveFileName, _) => self.type_file_name(line),
            (KeyContext::Line | KeyContext::Secret, Some(at)) => self.session.type_into_field(at, line),
            (KeyContext::Pick, Some(at)) => self.open_picker(at, line),
            (KeyContext::Confirm | KeyContext::Unresolved | KeyContext::SetupHostName, _) => {
                self.session.show_flash("flash.no_paste");
            }
            _ => self.session.show_flash("flash.idle_paste"),
        }
        Vec::new()
    }

    /// Shows a flash if the form is read-only now, such as a draft that another window has open or the form of an
    /// unresolved order. Returns true if it is.
    pub(crate) fn refuse_if_read_only(&mut self, context: KeyContext) -> bool {
        let reads = matches!(context, KeyContext::HelpPage | KeyContext::Agreement | KeyContext::FieldSearch);
        let form = matches!(self.screen, Screen::Step(_)) && !reads;
        match self.session.read_only_reason().filter(|_| form) {
            Some(word) => self.session.show_flash(word),
            None => return false,
        }
        true
    }

    fn suspend_program(&mut self) -> Vec<Effect> {
        self.save_draft_now().into_iter().chain([Effect::Suspend]).collect()
    }

    fn run_action(&mut self, action: Action, key: &KeyPress, context: KeyContext) -> Vec<Effect> {
        if action.can_change_form() && self.refuse_if_read_only(context) {
            return Vec::new();
        }
        if action.is_for_dialog() && self.top_component().is_some() {
            return self.send_to_dialog(ComponentEvent::Action(action));
        }
        match action {
            Action::Focus(forward) => self.move_focus(forward),
            Action::FocusEnd(last) => self.move_focus_to_end(last),
            Action::Enter => return self.handle_enter(context),
            Action::ToggleCheckbox => self.with_focused_field(|app, at| app.session.toggle_checkbox(at)),
            Action::ChooseOption(forward) => {
                self.with_focused_field(|model, at| model.session.choose_option(at, forward));
            }
            Action::NextStep if matches!(self.screen, Screen::Review(_)) => self.open_confirm_screen(),
            Action::NextStep => self.go_to_next_step(),
            Action::Back => self.go_back(),
            Action::GoToStep => self.go_to_step_number(key_digit(key)),
            Action::Edit(request) => self.edit_in_context(context, request),
            Action::SearchFields => {
                let here = self.focused_field().or_else(|| self.selected_review_field());
                let search = FieldSearchDialog::new(&self.session, here);
                self.dialogs.push(Dialog::FieldSearch(Box::new(search)));
            }
            Action::Undo => self.undo_in_focused_field(false),
            Action::Redo => self.undo_in_focused_field(true),
            Action::SwapCharacters => self.with_focused_field(|app, at| app.session.swap_characters(at)),
            Action::EraseSecret(all) => self.with_focused_field(|model, at| model.session.erase_secret(at, all)),
            Action::Move(step) => self.move_in_context(context, step),
            Action::SwitchPane => self.switch_review_pane(),
            Action::Refresh if context == KeyContext::SetupKeyTest => self.repeat_key_test(),
            Action::Refresh if context == KeyContext::Home => self.session.refresh_readiness(),
            Action::ShowReadiness if self.session.account.is_none() => self.session.show_flash("flash.no_key"),
            Action::ShowReadiness => self.dialogs.push(Dialog::Readiness(ReadinessDialog::default())),
            Action::Refresh => return self.refresh_order(),
            Action::NewOrder => self.start_new_order(),
            Action::ShowForm => self.show_review(),
            Action::RemoveDraft(removes) => self.remove_or_restore_draft(removes),
            Action::OpenFile => self.show_open_file_dialog(),
            Action::CompletePath => return self.complete_file_path(),
            Action::OrderAgain if context == KeyContext::Home => self.repeat_selected_order(),
            Action::OrderAgain => return self.read_typed_file(true),
            Action::SaveFile => return self.save_to_file(),
            Action::OtherFileName => self.ask_other_file_name(),
            Action::Copy => return self.copy_preview(),
            Action::Compare => {
                self.dialogs.push(Dialog::Compare(Box::new(CompareDialog::new(&self.session))));
            }
            Action::EditExternally => return self.edit_in_external_editor(),
            Action::OpenSandbox => return self.open_sandbox(),
            Action::Accounts if !can_choose_account(&self.session) => self.session.show_flash("flash.no_accounts"),
            Action::Accounts => self.dialogs.push(Dialog::Accounts(AccountsDialog::new(&self.session))),
            Action::Help => self.toggle_help(),
            Action::Quit => return self.quit_or_ask(),
            Action::QuitNow => return self.quit_now(0),
            Action::Suspend => return self.suspend_program(),
            Action::Repaint => return vec![Effect::Repaint],
        }
        Vec::new()
    }

    /// Sends an event to the top dialog, and follows the transition that it returns.
    fn send_to_dialog(&mut self, event: ComponentEvent<'_>) -> Vec<Effect> {
        let component = self.dialogs.last_mut().and_then(Dialog::component_mut);
        match component.map_or(Transition::Stay, |component| component.handle(event, &mut self.session)) {
            Transition::Stay => {}
            Transition::Close => drop(self.dialogs.pop()),
            Transition::CloseAndGoOn => {
                self.dialogs.clear();
                self.restore_focus();
                self.move_focus(true);
                self.session.feedback.flash = None;
            }
            Transition::FocusField(at) => self.focus_found_field(at),
            Transition::QuitAndOpen(next) => return self.quit_and_open(next),
        }
        Vec::new()
    }

    /// Shows the step of a field, with the focus on the field. This alone does not make its problems visible.
    fn focus_found_field(&mut self, at: FieldPlace) {
        let product = self.session.product();
        let (spot, step) = (FocusTarget::Field(at), product[product[at.field].group].step);
        self.dialogs.retain(|dialog| !matches!(dialog, Dialog::FieldSearch(_)));
        self.session.shows_expert_fields |= product[at.field].expert;
        self.session.returns_to_review |= matches!(self.screen, Screen::Review(_));
        if self.current_step() == Some(step) {
            return self.set_focus(spot);
        }
        self.go_to_step(step);
        self.session.focus.insert(step, spot);
        self.session.mark_field_entered(at);
    }

    /// Opens the list of a field, with the query already typed.
    pub(in crate::tui) fn open_picker(&mut self, at: FieldPlace, query: &str) {
        let picker = Picker::new(&mut self.session, at, query);
        self.dialogs.push(Dialog::Picker(Box::new(picker)));
    }

    fn with_focused_field(&mut self, act: impl FnOnce(&mut Self, FieldPlace)) {
        if let Some(at) = self.focused_field() {
            act(self, at);
        }
    }

    fn handle_enter(&mut self, context: KeyContext) -> Vec<Effect> {
        match context {
            KeyContext::Summary | KeyContext::Preview => self.open_selected_review_line(),
            KeyContext::Confirm => return self.submit_order(),
            KeyContext::Unresolved => return self.submit_decision(),
            KeyContext::Home => self.open_selected_home_row(),
            KeyContext::OpenFileName => return self.read_typed_file(false),
            KeyContext::SaveFileName | KeyContext::SaveFileChanges => return self.continue_saving(),
            KeyContext::ExternalEditor => return self.restart_external_editor(),
            KeyContext::SetupWelcome | KeyContext::SetupKeyTest | KeyContext::SetupHostName | KeyContext::SetupSave => {
                return self.enter_setup_screen();
            }
            _ => self.press_focused_target(),
        }
        Vec::new()
    }

    /// Closes the top dialog, or else goes to the previous screen.
    fn go_back(&mut self) {
        if self.dialogs.pop().is_some() {
            return;
        }
        match &self.screen {
            Screen::Confirm(_) => self.show_review(),
            Screen::Review(_) if self.session.order_machine.is_outcome_open() => self.show_unresolved(),
            Screen::Status(_) => self.show_home(),
            Screen::Unresolved(_) => self.leave_unresolved(),
            Screen::Home(_) => self.leave_home(),
            Screen::Setup(_) => self.go_back_in_setup(),
            _ => self.go_to_previous_step(),
        }
    }

    fn edit_in_context(&mut self, context: KeyContext, request: tui_input::InputRequest) {
        match context {
            KeyContext::Confirm => self.edit_confirmation_word(request),
            KeyContext::Unresolved => self.edit_decision(request),
            KeyContext::OpenFileName => self.edit_file_path(request),
            KeyContext::SaveFileName => self.edit_file_name(request),
            KeyContext::SetupHostName => self.edit_host_name(request),
            _ => self.with_focused_field(|model, at| model.session.edit_field_text(at, request)),
        }
    }

    fn move_in_context(&mut self, context: KeyContext, step: Move) {
        match context {
            KeyContext::Summary | KeyContext::Preview => self.move_review_selection(step),
            KeyContext::Confirm => self.scroll_confirm_text(step),
            KeyContext::Home => self.move_home_selection(step),
            _ => self.scroll_text(step),
        }
    }

    fn text_scroll_mut(&mut self) -> Option<&mut ScrollPosition> {
        match (self.dialogs.last_mut(), &mut self.screen) {
            (Some(Dialog::Help(reader)), _)
            | (None, Screen::Status(reader) | Screen::Unresolved(UnresolvedScreen { scroll: reader, .. })) => {
                Some(reader)
            }
            (None, Screen::Setup(guiding)) => Some(guiding.scroll_mut()),
            (Some(Dialog::OpenFile(opening)), _) => Some(&mut opening.scroll),
            (Some(Dialog::SaveFile(saving)), _) => Some(&mut saving.scroll),
            (Some(Dialog::ExternalEditor(rework)), _) => Some(&mut rework.scroll),
            _ => None,
        }
    }

    fn scroll_text(&mut self, step: Move) {
        let (rows, total) = (self.visible_text_rows(), self.text_lines().len());
        if let Some(reader) = self.text_scroll_mut() {
            reader.scroll(step, rows, total);
        }
    }

    /// Sets the time. Returns true if more than the time changed.
    fn advance_time(&mut self, now: u64, today: jiff::civil::Date) -> bool {
        let new_day = self.session.today != today;
        (self.session.now, self.session.today) = (now, today);
        if self.session.secrets_wiped_in() != Some(0) {
            return new_day || has_organizations_to_compare(&self.session);
        }
        self.session.wipe_secrets();
        let wiped = if is_setting_up(&self.session) { "notice.key_wiped" } else { "notice.wiped" };
        self.session.feedback.attempt_outcome = Some(self.session.text(wiped).to_owned());
        if matches!(self.screen, Screen::Review(_) | Screen::Confirm(_)) {
            self.show_review();
        }
        self.session.show_flash(wiped);
        true
    }

    fn handle_reply(&mut self, ticket: Ticket, reply: EffectReply) -> Vec<Effect> {
        match reply {
            EffectReply::Armed => {
                self.arm_confirm(ticket);
                return Vec::new();
            }
            EffectReply::NearMatches(rows) => {
                // An open list waits for them, and its ticket tells which.
                if let Some(picker) = self.dialogs.iter_mut().find_map(Dialog::picker_mut) {
                    picker.show_near_matches(&mut self.session, ticket, rows);
                }
                return Vec::new();
            }
            _ => {}
        }
        let name_id = &ordered_product(&self.session).name_id;
        let mut asking = FetchQueue { last_ticket: &mut self.session.last_ticket, name_id, effects: Vec::new() };
        self.session.fetches.take_reply(&mut self.session.account_data, ticket, reply, &mut asking);
        let effects = asking.effects;
        for component in self.dialogs.iter_mut().filter_map(Dialog::component_mut) {
            component.take_account_data(&mut self.session);
        }
        effects
    }

    /// Brings the app into a consistent state after a message.
    pub(crate) fn settle_state(&mut self) -> Vec<Effect> {
        self.session.validate_form();
        self.session.find_similar_organizations();
        self.restore_focus();
        // The page says that data is being requested, so the scroll position is computed after the request.
        let asked = self.request_needed_resources();
        self.scroll_page_to_focus();
        self.scroll_review();
        if let Some(component) = self.dialogs.last_mut().and_then(Dialog::component_mut) {
            component.settle(&mut self.session);
        }
        self.scroll_home();
        // These lines are expensive to lay out, so this happens only where a read-only text is shown.
        if self.text_scroll().is_some() {
            let (rows, total) = (self.visible_text_rows(), self.text_lines().len());
            self.text_scroll_mut().into_iter().for_each(|reader| reader.clamp(rows, total));
        }
        let mut effects = std::mem::take(&mut self.session.queued_effects);
        effects.extend(self.session.read_store_at_start());
        effects.extend(asked);
        effects.extend(self.update_confirm_arming());
        effects
    }

    /// Requests the account data that the screen in front needs and that was not requested yet.
    fn request_needed_resources(&mut self) -> Vec<Effect> {
        let wants = self.needed_resources();
        let looked_for = self.searched_resources();
        let reach = |want| match want {
            _ if looked_for.contains(&want) => FetchExtent::All,
            _ if wants.contains(&want) => FetchExtent::Start,
            _ => FetchExtent::None,
        };
        let name_id = &ordered_product(&self.session).name_id;
        let mut asking = FetchQueue { last_ticket: &mut self.session.last_ticket, name_id, effects: Vec::new() };
        for want in &wants {
            self.session.fetches.request_once(*want, &mut asking);
        }
        self.session.fetches.request_pages(reach, &mut asking);
        asking.effects
    }

    fn needed_resources(&self) -> Vec<AccountResource> {
        let mut wants: Vec<AccountResource> = stored_card_resource(&self.session).into_iter().collect();
        if matches!(self.screen, Screen::Home(_)) {
            wants.extend(past_order_resources(&self.session));
            wants.extend(self.next_readiness_resource());
        }
        wants.extend(self.key_test_resources());
        wants.extend(copy_source_resource(&self.session));
        let Some(step) = self.current_step() else {
            wants.extend(self.session.picked_name_resources());
            return wants;
        };
        wants.extend(similar_organization_resource(&self.session, step));
        for at in self.session.form.visible_places_in_step(step) {
            let field = &self.session.product()[at.field];
            wants.extend(field.source.as_ref().and_then(|source| AccountResource::for_list(source.list)));
            if is_consent_field(&self.session, at) {
                wants.push(AccountResource::Product);
            }
            if field.options.iter().any(|option| option.tells == Some(OptionDetail::Funds)) {
                wants.extend(funds_resources(&self.session));
            }
        }
        wants.extend(self.session.picked_name_resources());
        wants
    }

    /// The lists that the person searches: these are fetched to their end.
    fn searched_resources(&self) -> Vec<AccountResource> {
        let compared = self.session.form.entered_organization().is_some().then_some(AccountResource::Organizations);
        self.dialogs
            .iter()
            .find_map(Dialog::picker)
            .and_then(|picker| picker.resource(&self.session))
            .into_iter()
            .chain(compared)
            .collect()
    }
}

impl Session {
    /// The text id of the reason why the form cannot be changed now; `None` if it can be changed.
    pub(crate) fn read_only_reason(&self) -> Option<&'static str> {
        // While an order is unresolved, the form is exactly what was sent.
        let sent = self.order_machine.is_outcome_open() || self.is_form_of_unresolved_order();
        match (self.drafts.is_read_only(), sent, self.drafts.is_opening_draft()) {
            (true, ..) => Some("flash.reads_only"),
            (_, true, _) => Some("flash.unresolved"),
            (.., true) => Some("confirm.wait"),
            _ => None,
        }
    }

    /// The organization and people that were chosen by id and whose names are still needed.
    fn picked_name_resources(&self) -> impl Iterator<Item = AccountResource> + '_ {
        let chosen = self.form.visible_places().filter_map(|at| {
            let list = self.product()[at.field].source.as_ref()?.list;
            Some((list, self.form.text(at).parse::<u64>().ok().filter(|id| *id > 0)?))
        });
        chosen.filter_map(|(list, id)| match list {
            PickList::Organizations => Some(AccountResource::Organization(id)),
            PickList::Approvers | PickList::Users
                if self.account_data.person(id).is_none() && self.has_settled_people_lists() =>
            {
                Some(AccountResource::User(id))
            }
            _ => None,
        })
    }

    /// Returns true if the lists of people have arrived or failed. Only then is a single person requested.
    fn has_settled_people_lists(&self) -> bool {
        use crate::tui::session::fetch::FetchState;
        let settled = |want| !matches!(self.fetches.state(want), Some(FetchState::Loading { .. }));
        settled(AccountResource::Approvers) && settled(AccountResource::Users)
    }
}

/// The digit of a key such as `alt-3`; 0 for any other key.
fn key_digit(key: &KeyPress) -> usize {
    match key.code {
        super::key::KeyCode::Char(c) => c.to_digit(10).map_or(0, |digit| digit as usize),
        _ => 0,
    }
}
