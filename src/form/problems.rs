//! Everything that is wrong or worth a look with a form, each once, at the place where it can be mended.
//!
//! A field has at most one error: the first that holds; its warnings count only while it has none. What time it
//! is and what the account knows come in by [`Context`]. The words for a fault are in `say`.

use super::payload::{Skeleton, Slot};
use super::{Form, Held, Place, check, dates, read, rules};
use crate::facts::Known;
use crate::host::HostError;
use crate::json::{Doc, Value};
use crate::lang::Words;
use crate::product::shape::{Member, Shape};
use crate::product::{Blank, Check, Choice, Cite, Conflict, Field, GroupId, Kind, Level, Many, Required, Ruling};
use crate::text;
use jiff::civil::Date;

/// What the checks need to know besides the form.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Today, in UTC.
    pub today: Date,
    /// What is known of the account.
    pub known: &'a Known,
    /// Who is told.
    pub audience: Audience,
}

/// Who is told of problems. The wizard is stricter in one way: it asks for what is only seen in clients' code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// A person who fills in the form.
    Wizard,
    /// A review of a payload that exists.
    Review,
}

/// Something wrong or worth a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it can be mended.
    pub target: Target,
    /// How bad it is.
    pub level: Level,
    /// What it is.
    pub fault: Fault,
    /// Where the check or rule that the value breaks comes from, if it breaks one of the product file.
    pub source: Option<&'static Cite>,
}

/// What is wrong with the value of one field.
pub(super) struct Breach {
    /// How bad it is.
    pub(super) level: Level,
    /// What it is.
    pub(super) fault: Fault,
    /// As for a [`Problem`].
    pub(super) source: Option<&'static Cite>,
}

impl Breach {
    /// What no check or rule of the product file finds.
    fn plain(level: Level, fault: Fault) -> Self {
        Self { level, fault, source: None }
    }

    /// What breaks a check or rule of this source.
    pub(super) fn of(source: &'static Cite, level: Level, fault: Fault) -> Self {
        Self { level, fault, source: Some(source) }
    }
}

/// Where a problem can be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// At a field.
    Field(Place),
    /// At a list as a whole.
    Group(GroupId),
    /// Nowhere in the form: at this pointer of what was read.
    Pointer(String),
}

/// What is wrong. The numbers and words are those that the message names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was entered.
    Required,
    /// A secret that a file rightly lacks: it is asked for when the order is sent.
    SecretLater,
    /// Nothing was entered, which may be right.
    Advised,
    /// The payload lacks a member that zegel would send; the person may accept its value.
    Missing(String),
    /// Another value than the only one allowed.
    Fixed(String),
    /// A value of a type that the field does not take.
    Type(&'static str),
    /// More characters than allowed: limit, and how many there are.
    TooLong(usize, usize),
    /// Several fields together have more characters than allowed: limit, and how many there are.
    TotalTooLong(usize, usize),
    /// The one value allowed, in other letters.
    FixedCase(String),
    /// More than is expected.
    AtMost(u64),
    /// Not an integer from the first to the second.
    Range(u64, u64),
    /// No id: a whole number from 1.
    Id,
    /// None of the known words.
    OneOf(String),
    /// No e-mail address.
    Email,
    /// Not the shape of an e-mail address.
    EmailShape,
    /// No telephone number.
    Telephone,
    /// Fewer digits than a telephone number has.
    FewDigits,
    /// A post-office box, where nobody can sign.
    PoBox,
    /// No house number in an address.
    HouseNumber,
    /// A number where a name belongs.
    NoLetters,
    /// Nobody who can sign.
    NoPerson,
    /// No card number.
    Luhn,
    /// Not as many digits as the card's CVV has, where its brand is known.
    Cvv(Option<usize>),
    /// No month.
    Month,
    /// No year.
    Year,
    /// Not the shape of a postal code in its country; an example of it.
    PostalCode(&'static str),
    /// One word where a first and a last name belong.
    TwoWords,
    /// No date.
    Date,
    /// A date that is written otherwise than expected.
    DateSpelling,
    /// A date outside this range.
    DateRange(Date, Date),
    /// No country.
    Country,
    /// Another row has the same.
    Twice,
    /// The card is past.
    PastMonth,
    /// The organization is not active.
    Inactive,
    /// The id of a verified contact where a user's belongs.
    ContactId,
    /// The user has no job title or telephone number.
    NoDetails,
    /// Nobody of the verified contacts of the organization; who they are.
    NotVerified(String),
    /// A verified contact of an organization that has none.
    NoneVerified,
    /// A number of years that the account does not offer; those that it does.
    Years(String),
    /// As far as known only one year can be ordered.
    YearsUnknown,
    /// The account does not offer an end date.
    NoCustomDate,
    /// No address that a key may be sent to.
    Address(HostError),
    /// No key of the API.
    ApiKey,
    /// No name for an account.
    AccountName,
    /// No name of a variable.
    Variable,
    /// No command: nothing, or a quotation mark that is not closed.
    Command,
    /// A path that does not begin at the root.
    AbsolutePath,
    /// No agreement.
    Consent,
    /// Fields that exclude each other.
    Conflict(Vec<Rival>),
    /// Several fields of which only some count: those, and all.
    Wins(Vec<Rival>, Vec<Rival>),
    /// A control character.
    Control,
    /// A character that cannot be seen.
    Unseen,
    /// Too few or too many rows: how many are allowed, and how many there are.
    Rows(Many, usize),
}

/// A field that shows one option of a mode, where another field shows another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rival {
    /// What it is called.
    pub label: &'static Words,
    /// Where it stands in the payload.
    pub pointer: String,
}

