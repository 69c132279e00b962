//! Validation: everything that is wrong or worth a look in a form, each once, at the place where it can be fixed.
//!
//! A field has at most one error: the first one found; its warnings count only if it has no error. The caller passes
//! in the date and what is known of the account in a [`ValidationContext`]. The messages are in `problem_text`.

use super::payload_tree::{PayloadSkeleton, SkeletonSlot};
use super::{FieldPlace, FieldValue, Form, cross_field_rules, dates, field_checks, payload_parse};
use crate::api_url::ApiUrlError;
use crate::domain::AccountData;
use crate::i18n::LocalizedText;
use crate::json::{JsonNode, JsonValue};
use crate::product::payload_shape::{PayloadMember, PayloadShape};
use crate::product::{
    BlankPolicy, Citation, Cited, Field, FieldOption, GroupId, ModeConflict, Requirement, RowLimits, Severity,
    ValueCheck, ValueKind,
};
use crate::text;
use jiff::civil::Date;

/// What the checks use besides the form.
#[derive(Debug, Clone, Copy)]
pub struct ValidationContext<'a> {
    /// Today, in UTC.
    pub today: Date,
    pub known: &'a AccountData,
    pub audience: Audience,
}

/// The reader of the problems. The wizard is stricter in one way: it requires the fields that are only known from
/// clients' code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// A person who fills in the form.
    Wizard,
    /// A review of an existing payload.
    Review,
}

/// Something wrong or worth a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub target: ProblemTarget,
    pub level: Severity,
    pub kind: ProblemKind,
    /// The citation of the violated check or rule, if it is one of the product file.
    pub source: Option<&'static Citation>,
}

pub(super) struct RuleViolation {
    pub(super) level: Severity,
    pub(super) fault: ProblemKind,
    /// As for a [`Problem`].
    pub(super) source: Option<&'static Citation>,
}

impl RuleViolation {
    /// A violation that is not of a check or rule of the product file.
    fn plain(level: Severity, fault: ProblemKind) -> Self {
        Self { level, fault, source: None }
    }

    /// A violation of a check or rule with this citation.
    pub(super) fn of(source: &'static Citation, level: Severity, fault: ProblemKind) -> Self {
        Self { level, fault, source: Some(source) }
    }
}

/// The place where a problem can be fixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemTarget {
    Field(FieldPlace),
    /// A list as a whole.
    Group(GroupId),
    /// Not a place of the form: this pointer of the parsed payload.
    Pointer(String),
}

/// The kind of a problem. The numbers and words are those of the message.
#[derive(Debug, Clone, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ProblemKind {
    /// Nothing was entered.
    Required,
    /// The payload rightly lacks a secret: it is asked for when the order is sent.
    SecretLater,
    /// Nothing was entered, which may be right.
    Advised,
    /// The payload lacks a member that zegel would send; the person can accept this value.
    Missing(String),
    /// The value is not this one, the only one allowed.
    Fixed(String),
    /// The value has a type that the field does not take; this is the expected type.
    Type(&'static str),
    /// More characters than allowed: the limit, and the actual number.
    TooLong(usize, usize),
    /// Several fields together have more characters than allowed: the limit, and the actual number.
    TotalTooLong(usize, usize),
    /// The only value allowed, but in another letter case.
    FixedCase(String),
    /// A number above this one, the largest expected.
    AtMost(u64),
    /// Not an integer from the first to the second.
    Range(u64, u64),
    /// Not an id: a whole number from 1.
    Id,
    /// None of these known words.
    OneOf(String),
    /// Not an e-mail address.
    Email,
    /// Not the shape of an e-mail address.
    EmailShape,
    /// Not a telephone number.
    Telephone,
    /// Fewer digits than a telephone number has.
    FewDigits,
    /// A post-office box, where nobody can sign.
    PoBox,
    /// An address without a house number.
    HouseNumber,
    /// A number where a name belongs.
    NoLetters,
    /// A department or an organization, which cannot sign.
    NoPerson,
    /// Not a card number.
    #[strum(serialize = "card_number")]
    Luhn,
    /// Not a CVV: the number of digits that it must have, if the brand of the card is known.
    Cvv(Option<usize>),
    /// Not a month.
    Month,
    /// Not a year.
    Year,
    /// Not the shape of a postal code in its country; with an example of the shape.
    PostalCode(&'static str),
    /// One word where a first and a last name belong.
    TwoWords,
    /// Not a date.
    Date,
    /// A date in another format than expected.
    DateSpelling,
    /// A date outside this range.
    DateRange(Date, Date),
    /// Not a country.
    Country,
    /// Another row has the same value.
    #[strum(serialize = "twice")]
    Duplicate,
    /// The card has expired.
    PastMonth,
    /// The organization is not active.
    Inactive,
    /// The id of a verified contact where a user id belongs.
    ContactId,
    /// The user has no job title or telephone number.
    NoDetails,
    /// Not a verified contact of the organization; with the names of those who are.
    NotVerified(String),
    /// The organization has no verified contacts.
    NoneVerified,
    /// A number of years that the account does not offer; with the numbers that it offers.
    Years(String),
    /// More than one year, while only one year is known to be offered.
    YearsUnknown,
    /// The account does not offer an end date.
    NoCustomDate,
    /// Not an address that an API key may be sent to.
    Address(ApiUrlError),
    /// Not an API key.
    ApiKey,
    /// Not a name for an account.
    AccountName,
    /// Not a name of an environment variable.
    Variable,
    /// Not a command: blank, or with a quotation mark that is not closed.
    Command,
    /// Not an absolute path.
    AbsolutePath,
    /// The agreement is not given.
    Consent,
    /// Fields that exclude each other.
    Conflict(Vec<ConflictingField>),
    /// Several fields of which only some count: those that count, and all.
    #[strum(serialize = "wins")]
    FirstOptionWins(Vec<ConflictingField>, Vec<ConflictingField>),
    #[strum(serialize = "control")]
    ControlCharacter,
    /// A character that cannot be seen.
    #[strum(serialize = "unseen")]
    HiddenCharacter,
    /// Too few or too many rows: the allowed numbers, and the actual number.
    Rows(RowLimits, usize),
}

/// A field that shows one option of a mode, while another field shows another option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictingField {
    pub label: &'static LocalizedText,
    pub pointer: String,
}

