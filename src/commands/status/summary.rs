//! The summary of an order for the administrator's records: what was ordered, when, by whom, and the outcome.
//!
//! The order's contents come only from the journal, and its status only from the server; if either is missing, the
//! summary says so. It is plain text for paper, without colors and without card data.

use super::lookup::{IdLookup, placed_requests};
use super::snapshot::{StatusSnapshot, requested_validity_text};
use super::text_document::TextDocument;
use super::{StatusQuery, eprint_line};
use crate::commands::EXIT_COULD_NOT_RUN;
use crate::commands::output::{LinePrinter, OutputError};
use crate::domain::{Decision, JournalEntry};
use crate::form::{FieldPlace, Form, SummaryLine};
use crate::i18n::{TextId, Translations, texts, with};
use crate::json;
use crate::messages::MessageWriter;
use crate::product::{PickList, Product};
use crate::text::wrap::split_by_width;
use crate::tone::Tone;
use jiff::Timestamp;

/// The number of digits of the digest per row.
const DIGEST_DIGITS_PER_ROW: usize = 32;

/// The data for the summary.
struct OrderSummary<'a> {
    messages: MessageWriter<'a>,
    product: &'static Product,
    sandbox: bool,
    snapshot: &'a StatusSnapshot,
    journal_entry: Option<&'a JournalEntry>,
    form: Option<Form>,
    user_names: Vec<(u64, String)>,
}

impl StatusQuery<'_> {
    pub(super) async fn print_summary(&mut self, found: IdLookup) -> Result<u8, OutputError> {
        let picture = match found {
            IdLookup::Order => self.snapshot(),
            IdLookup::Request(row) => StatusSnapshot::from_request(&row),
            IdLookup::NotFound(failure) => return Ok(self.report_not_found(&failure)),
        };
        if !picture.has_data() && self.journal_entry().is_none() {
            picture.failure.iter().for_each(|failure| self.print_failure(failure));
            return Ok(EXIT_COULD_NOT_RUN);
        }
        let form = self.journal_entry().and_then(|entry| read_sent_form(self.product, entry));
        let people = if picture.has_data() { self.fetch_user_names(form.as_ref()).await } else { Vec::new() };
        let (writer, past) = (self.message_writer(), self.journal_entry());
        let (product, sandbox) = (self.product, self.sandbox);
        let summary = OrderSummary {
            messages: writer,
            product,
            sandbox,
            snapshot: &picture,
            journal_entry: past,
            form,
            user_names: people,
        };
        for line in summary.to_document().lines() {
            LinePrinter::without_color().print(Tone::Plain, line)?;
        }
        if past.is_none() {
            eprint_line(self.lang.text(texts::summary::NOT_JOURNALED));
        }
        Ok(0)
    }

    /// Fetches the names of the users in the order. A name that cannot be fetched is omitted.
    async fn fetch_user_names(&self, form: Option<&Form>) -> Vec<(u64, String)> {
        let (Some(form), Ok(client)) = (form, self.runner.client()) else { return Vec::new() };
        let mut people = Vec::new();
        for id in form.visible_places().filter_map(|at| user_id_in_field(form, at)) {
            if let Ok(person) = client.fetch_user(id).await {
                people.push((id, person.full_name()));
            }
        }
        people
    }
}

/// Returns the sent payload as a form, if it can be read.
fn read_sent_form(product: &'static Product, entry: &JournalEntry) -> Option<Form> {
    let doc = json::parse(&entry.intent.body).ok().filter(|_| entry.intent.product == product.name_id)?;
    Form::parse_payload(product, &doc).ok().map(|reading| reading.form)
}

/// Returns the id of the user in a field.
fn user_id_in_field(form: &Form, at: FieldPlace) -> Option<u64> {
    let list = form.product()[at.field].source.as_ref()?.list;
    let is_user = matches!(list, PickList::Users | PickList::Approvers);
    form.text(at).parse().ok().filter(|_| is_user)
}

