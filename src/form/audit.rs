//! Everything that is wrong or worth a look with the text of a payload, each once, at its most precise place.
//!
//! It knows what the form knows, and what only a text can have wrong besides: that it is no JSON, members that stand
//! twice, are not known, or hold card data. It reads bytes and no file, and never changes what it reads. How a finding
//! is said is the matter of `say`, and where it is shown that of the caller.

mod names;
mod places;
mod say;
mod secrets;
mod walk;

pub use say::{Oddity, of_text};

use super::{Context, Fault, Form, Note, Problem, Reading, Target};
use crate::json::{self, Doc, Flaw, Value};
use crate::product::{Cite, FieldId, Level, Product};
use places::Places;
use say::What;
use std::ops::Range;
use walk::Walk;

/// The longest text that is read, in bytes. An order has some two thousand.
pub const LONGEST: usize = 1 << 20;

/// The most values that are looked through, lists and objects among them. An order has some sixty. What is looked for
/// around each is worth its time and room while there are few.
const MOST: usize = 1_000;

/// The longest name that is looked at, in bytes: each finding below has it in its pointer.
const LONGEST_NAME: usize = 256;

/// What was found in a text.
#[derive(Debug, Clone, Default)]
pub struct Audit {
    /// What is wrong or worth a look, in the order of the text.
    pub findings: Vec<Finding>,
    /// The form that it makes; nothing where it is no order at all.
    pub reading: Option<Reading>,
    /// Where in the text secrets stand, or may stand, in their order: nobody is to see them.
    pub secrets: Vec<Range<usize>>,
}

/// Something wrong or worth a look.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// What it is.
    what: What,
    /// Where it is in the payload, as a JSON pointer (RFC 6901); blank for the whole.
    pub pointer: String,
    /// Where it is in the text, in bytes.
    pub at: Range<usize>,
    /// The field that it is about.
    pub field: Option<FieldId>,
    /// Where the check or rule that it breaks comes from, if it breaks one of the product file.
    source: Option<&'static Cite>,
}

impl Audit {
    /// Whether there is an error.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.level == Level::Error)
    }

    fn broken(oddity: Oddity, at: Range<usize>, secrets: Vec<Range<usize>>) -> Self {
        let finding = Finding::odd(Level::Error, oddity, String::new(), at, None);
        Self { findings: vec![finding], reading: None, secrets }
    }
}

impl Finding {
    /// Whether it is of the text alone, and the form that it makes shows nothing of it.
    pub fn is_of_text(&self) -> bool {
        matches!(&self.what, What::Oddity(Oddity::Duplicate | Oddity::CardData | Oddity::Unknown(Some(_))))
    }

    fn is_misfit(&self) -> bool {
        matches!(self.what, What::Fault(Fault::Type(_)) | What::Oddity(Oddity::Null))
    }

    fn odd(level: Level, oddity: Oddity, pointer: String, at: Range<usize>, field: Option<FieldId>) -> Self {
        Self { level, what: What::Oddity(oddity), pointer, at, field, source: None }
    }
}

/// Looks through the text of a payload. One that is longer than [`LONGEST`] is not read.
pub fn audit(product: &'static Product, bytes: &[u8], context: &Context<'_>) -> Audit {
    if bytes.len() > LONGEST {
        return Audit::broken(Oddity::TooLarge, 0..0, secrets::digits(bytes));
    }
    let source = match std::str::from_utf8(bytes) {
        Ok(source) => source,
        Err(error) => {
            let at = error.valid_up_to();
            return Audit::broken(Oddity::NotText(at), at..at + 1, secrets::digits(bytes));
        }
    };
    match json::parse(source) {
        Ok(mut doc) => {
            let found = of_doc(product, &doc, context);
            if !found.secrets.is_empty() {
                doc.wipe(&found.secrets);
            }
            found
        }
        Err(flaw) => Audit::broken(Oddity::of(&flaw), span(source, &flaw), secrets::digits(bytes)),
    }
}

/// The character at a flaw.
fn span(source: &str, flaw: &Flaw) -> Range<usize> {
    let at = flaw.at();
    let long = source[at..].chars().next().map_or(0, char::len_utf8);
    at..at + long
}

/// The place from where on there is more in a document than in any order.
fn beyond(doc: &Doc, left: &mut usize) -> Option<Range<usize>> {
    let Some(less) = left.checked_sub(1) else { return Some(doc.at.clone()) };
    *left = less;
    match &doc.value {
        Value::List(rows) => rows.iter().find_map(|row| beyond(row, left)),
        Value::Object(members) => members.iter().find_map(|(name, doc)| {
            let long = name.len() > LONGEST_NAME;
            if long { Some(name.at.clone()) } else { beyond(doc, left) }
        }),
        _ => None,
    }
}

fn no_order(doc: &Doc) -> Audit {
    Audit::broken(Oddity::NotAnObject, doc.at.start..doc.at.start + 1, secrets::all(doc))
}

fn of_doc(product: &'static Product, doc: &Doc, context: &Context<'_>) -> Audit {
    let Value::Object(members) = &doc.value else { return no_order(doc) };
    if let Some(at) = beyond(doc, &mut { MOST }) {
        return Audit::broken(Oddity::TooMuch, at, secrets::all(doc));
    }
    let Ok(reading) = Form::read(product, doc) else { return no_order(doc) };
    let mut walk = Walk::new(product);
    walk.object(members, &product.shape);
    let Walk { mut findings, secrets, .. } = walk;
    let places = Places { doc, form: &reading.form };
    findings.extend(of_form(&places, &reading, context));
    findings.sort_by_key(|finding| finding.at.start);
    Audit { findings, reading: Some(reading), secrets }
}

/// What the form finds, at the places where it stands.
fn of_form(places: &Places<'_>, reading: &Reading, context: &Context<'_>) -> Vec<Finding> {
    let problems = reading.form.problems(context);
    let (absent, present): (Vec<_>, Vec<_>) = problems.into_iter().partition(|problem| places.is_absent(problem));
    let mut findings: Vec<Finding> = present.into_iter().map(|problem| places.finding(problem)).collect();
    findings.extend(places.missing(absent));
    let left_out = reading.notes.iter().filter_map(|note| match note {
        Note::LeftOut(pointer) if !places.is_in_conflict(pointer) => Some(places.left_out(pointer)),
        Note::LeftOut(_) | Note::Integer(_) | Note::Whole(_) | Note::Text(_) => None,
    });
    findings.extend(left_out);
    without_inner(findings)
}

/// Where something stands that is not what belongs there, nothing more is told of it and of what should be in it.
fn without_inner(mut findings: Vec<Finding>) -> Vec<Finding> {
    let misfits: Vec<(String, What)> = findings
        .iter()
        .filter(|finding| finding.field.is_none() && finding.is_misfit())
        .map(|finding| (finding.pointer.clone(), finding.what.clone()))
        .collect();
    let wrong: Vec<String> =
        findings.iter().filter(|one| one.level == Level::Error).map(|one| one.pointer.clone()).collect();
    // What is wrong is not told once more as left out.
    findings.retain(|finding| finding.what != What::Oddity(Oddity::LeftOut) || !wrong.contains(&finding.pointer));
    findings.retain(|finding| {
        misfits.iter().all(|(pointer, what)| *what == finding.what || !places::begins(&finding.pointer, pointer))
    });
    findings
}

#[cfg(test)]
mod tests;