impl Form {
    /// Returns all problems, in the order in which the fields are asked.
    pub fn find_problems(&self, context: &ValidationContext<'_>) -> Vec<Problem> {
        let mut found = Vec::new();
        for group in (0..self.product.groups.len()).map(GroupId) {
            check_row_count(self, group, &mut found);
            for place in self.group_places(group).filter(|at| self.is_visible(*at)) {
                found.extend(find_place_problems(self, place, context));
            }
        }
        if let Some(skeleton) = &self.skeleton {
            check_member_types(self, &self.product.shape, skeleton, "", &mut found);
        }
        found
    }

    /// Returns the problems of the value of one field, apart from whether the field is required.
    pub fn problem_kinds_at(&self, at: FieldPlace, context: &ValidationContext<'_>) -> Vec<ProblemKind> {
        let field = &self.product[at.field];
        find_text_problems(self, field, self.text(at), at, context).into_iter().map(|breach| breach.fault).collect()
    }

    /// Returns the members that the form does not know, each with its pointer and value.
    pub fn foreign_members(&self) -> Vec<(String, &JsonNode)> {
        let mut found = Vec::new();
        if let Some(skeleton) = &self.skeleton {
            collect_foreign_members(self, &self.product.shape, skeleton, "", &mut found);
        }
        found
    }
}

/// Returns the problems of one field: an error, or its warnings.
fn find_place_problems(form: &Form, at: FieldPlace, context: &ValidationContext<'_>) -> Vec<Problem> {
    let mut faults = find_value_problems(form, at, context);
    faults.extend(cross_field_rules::find_rule_problems(form, at, context));
    if let Some(error) = faults.iter().position(|breach| breach.level == Severity::Error) {
        faults = vec![faults.swap_remove(error)];
    }
    let problem = |RuleViolation { level, fault, source }| Problem {
        target: ProblemTarget::Field(at),
        level,
        kind: fault,
        source,
    };
    faults.into_iter().map(problem).collect()
}

fn find_value_problems(form: &Form, at: FieldPlace, context: &ValidationContext<'_>) -> Vec<RuleViolation> {
    let field = &form.product[at.field];
    if form.mode_conflicts.contains(&at) {
        return vec![conflict_problem(form, at, field)];
    }
    match form.values.get(&at) {
        _ if field.kind == ValueKind::Opaque => Vec::new(),
        Some(FieldValue::RawJson(doc)) => vec![raw_json_problem(field, doc)],
        Some(FieldValue::Text(text)) if !text.is_empty() => find_entered_problems(form, field, text, at, context),
        held => {
            let secret = form.secrets.get(&at);
            if let Some(secret) = secret.filter(|secret| !secret.is_empty()) {
                return find_entered_problems(form, field, secret.expose(), at, context);
            }
            check_blank(field, held.is_some() || secret.is_some(), context.audience).into_iter().collect()
        }
    }
}

