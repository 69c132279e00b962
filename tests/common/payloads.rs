//! A payload written by another program, and random variations of it.

use proptest::prelude::*;
use serde_json::Value;

/// A payload as another program may write it: another order of members, other spellings, unknown members.
pub(crate) const FOREIGN: &str = r#"{
  "payment_method": "balance",
  "comments": "please hurry",
  "ship_info": {
    "country": "NL",
    "floor": 1.50,
    "zip": "1015 AA",
    "name": "Anna de Vries",
    "addr1": "Keizersgracht 1",
    "addr2": "",
    "city": "Amsterdam",
    "state": "Noord-Holland",
    "method": "STANDARD"
  },
  "csa_agreed_to": true,
  "organization": {
    "contacts": [
      {
        "contact_type": "verified_contact",
        "user_id": 800001,
        "pseudonym": null
      }
    ],
    "id": 900001
  },
  "provisioning_method": "qscd",
  "certificate": {
    "profile_option": "nonrepudiation",
    "signature_hash": "sha256",
    "list": [],
    "deep": [
      {
        "a": [
          1,
          2
        ]
      }
    ]
  }
}"#;

/// Generates any JSON of little depth.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0_u32..10_000).prop_map(Value::from),
        (0_u32..10_000).prop_map(|whole| Value::from(f64::from(whole))),
        "[ \u{a0}\u{200b}]{1,3}".prop_map(Value::from),
        "[a-z0-9 \u{202e}\u{1b}é\"\\\\]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::vec(("[a-z]{1,4}", inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Generates a foreign payload with some parts replaced, dropped or added.
pub(crate) fn any_payload() -> impl Strategy<Value = Value> {
    const POINTERS: &[&str] = &[
        "/organization/id",
        "/organization",
        "/organization/contacts",
        "/organization/contacts/0",
        "/organization/contacts/0/user_id",
        "/ship_info",
        "/ship_info/zip",
        "/ship_info/addr2",
        "/certificate",
        "/certificate/signature_hash",
        "/csa_agreed_to",
        "/payment_method",
        "/comments",
        "/provisioning_method",
    ];
    let change = (proptest::sample::select(POINTERS), proptest::option::of(any_json()));
    let added = proptest::sample::select(vec!["first_name", "order_validity", "name", "credit_card", "zzz"]);
    (proptest::collection::vec(change, 0..4), proptest::option::of((added, any_json()))).prop_map(|(changes, added)| {
        let mut value: Value = serde_json::from_str(FOREIGN).unwrap();
        for (pointer, replacement) in changes {
            if let Some(target) = value.pointer_mut(pointer) {
                *target = replacement.unwrap_or(Value::Null);
            }
        }
        if let (Some((name, json)), Value::Object(root)) = (added, &mut value) {
            root.insert(name.into(), json);
        }
        value
    })
}
