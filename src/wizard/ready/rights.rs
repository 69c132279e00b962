//! What the answers on key, role and product mean for an order.
//!
//! The roles are those of certcentral-api.md 1.2. That a key is narrowed shows in no answer but a refusal, so what it may do
//! is never said for certain.

use super::Heard;
use super::find::{Finding, Standing};
use crate::facts::{Me, ProductInfo, Role};
use crate::wizard::Model;
use crate::wizard::lists::Want;

/// The roles (certcentral-api.md 1.2) that zegel can say something of.
const ADMINISTRATOR: u64 = 1;
const MANAGER: u64 = 4;
const STANDARD: u64 = 5;

impl Model {
    fn me_heard(&self) -> Heard<'_, &Me> {
        self.heard(Want::Me, self.known.me.as_ref())
    }

    pub(super) fn key_found(&self) -> Finding {
        let title = self.say("ready.key");
        let heard = self.me_heard();
        match &heard {
            Heard::Told(me) => self.works(title, me),
            // Whoever may not ask this is known all the same.
            Heard::Failed(failure) => Finding::new(title, Standing::Good, self.say("ready.key_narrow"))
                .and(self.say("ready.key_narrow_means"))
                .and(self.because(failure)),
            Heard::Asking => self.unheard(title, &heard),
        }
    }

    fn works(&self, title: &str, me: &Me) -> Finding {
        let id = me.user_id.to_string();
        let who = if me.name.is_empty() { &id } else { &me.name };
        let account = me.account_id.map(|id| self.lang.tell("ready.key_account", &[("id", &id.to_string())]));
        let (id, standing) = match me.status.as_str() {
            "" | "active" => ("ready.key_works", Standing::Good),
            "inactive" => ("ready.user_status", Standing::Warning),
            // Which other words there are is not documented.
            _ => ("ready.user_word", Standing::Unknown),
        };
        let status = self.teller().status_word("state_word.", &me.status);
        let line = self.lang.tell(id, &[("who", who), ("status", &status)]);
        if standing != Standing::Good {
            return Finding::new(title, standing, line).and(self.say("ready.user_status_do"));
        }
        let found = Finding::new(title, standing, line);
        account.into_iter().fold(found, Finding::and)
    }

    pub(super) fn role_found(&self) -> Finding {
        let title = self.say("ready.role");
        let heard = self.me_heard();
        let found = match &heard {
            Heard::Told(me) => self.may_order(title, &me.roles),
            // Why is said of the key.
            Heard::Failed(_) => Finding::new(title, Standing::Unknown, self.say("ready.not_told")),
            Heard::Asking => self.unheard(title, &heard),
        };
        if found.standing == Standing::Asking { found } else { found.and(self.say("ready.view_only")) }
    }

    fn may_order(&self, title: &str, roles: &[Role]) -> Finding {
        let has = |ids: &[u64]| roles.iter().any(|role| role.id.is_some_and(|id| ids.contains(&id)));
        let names: Vec<String> = roles.iter().map(role_name).collect();
        let role = names.join(", ");
        let line = |id| self.lang.tell(id, &[("role", &role)]);
        if has(&[ADMINISTRATOR, MANAGER]) {
            Finding::new(title, Standing::Good, line("ready.role_orders"))
        } else if has(&[STANDARD]) {
            Finding::new(title, Standing::Warning, line("ready.role_waits")).and(self.say("ready.role_waits_do"))
        } else if roles.is_empty() {
            Finding::new(title, Standing::Unknown, self.say("ready.not_told")).and(self.say("ready.role_unclear_do"))
        } else {
            Finding::new(title, Standing::Unknown, line("ready.role_unclear")).and(self.say("ready.role_unclear_do"))
        }
    }

    pub(super) fn product_found(&self) -> Finding {
        let title = self.say("ready.product");
        let heard = self.heard(Want::Product, self.known.product.as_ref());
        match &heard {
            Heard::Told(product) => Finding::new(title, Standing::Good, self.years_words(product)),
            Heard::Failed(failure) if failure.is_missing() => {
                Finding::new(title, Standing::Warning, self.say("ready.product_missing"))
                    .and(self.say("ready.product_missing_do"))
                    .and(self.because(failure))
            }
            _ => self.unheard(title, &heard),
        }
    }

    fn years_words(&self, product: &ProductInfo) -> String {
        match product.years.as_deref() {
            Some(years) if !years.is_empty() => {
                let years: Vec<String> = years.iter().map(u32::to_string).collect();
                self.lang.tell("ready.product_years", &[("years", &years.join(", "))])
            }
            _ => self.say("ready.product_sold").to_owned(),
        }
    }
}

/// A role by its name, else by its id.
fn role_name(role: &Role) -> String {
    match (role.name.as_str(), role.id) {
        ("", Some(id)) => id.to_string(),
        (name, _) => name.to_owned(),
    }
}