/// Returns the violations of an entered value. A value without any visible character counts as missing, but is
/// sent all the same, so its errors count too.
fn find_entered_problems(
    form: &Form,
    field: &'static Field,
    text: &str,
    at: FieldPlace,
    context: &ValidationContext<'_>,
) -> Vec<RuleViolation> {
    let faults = find_text_problems(form, field, text, at, context);
    let missing = if text::is_blank(text) { check_blank(field, true, context.audience) } else { None };
    match missing {
        None => faults,
        Some(missing) => {
            let errors = faults.into_iter().filter(|breach| breach.level == Severity::Error);
            std::iter::once(missing).chain(errors).collect()
        }
    }
}

fn find_text_problems(
    form: &Form,
    field: &'static Field,
    text: &str,
    at: FieldPlace,
    context: &ValidationContext<'_>,
) -> Vec<RuleViolation> {
    if let Some(fault) = check_basics(field, text) {
        return vec![RuleViolation::plain(Severity::Error, fault)];
    }
    let broken = |level: Severity, ruling: &'static Cited<ValueCheck>| {
        let fault = field_checks::run_check(form, &ruling.is, text, at, context)?;
        Some(RuleViolation::of(&ruling.cite, level, fault))
    };
    if let Some(error) = field.checks.iter().find_map(|ruling| broken(Severity::Error, ruling)) {
        return vec![error];
    }
    let warnings = field.advice.iter().filter_map(|ruling| broken(Severity::Warning, ruling));
    let unseen = text.chars().any(text::is_hidden).then_some(ProblemKind::HiddenCharacter);
    let other = field.fixed.filter(|fixed| *fixed != text).map(|fixed| ProblemKind::FixedCase(fixed.to_owned()));
    let plain = unseen.into_iter().chain(other).map(|fault| RuleViolation::plain(Severity::Warning, fault));
    warnings.chain(plain).collect()
}

fn conflict_problem(form: &Form, at: FieldPlace, field: &Field) -> RuleViolation {
    match payload_parse::mode_conflict(field) {
        Some(ModeConflict::FirstWins) => {
            let winner = field.find_option(form.text(at)).into_iter();
            let fault = ProblemKind::FirstOptionWins(rivals(form, at, winner), rivals(form, at, field.options.iter()));
            RuleViolation::plain(Severity::Warning, fault)
        }
        _ => RuleViolation::plain(Severity::Error, ProblemKind::Conflict(rivals(form, at, field.options.iter()))),
    }
}

/// Returns the fields that have a value and show one of these options of a mode.
fn rivals<'o>(form: &Form, at: FieldPlace, options: impl Iterator<Item = &'o FieldOption>) -> Vec<ConflictingField> {
    let names: Vec<&str> = options.filter_map(|option| option.reads).flatten().copied().collect();
    let fields = form.product.fields_of(form.product[at.field].group);
    let places = fields.map(|field| FieldPlace { field, ..at }).filter(|place| form.values.contains_key(place));
    let mut rivals: Vec<ConflictingField> = Vec::new();
    for place in places {
        let field = &form.product[place.field];
        let reads = field.at.is_some_and(|name| names.contains(&name));
        if let Some(pointer) = form.json_pointer(place).filter(|_| reads)
            && !rivals.iter().any(|known| known.pointer == pointer)
        {
            rivals.push(ConflictingField { label: &field.label, pointer });
        }
    }
    rivals
}

fn check_row_count(form: &Form, group: GroupId, found: &mut Vec<Problem>) {
    let count = form.rows(group).len();
    if let Some(many) = form.product[group].many
        && !(many.min..=many.max).contains(&count)
    {
        let level = if count == 0 { Severity::Error } else { Severity::Warning };
        found.push(Problem {
            target: ProblemTarget::Group(group),
            level,
            kind: ProblemKind::Rows(many, count),
            source: None,
        });
    }
}

/// Reports members that are not the object or list that belongs there.
fn check_member_types(
    form: &Form,
    shape: &PayloadShape,
    skeleton: &PayloadSkeleton,
    path: &str,
    found: &mut Vec<Problem>,
) {
    for (name, slot) in skeleton {
        let path = format!("{path}/{name}");
        match (shape.member(name).map(|(_, member)| member), slot) {
            (Some(PayloadMember::Object(_)), SkeletonSlot::Foreign(_)) => {
                found.push(wrong_type_problem(path, "object"));
            }
            (Some(PayloadMember::List(..)), SkeletonSlot::Foreign(_)) => {
                found.push(wrong_type_problem(path, "list"));
            }
            (Some(PayloadMember::Object(shape)), SkeletonSlot::Object(inner)) => {
                check_member_types(form, shape, inner, &path, found);
            }
            (Some(PayloadMember::List(group, _)), SkeletonSlot::List) => check_row_types(form, *group, &path, found),
            _ => {}
        }
    }
}

fn check_row_types(form: &Form, group: GroupId, path: &str, found: &mut Vec<Problem>) {
    for (index, row) in form.rows(group).iter().enumerate() {
        if matches!(form.row_skeletons.get(row), Some(SkeletonSlot::Foreign(_))) {
            found.push(wrong_type_problem(format!("{path}/{index}"), "object"));
        }
    }
}

