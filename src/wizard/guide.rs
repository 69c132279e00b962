//! Setting up an account: what is needed, where it lives and its key, whether the key opens it, what new orders begin
//! with, and what is written down in the end.
//!
//! The questions are forms like that of an order, so that the pages of steps are the same. What is found out, and what
//! can be kept where, comes in by messages; the key is in the form alone, and leaves it once, for the place where it is
//! kept.

mod keep;
mod trial;
mod welcome;

pub use trial::Trial;

use super::history::History;
use super::msg::{Effect, GuideTask, Guided, NewAccount, Ticket};
use super::{Around, Marks, Model, Screen};
use crate::facts::{KeyCause, KeyPlace, KeyTrouble};
use crate::form::{Form, Place, Row};
use crate::host::Host;
use crate::layout::{Line, Reader, Tone};
use crate::product::{Product, StepId};
use crate::secret::Secret;
use crate::tell;
use std::path::PathBuf;

/// The forms of setting up.
#[derive(Debug, Clone, Copy)]
pub struct Forms {
    /// The account and its key.
    pub account: &'static Product,
    /// What new orders begin with.
    pub presets: &'static Product,
}

/// What is in front while an account is set up, besides the steps of its forms.
#[derive(Debug, Clone)]
pub enum Guiding {
    /// What will be needed.
    Welcome(Reader),
    /// Whether the key opens the account.
    Trial(Trial),
    /// What will be written down.
    Keep {
        /// How far down it is scrolled.
        reader: Reader,
        /// Whether it is being written.
        writing: bool,
        /// Why it was not written.
        why: Option<String>,
    },
}

impl Guiding {
    /// How far down it is scrolled.
    pub(super) fn reader(&self) -> Reader {
        match self {
            Self::Welcome(reader) | Self::Trial(Trial { reader, .. }) | Self::Keep { reader, .. } => *reader,
        }
    }

    pub(super) fn reader_mut(&mut self) -> &mut Reader {
        match self {
            Self::Welcome(reader) | Self::Trial(Trial { reader, .. }) | Self::Keep { reader, .. } => reader,
        }
    }
}

/// How far setting up is.
#[derive(Debug, Clone)]
pub(super) struct Guide {
    forms: Forms,
    /// The form that is not in front: the presets while the account is, and the other way round.
    other: Form,
    /// Whether the presets are in front.
    presets: bool,
    /// The keyring, or why it cannot be used; nothing while that is being found out.
    keyring: Option<Result<String, KeyTrouble>>,
    /// Whose answer is awaited.
    ticket: Option<Ticket>,
    /// The path that was proposed for a key's file.
    proposed: String,
}

impl Model {
    /// Begins to set up an account.
    pub(super) fn begin_guide(&mut self, forms: Forms) {
        let mut form = Form::new(forms.account);
        let lang = self.lang.language.code();
        set(&mut form, "acc.lang", lang);
        set(&mut form, "acc.name", &self.around.free_name());
        self.form = form;
        self.history = History::default();
        self.guide = Some(Box::new(Guide {
            other: Form::new(forms.presets),
            forms,
            presets: false,
            keyring: None,
            ticket: None,
            proposed: String::new(),
        }));
        self.screen = Screen::Guide(Guiding::Welcome(Reader::default()));
        let ticket = self.guide_ticket();
        self.queue.push(Effect::Guide(ticket, GuideTask::FindKeyring));
    }

    /// Whether an account is being set up.
    pub(super) fn is_guided(&self) -> bool {
        self.guide.is_some()
    }

