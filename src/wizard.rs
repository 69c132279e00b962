//! The wizard: its model, what happens to it, and what it asks for.
//!
//! `update` is the only writer of the model, and knows no clock, file, network or terminal: those come in as
//! messages and go out as effects. What a screen says is made here as lines of text with a meaning; how that
//! looks is the matter of `ui`. One file per screen.

mod accounts;
mod alike;
mod begun;
mod card;
mod compare;
mod confirm;
mod division;
mod drafts;
mod edit;
mod fields;
mod finder;
mod focus;
mod guide;
mod header;
mod help;
mod history;
mod home;
mod items;
pub mod key;
pub mod keys;
mod leave;
pub mod lists;
mod marks;
pub mod msg;
mod open;
mod outcome;
mod outdated;
mod page;
mod pages;
mod picker;
mod placed;
mod ready;
mod review;
mod rework;
mod save;
mod show;
mod start;
mod status;
mod step;
mod unknown;
mod unresolved;
mod update;
mod word;

pub use accounts::Accounts;
use begun::Begun;
pub use compare::Compared;
pub use confirm::Confirm;
pub use finder::Finder;
use guide::Guide;
pub use guide::{Forms, Guiding, Trial};
pub use home::Home;
pub use items::{Item, Spot};
pub use leave::{Exit, Next};
pub use marks::Marks;
pub use open::Opening;
use outcome::Past;
pub use picker::Picker;
pub use review::{Pane, Review};
pub use rework::Rework;
pub use save::Saving;
pub use start::{Account, Around, Listed, Setup, Start};
pub use unknown::Unknown;
pub use update::update;

use crate::facts::{Known, Stamp};
use crate::form::{Audience, Context, Form, Reading};
use crate::lang::Lang;
use crate::layout::{self, Frame, Line, Reader, Size};
use crate::order::Course;
use crate::product::{Product, StepId};
use crate::secret::SecretText;
use crate::tell::Teller;
use alike::Alikes;
use drafts::Drafts;
use edit::Editor;
use history::History;
use items::Undo;
use jiff::civil::Date;
use lists::Lists;
use msg::Effect;
use ready::Ready;
use save::{Awaited, Opened, Stands};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The screen in front.
#[derive(Debug, Clone)]
pub enum Screen {
    /// A new order, or a draft.
    Home(Home),
    /// A step of the form.
    Step(StepId),
    /// Everything at once, beside the exact JSON.
    Review(Review),
    /// The last question before money is spent.
    Confirm(Confirm),
    /// The order is under way.
    Sending,
    /// It was placed.
    Status(Reader),
    /// Nobody knows whether it was placed.
    Unknown(Unknown),
    /// An account is being set up.
    Guide(Guiding),
}

/// What lies over the screen.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// A list to pick from.
    Picker(Box<Picker>),
    /// The fields of all steps, to go to one.
    Finder(Box<Finder>),
    /// Keys, and help on what is focused.
    Help(Reader),
    /// The agreement.
    Agreement(Reader),
    /// What is to be known before an order.
    Ready(Reader),
    /// Opening a file.
    Open(Box<Opening>),
    /// Saving to a file.
    Save(Box<Saving>),
    /// How the order differs from the last one of its organization.
    Compare(Box<Compared>),
    /// The order's JSON in the person's editor.
    Rework(Box<Rework>),
    /// The other accounts.
    Accounts(Accounts),
    /// Whether to leave.
    Leave,
}

/// Everything that the wizard knows.
#[derive(Debug, Clone)]
pub struct Model {
    lang: Lang,
    account: Account,
    size: Size,
    /// Milliseconds since the start.
    now: u64,
    today: Date,
    form: Form,
    known: Known,
    lists: Lists,
    course: Course,
    /// Orders of unknown outcome that are not in front.
    unresolved: Vec<Course>,
    screen: Screen,
    /// What lies over the screen, the last one on top.
    overlays: Vec<Overlay>,
    focus: BTreeMap<StepId, Spot>,
    visited: BTreeSet<StepId>,
    /// The first line of the step's page that is in view.
    top: usize,
    editor: Option<Editor>,
    marks: Marks,
    undo: Option<Undo>,
    /// What can be undone in fields.
    history: History,
    experts: bool,
    /// Whether a step was opened from Review, to which it then leads back.
    detour: bool,
    /// Whether anything was typed that leaving would lose.
    dirty: bool,
    /// When the last key was pressed, in milliseconds.
    used: u64,
    tickets: u64,
    past: Past,
    around: Around,
    /// What the account put into the form.
    begun: Begun,
    /// How far setting up an account is, while one is set up.
    guide: Option<Box<Guide>>,
    drafts: Drafts,
    ready: Ready,
    alikes: Alikes,
    /// The file that the form was read from or written to.
    file: Option<Opened>,
    /// What was asked of a file or of the editor.
    awaited: Option<Awaited>,
    /// What the editor was given.
    handed: Option<SecretText>,
    /// What is to be done besides what an action itself asks for.
    queue: Vec<Effect>,
    exit: Option<Exit>,
}

