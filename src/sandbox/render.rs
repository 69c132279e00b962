//! Rendering: the sandbox's facts as JSON, in the shapes of the API's responses.
//!
//! The shapes come from certcentral-api.md 4; an optional member is left out if the account has no value for it. This
//! module decides and changes nothing.

mod account;

pub(super) use account::{account_details, balance_details, division_list, payment_profile_list};

use super::account::{
    DIVISIONS, SandboxAccount, SandboxContact, SandboxDivision, SandboxOrganization, SandboxPerson, SandboxUser,
    SandboxValidation, YEARS,
};
use super::clock::SandboxClock;
use super::order_progress::{APPROVED_AFTER, OrderProgress};
use super::orders::SandboxOrder;
use serde_json::{Value, json};

/// The only product that the sandbox sells. Its group and type are made up.
pub(super) const PRODUCT_ID: &str = "pkio_qualified_organisation_services";
const AGREEMENT: &str = include_str!("../../assets/sandbox/agreement.txt");

/// Adds a member to the object if it has a value.
fn with_member(mut object: Value, name: &str, value: Option<impl Into<Value>>) -> Value {
    if let Some(value) = value {
        object[name] = value.into();
    }
    object
}

fn container_row() -> Value {
    json!({ "id": 14, "parent_id": 0, "name": "Main", "is_active": true })
}

fn short_container() -> Value {
    short_division(&DIVISIONS[0])
}

fn short_division(division: &SandboxDivision) -> Value {
    json!({ "id": division.id, "name": division.name })
}

fn short_product() -> Value {
    json!({ "name_id": PRODUCT_ID, "name": "PKIo Qualified eSeal", "type": "made_up_type" })
}

/// A row of `GET /organization` (certcentral-api.md 4.2).
pub(super) fn organization_row(known: &SandboxOrganization) -> Value {
    let display_name = match &known.assumed_name {
        Some(assumed) => format!("{} ({assumed})", known.name),
        None => known.name.clone(),
    };
    let row = json!({
        "id": known.id,
        "status": if known.active { "active" } else { "inactive" },
        "name": known.name,
        "display_name": display_name,
        "is_active": known.active,
        "address": known.address,
        "address2": known.address2,
        "zip": known.zip,
        "city": known.city,
        "state": known.state,
        "country": known.country,
        "container": container_row(),
    });
    with_member(with_member(row, "assumed_name", known.assumed_name.clone()), "telephone", known.telephone.clone())
}

/// `GET /organization/{id}` (certcentral-api.md 4.3).
pub(super) fn organization_details(known: &SandboxOrganization, world: &SandboxAccount) -> Value {
    let verified: Vec<_> =
        known.verified_contact_ids.iter().filter_map(|&id| world.find_contact(id)).map(contact_row).collect();
    let details = with_member(organization_row(known), "organization_contact", Some(contact_row(&known.contact)));
    with_member(details, "verified_contacts", Some(verified))
}

fn with_person_details(head: Value, person: &SandboxPerson) -> Value {
    let object = with_member(head, "first_name", Some(person.first_name.clone()));
    let object = with_member(object, "last_name", Some(person.last_name.clone()));
    let object = with_member(object, "email", Some(person.email.clone()));
    let object = with_member(object, "job_title", person.job_title.clone());
    with_member(object, "telephone", person.telephone.clone())
}

fn full_name(person: &SandboxPerson) -> String {
    format!("{} {}", person.first_name, person.last_name)
}

fn contact_row(known: &SandboxContact) -> Value {
    let head = with_member(json!({ "id": known.id }), "user_id", known.user_id);
    with_person_details(with_member(head, "name", Some(full_name(&known.person))), &known.person)
}

