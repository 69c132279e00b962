//! Walks through the wizard by key scripts, without a terminal, a network or a clock.
//!
//! A script is a list of words: names of keys (`tab`, `ctrl-n`, `alt-3`), `type:Den<space>Haag`, `paste:…`,
//! `size:40x10`, `tick:5000` (milliseconds that pass), `wait` (all requests are answered), `survey` (only the preflight
//! is answered). In texts `<space>`, `<enter>`, `<tab>` and `<esc>` mean what they name.

mod about;
mod files;
mod guiding;
mod kept;
mod rows_of_lists;
pub(crate) use self::{
    about::{About, account, card, division, validation},
    files::{Files, stamp},
    guiding::{Guiding, TO_KEY, TO_KEY_TEST, TO_WRITE, around, guided, listed, of_two},
    kept::{listing, look},
};

use crate::common::replies::in_one_piece;
use kept::nothing_before;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use rows_of_lists::people;
use std::collections::VecDeque;
use std::sync::LazyLock;
use zegel::domain::{
    AccountAnswer, AccountResource, ApiError, DraftId, OrderRow, Organization, Page, PageRange, PersistenceError,
    Person, ProductInfo, RequestState, SendResult, ServerError, Validity,
};
use zegel::form::{FieldPlace, Form, RowKey};
use zegel::i18n::{Language, Translations};
use zegel::order::resolve::LookupData;
use zegel::order::{self, JournalWrite, PollReply, PollResult, PreflightData};
use zegel::product::{PKIO, Product};
use zegel::search;
use zegel::tui::app::update;
use zegel::tui::app::{App, AppEnvironment, CurrentAccount, StartMode, StartOptions};
use zegel::tui::draw;
use zegel::tui::key::KeyPress;
use zegel::tui::message::{Effect, EffectReply, Message, StoreSnapshot, Ticket};
use zegel::tui::theme::Theme;
use zegel::tui::widgets::Size;

pub(crate) fn product() -> &'static Product {
    PKIO
}

/// The texts of a language, loaded once.
pub(crate) fn lang(language: Language) -> Translations {
    static LANGS: LazyLock<[Translations; 2]> = LazyLock::new(|| [Language::En, Language::Nl].map(Translations::new));
    LANGS[usize::from(language == Language::Nl)].clone()
}

/// Today in all tests.
pub(crate) const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 22);

pub(crate) fn setup(language: Language, width: u16, height: u16) -> StartOptions {
    StartOptions {
        product: product(),
        lang: lang(language),
        account: CurrentAccount {
            name: String::new(),
            host: "127.0.0.1:4711".into(),
            is_sandbox: true,
            uses_markers: false,
        },
        today: TODAY,
        size: Size { width, height },
        mode: StartMode::TemporaryOrder,
        environment: AppEnvironment::default(),
    }
}

/// The server of a walk, and everything else outside the app.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    /// Responses to orders, in sequence; the last one repeats.
    pub(crate) orders: VecDeque<SendResult>,
    /// The error with which every request fails, if any.
    pub(crate) failure: Option<ApiError>,
    /// The state of the request and of the order.
    pub(crate) request: &'static str,
    pub(crate) order: &'static str,
    /// Whether the account allows an end date.
    pub(crate) custom_date: bool,
    /// The bodies that were sent.
    pub(crate) sent: Vec<String>,
    /// The data of the preflight.
    pub(crate) survey: PreflightData,
    /// The results of the looks for an order, in sequence; once they are used up, none follows.
    pub(crate) looks: VecDeque<LookupData>,
    /// The error with which every write to the store fails, if any.
    pub(crate) unkept: Option<PersistenceError>,
    /// The error with which every read of the store fails, if any.
    pub(crate) unread: Option<PersistenceError>,
    /// The content of the store.
    pub(crate) stored: StoreSnapshot,
    /// Drafts that another window has open.
    pub(crate) elsewhere: Vec<DraftId>,
    /// Files, and the user's editor.
    pub(crate) files: Files,
    /// The data of the account.
    pub(crate) about: About,
    /// The surroundings of an account that is set up.
    pub(crate) guiding: Guiding,
}

impl Server {
    /// Returns the response to a placed order.
    pub(crate) fn placed() -> SendResult {
        let body = r#"{"id": 700001, "requests": [{"id": 5001, "status": "pending"}]}"#;
        SendResult::from_reply(201, body)
    }

