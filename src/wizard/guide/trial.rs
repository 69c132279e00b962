//! The trial of a key: whom it belongs to, whether the product can be ordered, and which lists it opens.
//!
//! To a host that is neither DigiCert's nor this computer the key is sent once its name was typed. What the server says
//! is told as it came, with what can be done about it. Nothing is written down here.

use super::Guiding;
use crate::facts::{Failure, Me, Reason};
use crate::layout::{Line, Reader, Tone, paragraph};
use crate::tell;
use crate::wizard::lists::{Lists, State, Want};
use crate::wizard::msg::{Effect, GuideTask};
use crate::wizard::word::Word;
use crate::wizard::{Model, Screen};
use crate::{facts::Known, product::StepId};
use tui_input::InputRequest;

/// What a key may open besides the account, with what it is for.
const DOORS: [(Want, &str); 6] = [
    (Want::Organizations, "setup.door_organizations"),
    (Want::Approvers, "setup.door_approvers"),
    (Want::Users, "setup.door_users"),
    (Want::Orders(None), "setup.door_orders"),
    (Want::Balance(None), "setup.door_balance"),
    (Want::Profiles, "setup.door_profiles"),
];

/// The trial.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// How far down it is scrolled.
    pub reader: Reader,
    typed: Word,
    stage: Stage,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Stage {
    /// The host's name is to be typed first.
    #[default]
    Asking,
    /// The key is being read.
    Reading,
    /// It cannot be had, or no client can be made with it.
    Unusable(Reason),
    /// The account is being asked, or has answered.
    Asked,
}

