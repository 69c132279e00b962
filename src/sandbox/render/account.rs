//! Rendering of the account as JSON: its details, divisions, balance and stored cards.
//!
//! The shapes come from certcentral-api.md 4.7 and 4.8. This module decides and changes nothing.

use crate::sandbox::account::{DIVISIONS, SandboxAccount, SandboxDivision};
use serde_json::{Value, json};

/// `GET /account` (certcentral-api.md 4.7). Which member has which meaning is known only from the code of clients.
pub(in crate::sandbox) fn account_details(world: &SandboxAccount) -> Value {
    let primary = world.organizations().first();
    json!({
        "id": 7001,
        "primary_organization_id": primary.map(|known| known.id),
        "primary_organization_name": primary.map(|known| &known.name),
        "primary_organization_country": primary.map(|known| &known.country),
        "root_container_id": DIVISIONS[0].id,
        "cert_central_type": "enterprise",
        "balance_negative_limit": 0,
        "billing_account_id": 7101,
    })
}

/// `GET /container`: all divisions, or only the first. The `ekey` is a secret that must never appear in zegel's output.
pub(in crate::sandbox) fn division_list(several: bool) -> Value {
    let shown = if several { &DIVISIONS[..] } else { &DIVISIONS[..1] };
    json!({ "containers": shown.iter().map(division_row).collect::<Vec<_>>() })
}

fn division_row(division: &SandboxDivision) -> Value {
    json!({
        "id": division.id,
        "public_id": format!("made-up-{}", division.id),
        "name": division.name,
        "parent_id": if division.id == DIVISIONS[0].id { 0 } else { DIVISIONS[0].id },
        "template_id": 5,
        "ekey": "MADE-UP-EKEY-OPENS-NOTHING",
        "has_logo": false,
        "is_active": true,
    })
}

/// `GET /finance/balance`. Amounts are strings (certcentral-api.md 4.8). `None` if the account has no such division.
pub(in crate::sandbox) fn balance_details(division: u64) -> Option<Value> {
    let funds = DIVISIONS.iter().find(|known| known.id == division)?.funds;
    Some(json!({
        "balance": funds,
        "currency": "EUR",
        "unpaid_invoice_balance": "0.00",
        "negative_balance_limit": "0.00",
        "used_credit_from_other_containers": "0.00",
        "total_available_funds": funds,
    }))
}

/// `GET /finance/payment-profile`: two cards, of which the second is the default, or none.
pub(in crate::sandbox) fn payment_profile_list(stored: bool) -> Value {
    let card = |id: u64, is_default: bool, number: &str, year: &str| {
        json!({
            "id": id,
            "is_default": is_default,
            "status": "active",
            "credit_card": { "shortened_number": format!("************{number}"), "type": "Visa",
                "expiration_month": "07", "expiration_year": year, "cardholder_name": "A. Tester", "label": "made up" },
            "billing_address": { "address": "Griffelstraat 1", "city": "Zilverdam", "country": "nl" },
            "billing_email": "facturen@zilverdam.example",
        })
    };
    let both = vec![card(40_001, false, "1881", "2098"), card(40_002, true, "4242", "2099")];
    json!({ "profiles": if stored { both } else { Vec::new() } })
}
