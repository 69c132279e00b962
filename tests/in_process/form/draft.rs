//! What a draft stores, what it must not contain, and how a damaged one is read.

use super::{card, codes, new_contact, place, problems, product, put, read, sent, valid_form, with};
use crate::common::payloads::FOREIGN;
use rstest::rstest;
use serde_json::{Value, json};
use zegel::form::{DraftError, FieldPlace, Form, LostValue, OriginSource, RedactedItem, RestoredDraft};

pub(crate) fn kept(text: &str) -> RestoredDraft {
    Form::from_draft(product(), text).unwrap()
}

fn again(form: &Form) -> RestoredDraft {
    kept(&form.to_draft())
}

/// Reads a draft with one changed value.
fn changed(form: &Form, pointer: &str, value: Value) -> RestoredDraft {
    let mut draft: Value = serde_json::from_str(&form.to_draft()).unwrap();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = draft.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}"));
    parent.as_object_mut().unwrap().insert(name.into(), value);
    kept(&draft.to_string())
}

#[test]
fn a_draft_is_readable_text() {
    let mut form =
        read(r#"{"note": {"a": 1.50}, "organization": {"id": "x", "name": "y", "contacts": [{"z": 1}]}}"#).form;
    put(&mut form, "ship.city", "Den \"Haag");
    put(&mut form, "order.csa", "true");
    let draft = r#"{
  "version": 1,
  "product": "pkio_qualified_organisation_services",
  "values": {
    "text": {
      "org.how": "existing",
      "org.name": "y",
      "ship.city": "Den \"Haag",
      "valid.how": "none"
    },
    "odd": {
      "org.id": "\"x\""
    },
    "conflicts": [
      "org.how"
    ],
    "withheld": [
      "order.csa"
    ]
  },
  "lists": {
    "contact": [
      {
        "values": {
          "text": {
            "contact.how": "person"
          }
        },
        "payload": {
          "object": {
            "z": {
              "foreign": "1"
            }
          }
        }
      }
    ]
  },
  "payload": {
    "note": {
      "foreign": "{\"a\": 1.50}"
    },
    "organization": {
      "object": {
        "id": "held",
        "name": "held",
        "contacts": "list"
      }
    }
  }
}"#;
    assert_eq!(form.to_draft(), draft);
    assert_eq!(kept(draft).form.to_draft(), draft);
}

#[test]
fn typed_values_in_hidden_fields_and_rows_are_saved() {
    let mut form =
        new_contact(&[("org.name", "Gemeente"), ("valid.days", "12x"), ("ship.addr2", ""), ("org.skip", "false")]);
    let group = form.product()[place(&form, "contact.how").field].group;
    let (second, third) = (form.add_row(group), form.add_row(group));
    let of = |form: &Form, id, row| FieldPlace { row, ..place(form, id) };
    form.set_text(of(&form, "contact.type", second), "second");
    form.set_text(of(&form, "contact.type", third), "\u{1b}third\u{202e}");
    let gone = form.remove_row(group, second).unwrap();
    form.add_row(group);
    form.restore_row(gone);
    let back = again(&form);
    assert_eq!(
        (&back.lost_values, &back.redacted[..]),
        (&vec![], &[RedactedItem::Agreement(place(&form, "order.csa"))][..])
    );
    let types = |form: &Form| -> Vec<String> {
        form.rows(group).iter().map(|row| form.text(of(form, "contact.type", *row)).to_owned()).collect()
    };
    assert_eq!(types(&back.form), ["verified_contact", "second", "\u{1b}third\u{202e}", "verified_contact"]);
    for id in ["org.name", "valid.days", "ship.addr2", "org.skip", "contact.first", "contact.how"] {
        assert_eq!(back.form.field_value(place(&back.form, id)), form.field_value(place(&form, id)), "{id}");
    }
    form.withdraw_consent();
    assert_eq!(sent(&back.form), sent(&form));
    assert_eq!(codes(&back.form, &problems(&back.form)), codes(&form, &problems(&form)));
}

#[test]
fn a_read_payload_is_saved_without_the_agreement() {
    let form = read(FOREIGN).form;
    let mut back = again(&form).form;
    assert!(!sent(&back).contains("csa_agreed_to"));
    put(&mut back, "order.csa", "true");
    assert_eq!(sent(&back), FOREIGN, "and the agreement goes where it stood");
}