    /// What a question is answered with.
    pub(crate) fn answer(&self, fetch: AccountResource, range: PageRange) -> Result<AccountAnswer, ApiError> {
        if let Some(failure) = self.failure.clone().or_else(|| self.about.refusal(fetch)) {
            return Err(failure);
        }
        Ok(match fetch {
            AccountResource::Organizations | AccountResource::SoleOrganization => {
                let rows = if range.offset == 0 { self.about.organizations() } else { Vec::new() };
                AccountAnswer::Organizations(Page { received: rows.len() as u64, rows, total: Some(3), flaw: None })
            }
            AccountResource::Organization(id) => {
                let found = self.about.organizations().into_iter().find(|org| org.id == id).ok_or_else(not_found)?;
                let verified = self.about.verified.iter().find(|(of, _)| *of == id);
                let verified_people = verified.map(|(_, people)| people.clone());
                AccountAnswer::Organization(Organization { verified_contacts: vec![810_001], verified_people, ..found })
            }
            AccountResource::Approvers => AccountAnswer::People(in_one_piece(people())),
            AccountResource::Users => {
                let rows: Vec<Person> = people().into_iter().filter(|person| person.user_id.is_some()).collect();
                AccountAnswer::People(Page { received: rows.len() as u64, rows, total: Some(2), flaw: None })
            }
            AccountResource::User(id) => AccountAnswer::Person(
                people().into_iter().find(|person| person.user_id == Some(id)).ok_or_else(not_found)?,
            ),
            AccountResource::Product => AccountAnswer::Product(ProductInfo {
                name: "PKIo Qualified eSeal".into(),
                years: Some(vec![1, 2]),
                custom_date: Some(self.custom_date),
                agreement: "The made-up agreement.\n\n".to_owned() + &"It binds nobody. ".repeat(200),
            }),
            other => self.about.answer(other),
        })
    }

    /// Carries out an effect of the order machine. Returns its event.
    pub(crate) fn order(&mut self, effect: order::OrderEffect, now: u64) -> Option<order::OrderEvent> {
        match effect {
            order::OrderEffect::SendOrder(body) => {
                self.sent.push(String::from_utf8(body.expose().to_vec()).unwrap());
                let answer = if self.orders.len() > 1 { self.orders.pop_front() } else { self.orders.front().cloned() };
                Some(order::OrderEvent::SendFinished(answer.unwrap_or_else(Self::placed), now))
            }
            order::OrderEffect::FetchRequest(round, id) => {
                let state = RequestState { id, status: self.request.into() };
                let report = PollResult::Request(id, self.failure.clone().map_or(Ok(state), Err));
                Some(order::OrderEvent::PollReplied(PollReply { round, result: report }, now))
            }
            order::OrderEffect::FetchOrder(round, id) => {
                let state = OrderRow {
                    id,
                    status: self.order.into(),
                    certificate_id: (self.order == "issued").then_some(600_001),
                    validity: Validity { years: Some(1), ..Validity::default() },
                    ..self.about.order()
                };
                let report = PollResult::Order(Box::new(self.failure.clone().map_or(Ok(state), Err)));
                Some(order::OrderEvent::PollReplied(PollReply { round, result: report }, now))
            }
            order::OrderEffect::RunPreflight(plan) => {
                Some(order::OrderEvent::PreflightDone(plan.preflight_number, Box::new(self.survey.clone()), now))
            }
            order::OrderEffect::Write(write) => Some(self.write(write, now)),
            order::OrderEffect::RunLookup(lookup, _) => {
                self.looks.pop_front().map(|look| order::OrderEvent::LookupDone(lookup, Box::new(look), now))
            }
            // The script starts the next round with `r`.
            order::OrderEffect::WaitForRound(..) => None,
        }
    }
}

fn not_found() -> ApiError {
    let error = ServerError { code: "not_found".into(), message: "not found".into() };
    ApiError::Refused { status: 404, errors: vec![error], excerpt: String::new() }
}

/// Returns a refusal with these reasons.
pub(crate) fn refused(errors: &[(&str, &str)]) -> SendResult {
    let errors: Vec<_> =
        errors.iter().map(|(code, message)| serde_json::json!({"code": code, "message": message})).collect();
    let body = serde_json::json!({ "errors": errors }).to_string();
    SendResult::from_reply(400, body.into_bytes())
}