/// What came of a question.
enum Found<'a> {
    Waiting,
    Yes,
    No(&'a Failure),
    Unknown(&'a Failure),
}

impl Trial {
    /// One that was passed before.
    pub(super) fn passed() -> Self {
        Self { stage: Stage::Asked, ..Self::default() }
    }

    /// Whether a host's name is typed.
    pub(in crate::wizard) fn takes_name(&self) -> bool {
        self.stage == Stage::Asking
    }
}

impl Model {
    /// Tries the key, or asks for the name of a host that is foreign.
    pub(super) fn show_trial(&mut self) {
        let known = self.guide_host().is_some_and(|host| host.is_vendor() || host.is_loopback());
        self.screen = Screen::Guide(Guiding::Trial(Trial::default()));
        if known {
            self.try_key();
        }
    }

    fn trial_mut(&mut self) -> Option<&mut Trial> {
        match &mut self.screen {
            Screen::Guide(Guiding::Trial(trial)) => Some(trial),
            _ => None,
        }
    }

    fn try_key(&mut self) {
        let Some(account) = self.new_account() else { return };
        if account.lacks_key() {
            // It was wiped because nobody typed for a while; what is kept at its place may be another one's.
            self.go_to_step(StepId(1));
            return self.flash("flash.key_again");
        }
        // What another key or host said does not hold any more, and need not be said.
        self.queue.extend(self.lists.awaited().map(Effect::Cancel));
        (self.lists, self.known) = (Lists::default(), Known::default());
        self.account.host = self.guide_host().map(|host| host.name().to_owned()).unwrap_or_default();
        self.account.name.clone_from(&account.name);
        self.account.sandbox = false;
        if let Some(trial) = self.trial_mut() {
            (trial.stage, trial.reader) = (Stage::Reading, Reader::default());
        }
        let ticket = self.guide_ticket();
        self.queue.push(Effect::Guide(ticket, GuideTask::Try(Box::new(account))));
    }

    /// The key is there and a client is made with it, or not.
    pub(super) fn tried(&mut self, tried: Result<bool, Reason>) {
        if let Ok(sandbox) = &tried {
            self.account.sandbox = *sandbox;
        }
        if let Some(trial) = self.trial_mut() {
            trial.stage = tried.err().map_or(Stage::Asked, Stage::Unusable);
        }
    }

    /// What the trial asks the account for: first whose key it is, and once that tells that the way is right the rest.
    pub(in crate::wizard) fn trial_wants(&self) -> Vec<Want> {
        let Screen::Guide(Guiding::Trial(Trial { stage: Stage::Asked, .. })) = &self.screen else { return Vec::new() };
        let first = [Want::Me];
        if !self.is_let_in() {
            return first.into();
        }
        let rest = [Want::Account, Want::Product].into_iter().chain(DOORS.map(|(want, _)| want));
        first.into_iter().chain(rest).collect()
    }

    /// Whether the server knows the key: it told whose it is, or that it may not tell that.
    fn is_let_in(&self) -> bool {
        match self.probed(Want::Me) {
            Found::Yes => true,
            // A refusal without a reason may be a firewall's (certcentral-api.md 1.1).
            Found::No(Failure::Refused { status: 403, errors, .. }) if errors.is_empty() => false,
            Found::No(failure) => matches!(failure, Failure::Refused { status: 403, .. }) && !failure.is_unknown_key(),
            Found::Waiting | Found::Unknown(_) => false,
        }
    }

    fn probed(&self, want: Want) -> Found<'_> {
        match self.lists.state(want) {
            Some(State::Done | State::Paused | State::Incomplete(_) | State::Loading { received: 1.., .. }) => {
                Found::Yes
            }
            Some(State::Failed(failure @ Failure::Refused { status: 401 | 403, .. })) => Found::No(failure),
            Some(State::Failed(failure)) => Found::Unknown(failure),
            Some(State::Loading { .. }) | None => Found::Waiting,
        }
    }

    /// Whether nothing is under way.
    fn is_tried(&self) -> bool {
        let wants = self.trial_wants();
        !wants.is_empty() && wants.into_iter().all(|want| !matches!(self.probed(want), Found::Waiting))
    }

    /// What Enter does: it sends the key to the host whose name was typed, or goes on, or back to what is wrong.
    pub(super) fn enter_trial(&mut self) {
        let Screen::Guide(Guiding::Trial(trial)) = &self.screen else { return };
        match trial.stage {
            Stage::Asking if trial.typed.typed() == self.foreign_name() => self.try_key(),
            Stage::Asking => self.flash("flash.host_name"),
            Stage::Asked if self.is_let_in() && self.is_tried() => self.show_presets(),
            Stage::Asked if self.is_let_in() => self.flash("flash.still_asking"),
            Stage::Reading => self.flash("flash.still_asking"),
            Stage::Asked | Stage::Unusable(_) => self.go_to_step(StepId(1)),
        }
    }

    /// Tries once more.
    pub(in crate::wizard) fn try_again(&mut self) {
        match &self.screen {
            Screen::Guide(Guiding::Trial(trial)) if !trial.takes_name() => self.try_key(),
            _ => self.flash("flash.no_key"),
        }
    }

    pub(in crate::wizard) fn type_host(&mut self, c: char) {
        match self.trial_mut() {
            Some(trial) if trial.takes_name() => trial.typed.push(c),
            _ => self.flash("flash.no_key"),
        }
    }

    pub(in crate::wizard) fn edit_host(&mut self, request: InputRequest) {
        if let Some(trial) = self.trial_mut() {
            trial.typed.edit(request);
        }
    }

    fn foreign_name(&self) -> String {
        self.guide_host().map(|host| host.name().to_owned()).unwrap_or_default()
    }

    /// The line in which a host's name is typed, where one is.
    pub fn host_line(&self, trial: &Trial, width: usize) -> Option<Line> {
        trial.takes_name().then(|| trial.typed.line(self.say("setup.host_prompt"), true, width))
    }

    pub(super) fn trial_lines(&self, trial: &Trial, width: usize) -> Vec<Line> {
        let host = self.foreign_name();
        let said = match &trial.stage {
            Stage::Asking => vec![
                (Tone::Heading, self.say("setup.foreign_title").to_owned()),
                (Tone::Warning, self.lang.tell("setup.foreign", &[("host", &host)])),
            ],
            Stage::Reading => vec![(Tone::Dim, self.say("setup.reading_key").to_owned())],
            Stage::Unusable(why) => vec![
                (
                    Tone::Error,
                    format!("✗ {}", self.lang.tell("setup.unusable", &[("why", &self.teller().reason(why))])),
                ),
                (Tone::Dim, self.say("setup.back_to_key").to_owned()),
            ],
            Stage::Asked => self.trial_said(&host),
        };
        said.into_iter().flat_map(|(tone, text)| paragraph(tone, &text, 1, width)).collect()
    }

    fn trial_said(&self, host: &str) -> tell::Said {
        let mut said = vec![(Tone::Heading, self.lang.tell("setup.trial_title", &[("host", host)]))];
        if !self.is_let_in() {
            match self.probed(Want::Me) {
                Found::No(failure) | Found::Unknown(failure) => said.extend(self.not_let_in(failure, host)),
                Found::Waiting | Found::Yes => said.push((Tone::Dim, self.say("setup.asking").to_owned())),
            }
            return said;
        }
        said.push(self.me_said());
        said.push(self.account_said());
        said.push(self.product_said());
        said.extend(DOORS.map(|(want, id)| self.door_said(want, id)));
        let done = if self.is_tried() { "setup.tried" } else { "setup.asking" };
        said.push((Tone::Dim, self.say(done).to_owned()));
        said
    }

    /// Why the key does not open the account, and what to do.
    fn not_let_in(&self, failure: &Failure, host: &str) -> tell::Said {
        let mut said = vec![(Tone::Error, format!("✗ {}", self.teller().failure(failure)))];
        if failure.is_unknown_key() {
            said.push((Tone::Plain, self.lang.tell("setup.unknown_key", &[("host", host)])));
        }
        let config = self.around.config.display().to_string();
        said.extend(tell::advice(&self.lang, failure, &config).map(|text| (Tone::Plain, text)));
        said.push((Tone::Dim, self.say("setup.again_or_back").to_owned()));
        said
    }

    fn me_said(&self) -> (Tone, String) {
        match (self.probed(Want::Me), &self.known.me) {
            (Found::Yes, Some(me)) => (Tone::Good, format!("✓ {}", self.me_words(me))),
            (Found::No(failure), _) => (
                Tone::Warning,
                format!("? {}", self.lang.tell("setup.no_me", &[("why", &self.teller().failure(failure))])),
            ),
            _ => (Tone::Dim, format!("· {}", self.say("setup.asking"))),
        }
    }

    fn me_words(&self, me: &Me) -> String {
        let name = |role: &crate::facts::Role| match (&role.name, role.id) {
            (name, Some(id)) if name.is_empty() => id.to_string(),
            (name, _) => name.clone(),
        };
        let roles: Vec<String> = me.roles.iter().map(name).collect();
        let user = me.user_id.to_string();
        let who = if me.name.is_empty() { user.clone() } else { me.name.clone() };
        let words = self.lang.tell("setup.me", &[("name", &who), ("id", &user), ("roles", &roles.join(", "))]);
        words.trim_end_matches(", ").to_owned()
    }

    fn account_said(&self) -> (Tone, String) {
        match (self.probed(Want::Account), &self.known.account) {
            (Found::Yes, Some(account)) => {
                let id = account.id.to_string();
                let words = self.lang.tell("setup.account", &[("id", &id), ("organization", &account.organization)]);
                (Tone::Good, format!("✓ {}", words.trim_end().trim_end_matches(':')))
            }
            (Found::No(failure) | Found::Unknown(failure), _) => {
                let words = self.lang.tell("setup.no_account", &[("why", &self.teller().failure(failure))]);
                (Tone::Warning, format!("? {words}"))
            }
            _ => (Tone::Dim, format!("· {}", self.say("setup.asking"))),
        }
    }

    fn product_said(&self) -> (Tone, String) {
        match (self.probed(Want::Product), &self.known.product) {
            (Found::Yes, Some(product)) => {
                let years = product.years.as_ref().map(|years| years.iter().map(u32::to_string).collect::<Vec<_>>());
                let words = match years {
                    Some(years) => self.lang.tell("setup.product_years", &[("years", &years.join(", "))]),
                    None => self.say("setup.product").to_owned(),
                };
                (Tone::Good, format!("✓ {words}"))
            }
            (Found::Unknown(failure), _) if is_no_product(failure) => {
                let words = self.lang.tell("setup.no_product", &[("why", &self.teller().failure(failure))]);
                (Tone::Error, format!("✗ {words}"))
            }
            (Found::No(failure) | Found::Unknown(failure), _) => {
                let words = self.lang.tell("setup.unknown_product", &[("why", &self.teller().failure(failure))]);
                (Tone::Warning, format!("? {words}"))
            }
            _ => (Tone::Dim, format!("· {}", self.say("setup.asking"))),
        }
    }

    /// Whether the key opens a list, and what it means if not.
    fn door_said(&self, want: Want, id: &'static str) -> (Tone, String) {
        let what = self.say(id);
        match self.probed(want) {
            Found::Waiting => (Tone::Dim, format!("· {what}")),
            Found::Yes => (Tone::Good, format!("✓ {what}")),
            Found::No(_) => (Tone::Warning, format!("! {}", self.lang.tell(closed_words(want), &[("what", what)]))),
            Found::Unknown(failure) => {
                let why = self.teller().failure(failure);
                (Tone::Warning, format!("? {}", self.lang.tell("setup.not_told", &[("what", what), ("why", &why)])))
            }
        }
    }
}

/// Whether the server does not know the product, or not for this account (certcentral-api.md 1.5): that it means the
/// latter is inferred, and said as DigiCert's word.
fn is_no_product(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused { errors, .. } if errors.iter().any(|error| error.code == "not_found|product"))
}

/// What it means that a key does not open a list.
fn closed_words(want: Want) -> &'static str {
    match want {
        Want::Orders(_) => "setup.closed_orders",
        Want::Balance(_) | Want::Profiles => "setup.closed_money",
        _ => "setup.closed",
    }
}