impl Model {
    /// A wizard with a new form.
    pub fn new(setup: Setup) -> Self {
        let form = Form::new(setup.product);
        Self::with_form(setup, form)
    }

    /// A wizard at Review with a payload that was read. Its agreement is taken out: that must come from the
    /// person's own act. What is not as it was is said.
    pub fn with_payload(setup: Setup, reading: Reading) -> Self {
        let mut form = reading.form;
        let withdrawn = form.withdraw_consent();
        let mut model = Self::with_form(setup, form);
        model.marks.notices = review::notices(&model, withdrawn, &reading.notes);
        model.touch();
        model.show_review();
        model
    }

    /// The same for a payload that stood in this file, which had these bytes and of which this is to be known; `faulty`
    /// where it cannot be ordered as it stands.
    pub fn with_file(
        setup: Setup,
        reading: Reading,
        (path, stamp, faulty): (PathBuf, Stamp, bool),
        notices: Vec<String>,
    ) -> Self {
        let stands = Stands::of(&reading.form, faulty);
        let mut model = Self::with_payload(setup, reading);
        model.file = Some(Opened::new(path, stamp, stands));
        model.marks.notices.extend(notices.into_iter().map(marks::Notice::Lasting));
        model
    }

    fn with_form(setup: Setup, form: Form) -> Self {
        let mut model = Self {
            lang: setup.lang,
            account: setup.account,
            size: setup.size,
            now: 0,
            today: setup.today,
            form,
            known: Known::default(),
            lists: Lists::default(),
            course: Course::Ready,
            unresolved: Vec::new(),
            screen: Screen::Step(StepId(0)),
            overlays: Vec::new(),
            focus: BTreeMap::new(),
            visited: BTreeSet::new(),
            top: 0,
            editor: None,
            marks: Marks::default(),
            undo: None,
            history: History::default(),
            experts: false,
            detour: false,
            dirty: false,
            used: 0,
            tickets: 0,
            past: Past::default(),
            around: setup.around,
            begun: Begun::new(),
            guide: None,
            drafts: Drafts::new(matches!(setup.start, Start::Home | Start::Order)),
            ready: Ready::default(),
            alikes: Alikes::default(),
            file: None,
            awaited: None,
            handed: None,
            queue: Vec::new(),
            exit: None,
        };
        model.check();
        match setup.start {
            Start::Home => model.screen = Screen::Home(Home::default()),
            Start::Form => model.go_to_step(StepId(0)),
            Start::Order => model.new_order(),
            Start::Guide(forms) => model.begin_guide(forms),
        }
        model
    }

    /// The texts.
    pub fn lang(&self) -> &Lang {
        &self.lang
    }

    /// The account.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The terminal's size.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The parts of the screen.
    pub fn frame(&self) -> Frame {
        layout::frame(self.size)
    }

    /// What has been typed.
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// What is known of the account.
    pub fn known(&self) -> &Known {
        &self.known
    }

    /// What is being loaded.
    pub fn lists(&self) -> &Lists {
        &self.lists
    }

    /// Where the order is.
    pub fn course(&self) -> &Course {
        &self.course
    }

    /// The screen in front.
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// What lies on top of it.
    pub fn overlay(&self) -> Option<&Overlay> {
        self.overlays.last()
    }

    /// What is marked as wrong, refused or worth a word.
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// How the program ends, once it does.
    pub fn exit(&self) -> Option<&Exit> {
        self.exit.as_ref()
    }

    /// The first line of the step's page that is in view.
    pub fn top(&self) -> usize {
        self.top
    }

