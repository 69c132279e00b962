//! The summary of an order for the administrator's file: what was ordered, when, by whom, and what became of it.
//!
//! What was ordered comes from the journal alone, how it stands from the server alone; of either that is missing it is
//! said that it is. It is plain text for paper, without colors and without card data.

use super::find::{Found, requests};
use super::paper::Paper;
use super::picture::{Picture, asked};
use super::{Inquiry, say_line};
use crate::command::COULD_NOT_RUN;
use crate::command::lines::{Lines, Unwritten};
use crate::facts::{Decision, Entry, OrderRow};
use crate::form::{Form, Place, Told};
use crate::json;
use crate::lang::Lang;
use crate::layout::{Tone, chunk};
use crate::product::{List, Product};
use crate::tell::Teller;
use jiff::Timestamp;

/// So many digits of the digest stand in a row.
const DIGITS: usize = 32;

/// All that the summary tells from.
struct Summary<'a> {
    teller: Teller<'a>,
    product: &'static Product,
    sandbox: bool,
    picture: &'a Picture,
    past: Option<&'a Entry>,
    form: Option<Form>,
    /// The order as a row, for who ordered it and when.
    row: Option<OrderRow>,
    /// Users by their ids.
    people: Vec<(u64, String)>,
}

impl Inquiry<'_> {
    /// Prints the summary.
    pub(super) async fn tell_summary(&mut self, found: Found) -> Result<u8, Unwritten> {
        let picture = match found {
            Found::Order => self.picture(),
            Found::Request(row) => Picture::of_request(&row),
            Found::Nothing(failure) => return Ok(self.say_nothing(&failure)),
        };
        if !picture.is_told() && self.past().is_none() {
            picture.failure.iter().for_each(|failure| self.say_failure(failure));
            return Ok(COULD_NOT_RUN);
        }
        let form = self.past().and_then(|entry| read(self.product, entry));
        let row = self.row(picture.id.filter(|_| picture.is_told())).await;
        let people = if picture.is_told() { self.people(form.as_ref()).await } else { Vec::new() };
        let (teller, past) = (self.teller(), self.past());
        let (product, sandbox) = (self.product, self.sandbox);
        let summary = Summary { teller, product, sandbox, picture: &picture, past, form, row, people };
        for line in summary.paper().lines() {
            Lines::plain().print(Tone::Plain, line)?;
        }
        if past.is_none() {
            say_line(self.lang.say("summary.not_journaled"));
        }
        Ok(0)
    }

    async fn row(&self, order: Option<u64>) -> Option<OrderRow> {
        let client = self.errand.client().ok()?;
        client.order_row(order?).await.ok().map(|dated| dated.told)
    }

    /// The names of the users that an order names, as far as they are told.
    async fn people(&self, form: Option<&Form>) -> Vec<(u64, String)> {
        let (Some(form), Ok(client)) = (form, self.errand.client()) else { return Vec::new() };
        let mut people = Vec::new();
        for id in form.all_asked().filter_map(|at| user(form, at)) {
            if let Ok(person) = client.user(id).await {
                people.push((id, person.full_name()));
            }
        }
        people
    }
}

/// What was sent, as a form that can be told.
fn read(product: &'static Product, entry: &Entry) -> Option<Form> {
    let doc = json::parse(&entry.intent.body).ok().filter(|_| entry.intent.product == product.name_id)?;
    Form::read(product, &doc).ok().map(|reading| reading.form)
}

/// The user that a field names.
fn user(form: &Form, at: Place) -> Option<u64> {
    let list = form.product()[at.field].source.as_ref()?.list;
    let is_user = matches!(list, List::Users | List::Approvers);
    form.text(at).parse().ok().filter(|_| is_user)
}