fn collect_foreign_members<'a>(
    form: &'a Form,
    shape: &PayloadShape,
    skeleton: &'a PayloadSkeleton,
    path: &str,
    found: &mut Vec<(String, &'a JsonNode)>,
) {
    for (name, slot) in skeleton {
        let path = format!("{path}/{name}");
        match (shape.member(name).map(|(_, member)| member), slot) {
            (None, SkeletonSlot::Foreign(doc)) => found.push((path, doc)),
            (Some(PayloadMember::Object(shape)), SkeletonSlot::Object(inner)) => {
                collect_foreign_members(form, shape, inner, &path, found);
            }
            (Some(PayloadMember::List(group, shape)), SkeletonSlot::List) => {
                collect_foreign_in_rows(form, *group, shape, &path, found);
            }
            _ => {}
        }
    }
}

fn collect_foreign_in_rows<'a>(
    form: &'a Form,
    group: GroupId,
    shape: &PayloadShape,
    path: &str,
    found: &mut Vec<(String, &'a JsonNode)>,
) {
    for (index, row) in form.rows(group).iter().enumerate() {
        if let Some(SkeletonSlot::Object(skeleton)) = form.row_skeletons.get(row) {
            collect_foreign_members(form, shape, skeleton, &format!("{path}/{index}"), found);
        }
    }
}

fn wrong_type_problem(pointer: String, expected: &'static str) -> Problem {
    Problem {
        target: ProblemTarget::Pointer(pointer),
        level: Severity::Error,
        kind: ProblemKind::Type(expected),
        source: None,
    }
}

/// Returns the violation of a field without a value, if any.
fn check_blank(field: &Field, present: bool, audience: Audience) -> Option<RuleViolation> {
    let missing = field.fixed.or(field.default);
    let fault = match (missing, field.blank) {
        (Some(value), _) if !present => ProblemKind::Missing(value.to_owned()),
        (_, BlankPolicy::Send) if !present => ProblemKind::Missing(String::new()),
        // Such a field is rightly blank as often as not.
        (_, BlankPolicy::Send) => return None,
        _ if field.kind == ValueKind::Consent => ProblemKind::Consent,
        _ if field.required == Requirement::Advised => ProblemKind::Advised,
        _ => ProblemKind::Required,
    };
    match (field.required, audience) {
        (Requirement::Yes, Audience::Review) if field.secret.is_some() && !present => {
            Some(RuleViolation::plain(Severity::Warning, ProblemKind::SecretLater))
        }
        (Requirement::Yes, _) | (Requirement::Asked, Audience::Wizard) => {
            Some(RuleViolation::plain(Severity::Error, fault))
        }
        (Requirement::Advised, _) | (Requirement::Asked, Audience::Review) => {
            Some(RuleViolation::plain(Severity::Warning, fault))
        }
        (Requirement::No, _) => None,
    }
}

/// Checks what applies to every product: control characters, fixed values, and the kind of the value.
fn check_basics(field: &Field, text: &str) -> Option<ProblemKind> {
    if text.chars().any(char::is_control) {
        return Some(ProblemKind::ControlCharacter);
    }
    if let Some(fixed) = field.fixed {
        return (!text.eq_ignore_ascii_case(fixed)).then(|| ProblemKind::Fixed(fixed.to_owned()));
    }
    match field.kind {
        ValueKind::Integer if !text.bytes().all(|b| b.is_ascii_digit()) => Some(ProblemKind::Type("integer")),
        ValueKind::Consent if text != "true" => Some(ProblemKind::Consent),
        ValueKind::Date if dates::possible_dates(text).is_empty() => Some(ProblemKind::Date),
        _ => None,
    }
}

/// Returns the violation of a value that the field cannot hold: a whole number that is too large, or a wrong type.
fn raw_json_problem(field: &'static Field, doc: &JsonNode) -> RuleViolation {
    let whole = |text: &str| text.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit());
    let outside = match &doc.value {
        JsonValue::Number(text) if field.kind == ValueKind::Integer && whole(text) => {
            let outside = |ruling: &'static Cited<ValueCheck>| {
                Some((field_checks::check_raw_number(&ruling.is, text)?, &ruling.cite))
            };
            field.checks.iter().find_map(outside)
        }
        _ => None,
    };
    match outside {
        Some((fault, source)) => RuleViolation::of(source, Severity::Error, fault),
        None => RuleViolation::plain(Severity::Error, ProblemKind::Type(expected_type(field.kind))),
    }
}

/// Returns the type that a field takes, as a word that selects the message.
fn expected_type(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Integer => "integer",
        ValueKind::Bool | ValueKind::Consent => "bool",
        _ => "text",
    }
}
