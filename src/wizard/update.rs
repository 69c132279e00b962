//! The one writer of the model: a message in, effects out.
//!
//! After every message the model is put in order: the form is looked at again, the focus stands on something that
//! is there, everything in focus is in view, and what the screen needs from the account is asked for.

use super::history::Run;
use super::key::Key;
use super::keys::{Action, Context, resolve};
use super::lists::{Asking, Want};
use super::msg::{Effect, Msg, Reply, Ticket};
use super::pages::Reach;
use super::{Model, Overlay, Screen, Unknown};
use crate::form::Place;
use crate::layout::{Move, Reader};
use crate::product::{List, Telling};
use crate::secret::SecretText;
use crate::text;

/// After so many milliseconds without a key, card data is wiped.
const IDLE: u64 = 10 * 60 * 1000;

/// What happens, and what is to be done about it.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut effects = match msg {
        Msg::Key(key) => model.key(&key),
        Msg::Typed(text) => model.type_run(text.expose()),
        Msg::Paste(text) => model.paste(text.expose()),
        Msg::Garbled => model.garbled(),
        Msg::Resize(size) => {
            model.size = size;
            Vec::new()
        }
        // The time alone changes nothing that has to be put in order.
        Msg::Tick(now, today) if !model.tick(now, today) => return model.save_due().into_iter().collect(),
        Msg::Tick(..) => model.save_due().into_iter().collect(),
        Msg::Reply(ticket, reply) => model.reply(ticket, *reply),
        Msg::Order(event) => model.happen(*event),
        Msg::Kept(kept) => model.kept(*kept),
        Msg::File(ticket, filed) => model.filed(ticket, *filed),
        Msg::Guided(ticket, guided) => model.guided(ticket, *guided),
        Msg::Suspend => model.suspend(),
        Msg::Continued => vec![Effect::Retake],
        Msg::Terminate(code) => model.leave_now(code),
    };
    effects.extend(model.settle());
    effects
}

impl Model {
    pub(super) fn key(&mut self, key: &Key) -> Vec<Effect> {
        self.used = self.now;
        self.end_flash();
        let context = self.key_context();
        match (resolve(key, context), key.typed()) {
            (Some(action), _) => return self.act(action, key, context),
            (None, Some(c)) => self.typed(c, key, context),
            (None, None) => self.flash_idle(key),
        }
        Vec::new()
    }

    fn typed(&mut self, c: char, key: &Key, context: Context) {
        let text = c.to_string();
        if self.only_reads(context) {
            return;
        }
        match (context, self.field()) {
            (Context::Picker, _) => self.type_query(&text),
            (Context::Finder, _) => self.type_in_finder(&text),
            (Context::Confirm, _) => self.type_word(c),
            (Context::Unknown, _) => self.type_decision(c),
            (Context::OpenName, _) => self.type_path(&text),
            (Context::SaveName, _) => self.type_name(&text),
            (Context::HostName, _) => self.type_host(c),
            (Context::Line | Context::Secret, Some(at)) => self.type_text(at, &text),
            (Context::Pick, Some(at)) => self.open_picker(at, &text),
            (Context::Button, _) => self.flash_key("flash.button", key),
            _ => self.flash_idle(key),
        }
    }

    /// A paste is text, whatever it holds: it never presses, confirms or submits anything.
    fn paste(&mut self, raw: &str) -> Vec<Effect> {
        self.used = self.now;
        self.end_flash();
        let line = SecretText::from(text::one_line(raw));
        let line = line.expose();
        if self.only_reads(self.key_context()) {
            return Vec::new();
        }
        match (self.key_context(), self.field()) {
            (Context::Picker, _) => self.type_query(line),
            (Context::Finder, _) => self.type_in_finder(line),
            (Context::OpenName, _) => self.type_path(line),
            (Context::SaveName, _) => self.type_name(line),
            (Context::Line | Context::Secret, Some(at)) => self.type_text(at, line),
            (Context::Pick, Some(at)) => self.open_picker(at, line),
            (Context::Confirm | Context::Unknown | Context::HostName, _) => self.flash("flash.no_paste"),
            _ => self.flash("flash.idle_paste"),
        }
        Vec::new()
    }