#[test]
fn secrets_and_their_neighbors_are_named_and_not_saved() {
    let form = card(&[("card.default", "yes"), ("card.holder", "Bram Jansen")]);
    let draft = form.to_draft();
    for text in ["4111", "1111", "\"123\"", "***", "\"11\"", "\"2026\"", "yes", "Bram"] {
        assert!(!draft.contains(text), "{text} in {draft}");
    }
    let back = kept(&draft);
    let at = |id: &str| place(&form, id);
    let [month, year, holder, default] =
        ["card.month", "card.year", "card.holder", "card.default"].map(|id| RedactedItem::Private(at(id)));
    let (number, cvv) = (RedactedItem::Secret(at("card.number")), RedactedItem::Secret(at("card.cvv")));
    let agreement = RedactedItem::Agreement(at("order.csa"));
    assert_eq!(back.redacted, [agreement, number, month, year, cvv, holder, default]);
    assert!(!back.form.has_secrets());
    assert_eq!(back.form.text(at("bill.city")), "Amsterdam");
    assert_eq!(back.form.to_draft(), draft, "it is told until it is entered again");
}

#[test]
fn fixed_card_values_of_the_product_file_are_saved() {
    assert_eq!(again(&card(&[])).form.text(place(&valid_form(), "card.default")), "0");
}

#[test]
fn wiping_changes_no_draft() {
    let mut form = card(&[]);
    let draft = form.to_draft();
    form.wipe_secrets();
    assert_eq!(form.to_draft(), draft);
    let empty = with(&[("pay.method", "card"), ("card.number", "")]);
    assert!(!empty.to_draft().contains("card.number"), "nothing was withheld");
}

#[rstest]
#[case(r#"{"credit_card": "4111111111111111"}"#, "/credit_card")]
#[case(r#"{"credit_card": ["123"]}"#, "/credit_card")]
#[case(r#"{"credit_card": {"123": "123"}}"#, "/credit_card")]
#[case(r#"{"comments": "my card is 4111 1111 1111 1111"}"#, "/comments")]
#[case(r#"{"cards": [{"number": 4111111111111111, "cvv": 123}]}"#, "/cards")]
#[case(r#"{"x": {"y": {"4111111111111111": 123}}}"#, "/x")]
#[case(r#"{"4111111111111111": 123}"#, "")]
#[case(r#"{"ship_info": {"4111111111111111": 123}}"#, "/ship_info")]
#[case(r#"{"ship_info": 4111111111111111}"#, "/ship_info")]
#[case(r#"{"organization": {"contacts": "4111111111111111"}}"#, "/organization/contacts")]
#[case(r#"{"organization": {"contacts": [{}, "4111111111111111"]}}"#, "/organization/contacts/1")]
#[case(r#"{"organization": {"contacts": [{}, {"x": "4111111111111111"}]}}"#, "/organization/contacts/1/x")]
fn card_data_in_unknown_members_is_omitted(#[case] payload: &str, #[case] pointer: &str) {
    let draft = read(payload).form.to_draft();
    assert!(!draft.contains("123") && !draft.contains("4111"), "{draft}");
    let back = kept(&draft);
    assert_eq!(back.redacted, [RedactedItem::Member(pointer.into())]);
    assert_eq!(back.form.to_draft(), draft);
}