/// `GET /organization/potential-approvers`. The `user_id` is a string, and contacts have none (certcentral-api.md 4.5).
pub(super) fn potential_approvers(world: &SandboxAccount) -> Value {
    let user = |user: &SandboxUser| {
        with_person_details(json!({ "user_id": user.id.to_string(), "name": full_name(&user.person) }), &user.person)
    };
    let outsider = |known: &&SandboxContact| known.user_id.is_none();
    let contact =
        |known: &SandboxContact| with_person_details(json!({ "name": full_name(&known.person) }), &known.person);
    let users: Vec<_> = world.users().iter().map(user).collect();
    let contacts: Vec<_> = world.contacts().iter().filter(outsider).map(contact).collect();
    json!({ "users": users, "contacts": contacts })
}

/// Gives a user of `GET /user/me` the role of a standard user (certcentral-api.md 1.2).
pub(super) fn with_standard_role(user: Value) -> Value {
    with_member(user, "access_roles", Some(json!([{ "id": 5, "name": "Standard user" }])))
}

/// Moves a user to a division other than the first.
pub(super) fn in_other_division(user: Value) -> Value {
    with_member(user, "container", Some(short_division(&DIVISIONS[1])))
}

/// A row of `GET /user`, and `GET /user/{id}` (certcentral-api.md 4.6).
pub(super) fn user_row(known: &SandboxUser) -> Value {
    let head = json!({
        "id": known.id,
        "username": known.person.email,
        "account_id": 7001,
        "status": "active",
        "container": short_container(),
        "access_roles": [{ "id": 1, "name": "Administrator" }],
        "type": "standard",
        "has_container_assignments": false,
    });
    with_person_details(head, &known.person)
}

fn product_row() -> Value {
    json!({
        "group_name": "made_up_group",
        "name_id": PRODUCT_ID,
        "name": "PKIo Qualified eSeal",
        "type": "made_up_type",
        "allowed_validity_years": YEARS,
        "allowed_order_validity_years": YEARS,
        "signature_hash_types": {
            "allowed_hash_types": [{ "id": "sha256", "name": "SHA-256" }],
            "default_hash_type_id": "sha256",
        },
        "csr_required": false,
    })
}

/// `GET /product` (certcentral-api.md 4.8). The list is empty if the account may not order the product.
pub(super) fn product_list(sold: bool) -> Value {
    json!({ "products": if sold { vec![product_row()] } else { Vec::new() } })
}

/// `GET /product/{name_id}` (certcentral-api.md 4.8).
pub(super) fn product_details() -> Value {
    let product = with_member(product_row(), "custom_expiration_date_allowed", Some(true));
    with_member(product, "license_agreement", Some(AGREEMENT))
}

/// The state of the sandbox at one moment, from which orders and requests are rendered.
#[derive(Debug, Clone, Copy)]
pub(super) struct RenderContext<'a> {
    pub(super) account: &'a SandboxAccount,
    pub(super) clock: &'a SandboxClock,
}

impl<'a> RenderContext<'a> {
    fn order_progress(self, order: &SandboxOrder) -> OrderProgress {
        order.progress_at(self.clock.elapsed())
    }

