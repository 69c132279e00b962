//! How the sandbox's facts read as JSON: the shapes of the API's answers, and nothing else.
//!
//! The shapes are those of certcentral-api.md 4; what is optional there is left out here where the account lacks it. It
//! decides nothing and changes nothing.

mod account;

pub(super) use account::{account, balance, divisions, profiles};

use super::clock::Clock;
use super::ledger::{APPROVED_AFTER, Order, Progress};
use super::world::{Contact, DIVISIONS, Division, Organization, Person, User, Validation, World, YEARS};
use serde_json::{Value, json};

/// The one product that the sandbox sells. The words for its group and type are made up.
pub(super) const PRODUCT: &str = "pkio_qualified_organisation_services";
const AGREEMENT: &str = include_str!("../../assets/sandbox/agreement.txt");

/// The object with one more member, if there is a value for it.
fn with(mut object: Value, name: &str, value: Option<impl Into<Value>>) -> Value {
    if let Some(value) = value {
        object[name] = value.into();
    }
    object
}

fn container() -> Value {
    json!({ "id": 14, "parent_id": 0, "name": "Main", "is_active": true })
}

fn short_container() -> Value {
    short_division(&DIVISIONS[0])
}

fn short_division(division: &Division) -> Value {
    json!({ "id": division.id, "name": division.name })
}

fn short_product() -> Value {
    json!({ "name_id": PRODUCT, "name": "PKIo Qualified eSeal", "type": "made_up_type" })
}

/// A row of `GET /organization` (certcentral-api.md 4.2).
pub(super) fn organization(known: &Organization) -> Value {
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
        "container": container(),
    });
    with(with(row, "assumed_name", known.assumed_name.clone()), "telephone", known.telephone.clone())
}

/// `GET /organization/{id}` (certcentral-api.md 4.3).
pub(super) fn organization_details(known: &Organization, world: &World) -> Value {
    let verified: Vec<_> = known.verified.iter().filter_map(|&id| world.contact(id)).map(contact).collect();
    let details = with(organization(known), "organization_contact", Some(contact(&known.contact)));
    with(details, "verified_contacts", Some(verified))
}

fn details(head: Value, person: &Person) -> Value {
    let object = with(head, "first_name", Some(person.first_name.clone()));
    let object = with(object, "last_name", Some(person.last_name.clone()));
    let object = with(object, "email", Some(person.email.clone()));
    let object = with(object, "job_title", person.job_title.clone());
    with(object, "telephone", person.telephone.clone())
}

fn full_name(person: &Person) -> String {
    format!("{} {}", person.first_name, person.last_name)
}

fn contact(known: &Contact) -> Value {
    let head = with(json!({ "id": known.id }), "user_id", known.user);
    details(with(head, "name", Some(full_name(&known.person))), &known.person)
}

/// `GET /organization/potential-approvers`: the `user_id` is a string, and a contact has none (certcentral-api.md 4.5).
pub(super) fn potential_approvers(world: &World) -> Value {
    let user =
        |user: &User| details(json!({ "user_id": user.id.to_string(), "name": full_name(&user.person) }), &user.person);
    let outsider = |known: &&Contact| known.user.is_none();
    let contact = |known: &Contact| details(json!({ "name": full_name(&known.person) }), &known.person);
    let users: Vec<_> = world.users().iter().map(user).collect();
    let contacts: Vec<_> = world.contacts().iter().filter(outsider).map(contact).collect();
    json!({ "users": users, "contacts": contacts })
}

/// The user as `GET /user/me` shows a standard user (certcentral-api.md 1.2).
pub(super) fn as_standard_user(user: Value) -> Value {
    with(user, "access_roles", Some(json!([{ "id": 5, "name": "Standard user" }])))
}

/// The user as one who belongs to another division than the first.
pub(super) fn elsewhere(user: Value) -> Value {
    with(user, "container", Some(short_division(&DIVISIONS[1])))
}

/// A row of `GET /user`, and `GET /user/{id}` (certcentral-api.md 4.6).
pub(super) fn user(known: &User) -> Value {
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
    details(head, &known.person)
}