#[test]
fn unusable_values_that_may_be_card_data_are_omitted() {
    let form = read(r#"{"ship_info": {"zip": 4111111111111111, "city": 12}}"#).form;
    let back = again(&form);
    assert_eq!(back.redacted, [RedactedItem::Private(place(&form, "ship.zip"))]);
    assert!(!form.to_draft().contains("4111"));
    assert!(sent(&back.form).contains("\"city\": 12"));
    let form = read(r#"{"credit_card": {"expiration_year": 2026}}"#).form;
    assert_eq!(again(&form).redacted, [RedactedItem::Private(place(&form, "card.year"))]);
}

#[test]
fn no_draft_restores_the_agreement_or_a_secret() {
    let agreed = changed(&valid_form(), "/values/text/order.csa", "true".into()).form;
    assert!(agreed.is_blank(place(&agreed, "order.csa")));
    let number = changed(&valid_form(), "/values/text/card.number", "4111111111111111".into());
    assert!(number.form.is_blank(place(&number.form, "card.number")));
    assert!(number.redacted.contains(&RedactedItem::Secret(place(&number.form, "card.number"))));
    let form = read(FOREIGN).form;
    for slot in [json!({"foreign": "true"}), json!({"object": {}}), json!("list")] {
        let back = changed(&form, "/payload/csa_agreed_to", slot).form;
        assert!(!sent(&back).contains("csa_agreed_to"));
    }
}

#[test]
fn values_without_a_field_are_reported() {
    let form = valid_form();
    let lost = |id: &str, text: &str| vec![LostValue { id: id.into(), text: text.into() }];
    let at = |part: &str, id: &str| format!("/values/{part}/{id}");
    assert_eq!(changed(&form, &at("text", "ship.gone"), "12 é".into()).lost_values, lost("ship.gone", "12 é"));
    assert_eq!(changed(&form, "/values/odd", json!({"x": "[1, 2]"})).lost_values, lost("x", "[1, 2]"));
    assert_eq!(changed(&form, &at("text", "contact.first"), "A".into()).lost_values, lost("contact.first", "A"));
    assert_eq!(
        changed(&form, &at("text", "org.skip"), "1, \"x\": 1".into()).lost_values,
        lost("org.skip", "1, \"x\": 1")
    );
    let row = json!([{"values": {"text": {"y": "z"}}, "payload": {"object": {"a": {"foreign": "null"}}}}]);
    let gone = changed(&form, "/lists/gone", row.clone());
    assert_eq!(gone.lost_values, [lost("y", "z"), lost("gone/a", "null")].concat());
    assert_eq!(changed(&form, "/lists/ship", row).lost_values.len(), 2, "no list any more");
    assert_eq!(gone.form.to_draft(), form.to_draft(), "and all the rest is there");
    let bare = changed(&read("{}").form, "/payload", json!({"gone": "held"}));
    assert_eq!(
        (bare.lost_values, bare.form.to_draft()),
        (vec![], read("{}").form.to_draft()),
        "a name alone is nothing"
    );
    let members = json!({"object": {"a": {"object": {"b": {"foreign": "{}"}}}, "c": "held"}});
    assert_eq!(changed(&read("{}").form, "/payload", json!({"gone": members})).lost_values, lost("/gone/a/b", "{}"));
}

#[test]
fn a_changed_mode_follows_the_saved_values() {
    let form = with(&[("org.how", "new"), ("org.name", "Gemeente"), ("org.id", "")]);
    let back = changed(&form, "/values/text/org.how", "other".into());
    assert_eq!(back.lost_values, [LostValue { id: "org.how".into(), text: "other".into() }]);
    assert_eq!(back.form.text(place(&form, "org.how")), "new");
    let mut form = valid_form();
    form.set_text(place(&form, "org.how"), "");
    let back = again(&form).form;
    assert_eq!(back.field_value(place(&back, "org.how")), None, "a blank one stays blank");
    assert_eq!(back.to_draft(), form.to_draft());
}

#[test]
fn a_withheld_value_is_reported_until_it_is_entered() {
    let mut form = again(&card(&[])).form;
    assert_eq!(again(&form).redacted, again(&card(&[])).redacted);
    for (id, text) in [("card.holder", "A B"), ("card.cvv", "123"), ("order.csa", "true")] {
        put(&mut form, id, text);
        put(&mut form, id, "");
    }
    let ids: Vec<String> = again(&form).redacted.iter().map(|withheld| id_of(&form, withheld)).collect();
    assert_eq!(ids, ["card.number", "card.month", "card.year"]);
}

fn id_of(form: &Form, withheld: &RedactedItem) -> String {
    match withheld {
        RedactedItem::Secret(at) | RedactedItem::Agreement(at) | RedactedItem::Private(at) => {
            form.product()[at.field].id.to_owned()
        }
        RedactedItem::Member(pointer) => pointer.clone(),
    }
}

#[test]
fn a_formerly_unknown_member_is_read_into_its_field() {
    let foreign =
        json!({"ship_info": {"foreign": r#"{"city": "Ede", "x": 1}"#}, "payment_method": {"foreign": "\"y\""}});
    let back = changed(&read("{}").form, "/payload", foreign).form;
    assert_eq!(back.text(place(&back, "ship.city")), "Ede");
    assert_eq!(back.text(place(&back, "pay.method")), "y");
    assert!(sent(&back).contains("\"x\": 1"));
}

#[test]
fn a_draft_of_another_kind_is_an_error() {
    let error = |text: &str| Form::from_draft(product(), text).unwrap_err();
    assert_eq!(error(r#"{"version": 2, "all": "other"}"#), DraftError::Newer(2));
    let other = valid_form().to_draft().replace("pkio_", "other_");
    assert_eq!(error(&other), DraftError::OtherProduct("other_qualified_organisation_services".into()));
}

#[rstest]
#[case("")]
#[case("null")]
#[case("{}")]
#[case(r#"{"version": "1"}"#)]
#[case(r#"{"version": 0}"#)]
#[case(r#"{"version": -1}"#)]
#[case(r#"{"version": 1}"#)]
#[case(r#"{"version": 1, "product": "p", "values": {"text": {"x": 1}}, "lists": {}}"#)]
#[case(r#"{"version": 1, "product": "p", "values": {"odd": {"x": "{"}}, "lists": {}}"#)]
#[case(r#"{"version": 1, "product": "p", "values": {}, "lists": {}, "more": 1}"#)]
#[case(r#"{"version": 1, "product": "p", "values": {}, "lists": {}, "payload": {"x": {"other": 1}}}"#)]
fn a_damaged_draft_is_an_error(#[case] text: &str) {
    assert!(matches!(Form::from_draft(product(), text), Err(DraftError::Damaged { .. })), "{text}");
}

#[test]
fn any_valid_depth_is_restored() {
    let deep = |open: &str, end: &str| open.repeat(100_000) + end;
    for bomb in [deep("[", ""), deep("{\"version\":", ""), deep(r#"{"version": 1, "payload": {"object": {"x": "#, "")] {
        assert!(Form::from_draft(product(), &bomb).is_err());
    }
    let inner = deep("[", "");
    let bomb = json!({"version": 1, "product": "p", "values": {"odd": {"x": inner}}, "lists": {}}).to_string();
    assert!(matches!(Form::from_draft(product(), &bomb), Err(DraftError::Damaged { .. })));
    // A draft can be nested as deep as a payload.
    let form = read(&format!("{{\"x\": {}{}}}", "[".repeat(500), "]".repeat(500))).form;
    assert_eq!(sent(&again(&form).form), sent(&form));
}

/// A draft of zegel 0.1.0 with several contacts, one of them entered in full.
const OF_0_1_0: &str = include_str!("../../common/drafts/0.1.0.json");

#[test]
fn a_draft_of_version_0_1_0_opens_unchanged() {
    let back = kept(OF_0_1_0);
    assert_eq!((back.redacted, back.lost_values), (vec![], vec![]));
    assert_eq!(back.form.row_origins().count(), 0, "where its values came from was not kept then");
    assert_eq!(back.form.to_draft(), OF_0_1_0.trim_end());
}

#[test]
fn origins_of_values_are_restored() {
    let carla = zegel::domain::Person { name: "Carla Smit".into(), email: "c@b.nl".into(), ..Default::default() };
    let mut form = with(&[("org.id", "900001")]);
    let group = |form: &Form, id: &str| form.product()[place(form, id).field].group;
    let (org, ship) = (group(&form, "org.id"), group(&form, "ship.city"));
    form.paste_address(ship, &[(zegel::product::AddressPart::City, "Ede".to_owned())].into(), None);
    form.set_address_origin(ship, OriginSource::Address { of: org, organization: Some(900_001) });
    let second = form.add_row(group(&form, "contact.person"));
    form.pick_person(FieldPlace { row: second, ..place(&form, "contact.person") }, &carla);
    let back = again(&form).form;
    let origins: Vec<_> = back.row_origins().map(|(group, _, origin)| (group, origin.source.clone())).collect();
    let person = OriginSource::Person { name: "Carla Smit".into(), email: "c@b.nl".into() };
    let address = OriginSource::Address { of: org, organization: Some(900_001) };
    assert_eq!(origins, [(group(&form, "contact.person"), person), (ship, address)]);
    let row = *back.rows(group(&back, "contact.person")).last().unwrap();
    assert!(
        !back.outdated_person_places(group(&back, "contact.person"), row, None).is_empty(),
        "it belongs to the same row"
    );
    assert_eq!(back.to_draft(), form.to_draft());
}

#[rstest]
#[case::an_unknown_group(json!({"zzz": {"source": {"address": {"of": "org", "organization": 1}}, "put": {}}}))]
#[case::an_unknown_source(json!({"ship": {"source": {"address": {"of": "zzz", "organization": null}}, "put": {}}}))]
#[case::an_unknown_field(json!({"ship": {"source": {"person": {"name": "", "email": ""}}, "put": {"zzz": "x"}}}))]
#[case::a_list(json!({"contact": {"source": {"person": {"name": "", "email": ""}}, "put": {}}}))]
fn an_origin_of_an_earlier_product_file_is_ignored(#[case] origins: Value) {
    let back = changed(&valid_form(), "/origins", origins).form;
    assert_eq!(sent(&back), sent(&again(&valid_form()).form));
    let known: Vec<_> = back.row_origins().map(|(group, row, _)| (group, row)).collect();
    for (group, row) in known {
        assert!(back.outdated_person_places(group, row, None).is_empty());
    }
}

#[test]
fn no_origin_contains_card_data() {
    let mut form = with(&[]);
    let group = form.product()[place(&form, "ship.city").field].group;
    form.paste_address(group, &[(zegel::product::AddressPart::City, "4111 1111 1111 1111".to_owned())].into(), None);
    form.set_address_origin(group, OriginSource::Address { of: group, organization: None });
    let draft: Value = serde_json::from_str(&form.to_draft()).unwrap();
    assert!(!draft["origins"].to_string().contains("4111"), "{draft}");
}