    fn guide_ticket(&mut self) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        if let Some(guide) = &mut self.guide {
            guide.ticket = Some(ticket);
        }
        ticket
    }

    /// From the last step of a form to what follows it.
    pub(super) fn guide_onward(&mut self) {
        // Steps can be jumped over, and there is no Review behind them.
        let wrong = self.marks.errors().next().map(|problem| problem.target.clone());
        if let Some(target) = wrong {
            self.go_to_target(&target);
            return self.flash("flash.wrong");
        }
        match &self.guide {
            Some(guide) if guide.presets => self.show_keep(),
            Some(_) if self.place_trouble().is_some() => self.flash("flash.no_such_place"),
            Some(_) => self.show_trial(),
            None => {}
        }
    }

    /// From the first step of a form, and from what is no step, to what comes before.
    pub(super) fn guide_back(&mut self) {
        let presets = self.guide.as_ref().is_some_and(|guide| guide.presets);
        match &self.screen {
            Screen::Step(StepId(0)) if presets => {
                self.swap_forms();
                self.screen = Screen::Guide(Guiding::Trial(Trial::passed()));
            }
            Screen::Step(StepId(0)) => self.screen = Screen::Guide(Guiding::Welcome(Reader::default())),
            Screen::Guide(Guiding::Trial(_)) => self.go_to_step(StepId(1)),
            Screen::Guide(Guiding::Keep { writing: true, .. }) => self.flash("flash.still_writing"),
            Screen::Guide(Guiding::Keep { .. }) => self.go_to_step(StepId(self.product().steps.len() - 1)),
            _ => self.flash("flash.no_key"),
        }
    }

    /// The form of the presets in place of that of the account, or the other way round.
    fn swap_forms(&mut self) {
        self.leave_spot();
        let Some(guide) = &mut self.guide else { return };
        std::mem::swap(&mut self.form, &mut guide.other);
        guide.presets = !guide.presets;
        self.focus.clear();
        self.visited.clear();
        (self.editor, self.undo, self.top) = (None, None, 0);
        self.history = History::default();
        self.marks = Marks::default();
        self.check();
    }

    /// Something that was asked for is there.
    pub(super) fn guided(&mut self, ticket: Ticket, guided: Guided) -> Vec<Effect> {
        let Some(guide) = &mut self.guide else { return Vec::new() };
        match guided {
            Guided::Keyring(found) => self.found_keyring(found),
            _ if guide.ticket != Some(ticket) => {}
            Guided::Tried(tried) => self.tried(tried),
            Guided::Kept(kept) => return self.kept_account(kept),
        }
        Vec::new()
    }

    /// Whether there is a keyring decides which place is proposed.
    fn found_keyring(&mut self, found: Result<String, KeyTrouble>) {
        let proposed = match (is_usable(&found), self.around.has_key) {
            (true, _) => "keyring",
            (false, true) => "environment",
            (false, false) => "command",
        };
        let Some(guide) = &mut self.guide else { return };
        guide.keyring = Some(found);
        let form = if guide.presets { &mut guide.other } else { &mut self.form };
        if value(form, "keep.place").is_empty() {
            set(form, "keep.place", proposed);
        }
        self.check();
    }

    /// Why the place that is chosen cannot keep a key here, as far as that is known.
    fn place_trouble(&self) -> Option<&KeyTrouble> {
        let guide = self.guide.as_ref()?;
        let chosen = value(self.account_form()?, "keep.place");
        let found = guide.keyring.as_ref().filter(|found| !is_usable(found))?;
        found.as_ref().err().filter(|_| chosen == "keyring")
    }

    fn account_form(&self) -> Option<&Form> {
        self.guide.as_ref().map(|guide| if guide.presets { &guide.other } else { &self.form })
    }

    fn presets_form(&self) -> Option<&Form> {
        self.guide.as_ref().map(|guide| if guide.presets { &self.form } else { &guide.other })
    }

    /// What is said under a field of the account: what cannot be used here, and what is there already.
    pub(super) fn guide_said(&self, at: Place) -> Vec<(Tone, String)> {
        let Some(guide) = self.guide.as_ref().filter(|guide| !guide.presets) else { return Vec::new() };
        let field = &self.product()[at.field];
        match field.id.as_str() {
            "acc.name" if self.around.accounts.iter().any(|known| known.name == self.form.text(at)) => {
                vec![(Tone::Warning, format!("! {}", self.say("setup.replaces")))]
            }
            "keep.place" => match &guide.keyring {
                None => vec![(Tone::Dim, self.say("setup.looking_for_keyring").to_owned())],
                Some(Ok(name)) if self.form.text(at) == "keyring" => {
                    vec![(Tone::Good, self.lang.tell("setup.keyring_found", &[("name", name)]))]
                }
                Some(Err(why)) if is_locked(why) => {
                    vec![(Tone::Note, self.say("setup.keyring_locked").to_owned())]
                }
                Some(Ok(_)) => Vec::new(),
                Some(Err(why)) => {
                    let why = tell::key_words(&self.lang, why);
                    let tone = if self.form.text(at) == "keyring" { Tone::Error } else { Tone::Dim };
                    vec![(tone, self.lang.tell("setup.no_keyring", &[("why", &why)]))]
                }
            },
            _ => Vec::new(),
        }
    }

    /// Once the account has a name, the path of a key's file is proposed; anew where the name is another one since.
    pub(super) fn propose_file(&mut self) {
        let Some(guide) = self.guide.as_mut().filter(|guide| !guide.presets) else { return };
        let file = value(&self.form, "keep.file");
        if file.is_empty() || file == guide.proposed {
            let path = self.around.config_dir.join(format!("{}.key", value(&self.form, "acc.name")));
            guide.proposed = path.display().to_string();
            set(&mut self.form, "keep.file", &guide.proposed);
        }
    }

    /// What the forms say of the account.
    fn new_account(&self) -> Option<NewAccount> {
        let form = self.account_form()?;
        let place = match value(form, "keep.place") {
            "keyring" => KeyPlace::Keyring,
            "command" => KeyPlace::Command(shell_words::split(value(form, "keep.command")).ok()?),
            "environment" => KeyPlace::Variable(value(form, "keep.variable").to_owned()),
            _ => KeyPlace::File(PathBuf::from(value(form, "keep.file"))),
        };
        let key = place_of(form, "keep.key").filter(|at| form.visible(*at)).and_then(|at| form.secret(at)).cloned();
        let url = (value(form, "acc.where") == "other").then(|| value(form, "acc.url").to_owned());
        Some(NewAccount {
            name: value(form, "acc.name").to_owned(),
            url,
            place,
            key: key.filter(|key: &Secret| !key.is_empty()),
            order: self.presets_form().map(chosen).unwrap_or_default(),
            lang: value(form, "acc.lang").to_owned(),
        })
    }

    /// Where the account lives, once the form tells it.
    fn guide_host(&self) -> Option<Host> {
        let form = self.account_form()?;
        let url = if value(form, "acc.where") == "other" { value(form, "acc.url") } else { &self.around.europe };
        Host::parse(url).ok()
    }

    /// What is said on the screens of setting up that are no steps.
    pub(super) fn guide_lines(&self, guiding: &Guiding, width: usize) -> Vec<Line> {
        match guiding {
            Guiding::Welcome(_) => self.welcome_lines(width),
            Guiding::Trial(trial) => self.trial_lines(trial, width),
            Guiding::Keep { writing, why, .. } => self.keep_lines(*writing, why.as_deref(), width),
        }
    }

    /// What goes on from the screen of setting up that is in front.
    pub(super) fn enter_guide(&mut self) -> Vec<Effect> {
        match &self.screen {
            Screen::Guide(Guiding::Welcome(_)) => self.go_to_step(StepId(0)),
            Screen::Guide(Guiding::Trial(_)) => self.enter_trial(),
            Screen::Guide(Guiding::Keep { writing: false, .. }) => return self.keep_account(),
            _ => {}
        }
        Vec::new()
    }

    /// From the trial to what new orders begin with.
    fn show_presets(&mut self) {
        self.swap_forms();
        self.go_to_step(StepId(0));
    }

    /// What is ordered, whatever form is in front.
    pub fn ordered(&self) -> &'static Product {
        self.guide.as_ref().map_or(self.product(), |guide| guide.forms.presets)
    }

    /// Whether there are secrets in a form.
    pub(super) fn has_secrets(&self) -> bool {
        self.form.has_secrets() || self.guide.as_ref().is_some_and(|guide| guide.other.has_secrets())
    }

    /// Wipes all secrets of all forms.
    pub(super) fn wipe(&mut self) {
        self.form.wipe();
        self.guide.iter_mut().for_each(|guide| guide.other.wipe());
    }

    /// What the button says that leads on from the last step.
    pub(super) fn guide_next(&self) -> Option<&str> {
        let guide = self.guide.as_ref()?;
        Some(self.say(if guide.presets { "setup.to_keep" } else { "setup.to_trial" }))
    }

    /// What is being set up, for the title.
    pub(super) fn guide_title(&self) -> Option<&str> {
        self.guide.as_ref().map(|guide| self.say(if guide.presets { "setup.presets_title" } else { "setup.title" }))
    }
}