impl Form {
    /// All problems, in the order in which the fields are asked.
    pub fn problems(&self, context: &Context<'_>) -> Vec<Problem> {
        let mut found = Vec::new();
        for group in (0..self.product.groups.len()).map(GroupId) {
            self.row_count(group, &mut found);
            for place in self.places(group).filter(|at| self.visible(*at)) {
                found.extend(self.problem_at(place, context));
            }
        }
        if let Some(skeleton) = &self.skeleton {
            self.misplaced(&self.product.shape, skeleton, "", &mut found);
        }
        found
    }

    /// What is wrong with the value that one field has, apart from what is required of it.
    pub fn faults_at(&self, at: Place, context: &Context<'_>) -> Vec<Fault> {
        let field = &self.product[at.field];
        self.text_faults(field, self.text(at), at, context).into_iter().map(|breach| breach.fault).collect()
    }

    /// The problems of one field: an error, or its warnings.
    fn problem_at(&self, at: Place, context: &Context<'_>) -> Vec<Problem> {
        let mut faults = self.faults(at, context);
        faults.extend(rules::faults(self, at, context));
        if let Some(error) = faults.iter().position(|breach| breach.level == Level::Error) {
            faults = vec![faults.swap_remove(error)];
        }
        let problem = |Breach { level, fault, source }| Problem { target: Target::Field(at), level, fault, source };
        faults.into_iter().map(problem).collect()
    }

    fn faults(&self, at: Place, context: &Context<'_>) -> Vec<Breach> {
        let field = &self.product[at.field];
        if self.conflicts.contains(&at) {
            return vec![self.conflict(at, field)];
        }
        match self.values.get(&at) {
            _ if field.kind == Kind::Opaque => Vec::new(),
            Some(Held::Odd(doc)) => vec![odd(field, doc)],
            Some(Held::Text(text)) if !text.is_empty() => self.entered_faults(field, text, at, context),
            held => {
                let secret = self.secrets.get(&at);
                if let Some(secret) = secret.filter(|secret| !secret.is_empty()) {
                    return self.entered_faults(field, secret.expose(), at, context);
                }
                blank(field, held.is_some() || secret.is_some(), context.audience).into_iter().collect()
            }
        }
    }

    /// What is wrong with what was entered. Where nothing of it can be seen it is missing, and is sent all the same, so
    /// that what is certainly wrong with it still counts.
    fn entered_faults(&self, field: &'static Field, text: &str, at: Place, context: &Context<'_>) -> Vec<Breach> {
        let faults = self.text_faults(field, text, at, context);
        let missing = if text::is_blank(text) { blank(field, true, context.audience) } else { None };
        match missing {
            None => faults,
            Some(missing) => {
                let errors = faults.into_iter().filter(|breach| breach.level == Level::Error);
                std::iter::once(missing).chain(errors).collect()
            }
        }
    }