impl OrderSummary<'_> {
    fn lang(&self) -> &Translations {
        self.messages.lang
    }

    fn text(&self, id: TextId) -> String {
        self.lang().text(id).to_owned()
    }

    fn to_document(&self) -> TextDocument {
        let id = self.order_id().map(|id| id.to_string()).unwrap_or_default();
        let mut paper = TextDocument::with_title(&self.lang().format(texts::summary::TITLE, with::Id(&id)));
        paper.add_text(self.product.title.in_language(self.lang().language));
        if self.sandbox {
            paper.add_text(self.lang().text(texts::summary::SANDBOX));
        }
        let time = self.lang().format_time(Timestamp::now());
        paper.add_text(
            &self.lang().format(texts::summary::MADE, (with::Version(&env!("CARGO_PKG_VERSION")), with::Time(&time))),
        );
        self.add_order(&mut paper);
        self.add_status(&mut paper);
        self.add_values(&mut paper);
        paper
    }

    fn order_id(&self) -> Option<u64> {
        self.journal_entry.and_then(JournalEntry::placed_order_id).or(self.snapshot.id)
    }

    fn add_order(&self, paper: &mut TextDocument) {
        paper.add_heading(self.lang().text(texts::summary::ORDER));
        let rows = [
            (texts::summary::NUMBER, self.order_id().map(|id| id.to_string())),
            (texts::summary::REQUESTS, self.request_ids()),
            (texts::summary::CERTIFICATE, self.certificate_text()),
            (texts::summary::ORGANIZATION, self.organization_text()),
            (texts::summary::ACCOUNT, Some(self.account_text())),
            (texts::summary::ORDERED, self.ordered_text()),
            (texts::summary::USER, self.user_text()),
            (texts::summary::JOURNAL, self.journal_entry.map(|entry| self.journal_text(entry))),
            (
                texts::summary::DIGEST,
                self.journal_entry.map(|entry| split_by_width(&entry.intent.digest, DIGEST_DIGITS_PER_ROW).join(" ")),
            ),
        ];
        for (label, value) in rows {
            paper.add_row(self.lang().text(label), &value.unwrap_or_else(|| self.text(texts::summary::NOT_KNOWN)));
        }
    }

    fn request_ids(&self) -> Option<String> {
        let known = self.snapshot.requests.iter().map(|request| request.id);
        let journaled = self.journal_entry.into_iter().flat_map(placed_requests).copied();
        let mut ids: Vec<u64> = known.chain(journaled).collect();
        ids.sort_unstable();
        ids.dedup();
        let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
        (!ids.is_empty()).then(|| ids.join(", "))
    }

    fn certificate_text(&self) -> Option<String> {
        let none = self.snapshot.order.is_some().then(|| self.text(texts::summary::NONE_YET));
        self.snapshot.certificate.map(|id| id.to_string()).or(none)
    }

    fn organization_text(&self) -> Option<String> {
        let known = self.snapshot.order.as_ref();
        let id = known
            .and_then(|order| order.organization_id)
            .or_else(|| self.journal_entry.and_then(|e| e.intent.organization));
        let name = known.map(|order| order.organization_name.clone()).filter(|name| !name.trim().is_empty());
        let words: Vec<String> = id.map(|id| id.to_string()).into_iter().chain(name).collect();
        (!words.is_empty()).then(|| words.join("  "))
    }

    fn account_text(&self) -> String {
        let host = self.messages.host.to_owned();
        match self.journal_entry.map(|entry| entry.intent.account.as_str()).filter(|account| !account.is_empty()) {
            Some(account) => {
                self.lang().format(texts::summary::ACCOUNT_AT, (with::Account(&account), with::Host(&host)))
            }
            None => host,
        }
    }

    /// Returns when the order was placed: by the local clock, or else in the server's words.
    fn ordered_text(&self) -> Option<String> {
        let here = self.journal_entry.and_then(|entry| Timestamp::from_millisecond(entry.intent.local_time).ok());
        let there = self.snapshot.order.as_ref().map(|row| row.date_created.as_str()).filter(|date| !date.is_empty());
        here.map(|time| self.lang().format_time(time))
            .or_else(|| there.map(|date| self.lang().format_reported_time(date)))
    }

    fn user_text(&self) -> Option<String> {
        let row = self.snapshot.order.clone().unwrap_or_default();
        let id = self.journal_entry.and_then(|entry| entry.intent.user).or(row.user_id)?.to_string();
        // The name belongs to the user in the server's row, so it is used only if the ids match.
        let named = row.user_id.is_none_or(|user| user.to_string() == id) && !row.user_name.trim().is_empty();
        Some(if named {
            self.lang().format(texts::summary::USER_NAME, (with::Name(&row.user_name), with::Id(&id)))
        } else {
            self.lang().format(texts::summary::USER_ID, with::Id(&id))
        })
    }

    fn journal_text(&self, entry: &JournalEntry) -> String {
        let adopted = matches!(entry.decision, Some(Decision::Adopted { .. }));
        let id = if adopted { texts::summary::ADOPTED } else { texts::summary::INTENT };
        self.lang().format(id, with::Id(&entry.id))
    }

    fn add_status(&self, paper: &mut TextDocument) {
        paper.add_heading(self.lang().text(texts::summary::STATUS));
        if !self.snapshot.has_data() {
            let failure = self.snapshot.failure.as_ref().map(|failure| self.messages.failure_text(failure));
            return paper
                .add_text(&self.lang().format(texts::summary::NO_STATUS, with::Why(&failure.unwrap_or_default())));
        }
        self.snapshot.requests.iter().for_each(|request| paper.add_text(&self.messages.request_line(request).1));
        if self.snapshot.id.is_some() {
            let requested = self.journal_entry.map(|entry| requested_validity_text(&entry.intent));
            let text =
                self.messages.order_lines(self.snapshot.order.as_ref(), self.snapshot.certificate, requested.as_ref());
            // Its first line would repeat the heading.
            text.iter().skip(1).for_each(|(_, line)| paper.add_text(line));
        }
        self.snapshot.heard_text(self.messages).iter().for_each(|line| paper.add_text(line));
    }

    fn add_values(&self, paper: &mut TextDocument) {
        paper.add_heading(self.lang().text(texts::summary::VALUES));
        let Some(form) = &self.form else {
            return paper.add_text(self.lang().text(texts::summary::NO_VALUES));
        };
        for line in form.summary_lines(self.lang(), &|list, id| self.lookup_name(list, id)) {
            match line {
                SummaryLine::Step(title) => paper.add_section(&title),
                SummaryLine::Part(title) => paper.add_subsection(&title),
                SummaryLine::Value(label, value) => paper.add_row(&label, &value),
                SummaryLine::Foreign(pointer) => paper.add_row(self.lang().text(texts::review::FOREIGN), &pointer),
            }
        }
    }

    /// Returns the name that the server reported for an id.
    fn lookup_name(&self, list: PickList, id: u64) -> Option<String> {
        let order = self.snapshot.order.as_ref();
        match list {
            PickList::Organizations => {
                order.filter(|order| order.organization_id == Some(id)).map(|order| order.organization_name.clone())
            }
            PickList::Approvers | PickList::Users => {
                self.user_names.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone())
            }
            _ => None,
        }
    }
}