fn cancelled(effect: &Effect) -> Option<Ticket> {
    match effect {
        Effect::Cancel(ticket) => Some(*ticket),
        _ => None,
    }
}

/// A wizard with a server behind it.
#[derive(Clone)]
pub(crate) struct Walk {
    pub(crate) app: App,
    pub(crate) server: Server,
    /// Effects that were not carried out yet.
    pub(crate) open: Vec<Effect>,
    /// All effects so far.
    pub(crate) seen: Vec<Effect>,
    pub(crate) now: u64,
}

impl Walk {
    /// Starts a new order in English at 80×24.
    pub(crate) fn new() -> Self {
        Self::with(App::new(setup(Language::En, 80, 24)))
    }

    pub(crate) fn sized(language: Language, width: u16, height: u16) -> Self {
        Self::with(App::new(setup(language, width, height)))
    }

    pub(crate) fn with(app: App) -> Self {
        let server = Server {
            orders: VecDeque::new(),
            failure: None,
            request: "pending",
            order: "needs_approval",
            custom_date: true,
            sent: Vec::new(),
            survey: nothing_before(),
            looks: VecDeque::new(),
            unkept: None,
            unread: None,
            stored: StoreSnapshot::default(),
            elsewhere: Vec::new(),
            files: Files::default(),
            about: About::default(),
            guiding: Guiding::default(),
        };
        let mut walk = Self { app, server, open: Vec::new(), seen: Vec::new(), now: 0 };
        let size = walk.app.size();
        walk.handle_message(Message::Resize(size));
        walk
    }

    /// Handles one message.
    pub(crate) fn handle_message(&mut self, msg: Message) {
        let effects = update(&mut self.app, msg);
        self.seen.extend(effects.iter().cloned());
        self.open.extend(effects);
        let left: Vec<Ticket> = self.open.iter().filter_map(cancelled).collect();
        self.open.retain(|effect| !matches!(effect, Effect::Fetch(ticket, ..) if left.contains(ticket)));
    }

    /// Answers all requests, until there are no more.
    pub(crate) fn wait(&mut self) {
        while !self.open.is_empty() {
            for effect in std::mem::take(&mut self.open) {
                if let Some(msg) = self.carry_out(effect) {
                    self.handle_message(msg);
                }
            }
        }
    }