impl Around {
    /// A name that no account has.
    fn free_name(&self) -> String {
        let taken = |name: &str| self.accounts.iter().any(|known| known.name == name);
        let numbered = (2_u32..).map(|number| format!("main-{number}"));
        std::iter::once("main".to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
    }
}

/// Whether a keyring can keep a key. One that is locked asks to be unlocked when it is to keep something.
fn is_usable(found: &Result<String, KeyTrouble>) -> bool {
    found.as_ref().map_or_else(is_locked, |_| true)
}

fn is_locked(why: &KeyTrouble) -> bool {
    matches!(why.cause, KeyCause::Locked | KeyCause::Dismissed)
}

/// What was chosen for new orders: what they begin with anyway is left out.
fn chosen(form: &Form) -> Vec<(String, String)> {
    let differs = |(id, text): &(String, String)| {
        let initial = form.product().find(id).and_then(|field| form.initial(field));
        initial != Some(text.as_str())
    };
    form.presets().into_iter().filter(differs).collect()
}

/// The place of a field by its id.
fn place_of(form: &Form, id: &str) -> Option<Place> {
    form.product().find(id).map(|field| Place { field, row: Row::ONE })
}

/// What a field holds, by its id.
fn value<'a>(form: &'a Form, id: &str) -> &'a str {
    place_of(form, id).map_or("", |at| form.text(at))
}

fn set(form: &mut Form, id: &str, text: &str) {
    if let Some(at) = place_of(form, id) {
        form.set(at, text);
    }
}