    fn text_faults(&self, field: &'static Field, text: &str, at: Place, context: &Context<'_>) -> Vec<Breach> {
        if let Some(fault) = basic(field, text) {
            return vec![Breach::plain(Level::Error, fault)];
        }
        let broken = |level: Level, ruling: &'static Ruling<Check>| {
            let fault = check::fault(self, &ruling.is, text, at, context)?;
            Some(Breach::of(&ruling.cite, level, fault))
        };
        if let Some(error) = field.checks.iter().find_map(|ruling| broken(Level::Error, ruling)) {
            return vec![error];
        }
        let warnings = field.advice.iter().filter_map(|ruling| broken(Level::Warning, ruling));
        let unseen = text.chars().any(text::is_hidden).then_some(Fault::Unseen);
        let other = field.fixed.as_ref().filter(|fixed| *fixed != text).map(|fixed| Fault::FixedCase(fixed.clone()));
        let plain = unseen.into_iter().chain(other).map(|fault| Breach::plain(Level::Warning, fault));
        warnings.chain(plain).collect()
    }

    fn conflict(&self, at: Place, field: &Field) -> Breach {
        match read::conflict(field) {
            Some(Conflict::FirstWins) => {
                let winner = field.option(self.text(at)).into_iter();
                let fault = Fault::Wins(self.rivals(at, winner), self.rivals(at, field.options.iter()));
                Breach::plain(Level::Warning, fault)
            }
            _ => Breach::plain(Level::Error, Fault::Conflict(self.rivals(at, field.options.iter()))),
        }
    }

    /// The fields that have a value and show one of these options of a mode.
    fn rivals<'o>(&self, at: Place, options: impl Iterator<Item = &'o Choice>) -> Vec<Rival> {
        let names: Vec<&String> = options.filter_map(|option| option.reads.as_ref()).flatten().collect();
        let fields = self.product.fields_of(self.product[at.field].group);
        let places = fields.map(|field| Place { field, ..at }).filter(|place| self.values.contains_key(place));
        let mut rivals: Vec<Rival> = Vec::new();
        for place in places {
            let field = &self.product[place.field];
            let reads = field.at.as_ref().is_some_and(|name| names.contains(&name));
            if let Some(pointer) = self.pointer(place).filter(|_| reads)
                && !rivals.iter().any(|known| known.pointer == pointer)
            {
                rivals.push(Rival { label: &field.label, pointer });
            }
        }
        rivals
    }

    fn row_count(&self, group: GroupId, found: &mut Vec<Problem>) {
        let count = self.rows(group).len();
        if let Some(many) = self.product[group].many
            && !(many.min..=many.max).contains(&count)
        {
            let level = if count == 0 { Level::Error } else { Level::Warning };
            found.push(Problem { target: Target::Group(group), level, fault: Fault::Rows(many, count), source: None });
        }
    }

    /// Where something else stands than the object or list that belongs there.
    fn misplaced(&self, shape: &Shape, skeleton: &Skeleton, path: &str, found: &mut Vec<Problem>) {
        for (name, slot) in skeleton {
            let path = format!("{path}/{name}");
            match (shape.member(name).map(|(_, member)| member), slot) {
                (Some(Member::Object(_)), Slot::Foreign(_)) => found.push(wrong_type(path, "object")),
                (Some(Member::List(..)), Slot::Foreign(_)) => found.push(wrong_type(path, "list")),
                (Some(Member::Object(shape)), Slot::Object(inner)) => {
                    self.misplaced(shape, inner, &path, found);
                }
                (Some(Member::List(group, _)), Slot::List) => self.misplaced_rows(*group, &path, found),
                _ => {}
            }
        }
    }

    fn misplaced_rows(&self, group: GroupId, path: &str, found: &mut Vec<Problem>) {
        for (index, row) in self.rows(group).iter().enumerate() {
            if matches!(self.row_skeletons.get(row), Some(Slot::Foreign(_))) {
                found.push(wrong_type(format!("{path}/{index}"), "object"));
            }
        }
    }

    /// The members that the form does not know, by pointer, each with what stands there.
    pub fn foreign(&self) -> Vec<(String, &Doc)> {
        let mut found = Vec::new();
        if let Some(skeleton) = &self.skeleton {
            self.foreign_in(&self.product.shape, skeleton, "", &mut found);
        }
        found
    }

    fn foreign_in<'a>(&'a self, shape: &Shape, skeleton: &'a Skeleton, path: &str, found: &mut Vec<(String, &'a Doc)>) {
        for (name, slot) in skeleton {
            let path = format!("{path}/{name}");
            match (shape.member(name).map(|(_, member)| member), slot) {
                (None, Slot::Foreign(doc)) => found.push((path, doc)),
                (Some(Member::Object(shape)), Slot::Object(inner)) => self.foreign_in(shape, inner, &path, found),
                (Some(Member::List(group, shape)), Slot::List) => self.foreign_rows(*group, shape, &path, found),
                _ => {}
            }
        }
    }

    fn foreign_rows<'a>(&'a self, group: GroupId, shape: &Shape, path: &str, found: &mut Vec<(String, &'a Doc)>) {
        for (index, row) in self.rows(group).iter().enumerate() {
            if let Some(Slot::Object(skeleton)) = self.row_skeletons.get(row) {
                self.foreign_in(shape, skeleton, &format!("{path}/{index}"), found);
            }
        }
    }
}

