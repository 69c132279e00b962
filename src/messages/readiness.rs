//! Messages about what a key may do and whether an order can be placed: the words of Home, of the key test during
//! account setup, and of `zegel doctor`. The findings decide what a fact means; here are only the words.

use super::MessageWriter;
use crate::account::readiness::{Fact, Finding, FindingSeverity};
use crate::domain::{
    AccountResource, ApiError, Balance, CurrentUser, Division, ListName, OrderRow, Organization, Page, Person, Role,
    Validation,
};
use crate::i18n::{TextId, texts, with};
use crate::tone::Tone;

/// The access roles, ordered by their ids, with the vendor's names (certcentral-api.md 1.2).
const ROLE_NAMES: [&str; 5] = ["Administrator", "Limited user", "Finance manager", "Manager", "Standard user"];

/// The id of a text, and its value.
pub(crate) type TextWithValue = (TextId, Option<(&'static str, String)>);

impl MessageWriter<'_> {
    /// Returns a finding as Home shows it: its result in a few words, and what it means and what to do. `title` is the
    /// id of the name of what was checked.
    pub fn readiness_text(&self, title: TextId, finding: &Finding<'_>) -> (Tone, String, Vec<String>) {
        let (symbol, tone) = match finding.0 {
            FindingSeverity::Good | FindingSeverity::Limited => ('✓', Tone::Good),
            FindingSeverity::Warning | FindingSeverity::Blocking => ('!', Tone::Warning),
            FindingSeverity::Unknown => ('?', Tone::Note),
            FindingSeverity::Loading => ('…', Tone::Dim),
        };
        let (result, details) = self.readiness_words(title, finding);
        (tone, format!("{symbol} {}: {result}", self.lang.text(title)), details)
    }

    fn readiness_words(&self, title: TextId, (severity, fact): &Finding<'_>) -> (String, Vec<String>) {
        let text = |id| self.lang.text(id).to_owned();
        match fact {
            Fact::Loading => (text(texts::ready::ASKING), vec![]),
            Fact::NotPermitted(failure) => (text(texts::ready::NOT_PERMITTED), vec![self.failure_text(failure)]),
            Fact::Failed(failure) => (text(texts::ready::NOT_TOLD), vec![self.failure_text(failure)]),
            Fact::User(user) => self.user_words(*severity, user),
            Fact::NarrowKey(failure) => {
                (text(texts::ready::KEY_NARROW), vec![text(texts::ready::KEY_NARROW_MEANS), self.failure_text(failure)])
            }
            Fact::Roles(roles) => self.role_words(*severity, roles),
            Fact::NoRoles => (text(texts::ready::NOT_TOLD), vec![text(texts::ready::VIEW_ONLY)]),
            Fact::Product([]) => (text(texts::ready::PRODUCT_SOLD), vec![]),
            Fact::Product(years) => (self.format(texts::ready::PRODUCT_YEARS, with::Years(&join_years(years))), vec![]),
            Fact::ProductMissing(failure) => (
                text(texts::ready::PRODUCT_MISSING),
                vec![text(texts::ready::PRODUCT_MISSING_DO), self.failure_text(failure)],
            ),
            Fact::NoOrganization => {
                let id = if title == texts::ready::ORGANIZATION {
                    texts::ready::UNCHOSEN
                } else {
                    texts::ready::UNCHOSEN_ORG
                };
                (text(id), vec![text(texts::ready::UNCHOSEN_DO)])
            }
            Fact::Inactive(found) => (self.inactive_text(found), vec![text(texts::ready::INACTIVE_DO)]),
            Fact::Validations { id, organization, validations, ends_soon } => {
                let advice = if *ends_soon { texts::ready::VALIDATION_ENDS } else { texts::ready::VALIDATION_LACKS };
                let advice = (*severity == FindingSeverity::Warning).then(|| text(advice));
                let details = advice.into_iter().chain([text(texts::ready::VALIDATION_TYPES)]).collect();
                (self.validations_text(*id, *organization, validations), details)
            }
            Fact::Contacts { count: 0, .. } => {
                (text(texts::ready::CONTACT_NONE), vec![text(texts::ready::CONTACT_NONE_DO)])
            }
            Fact::Contacts { organization, count, unverified } => {
                let details = unverified
                    .iter()
                    .map(|message| format!("{} {message}", text(texts::ready::CONTACT_OTHER)))
                    .collect();
                (self.contacts_text(organization, *count), details)
            }
            Fact::AmbiguousPayer => (text(texts::ready::FUNDS_UNCLEAR), vec![text(texts::page::FUNDS_UNCLEAR)]),
            Fact::Funds(balance, _) if !balance.has_amount() => {
                (text(texts::ready::NOT_TOLD), vec![text(texts::page::FUNDS_UNKNOWN)])
            }
            Fact::Funds(balance, division) => {
                let advice = (*severity == FindingSeverity::Warning).then(|| text(texts::ready::FUNDS_DO));
                let inferred = division.as_ref().map(|_| text(texts::ready::FUNDS_DIVISION));
                let details = advice.into_iter().chain(inferred).chain([text(texts::confirm::PRICE)]).collect();
                (self.funds_text(balance, division.as_ref()), details)
            }
            Fact::OpenOrders(rows, page) => self.open_orders_words(rows, page),
            Fact::Account(account) => (account.organization.clone(), vec![]),
            Fact::ListAllowed => (String::new(), vec![]),
        }
    }

    fn user_words(&self, severity: FindingSeverity, user: &CurrentUser) -> (String, Vec<String>) {
        let who = user.name_or_id();
        let with_status = |id: TextId<(with::Status<'_>, with::Who<'_>)>| {
            let status = self.status_word(texts::state_word::find, &user.status);
            let result = self.format(id, (with::Who(&who), with::Status(&status)));
            (result, vec![self.text(texts::ready::USER_STATUS_DO).to_owned()])
        };
        match severity {
            FindingSeverity::Good => {
                let account = user.account_id;
                let account = account.map(|id| self.format(texts::ready::KEY_ACCOUNT, with::Id(&id)));
                (self.format(texts::ready::KEY_WORKS, with::Who(&who)), account.into_iter().collect())
            }
            FindingSeverity::Warning => with_status(texts::ready::USER_STATUS),
            _ => with_status(texts::ready::USER_WORD),
        }
    }

    fn role_words(&self, severity: FindingSeverity, roles: &[Role]) -> (String, Vec<String>) {
        let with_roles = |id: TextId<with::Role<'_>>| self.format(id, with::Role(&join_roles(roles)));
        let (result, advice) = match severity {
            FindingSeverity::Good => (with_roles(texts::ready::ROLE_ORDERS), None),
            FindingSeverity::Warning => (with_roles(texts::ready::ROLE_WAITS), Some(texts::ready::ROLE_WAITS_DO)),
            _ if roles.is_empty() => {
                (self.text(texts::ready::NOT_TOLD).to_owned(), Some(texts::ready::ROLE_UNCLEAR_DO))
            }
            _ => (with_roles(texts::ready::ROLE_UNCLEAR), Some(texts::ready::ROLE_UNCLEAR_DO)),
        };
        let details = advice.into_iter().chain([texts::ready::VIEW_ONLY]).map(|id| self.lang.text(id).to_owned());
        (result, details.collect())
    }

    fn inactive_text(&self, found: &Organization) -> String {
        if matches!(found.status.as_str(), "" | "inactive") {
            return self.format(texts::ready::INACTIVE, with::Name(&found.name));
        }
        let status = self.status_word(texts::state_word::find, &found.status);
        self.format(texts::ready::INACTIVE_WORD, (with::Name(&found.name), with::Status(&status)))
    }

    fn validations_text(&self, id: u64, organization: Option<&Organization>, validations: &[Validation]) -> String {
        let name = match organization {
            Some(found) if found.has_unknown_status() => {
                let status = self.status_word(texts::state_word::find, &found.status);
                self.format(texts::ready::ORGANIZATION_STATUS, (with::Name(&found.name), with::Status(&status)))
            }
            Some(found) => found.name.clone(),
            None => id.to_string(),
        };
        if validations.is_empty() {
            return self.format(texts::ready::VALIDATION_NONE, with::Name(&name));
        }
        let validations = validations.iter().map(|one| self.validation_text(one));
        [name].into_iter().chain(validations).collect::<Vec<_>>().join(" · ")
    }

    /// Returns "OV active until 2 Jan 2028".
    fn validation_text(&self, one: &Validation) -> String {
        let kind = one.title();
        let status = self.status_word(texts::validation_word::find, &one.status);
        let Some(day) = one.end_date().map(|day| self.lang.format_date(day)) else {
            return format!("{kind} {status}").trim_end().to_owned();
        };
        let id = match one.is_valid() {
            Some(_) if one.status == "expired" => texts::ready::VALIDATION_SINCE,
            Some(_) => texts::ready::VALIDATION_UNTIL,
            None => return format!("{kind} {status} {day}"),
        };
        self.format(id, (with::Kind(&kind), with::Status(&status), with::Day(&day)))
    }

    fn contacts_text(&self, organization: &Organization, count: usize) -> String {
        let people = organization.verified_people.iter().flatten().map(Person::short_name);
        let names = people.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ");
        let count = self.lang.format_count(count);
        if names.is_empty() {
            self.format(texts::ready::CONTACT_KNOWN, with::Count(&count))
        } else {
            self.format(texts::ready::CONTACT_NAMED, (with::Count(&count), with::Names(&names)))
        }
    }

    /// Returns the available funds, or else the balance, and the division that pays.
    fn funds_text(&self, balance: &Balance, division: Option<&Division>) -> String {
        let (id, amount) = match (balance.unlimited, balance.available.is_empty()) {
            (true, _) => (texts::ready::FUNDS_UNLIMITED, &balance.balance),
            (false, false) => (texts::ready::FUNDS_TOLD, &balance.available),
            (false, true) => (texts::ready::FUNDS_BALANCE, &balance.balance),
        };
        let funds = self.format(id, with::Amount(&self.lang.format_amount(amount, &balance.currency)));
        match division {
            Some(division) => {
                self.format(texts::ready::FUNDS_IN, (with::Funds(&funds), with::Division(&division.label())))
            }
            None => funds,
        }
    }

    fn open_orders_words(&self, rows: &[&OrderRow], page: &Page<OrderRow>) -> (String, Vec<String>) {
        let mut details: Vec<String> = rows.iter().map(|row| self.open_order_text(row)).collect();
        let result = match rows.len() {
            0 => self.text(texts::ready::SIMILAR_NONE).to_owned(),
            1 => details.remove(0),
            count => {
                let count = self.lang.format_count(count - 1);
                self.format(texts::ready::SIMILAR_MORE, (with::One(&details.remove(0)), with::Count(&count)))
            }
        };
        if !rows.is_empty() {
            details.push(self.text(texts::ready::SIMILAR_DO).to_owned());
        }
        let tally = page.tally();
        if let Some(gap) = tally.gap() {
            details.push(self.list_gap_sentence(ListName::Orders, gap));
        } else if !tally.is_ended() {
            let count = self.lang.format_count(page.received);
            details.push(self.format(texts::ready::SIMILAR_NEWEST, with::Count(&count)));
        }
        (result, details)
    }

    fn open_order_text(&self, row: &OrderRow) -> String {
        let (id, status) = (row.id.to_string(), self.status_word(texts::order_word::find, &row.status));
        let day = self.lang.format_reported_day(&row.date_created);
        let text = self.format(texts::ready::SIMILAR_OPEN, (with::Id(&id), with::Status(&status), with::Day(&day)));
        text.trim_end_matches([' ', '·']).to_owned()
    }

    /// Returns what the test of a key found at one resource.
    pub fn key_test_line(&self, want: AccountResource, finding: &Finding<'_>) -> (Tone, String) {
        let (symbol, tone) = match finding.0 {
            FindingSeverity::Good => ('✓', Tone::Good),
            FindingSeverity::Warning => ('!', Tone::Warning),
            FindingSeverity::Blocking => ('✗', Tone::Error),
            FindingSeverity::Limited | FindingSeverity::Unknown => ('?', Tone::Warning),
            FindingSeverity::Loading => ('·', Tone::Dim),
        };
        (tone, format!("{symbol} {}", self.key_test_words(want, &finding.1)))
    }

    fn key_test_words(&self, want: AccountResource, fact: &Fact<'_>) -> String {
        let because = |id: TextId<with::Why<'_>>, why: &ApiError| self.format(id, with::Why(&self.failure_text(why)));
        match (fact, list_text_ids(want)) {
            (Fact::User(user), _) => self.key_user_text(user),
            (Fact::Account(account), _) => {
                let id = account.id.to_string();
                let text =
                    self.format(texts::setup::ACCOUNT, (with::Id(&id), with::Organization(&account.organization)));
                text.trim_end().trim_end_matches(':').to_owned()
            }
            (Fact::Product([]), _) => self.text(texts::setup::PRODUCT).to_owned(),
            (Fact::Product(years), _) => self.format(texts::setup::PRODUCT_YEARS, with::Years(&join_years(years))),
            (Fact::ProductMissing(why), _) => because(texts::setup::NO_PRODUCT, why),
            (Fact::NotPermitted(_), Some((name, closed))) => self.format(closed, with::What(&self.lang.text(name))),
            (Fact::Failed(why) | Fact::NarrowKey(why), Some((name, _))) => {
                let why = self.failure_text(why);
                self.format(texts::setup::NOT_TOLD, (with::What(&self.lang.text(name)), with::Why(&why)))
            }
            (Fact::NotPermitted(why) | Fact::Failed(why) | Fact::NarrowKey(why), None) => match want {
                AccountResource::Account => because(texts::setup::NO_ACCOUNT, why),
                AccountResource::Product => because(texts::setup::UNKNOWN_PRODUCT, why),
                _ => because(texts::setup::NO_ME, why),
            },
            (_, Some((name, _))) => self.lang.text(name).to_owned(),
            (_, None) => self.text(texts::setup::ASKING).to_owned(),
        }
    }

    fn key_user_text(&self, user: &CurrentUser) -> String {
        let (name, id, roles) = (user.name_or_id(), user.user_id.to_string(), join_roles(&user.roles));
        if roles.is_empty() {
            return self.format(texts::setup::ME, (with::Name(&name), with::Id(&id)));
        }
        self.format(texts::setup::ME_WITH_ROLES, (with::Name(&name), with::Id(&id), with::Roles(&roles)))
    }

    /// Returns a finding for `zegel doctor`, whose output anyone may read: without amounts and words of the server.
    pub fn doctor_text(&self, (severity, fact): &Finding<'_>) -> TextWithValue {
        match fact {
            Fact::User(_) if *severity == FindingSeverity::Good => (texts::doctor::API_IS, None),
            Fact::User(_) => (texts::doctor::API_USER, None),
            Fact::NarrowKey(_) => (texts::doctor::API_NARROW, None),
            Fact::NotPermitted(_) => (texts::doctor::NOT_ALLOWED, None),
            Fact::Failed(why) if why.is_unknown_key() => {
                (texts::doctor::API_KEY.unfilled(), Some(("host", self.host.to_owned())))
            }
            Fact::Failed(why) => (texts::doctor::API_FAILED.unfilled(), Some(("why", self.private_failure_text(why)))),
            Fact::Roles(roles) => doctor_role_text(*severity, roles),
            Fact::NoRoles => (texts::doctor::ROLE_UNKNOWN, None),
            Fact::Product([]) => (texts::doctor::PRODUCT_IS.unfilled(), None),
            Fact::Product(years) => (texts::doctor::PRODUCT_YEARS.unfilled(), Some(("years", join_years(years)))),
            Fact::ProductMissing(_) => (texts::doctor::PRODUCT_MISSING.unfilled(), None),
            Fact::AmbiguousPayer => (texts::page::FUNDS_UNCLEAR, None),
            Fact::Funds(balance, _) => match severity {
                FindingSeverity::Good if balance.unlimited => (texts::doctor::FUNDS_UNLIMITED, None),
                FindingSeverity::Good => (texts::doctor::FUNDS_ARE, None),
                FindingSeverity::Warning => (texts::doctor::FUNDS_NONE, None),
                _ => (texts::doctor::FUNDS_UNKNOWN, None),
            },
            // The command asks for nothing else.
            _ => (texts::doctor::NOT_ASKED, None),
        }
    }

    /// Returns why a request failed. The server's own words may repeat what was sent, and name people.
    fn private_failure_text(&self, failure: &ApiError) -> String {
        match failure {
            ApiError::Refused { status, .. } => {
                self.failure_text(&ApiError::Refused { status: *status, errors: Vec::new(), excerpt: String::new() })
            }
            ApiError::Unreadable(why, _) => self.failure_text(&why.clone().into()),
            other => self.failure_text(other),
        }
    }
}

fn doctor_role_text(severity: FindingSeverity, roles: &[Role]) -> TextWithValue {
    let name = |id: u64| {
        let known = usize::try_from(id).ok().and_then(|id| ROLE_NAMES.get(id.checked_sub(1)?));
        known.map_or_else(|| id.to_string(), |name| (*name).to_owned())
    };
    let names: Vec<_> = roles.iter().filter_map(|role| role.id).map(name).collect();
    let id = match severity {
        _ if names.is_empty() => return (texts::doctor::ROLE_UNKNOWN, None),
        FindingSeverity::Good => texts::doctor::ROLE_APPROVES,
        FindingSeverity::Warning => texts::doctor::ROLE_WAITS,
        _ => texts::doctor::ROLE_UNCLEAR,
    };
    (id.unfilled(), Some(("roles", names.join(", "))))
}

/// Returns the name of a list, and the text that says what it means that the key does not open it; None if it is no
/// list.
fn list_text_ids(want: AccountResource) -> Option<(TextId, TextId<with::What<'static>>)> {
    Some(match want {
        AccountResource::Organizations => (texts::setup::DOOR_ORGANIZATIONS, texts::setup::CLOSED),
        AccountResource::Approvers => (texts::setup::DOOR_APPROVERS, texts::setup::CLOSED),
        AccountResource::Users => (texts::setup::DOOR_USERS, texts::setup::CLOSED),
        AccountResource::Orders(_) => (texts::setup::DOOR_ORDERS, texts::setup::CLOSED_ORDERS),
        AccountResource::Balance(_) => (texts::setup::DOOR_BALANCE, texts::setup::CLOSED_MONEY),
        AccountResource::Profiles => (texts::setup::DOOR_PROFILES, texts::setup::CLOSED_MONEY),
        _ => return None,
    })
}

/// Returns the names of the roles, or else their ids.
fn join_roles(roles: &[Role]) -> String {
    let name = |role: &Role| match (role.name.as_str(), role.id) {
        ("", Some(id)) => id.to_string(),
        (name, _) => name.to_owned(),
    };
    roles.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn join_years(years: &[u32]) -> String {
    years.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}