    fn organization_of(self, order: &SandboxOrder) -> Option<&'a SandboxOrganization> {
        self.account.find_organization(order.organization_id)
    }

    fn short_organization(self, order: &SandboxOrder) -> Value {
        let name = self.organization_of(order).map(|known| known.name.clone());
        with_member(json!({ "id": order.organization_id }), "name", name)
    }

    fn user_of(self, order: &SandboxOrder) -> Value {
        let Some(SandboxUser { id, person }) = self.account.find_user(order.user_id) else {
            return json!({ "id": order.user_id });
        };
        json!({ "id": id, "first_name": person.first_name, "last_name": person.last_name, "email": person.email })
    }

    /// `GET /organization/{id}/validation` (certcentral-api.md 4.4). A pending validation has no dates.
    pub(super) fn validation_list(self, known: &SandboxOrganization) -> Value {
        let rows: Vec<_> = known.validations.iter().map(|one| self.validation_row(known, one)).collect();
        json!({ "validations": rows })
    }

    /// A row of `GET /organization` with `include_validation` (certcentral-api.md 4.2).
    pub(super) fn validated_organization(self, known: &SandboxOrganization) -> Value {
        with_member(organization_row(known), "validations", Some(self.validation_list(known)["validations"].take()))
    }

    fn validation_row(self, known: &SandboxOrganization, one: &SandboxValidation) -> Value {
        let status = match one.valid_until {
            None => "pending",
            Some(until) if until > self.clock.elapsed() => "active",
            Some(_) => "expired",
        };
        let users =
            known.verified_contact_ids.iter().filter_map(|&id| self.account.find_contact(id)?.user_id).map(|user| {
                let person = self.account.find_user(user).map(|user| &user.person);
                json!({ "id": user, "first_name": person.map(|person| &person.first_name),
                    "last_name": person.map(|person| &person.last_name) })
            });
        let row = json!({ "type": one.kind, "name": one.name, "status": status,
                          "verified_users": users.collect::<Vec<_>>() });
        with_member(row, "validated_until", one.valid_until.map(|until| self.clock.format_timestamp(until)))
    }

    /// A row of `GET /order/certificate`. It has fewer members than the details (certcentral-api.md 4.9).
    pub(super) fn order_row(self, order: &SandboxOrder) -> Value {
        let organization = json!({ "organization": { "id": order.organization_id } });
        json!({
            "id": order.id,
            "status": self.order_progress(order).order_status(),
            "is_renewal": false,
            "date_created": self.clock.format_timestamp(order.placed_at),
            "certificate": with_member(organization, "id", order.certificate_id_at(self.clock.elapsed())),
            "organization": self.short_organization(order),
            "container": short_container(),
            "product": short_product(),
            "product_name_id": PRODUCT_ID,
            "price": 0,
        })
    }

    /// A row of `GET /order/alternate/{value}` (certcentral-api.md 4.9).
    pub(super) fn alternate_row(self, order: &SandboxOrder) -> Value {
        let row = json!({ "order_id": order.id, "status": self.order_progress(order).order_status() });
        with_member(row, "certificate_id", order.certificate_id_at(self.clock.elapsed()))
    }

    /// `GET /order/certificate/{id}` (certcentral-api.md 4.9).
    pub(super) fn order_details(self, order: &SandboxOrder) -> Value {
        let known = self.organization_of(order);
        let verified: Vec<_> =
            order.contact_ids.iter().filter_map(|&id| self.account.find_contact(id)).map(contact_row).collect();
        let mut shown = self.order_row(order);
        shown["certificate"]["signature_hash"] = "sha256".into();
        shown["certificate"]["date_created"] = shown["date_created"].clone();
        shown["organization"] = known.map(organization_row).unwrap_or_default();
        shown["organization_contact"] = known.map(|known| contact_row(&known.contact)).unwrap_or_default();
        shown["order_validity"] = order.validity.clone();
        shown["verified_contacts"] = verified.into();
        shown["user"] = self.user_of(order);
        shown["requests"] = json!([self.request_head(order)]);
        shown["payment_method"] = order.payment_method.clone().into();
        shown["currency"] = "EUR".into();
        shown
    }

    fn request_head(self, order: &SandboxOrder) -> Value {
        json!({
            "id": order.request_id,
            "date": self.clock.format_timestamp(order.placed_at),
            "type": "new_request",
            "status": self.order_progress(order).request_status(),
            "comments": "",
        })
    }

    /// A row of `GET /request` (certcentral-api.md 4.11).
    pub(super) fn request_row(self, order: &SandboxOrder) -> Value {
        let mut shown = self.request_head(order);
        shown["requester"] = self.user_of(order);
        shown["order"] = json!({
            "id": order.id,
            "organization": self.short_organization(order),
            "container": short_container(),
            "product": short_product(),
        });
        shown
    }

    /// `GET /request/{id}`. `date_processed` is absent while the request waits (certcentral-api.md 4.11).
    pub(super) fn request_details(self, order: &SandboxOrder) -> Value {
        let waiting = matches!(self.order_progress(order), OrderProgress::Submitted | OrderProgress::Pending);
        let processed = (!waiting).then(|| self.clock.format_timestamp(order.placed_at + APPROVED_AFTER));
        with_member(self.request_row(order), "date_processed", processed)
    }
}