fn wrong_type(pointer: String, expected: &'static str) -> Problem {
    Problem { target: Target::Pointer(pointer), level: Level::Error, fault: Fault::Type(expected), source: None }
}

/// What is said of a field without a value.
fn blank(field: &Field, present: bool, audience: Audience) -> Option<Breach> {
    let missing = field.fixed.as_ref().or(field.default.as_ref());
    let fault = match (missing, field.blank) {
        (Some(value), _) if !present => Fault::Missing(value.clone()),
        (_, Blank::Send) if !present => Fault::Missing(String::new()),
        // It is meant to be blank as often as not.
        (_, Blank::Send) => return None,
        _ if field.kind == Kind::Consent => Fault::Consent,
        _ if field.required == Required::Advised => Fault::Advised,
        _ => Fault::Required,
    };
    match (field.required, audience) {
        (Required::Yes, Audience::Review) if field.secret.is_some() && !present => {
            Some(Breach::plain(Level::Warning, Fault::SecretLater))
        }
        (Required::Yes, _) | (Required::Asked, Audience::Wizard) => Some(Breach::plain(Level::Error, fault)),
        (Required::Advised, _) | (Required::Asked, Audience::Review) => Some(Breach::plain(Level::Warning, fault)),
        (Required::No, _) => None,
    }
}

/// What no product file has to say: control characters, fixed values, and whether the text is of the kind at all.
fn basic(field: &Field, text: &str) -> Option<Fault> {
    if text.chars().any(char::is_control) {
        return Some(Fault::Control);
    }
    if let Some(fixed) = &field.fixed {
        return (!text.eq_ignore_ascii_case(fixed)).then(|| Fault::Fixed(fixed.clone()));
    }
    match field.kind {
        Kind::Integer if !text.bytes().all(|b| b.is_ascii_digit()) => Some(Fault::Type("integer")),
        Kind::Consent if text != "true" => Some(Fault::Consent),
        Kind::Date if dates::readings(text).is_empty() => Some(Fault::Date),
        _ => None,
    }
}

/// What is said of something that the field cannot hold: a whole number that is too large, or of the wrong type.
fn odd(field: &'static Field, doc: &Doc) -> Breach {
    let whole = |text: &str| text.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit());
    let outside = match &doc.value {
        Value::Number(text) if field.kind == Kind::Integer && whole(text) => {
            let outside = |ruling: &'static Ruling<Check>| Some((check::outside(&ruling.is, text)?, &ruling.cite));
            field.checks.iter().find_map(outside)
        }
        _ => None,
    };
    match outside {
        Some((fault, source)) => Breach::of(source, Level::Error, fault),
        None => Breach::plain(Level::Error, Fault::Type(expected(field.kind))),
    }
}

/// What a field takes, as a word that the message is looked up by.
fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "integer",
        Kind::Bool | Kind::Consent => "bool",
        _ => "text",
    }
}