impl Summary<'_> {
    fn lang(&self) -> &Lang {
        self.teller.lang
    }

    fn say(&self, id: &str) -> String {
        self.lang().say(id).to_owned()
    }

    fn paper(&self) -> Paper {
        let id = self.order().map(|id| id.to_string()).unwrap_or_default();
        let mut paper = Paper::titled(&self.lang().tell("summary.title", &[("id", &id)]));
        paper.text(self.product.title.in_language(self.lang().language));
        if self.sandbox {
            paper.text(self.lang().say("summary.sandbox"));
        }
        let values = [("version", env!("CARGO_PKG_VERSION").to_owned()), ("time", self.lang().time(Timestamp::now()))];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        paper.text(&self.lang().tell("summary.made", &values));
        self.tell_order(&mut paper);
        self.tell_status(&mut paper);
        self.tell_values(&mut paper);
        paper
    }

    fn order(&self) -> Option<u64> {
        self.past.and_then(Entry::order).or(self.picture.id)
    }

    fn tell_order(&self, paper: &mut Paper) {
        paper.heading(self.lang().say("summary.order"));
        let rows = [
            ("summary.number", self.order().map(|id| id.to_string())),
            ("summary.requests", self.requests()),
            ("summary.certificate", self.certificate()),
            ("summary.organization", self.organization()),
            ("summary.account", Some(self.account())),
            ("summary.ordered", self.ordered()),
            ("summary.user", self.user()),
            ("summary.journal", self.past.map(|entry| self.journal(entry))),
            ("summary.digest", self.past.map(|entry| chunk(&entry.intent.digest, DIGITS).join(" "))),
        ];
        for (label, value) in rows {
            paper.row(self.lang().say(label), &value.unwrap_or_else(|| self.say("summary.not_known")));
        }
    }

    fn requests(&self) -> Option<String> {
        let told = self.picture.requests.iter().map(|request| request.id);
        let journaled = self.past.into_iter().flat_map(requests).copied();
        let mut ids: Vec<u64> = told.chain(journaled).collect();
        ids.sort_unstable();
        ids.dedup();
        let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
        (!ids.is_empty()).then(|| ids.join(", "))
    }

    fn certificate(&self) -> Option<String> {
        let none = self.picture.order.is_some().then(|| self.say("summary.none_yet"));
        self.picture.certificate.map(|id| id.to_string()).or(none)
    }

    fn organization(&self) -> Option<String> {
        let told = self.picture.order.as_ref();
        let id = told.and_then(|order| order.organization_id).or_else(|| self.past.and_then(|e| e.intent.organization));
        let name = told.map(|order| order.organization_name.clone()).filter(|name| !name.trim().is_empty());
        let words: Vec<String> = id.map(|id| id.to_string()).into_iter().chain(name).collect();
        (!words.is_empty()).then(|| words.join("  "))
    }

    fn account(&self) -> String {
        let host = self.teller.host.to_owned();
        match self.past.map(|entry| entry.intent.account.as_str()).filter(|account| !account.is_empty()) {
            Some(account) => self.lang().tell("summary.account_at", &[("account", account), ("host", &host)]),
            None => host,
        }
    }

    /// When it was ordered: by the clock here, else in the server's words.
    fn ordered(&self) -> Option<String> {
        let here = self.past.and_then(|entry| Timestamp::from_millisecond(entry.intent.local_time).ok());
        let there = self.row.as_ref().map(|row| row.date_created.as_str()).filter(|date| !date.is_empty());
        here.map(|time| self.lang().time(time)).or_else(|| there.map(|date| self.lang().reported(date)))
    }

    fn user(&self) -> Option<String> {
        let row = self.row.clone().unwrap_or_default();
        let id = self.past.and_then(|entry| entry.intent.user).or(row.user_id)?.to_string();
        // A name belongs to the user whom the server names, not to another whose key it was.
        let named = row.user_id.is_none_or(|user| user.to_string() == id) && !row.user_name.trim().is_empty();
        let text = if named { "summary.user_name" } else { "summary.user_id" };
        Some(self.lang().tell(text, &[("name", &row.user_name), ("id", &id)]))
    }

    fn journal(&self, entry: &Entry) -> String {
        let adopted = matches!(entry.decision, Some(Decision::Adopted { .. }));
        let id = if adopted { "summary.adopted" } else { "summary.intent" };
        self.lang().tell(id, &[("id", &entry.id.to_string())])
    }

    fn tell_status(&self, paper: &mut Paper) {
        paper.heading(self.lang().say("summary.status"));
        if !self.picture.is_told() {
            let failure = self.picture.failure.as_ref().map(|failure| self.teller.failure(failure));
            return paper.text(&self.lang().tell("summary.no_status", &[("why", &failure.unwrap_or_default())]));
        }
        self.picture.requests.iter().for_each(|request| paper.text(&self.teller.request(request).1));
        if self.picture.id.is_some() {
            let asked = self.past.map(|entry| asked(&entry.intent));
            let said = self.teller.order(self.picture.order.as_ref(), self.picture.certificate, asked.as_ref());
            // Its first line is a heading of its own.
            said.iter().skip(1).for_each(|(_, line)| paper.text(line));
        }
        self.picture.heard_words(self.teller).iter().for_each(|line| paper.text(line));
    }

    fn tell_values(&self, paper: &mut Paper) {
        paper.heading(self.lang().say("summary.values"));
        let Some(form) = &self.form else {
            return paper.text(self.lang().say("summary.no_values"));
        };
        for told in form.told(self.lang(), &|list, id| self.name(list, id)) {
            match told {
                Told::Step(title) => paper.part(&title),
                Told::Part(title) => paper.smaller(&title),
                Told::Value(label, value) => paper.row(&label, &value),
                Told::Foreign(pointer) => paper.row(self.lang().say("review.foreign"), &pointer),
            }
        }
    }

    /// What the server told of a name.
    fn name(&self, list: List, id: u64) -> Option<String> {
        let order = self.picture.order.as_ref();
        match list {
            List::Organizations => {
                order.filter(|order| order.organization_id == Some(id)).map(|order| order.organization_name.clone())
            }
            List::Approvers | List::Users => {
                self.people.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone())
            }
            _ => None,
        }
    }
}