    /// Answers the requests of the preflight only.
    fn survey(&mut self) {
        let surveys = |effect: &mut Effect| matches!(effect, Effect::Order(order::OrderEffect::RunPreflight(_)));
        for effect in self.open.extract_if(.., surveys).collect::<Vec<_>>() {
            let msg = self.carry_out(effect);
            self.handle_message(msg.unwrap());
        }
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Message> {
        match effect {
            Effect::Fetch(ticket, fetch, range) => {
                Some(Message::Reply(ticket, Box::new(EffectReply::Fetched(self.server.answer(fetch, range)))))
            }
            Effect::ArmConfirm(ticket) => Some(Message::Reply(ticket, Box::new(EffectReply::Armed))),
            Effect::Order(effect) => self.server.order(effect, self.now).map(|event| Message::Order(Box::new(event))),
            Effect::Store(keep) => self.server.keep(keep).map(|kept| Message::Store(Box::new(kept))),
            Effect::File(ticket, task) => Some(Message::File(ticket, Box::new(self.server.files.work(task)))),
            Effect::Setup(ticket, task) => Some(Message::Setup(ticket, Box::new(self.server.guiding.work(task)))),
            Effect::FindNearMatches(ticket, words, typed) => Some(Message::Reply(
                ticket,
                Box::new(EffectReply::NearMatches(search::find_near_matches(&words, &typed))),
            )),
            Effect::Cancel(_)
            | Effect::CopyToClipboard(_)
            | Effect::Suspend
            | Effect::RetakeTerminal
            | Effect::Repaint
            | Effect::Quit => None,
        }
    }

    /// Carries out a script.
    pub(crate) fn keys(&mut self, script: &str) -> &mut Self {
        for word in script.split_whitespace() {
            self.word(word);
        }
        self
    }

    fn word(&mut self, word: &str) {
        let text = |rest: &str| {
            rest.replace("<space>", " ").replace("<enter>", "\n").replace("<tab>", "\t").replace("<esc>", "\u{1b}")
        };
        match word.split_once(':') {
            Some(("type", rest)) => {
                for c in text(rest).chars() {
                    self.handle_message(Message::Key(KeyPress::plain(zegel::tui::key::KeyCode::Char(c))));
                }
            }
            Some(("paste", rest)) => self.handle_message(Message::Paste(text(rest).into())),
            Some(("size", rest)) => {
                let (width, height) = rest.split_once('x').unwrap();
                let size = Size { width: width.parse().unwrap(), height: height.parse().unwrap() };
                self.handle_message(Message::Resize(size));
            }
            Some(("tick", rest)) => {
                self.now += rest.parse::<u64>().unwrap();
                self.handle_message(Message::Tick(self.now, TODAY));
            }
            _ if word == "wait" => self.wait(),
            _ if word == "survey" => self.survey(),
            _ => self.handle_message(Message::Key(KeyPress::parse(word).unwrap_or_else(|| panic!("no key {word}")))),
        }
    }

    /// Draws the screen without colors.
    pub(crate) fn buffer(&self) -> (Buffer, Option<(u16, u16)>) {
        draw(&self.app, Theme { color: true })
    }

    /// Returns the rows of the screen as text.
    pub(crate) fn rows(&self) -> Vec<String> {
        rows(&self.buffer().0)
    }

    /// Returns the whole screen as text.
    pub(crate) fn screen(&self) -> String {
        self.rows().join("\n")
    }

    /// Returns true if the screen shows this text, even wrapped.
    pub(crate) fn shows(&self, text: &str) -> bool {
        let screen = self.screen();
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        screen.contains(text) || words(&screen).contains(&words(text))
    }

    /// Asserts that the screen shows this text.
    #[track_caller]
    pub(crate) fn expect(&mut self, text: &str) -> &mut Self {
        assert!(self.shows(text), "{text:?} is not on the screen:\n{}", self.screen());
        self
    }

    /// Asserts that the screen does not show this text.
    #[track_caller]
    pub(crate) fn expect_not(&mut self, text: &str) -> &mut Self {
        assert!(!self.shows(text), "{text:?} is on the screen:\n{}", self.screen());
        self
    }

    /// Returns the text of a field; in a list, in its first row.
    pub(crate) fn text(&self, id: &str) -> String {
        self.app.form().text(place(self.app.form(), id)).to_owned()
    }

    /// Returns the number of confirmed orders: each is sent once the journal has it.
    pub(crate) fn orders(&self) -> usize {
        let intent =
            |effect: &&Effect| matches!(effect, Effect::Order(order::OrderEffect::Write(JournalWrite::Intent(..))));
        self.seen.iter().filter(intent).count()
    }
}

/// Returns the place of a field; in a list, in its first row.
pub(crate) fn place(form: &Form, id: &str) -> FieldPlace {
    let field = form.product().find_field(id).unwrap_or_else(|| panic!("no field {id}"));
    FieldPlace { field, row: form.rows(form.product()[field].group).first().copied().unwrap_or(RowKey::SINGLE) }
}

/// Draws an app.
pub(crate) fn draw(app: &App, theme: Theme) -> (Buffer, Option<(u16, u16)>) {
    let Size { width, height } = app.size();
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw::draw(app, theme, frame)).unwrap();
    let cursor = terminal.backend().cursor_visible().then(|| terminal.backend().cursor_position());
    (terminal.backend().buffer().clone(), cursor.map(|at| (at.x, at.y)))
}

/// Returns the rows of a buffer as text. The cell that a wide character covers is not repeated.
pub(crate) fn rows(buffer: &Buffer) -> Vec<String> {
    let row = |y: u16| {
        let mut text = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            text.push_str(symbol);
            x += u16::try_from(unicode_width::UnicodeWidthStr::width(symbol)).unwrap().max(1);
        }
        text.trim_end().to_owned()
    };
    (0..buffer.area.height).map(row).collect()
}

/// From the start to Review, with an existing organization, paid from the balance, without problems.
pub(crate) const TO_REVIEW: &str = "wait type:zilver enter ctrl-n wait \
    type:anna enter ctrl-n wait \
    space ctrl-n \
    shift-tab enter tab type:Anna<space>de<space>Vries tab tab type:2<space>hoog ctrl-n wait \
    ctrl-n wait \
    ctrl-n wait";

/// From Review to Status.
pub(crate) const ORDER: &str = "enter wait pagedown pagedown pagedown wait type:order enter wait";