    fn product(&self) -> &'static Product {
        self.form.product()
    }

    fn context(&self) -> Context<'_> {
        Context { today: self.today, known: &self.known, audience: Audience::Wizard }
    }

    fn say(&self, id: &'static str) -> &str {
        self.lang.say(id)
    }

    fn teller(&self) -> Teller<'_> {
        Teller { lang: &self.lang, host: &self.account.host }
    }

    /// How many milliseconds from now the model wants to be told the time; `None` if it can sleep.
    pub fn wakes_in(&self) -> Option<u64> {
        let clock = match &self.screen {
            Screen::Sending => Some(1_000),
            Screen::Status(_) => Some(if self.heard_ago() < 60 { 1_000 } else { 60_000 }),
            Screen::Home(_) if self.counts_down() => Some(1_000),
            Screen::Unknown(_) if self.course.unknown().is_some_and(|open| open.due().is_some()) => Some(1_000),
            _ => None,
        };
        let saves = self.drafts.due_in(self.now);
        let compares = self.has_to_compare().then_some(1);
        self.wipes_in().into_iter().chain(clock).chain(saves).chain(compares).min()
    }

    /// Columns for text that is only read. The last ones are kept free for the marks that say how much there is
    /// above and below.
    fn text_columns(&self) -> usize {
        usize::from(self.frame().body.width).saturating_sub(4)
    }

    /// How far down what is only read is scrolled, where it can be.
    pub fn reader(&self) -> Option<Reader> {
        match (self.overlay(), &self.screen) {
            (Some(Overlay::Help(reader) | Overlay::Agreement(reader) | Overlay::Ready(reader)), _)
            | (None, Screen::Status(reader) | Screen::Unknown(Unknown { reader, .. })) => Some(*reader),
            (None, Screen::Guide(guiding)) => Some(guiding.reader()),
            (Some(Overlay::Open(opening)), _) => Some(opening.reader),
            (Some(Overlay::Save(saving)), _) => Some(saving.reader),
            (Some(Overlay::Compare(compared)), _) => Some(compared.reader),
            (Some(Overlay::Rework(rework)), _) => Some(rework.reader),
            _ => None,
        }
    }

    /// Whether the end of what is only read is in view.
    fn read_to_end(&self) -> bool {
        self.reader().is_none_or(|reader| reader.at_end(self.reading_rows(), self.reading().len()))
    }

    /// The rows of the body in which it stands: at Unknown, and where a file gets its name, the last one is for typing.
    fn reading_rows(&self) -> usize {
        let typing = match self.overlay() {
            Some(Overlay::Open(opening)) => opening.takes_name(),
            Some(Overlay::Save(saving)) => saving.takes_name(),
            overlay => {
                let takes = match &self.screen {
                    Screen::Guide(Guiding::Trial(trial)) => trial.takes_name(),
                    screen => matches!(screen, Screen::Unknown(_)),
                };
                overlay.is_none() && takes
            }
        };
        usize::from(self.frame().body.height).saturating_sub(typing.into())
    }

    /// The lines of a screen or overlay that is only read.
    pub fn reading(&self) -> Vec<Line> {
        let width = self.text_columns();
        match (self.overlay(), &self.screen) {
            (Some(Overlay::Help(_)), _) => self.help_lines(width),
            (Some(Overlay::Agreement(_)), _) => self.agreement_lines(width),
            (Some(Overlay::Ready(_)), _) => self.ready_lines(width),
            (Some(Overlay::Open(opening)), _) => self.open_lines(opening, width),
            (Some(Overlay::Save(saving)), _) => self.save_lines(saving, width),
            (Some(Overlay::Compare(compared)), _) => Self::compare_lines(compared, width),
            (Some(Overlay::Rework(rework)), _) => self.rework_lines(rework, width),
            (Some(Overlay::Accounts(accounts)), _) => self.account_lines(*accounts, width),
            (Some(Overlay::Leave), _) => self.leave_lines(width),
            (_, Screen::Home(_)) => self.home_lines(width),
            (_, Screen::Confirm(_)) => self.confirm_lines(width),
            (_, Screen::Sending) => self.sending_lines(width),
            (_, Screen::Status(_)) => self.status_lines(width),
            (_, Screen::Unknown(_)) => self.unknown_lines(width),
            (_, Screen::Guide(guiding)) => self.guide_lines(guiding, width),
            _ => Vec::new(),
        }
    }
}