    /// In a draft that another window has open nothing is changed, nor while an order is not resolved: says so, and
    /// answers whether it is so.
    pub(super) fn only_reads(&mut self, context: Context) -> bool {
        let reads = matches!(context, Context::HelpPage | Context::Agreement | Context::Finder);
        let form = matches!(self.screen, Screen::Step(_)) && !reads;
        match self.unchangeable().filter(|_| form) {
            Some(word) => self.flash(word),
            None => return false,
        }
        true
    }

    /// Why nothing in the form can be changed now, if nothing can.
    pub(super) fn unchangeable(&self) -> Option<&'static str> {
        // While an order is not resolved the form is what was sent.
        let sent = self.course.is_open() || self.is_sent_unresolved();
        match (self.drafts.reads_only(), sent, self.drafts.is_awaited()) {
            (true, ..) => Some("flash.reads_only"),
            (_, true, _) => Some("flash.unresolved"),
            (.., true) => Some("confirm.wait"),
            _ => None,
        }
    }

    fn suspend(&mut self) -> Vec<Effect> {
        self.save_now().into_iter().chain([Effect::Suspend]).collect()
    }

    fn act(&mut self, action: Action, key: &Key, context: Context) -> Vec<Effect> {
        if action.changes() && self.only_reads(context) {
            return Vec::new();
        }
        match action {
            Action::Focus(forward) => self.move_focus(forward),
            Action::FocusEnd(last) => self.focus_end(last),
            Action::Enter => return self.enter(context),
            Action::Tick => self.with_field(Self::toggle),
            Action::Choose(forward) => self.with_field(|model, at| model.choose(at, forward)),
            Action::Forward if matches!(self.screen, Screen::Review(_)) => self.ask_to_confirm(),
            Action::Forward => self.forward(),
            Action::Back => self.go_back(),
            Action::Jump => self.go_to_number(digit(key)),
            Action::Edit(request) => self.edit_here(context, request),
            Action::Find => self.show_finder(),
            Action::Undo => self.undo_here(false),
            Action::Redo => self.undo_here(true),
            Action::Swap => self.with_field(Self::swap),
            Action::Erase(all) => self.with_field(|model, at| model.erase_secret(at, all)),
            Action::Move(step) => self.move_here(context, step),
            Action::Pane => self.switch_pane(),
            Action::Refresh if context == Context::Picker => self.reload_picker(),
            Action::Refresh if context == Context::Trial => self.try_again(),
            Action::Refresh if matches!(context, Context::Home | Context::Ready) => self.ready_anew(),
            Action::Ready => self.show_ready(),
            Action::Refresh => return self.refresh(),
            Action::NewOrder => self.new_order(),
            Action::LookAtForm => self.show_review(),
            Action::RemoveDraft(removes) => self.remove_draft(removes),
            Action::OpenFile => self.ask_for_file(),
            Action::Complete => return self.complete(),
            Action::Again if context == Context::Home => self.begin_again(),
            Action::Again => return self.open_file(true),
            Action::Save => return self.save_to_file(),
            Action::AnotherName => self.another_name(),
            Action::Copy => return self.copy_preview(),
            Action::Compare => self.compare(),
            Action::EditOutside => return self.edit_outside(),
            Action::TrySandbox => return self.try_sandbox(),
            Action::Accounts => self.show_accounts(),
            Action::Help => self.show_help(),
            Action::Leave => return self.leave(),
            Action::LeaveNow => return self.leave_now(0),
            Action::Suspend => return self.suspend(),
            Action::Repaint => return vec![Effect::Repaint],
        }
        Vec::new()
    }

    fn with_field(&mut self, act: impl FnOnce(&mut Self, Place)) {
        if let Some(at) = self.field() {
            act(self, at);
        }
    }

    fn enter(&mut self, context: Context) -> Vec<Effect> {
        match context {
            Context::Finder => self.go_to_found(),
            Context::Picker => self.with_field(|model, at| model.remembering(at, Run::Alone, Self::take_picked)),
            Context::Summary | Context::Preview => self.enter_review(),
            Context::Confirm => return self.order(),
            Context::Unknown => return self.decide(),
            Context::Home => self.enter_home(),
            Context::Accounts => return self.take_account(),
            Context::OpenName => return self.open_file(false),
            Context::SaveName | Context::SaveChange => return self.go_on_saving(),
            Context::EditAgain => return self.edit_again(),
            Context::Welcome | Context::Trial | Context::HostName | Context::Keeping => return self.enter_guide(),
            _ => self.press(),
        }
        Vec::new()
    }

    /// Out of what lies on top, else to what comes before.
    fn go_back(&mut self) {
        if self.overlays.pop().is_some() {
            return;
        }
        match &self.screen {
            Screen::Confirm(_) => self.show_review(),
            Screen::Review(_) if self.course.is_open() => self.show_unknown(),
            Screen::Status(_) => self.go_home(),
            Screen::Unknown(_) => self.leave_unknown(),
            Screen::Home(_) => self.leave_home(),
            Screen::Guide(_) => self.guide_back(),
            _ => self.back(),
        }
    }

    fn edit_here(&mut self, context: Context, request: tui_input::InputRequest) {
        match context {
            Context::Picker => self.edit_query(request),
            Context::Finder => self.edit_finder(request),
            Context::Confirm => self.edit_word(request),
            Context::Unknown => self.edit_decision(request),
            Context::OpenName => self.edit_path(request),
            Context::SaveName => self.edit_name(request),
            Context::HostName => self.edit_host(request),
            _ => self.with_field(|model, at| model.edit(at, request)),
        }
    }

    fn move_here(&mut self, context: Context, step: Move) {
        match context {
            Context::Picker => self.move_in_picker(step),
            Context::Finder => self.move_in_finder(step),
            Context::Summary | Context::Preview => self.move_in_review(step),
            Context::Confirm => self.scroll_confirm(step),
            Context::Home => self.move_at_home(step),
            Context::Accounts => self.move_in_accounts(Some(step)),
            _ => self.scroll(step),
        }
    }

    fn reader_mut(&mut self) -> Option<&mut Reader> {
        match (self.overlays.last_mut(), &mut self.screen) {
            (Some(Overlay::Help(reader) | Overlay::Agreement(reader) | Overlay::Ready(reader)), _)
            | (None, Screen::Status(reader) | Screen::Unknown(Unknown { reader, .. })) => Some(reader),
            (None, Screen::Guide(guiding)) => Some(guiding.reader_mut()),
            (Some(Overlay::Open(opening)), _) => Some(&mut opening.reader),
            (Some(Overlay::Save(saving)), _) => Some(&mut saving.reader),
            (Some(Overlay::Compare(compared)), _) => Some(&mut compared.reader),
            (Some(Overlay::Rework(rework)), _) => Some(&mut rework.reader),
            _ => None,
        }
    }

    fn scroll(&mut self, step: Move) {
        let (rows, total) = (self.reading_rows(), self.reading().len());
        if let Some(reader) = self.reader_mut() {
            reader.scroll(step, rows, total);
        }
    }

    /// It is later. Answers whether more than the time changed.
    fn tick(&mut self, now: u64, today: jiff::civil::Date) -> bool {
        let new_day = self.today != today;
        (self.now, self.today) = (now, today);
        if self.wipes_in() != Some(0) {
            return new_day || self.has_to_compare();
        }
        self.wipe();
        let wiped = if self.is_guided() { "notice.key_wiped" } else { "notice.wiped" };
        self.marks.outcome = Some(self.say(wiped).to_owned());
        if matches!(self.screen, Screen::Review(_) | Screen::Confirm(_)) {
            self.show_review();
        }
        self.flash(wiped);
        true
    }

    /// How many milliseconds from now card data is wiped. Not while an order is under way: if it is refused, the
    /// card is needed to mend it.
    pub(super) fn wipes_in(&self) -> Option<u64> {
        let kept = self.course.sending_since().is_some() || !self.has_secrets();
        (!kept).then(|| (self.used + IDLE).saturating_sub(self.now))
    }

    fn reply(&mut self, ticket: Ticket, reply: Reply) -> Vec<Effect> {
        match reply {
            Reply::Armed => {
                self.armed(ticket);
                return Vec::new();
            }
            Reply::Near(rows) => {
                self.near_found(ticket, rows);
                return Vec::new();
            }
            _ => {}
        }
        let name_id = &self.ordered().name_id;
        let mut asking = Asking { tickets: &mut self.tickets, name_id, effects: Vec::new() };
        self.lists.take(&mut self.known, ticket, reply, &mut asking);
        let effects = asking.effects;
        self.renew_picker();
        effects
    }

    /// Puts everything in order after a message.
    pub(super) fn settle(&mut self) -> Vec<Effect> {
        self.check();
        self.look_for_alikes();
        self.keep_focus();
        // That something is asked for is said on the page: what is in view is found out after that.
        let asked = self.ask();
        self.keep_in_view();
        self.review_in_view();
        self.picker_in_view();
        self.finder_in_view();
        self.home_in_view();
        self.move_in_accounts(None);
        // Its lines are many, so they are laid out only where somebody reads them.
        if self.reader().is_some() {
            let (rows, total) = (self.reading_rows(), self.reading().len());
            self.reader_mut().into_iter().for_each(|reader| reader.clamp(rows, total));
        }
        let mut effects = std::mem::take(&mut self.queue);
        effects.extend(self.read_drafts());
        effects.extend(asked);
        effects.extend(self.keep_arming());
        effects
    }

    /// Asks the account for what the screen in front needs and was not asked for yet.
    fn ask(&mut self) -> Vec<Effect> {
        let wants = self.wants();
        let looked_for = self.looked_for();
        let reach = |want| match want {
            _ if looked_for.contains(&want) => Reach::All,
            _ if wants.contains(&want) => Reach::Start,
            _ => Reach::None,
        };
        let name_id = &self.ordered().name_id;
        let mut asking = Asking { tickets: &mut self.tickets, name_id, effects: Vec::new() };
        for want in &wants {
            self.lists.want(*want, &mut asking);
        }
        self.lists.go_on(reach, &mut asking);
        asking.effects
    }

    fn wants(&self) -> Vec<Want> {
        let mut wants: Vec<Want> = self.card_want().into_iter().collect();
        if matches!(self.screen, Screen::Home(_)) {
            wants.extend(self.placed_wants());
            wants.extend(self.ready_want());
        }
        wants.extend(self.trial_wants());
        wants.extend(self.origin_want());
        let Some(step) = self.step() else {
            wants.extend(self.named());
            return wants;
        };
        wants.extend(self.alike_want(step));
        for at in self.form.asked(step) {
            let field = &self.product()[at.field];
            wants.extend(field.source.as_ref().and_then(|source| Want::of(source.list)));
            if self.is_consent(at) {
                wants.push(Want::Product);
            }
            if field.options.iter().any(|option| option.tells == Some(Telling::Funds)) {
                wants.extend(self.funds_wants());
            }
        }
        wants.extend(self.named());
        wants
    }

    /// The lists in which somebody looks for a row: these are wanted to their end.
    fn looked_for(&self) -> Vec<Want> {
        let compared = self.form.entered().is_some().then_some(Want::Organizations);
        self.picker_want().into_iter().chain(compared).collect()
    }

    /// The organization and people that were chosen by id and are to be named.
    fn named(&self) -> impl Iterator<Item = Want> + '_ {
        let chosen = self.form.all_asked().filter_map(|at| {
            let list = self.product()[at.field].source.as_ref()?.list;
            Some((list, self.form.text(at).parse::<u64>().ok().filter(|id| *id > 0)?))
        });
        chosen.filter_map(|(list, id)| match list {
            List::Organizations => Some(Want::Organization(id)),
            List::Approvers | List::Users if self.known.person(id).is_none() && self.people_are_in() => {
                Some(Want::User(id))
            }
            _ => None,
        })
    }

    /// Whether the lists of people are there, or cannot be had: only then a single one is asked for.
    fn people_are_in(&self) -> bool {
        use super::lists::State;
        let settled = |want| !matches!(self.lists.state(want), Some(State::Loading { .. }));
        settled(Want::Approvers) && settled(Want::Users)
    }
}

/// The digit of a key such as `alt-3`.
fn digit(key: &Key) -> usize {
    match key.code {
        super::key::Code::Char(c) => c.to_digit(10).map_or(0, |digit| digit as usize),
        _ => 0,
    }
}