fn product_row() -> Value {
    json!({
        "group_name": "made_up_group",
        "name_id": PRODUCT,
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

/// `GET /product` (certcentral-api.md 4.8), for an account that may order the product, or may not.
pub(super) fn products(sold: bool) -> Value {
    json!({ "products": if sold { vec![product_row()] } else { Vec::new() } })
}

/// `GET /product/{name_id}` (certcentral-api.md 4.8).
pub(super) fn product() -> Value {
    let product = with(product_row(), "custom_expiration_date_allowed", Some(true));
    with(product, "license_agreement", Some(AGREEMENT))
}

/// The sandbox at one moment, as orders and requests are shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    /// The account.
    pub(super) world: &'a World,
    /// The clock.
    pub(super) clock: &'a Clock,
}

impl<'a> View<'a> {
    fn progress(self, order: &Order) -> Progress {
        order.progress(self.clock.elapsed())
    }

    fn organization_of(self, order: &Order) -> Option<&'a Organization> {
        self.world.organization(order.organization)
    }

    fn short_organization(self, order: &Order) -> Value {
        let name = self.organization_of(order).map(|known| known.name.clone());
        with(json!({ "id": order.organization }), "name", name)
    }

    fn user_of(self, order: &Order) -> Value {
        let Some(User { id, person }) = self.world.user(order.user) else { return json!({ "id": order.user }) };
        json!({ "id": id, "first_name": person.first_name, "last_name": person.last_name, "email": person.email })
    }

    /// `GET /organization/{id}/validation` (certcentral-api.md 4.4): while it is pending there are no dates.
    pub(super) fn validations(self, known: &Organization) -> Value {
        let rows: Vec<_> = known.validations.iter().map(|one| self.validation(known, one)).collect();
        json!({ "validations": rows })
    }

    /// A row of `GET /organization` with `include_validation` (certcentral-api.md 4.2).
    pub(super) fn validated_organization(self, known: &Organization) -> Value {
        with(organization(known), "validations", Some(self.validations(known)["validations"].take()))
    }

    fn validation(self, known: &Organization, one: &Validation) -> Value {
        let status = match one.until {
            None => "pending",
            Some(until) if until > self.clock.elapsed() => "active",
            Some(_) => "expired",
        };
        let users = known.verified.iter().filter_map(|&id| self.world.contact(id)?.user).map(|user| {
            let person = self.world.user(user).map(|user| &user.person);
            json!({ "id": user, "first_name": person.map(|person| &person.first_name),
                    "last_name": person.map(|person| &person.last_name) })
        });
        let row = json!({ "type": one.kind, "name": one.name, "status": status,
                          "verified_users": users.collect::<Vec<_>>() });
        with(row, "validated_until", one.until.map(|until| self.clock.stamp(until)))
    }

    /// A row of `GET /order/certificate`: less than the details (certcentral-api.md 4.9).
    pub(super) fn order(self, order: &Order) -> Value {
        let organization = json!({ "organization": { "id": order.organization } });
        json!({
            "id": order.id,
            "status": self.progress(order).order_status(),
            "is_renewal": false,
            "date_created": self.clock.stamp(order.placed),
            "certificate": with(organization, "id", order.certificate(self.clock.elapsed())),
            "organization": self.short_organization(order),
            "container": short_container(),
            "product": short_product(),
            "product_name_id": PRODUCT,
            "price": 0,
        })
    }

    /// A row of `GET /order/alternate/{value}` (certcentral-api.md 4.9).
    pub(super) fn alternate(self, order: &Order) -> Value {
        let row = json!({ "order_id": order.id, "status": self.progress(order).order_status() });
        with(row, "certificate_id", order.certificate(self.clock.elapsed()))
    }

    /// `GET /order/certificate/{id}` (certcentral-api.md 4.9).
    pub(super) fn order_details(self, order: &Order) -> Value {
        let known = self.organization_of(order);
        let verified: Vec<_> = order.contacts.iter().filter_map(|&id| self.world.contact(id)).map(contact).collect();
        let mut shown = self.order(order);
        shown["certificate"]["signature_hash"] = "sha256".into();
        shown["certificate"]["date_created"] = shown["date_created"].clone();
        shown["organization"] = known.map(organization).unwrap_or_default();
        shown["organization_contact"] = known.map(|known| contact(&known.contact)).unwrap_or_default();
        shown["order_validity"] = order.validity.clone();
        shown["verified_contacts"] = verified.into();
        shown["user"] = self.user_of(order);
        shown["requests"] = json!([self.request_head(order)]);
        shown["payment_method"] = order.payment_method.clone().into();
        shown["currency"] = "EUR".into();
        shown
    }

    fn request_head(self, order: &Order) -> Value {
        json!({
            "id": order.request,
            "date": self.clock.stamp(order.placed),
            "type": "new_request",
            "status": self.progress(order).request_status(),
            "comments": "",
        })
    }

    /// A row of `GET /request` (certcentral-api.md 4.11).
    pub(super) fn request(self, order: &Order) -> Value {
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

    /// `GET /request/{id}`: `date_processed` is absent while it waits (certcentral-api.md 4.11).
    pub(super) fn request_details(self, order: &Order) -> Value {
        let waiting = matches!(self.progress(order), Progress::Submitted | Progress::Pending);
        let processed = (!waiting).then(|| self.clock.stamp(order.placed + APPROVED_AFTER));
        with(self.request(order), "date_processed", processed)
    }
}
