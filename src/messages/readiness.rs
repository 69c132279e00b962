//! Messages about what a key may do and whether an order can be placed: the words of Home, of the key test during
//! account setup, and of `zegel doctor`. The findings decide what a fact means; here are only the words.

use super::MessageWriter;
use crate::account::readiness::{Fact, Finding, FindingSeverity};
use crate::domain::{
    AccountResource, ApiError, Balance, CurrentUser, Division, ListName, OrderRow, Organization, Page, Person, Role,
    Validation,
};
use crate::tone::Tone;

/// The access roles, ordered by their ids, with the vendor's names (certcentral-api.md 1.2).
const ROLE_NAMES: [&str; 5] = ["Administrator", "Limited user", "Finance manager", "Manager", "Standard user"];

/// The id of a text, and its value.
pub(crate) type TextWithValue = (&'static str, Option<(&'static str, String)>);

impl MessageWriter<'_> {
    /// Returns a finding as Home shows it: its result in a few words, and what it means and what to do. `title` is the
    /// id of the name of what was checked.
    pub fn readiness_text(&self, title: &str, finding: &Finding<'_>) -> (Tone, String, Vec<String>) {
        let (symbol, tone) = match finding.0 {
            FindingSeverity::Good | FindingSeverity::Limited => ('✓', Tone::Good),
            FindingSeverity::Warning | FindingSeverity::Blocking => ('!', Tone::Warning),
            FindingSeverity::Unknown => ('?', Tone::Note),
            FindingSeverity::Loading => ('…', Tone::Dim),
        };
        let (result, details) = self.readiness_words(title, finding);
        (tone, format!("{symbol} {}: {result}", self.lang.text(title)), details)
    }

    fn readiness_words(&self, title: &str, (severity, fact): &Finding<'_>) -> (String, Vec<String>) {
        let text = |id| self.lang.text(id).to_owned();
        match fact {
            Fact::Loading => (text("ready.asking"), vec![]),
            Fact::NotPermitted(failure) => (text("ready.not_permitted"), vec![self.failure_text(failure)]),
            Fact::Failed(failure) => (text("ready.not_told"), vec![self.failure_text(failure)]),
            Fact::User(user) => self.user_words(*severity, user),
            Fact::NarrowKey(failure) => {
                (text("ready.key_narrow"), vec![text("ready.key_narrow_means"), self.failure_text(failure)])
            }
            Fact::Roles(roles) => self.role_words(*severity, roles),
            Fact::NoRoles => (text("ready.not_told"), vec![text("ready.view_only")]),
            Fact::Product([]) => (text("ready.product_sold"), vec![]),
            Fact::Product(years) => (self.format_text("ready.product_years", &[("years", &join_years(years))]), vec![]),
            Fact::ProductMissing(failure) => {
                (text("ready.product_missing"), vec![text("ready.product_missing_do"), self.failure_text(failure)])
            }
            Fact::NoOrganization => {
                let id = if title == "ready.organization" { "ready.unchosen" } else { "ready.unchosen_org" };
                (text(id), vec![text("ready.unchosen_do")])
            }
            Fact::Inactive(found) => (self.inactive_text(found), vec![text("ready.inactive_do")]),
            Fact::Validations { id, organization, validations, ends_soon } => {
                let advice = if *ends_soon { "ready.validation_ends" } else { "ready.validation_lacks" };
                let advice = (*severity == FindingSeverity::Warning).then(|| text(advice));
                let details = advice.into_iter().chain([text("ready.validation_types")]).collect();
                (self.validations_text(*id, *organization, validations), details)
            }
            Fact::Contacts { count: 0, .. } => (text("ready.contact_none"), vec![text("ready.contact_none_do")]),
            Fact::Contacts { organization, count, unverified } => {
                let details = unverified.iter().map(|said| format!("{} {said}", text("ready.contact_other"))).collect();
                (self.contacts_text(organization, *count), details)
            }
            Fact::AmbiguousPayer => (text("ready.funds_unclear"), vec![text("page.funds_unclear")]),
            Fact::Funds(balance, _) if !balance.has_amount() => {
                (text("ready.not_told"), vec![text("page.funds_unknown")])
            }
            Fact::Funds(balance, division) => {
                let advice = (*severity == FindingSeverity::Warning).then(|| text("ready.funds_do"));
                let inferred = division.as_ref().map(|_| text("ready.funds_division"));
                let details = advice.into_iter().chain(inferred).chain([text("confirm.price")]).collect();
                (self.funds_text(balance, division.as_ref()), details)
            }
            Fact::OpenOrders(rows, page) => self.open_orders_words(rows, page),
            Fact::Account(account) => (account.organization.clone(), vec![]),
            Fact::ListAllowed => (String::new(), vec![]),
        }
    }

    fn user_words(&self, severity: FindingSeverity, user: &CurrentUser) -> (String, Vec<String>) {
        let who = user.name_or_id();
        let with_status = |id: &'static str| {
            let status = self.status_word("state_word.", &user.status);
            let result = self.format_text(id, &[("who", &who), ("status", &status)]);
            (result, vec![self.text("ready.user_status_do").to_owned()])
        };
        match severity {
            FindingSeverity::Good => {
                let account = user.account_id;
                let account = account.map(|id| self.format_text("ready.key_account", &[("id", &id.to_string())]));
                (self.format_text("ready.key_works", &[("who", &who)]), account.into_iter().collect())
            }
            FindingSeverity::Warning => with_status("ready.user_status"),
            _ => with_status("ready.user_word"),
        }
    }

    fn role_words(&self, severity: FindingSeverity, roles: &[Role]) -> (String, Vec<String>) {
        let with_roles = |id: &'static str| self.format_text(id, &[("role", &join_roles(roles))]);
        let (result, advice) = match severity {
            FindingSeverity::Good => (with_roles("ready.role_orders"), None),
            FindingSeverity::Warning => (with_roles("ready.role_waits"), Some("ready.role_waits_do")),
            _ if roles.is_empty() => (self.text("ready.not_told").to_owned(), Some("ready.role_unclear_do")),
            _ => (with_roles("ready.role_unclear"), Some("ready.role_unclear_do")),
        };
        let details = advice.into_iter().chain(["ready.view_only"]).map(|id| self.lang.text(id).to_owned());
        (result, details.collect())
    }

    fn inactive_text(&self, found: &Organization) -> String {
        if matches!(found.status.as_str(), "" | "inactive") {
            return self.format_text("ready.inactive", &[("name", &found.name)]);
        }
        let status = self.status_word("state_word.", &found.status);
        self.format_text("ready.inactive_word", &[("name", &found.name), ("status", &status)])
    }

    fn validations_text(&self, id: u64, organization: Option<&Organization>, validations: &[Validation]) -> String {
        let name = match organization {
            Some(found) if found.has_unknown_status() => {
                let status = self.status_word("state_word.", &found.status);
                self.format_text("ready.organization_status", &[("name", &found.name), ("status", &status)])
            }
            Some(found) => found.name.clone(),
            None => id.to_string(),
        };
        if validations.is_empty() {
            return self.format_text("ready.validation_none", &[("name", &name)]);
        }
        let validations = validations.iter().map(|one| self.validation_text(one));
        [name].into_iter().chain(validations).collect::<Vec<_>>().join(" · ")
    }

    /// Returns "OV active until 2 Jan 2028".
    fn validation_text(&self, one: &Validation) -> String {
        let kind = one.title();
        let status = self.status_word("validation_word.", &one.status);
        let Some(day) = one.end_date().map(|day| self.lang.format_date(day)) else {
            return format!("{kind} {status}").trim_end().to_owned();
        };
        let id = match one.is_valid() {
            Some(_) if one.status == "expired" => "ready.validation_since",
            Some(_) => "ready.validation_until",
            None => return format!("{kind} {status} {day}"),
        };
        self.format_text(id, &[("kind", kind), ("status", &status), ("day", &day)])
    }

    fn contacts_text(&self, organization: &Organization, count: usize) -> String {
        let people = organization.verified_people.iter().flatten().map(Person::short_name);
        let names = people.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ");
        let count = self.lang.format_count(count);
        if names.is_empty() {
            self.format_text("ready.contact_known", &[("count", &count)])
        } else {
            self.format_text("ready.contact_named", &[("count", &count), ("names", &names)])
        }
    }

    /// Returns the available funds, or else the balance, and the division that pays.
    fn funds_text(&self, balance: &Balance, division: Option<&Division>) -> String {
        let (id, amount) = match (balance.unlimited, balance.available.is_empty()) {
            (true, _) => ("ready.funds_unlimited", &balance.balance),
            (false, false) => ("ready.funds_told", &balance.available),
            (false, true) => ("ready.funds_balance", &balance.balance),
        };
        let funds = self.format_text(id, &[("amount", &self.lang.format_amount(amount, &balance.currency))]);
        match division {
            Some(division) => self.format_text("ready.funds_in", &[("funds", &funds), ("division", &division.label())]),
            None => funds,
        }
    }

    fn open_orders_words(&self, rows: &[&OrderRow], page: &Page<OrderRow>) -> (String, Vec<String>) {
        let mut details: Vec<String> = rows.iter().map(|row| self.open_order_text(row)).collect();
        let result = match rows.len() {
            0 => self.text("ready.similar_none").to_owned(),
            1 => details.remove(0),
            count => {
                let count = self.lang.format_count(count - 1);
                self.format_text("ready.similar_more", &[("one", &details.remove(0)), ("count", &count)])
            }
        };
        if !rows.is_empty() {
            details.push(self.text("ready.similar_do").to_owned());
        }
        let tally = page.tally();
        if let Some(gap) = tally.gap() {
            details.push(self.list_gap_sentence(ListName::Orders, gap));
        } else if !tally.is_ended() {
            let count = self.lang.format_count(page.received);
            details.push(self.format_text("ready.similar_newest", &[("count", &count)]));
        }
        (result, details)
    }

    fn open_order_text(&self, row: &OrderRow) -> String {
        let (id, status) = (row.id.to_string(), self.status_word("order_word.", &row.status));
        let day = self.lang.format_reported_day(&row.date_created);
        let text = self.format_text("ready.similar_open", &[("id", &id), ("status", &status), ("day", &day)]);
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
        let because = |id: &'static str, why: &ApiError| self.format_text(id, &[("why", &self.failure_text(why))]);
        match (fact, list_text_ids(want)) {
            (Fact::User(user), _) => self.key_user_text(user),
            (Fact::Account(account), _) => {
                let id = account.id.to_string();
                let text = self.format_text("setup.account", &[("id", &id), ("organization", &account.organization)]);
                text.trim_end().trim_end_matches(':').to_owned()
            }
            (Fact::Product([]), _) => self.text("setup.product").to_owned(),
            (Fact::Product(years), _) => self.format_text("setup.product_years", &[("years", &join_years(years))]),
            (Fact::ProductMissing(why), _) => because("setup.no_product", why),
            (Fact::NotPermitted(_), Some((name, closed))) => {
                self.format_text(closed, &[("what", self.lang.text(name))])
            }
            (Fact::Failed(why) | Fact::NarrowKey(why), Some((name, _))) => {
                let why = self.failure_text(why);
                self.format_text("setup.not_told", &[("what", self.lang.text(name)), ("why", &why)])
            }
            (Fact::NotPermitted(why) | Fact::Failed(why) | Fact::NarrowKey(why), None) => match want {
                AccountResource::Account => because("setup.no_account", why),
                AccountResource::Product => because("setup.unknown_product", why),
                _ => because("setup.no_me", why),
            },
            (_, Some((name, _))) => self.lang.text(name).to_owned(),
            (_, None) => self.text("setup.asking").to_owned(),
        }
    }

    fn key_user_text(&self, user: &CurrentUser) -> String {
        let (name, id, roles) = (user.name_or_id(), user.user_id.to_string(), join_roles(&user.roles));
        if roles.is_empty() {
            return self.format_text("setup.me", &[("name", &name), ("id", &id)]);
        }
        self.format_text("setup.me_with_roles", &[("name", &name), ("id", &id), ("roles", &roles)])
    }

    /// Returns a finding for `zegel doctor`, whose output anyone may read: without amounts and words of the server.
    pub fn doctor_text(&self, (severity, fact): &Finding<'_>) -> TextWithValue {
        match fact {
            Fact::User(_) if *severity == FindingSeverity::Good => ("doctor.api_is", None),
            Fact::User(_) => ("doctor.api_user", None),
            Fact::NarrowKey(_) => ("doctor.api_narrow", None),
            Fact::NotPermitted(_) => ("doctor.not_allowed", None),
            Fact::Failed(why) if why.is_unknown_key() => ("doctor.api_key", Some(("host", self.host.to_owned()))),
            Fact::Failed(why) => ("doctor.api_failed", Some(("why", self.private_failure_text(why)))),
            Fact::Roles(roles) => doctor_role_text(*severity, roles),
            Fact::NoRoles => ("doctor.role_unknown", None),
            Fact::Product([]) => ("doctor.product_is", None),
            Fact::Product(years) => ("doctor.product_years", Some(("years", join_years(years)))),
            Fact::ProductMissing(_) => ("doctor.product_missing", None),
            Fact::AmbiguousPayer => ("page.funds_unclear", None),
            Fact::Funds(balance, _) => match severity {
                FindingSeverity::Good if balance.unlimited => ("doctor.funds_unlimited", None),
                FindingSeverity::Good => ("doctor.funds_are", None),
                FindingSeverity::Warning => ("doctor.funds_none", None),
                _ => ("doctor.funds_unknown", None),
            },
            // The command asks for nothing else.
            _ => ("doctor.not_asked", None),
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
        _ if names.is_empty() => return ("doctor.role_unknown", None),
        FindingSeverity::Good => "doctor.role_approves",
        FindingSeverity::Warning => "doctor.role_waits",
        _ => "doctor.role_unclear",
    };
    (id, Some(("roles", names.join(", "))))
}

/// Returns the name of a list, and the text that says what it means that the key does not open it; None if it is no
/// list.
fn list_text_ids(want: AccountResource) -> Option<(&'static str, &'static str)> {
    Some(match want {
        AccountResource::Organizations => ("setup.door_organizations", "setup.closed"),
        AccountResource::Approvers => ("setup.door_approvers", "setup.closed"),
        AccountResource::Users => ("setup.door_users", "setup.closed"),
        AccountResource::Orders(_) => ("setup.door_orders", "setup.closed_orders"),
        AccountResource::Balance(_) => ("setup.door_balance", "setup.closed_money"),
        AccountResource::Profiles => ("setup.door_profiles", "setup.closed_money"),
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
