//! Every rule of the product file, broken by keys: reported once the field was left, and gone as soon as the value is
//! right.
//!
//! Each line of the tables is a row, with its columns between bars. `<65>` is a text of 65 characters.

use crate::common::look;
use crate::common::walk::{Walk, product, setup};
use std::collections::BTreeSet;
use zegel::domain::Person;
use zegel::form::{FieldPlace, Form, ProblemTarget};
use zegel::i18n::Language;
use zegel::product::{AccountFact, BlankPolicy, Field, Requirement, RuleKind, ValueCheck, ValueKind};
use zegel::tui::app::{App, FocusTarget};
use zegel::tui::widgets::Span;

/// The field, its problem, the way to it, the typed text, the message, and the correction. `NO-DATE` means an account
/// that does not allow an end date, `OF-BRAM` and `OF-NOBODY` the verified contacts of an organization.
const TYPED: &str = "
org.id | required | wait | | ✗ This field is required. | type:zilver enter
org.id | id | wait | type:0 pagedown enter | ✗ Enter a whole number, 1 or higher. | type:900001 enter
org.id | id | wait | type:9223372036854775808 enter | ✗ Enter a whole number, 1 or higher. | type:900001 enter
org.id | inactive | wait | type:sudwald enter | ! This organization is inactive | type:zilver enter
org.name | required | wait pageup right | | ✗ This field is required. | type:x
org.name | too_long | wait pageup right | type:<65> | ✗ This has 65 characters; the maximum is 64. | backspace
org.assumed | total_too_long | wait pageup right tab type:<50> | type:<12> | ✗ Together with the legal name, this has 62 characters | backspace
org.address | required | wait pageup right | | ✗ This field is required. | type:x
org.address | too_long | wait pageup right | type:<65> | ✗ This has 65 characters; the maximum is 64. | backspace
org.address | house_number | wait pageup right | type:Raadhuisplein | ! This address has no house number. | type:<space>1
org.address2 | too_long | wait pageup right | type:<65> | ✗ This has 65 characters; the maximum is 64. | backspace
org.zip | required | wait pageup right | | ✗ This field is required. | type:1234AB
org.zip | too_long | wait pageup right | type:<41> | ! This has 41 characters; the maximum is 40. | backspace
org.zip | postal_code | wait pageup right | type:1234<space>A | ! This format is unusual for this country. Example: 1234 AB. | type:B
org.city | required | wait pageup right | | ✗ This field is required. | type:x
org.city | too_long | wait pageup right | type:<65> | ✗ This has 65 characters; the maximum is 64. | backspace
org.city | no_letters | wait pageup right | type:1234 | ! This is a number. Enter a name. | ctrl-u type:Ede
org.state | required | wait pageup right | | ✗ This field is required. | type:x
org.state | too_long | wait pageup right | type:<65> | ✗ This has 65 characters; the maximum is 64. | backspace
org.telephone | required | wait pageup right | | ✗ This field is required. | type:14070
org.telephone | too_long | wait pageup right | type:<33> | ! This has 33 characters; the maximum is 32. | backspace
org.telephone | telephone | wait pageup right | type:1407 | ! This does not look like a telephone number | type:0
org.telephone | few_digits | wait pageup right | type:14070 | ! This has fewer than 8 digits | ctrl-u type:0885550100
orgc.first | required | wait pageup right | | ✗ This field is required. | type:x
orgc.first | too_long | wait pageup right | type:<129> | ✗ This has 129 characters; the maximum is 128. | backspace
orgc.last | required | wait pageup right | | ✗ This field is required. | type:x
orgc.last | too_long | wait pageup right | type:<129> | ✗ This has 129 characters; the maximum is 128. | backspace
orgc.email | required | wait pageup right | | ✗ This field is required. | type:a@b.nl
orgc.email | email | wait pageup right | type:anna@ | ✗ This is not an e-mail address | type:zilverdam.example
orgc.email | email_shape | wait pageup right | type:anna@zilverdam | ! This does not look like an e-mail address | type:.example
orgc.email | too_long | wait pageup right | type:<61>@<63>.<63>.<63>.nl | ! This has 256 characters; the maximum is 255. | ctrl-a delete
orgc.title | too_long | wait pageup right | type:<65> | ! This has 65 characters; the maximum is 64. | backspace
orgc.telephone | advised | wait pageup right | | ! This is blank. Fill it in if you know it | type:14070
orgc.telephone | too_long | wait pageup right | type:<33> | ! This has 33 characters; the maximum is 32. | backspace
orgc.telephone | telephone | wait pageup right | type:call<space>me | ! This does not look like a telephone number | ctrl-u type:14070
orgc.telephone | few_digits | wait pageup right | type:555<space>0100 | ! This has fewer than 8 digits | ctrl-u type:0885550100
orgc.extension | too_long | wait pageup right | type:<17> | ! This has 17 characters; the maximum is 16. | backspace
contact.person | required | wait alt-2 wait | | ✗ This field is required. | type:anna enter
contact.person | id | wait alt-2 wait | type:0 pagedown enter | ✗ Enter a whole number, 1 or higher. | type:anna enter
contact.person | contact_id | wait type:zilver enter wait alt-2 wait | type:810001 enter | ✗ This is the id of a verified contact, not of a user. | type:anna enter
contact.person | no_details | wait alt-2 wait | type:bram enter | ! This user's job title or telephone number | type:anna enter
contact.user | required | wait alt-2 wait pageup right wait | | ✗ This field is required. | type:anna enter
contact.user | id | wait alt-2 wait pageup right wait | type:0 pagedown enter | ✗ Enter a whole number, 1 or higher. | type:anna enter
contact.user | contact_id | wait type:zilver enter wait alt-2 wait pageup right wait | type:810001 enter | ✗ This is the id of a verified contact, not of a user. | type:anna enter
contact.user | no_details | wait alt-2 wait pageup right wait | type:bram enter | ! This user's job title or telephone number | type:anna enter
contact.person | not_verified | OF-BRAM wait type:zilver enter wait alt-2 wait | type:anna enter | ! According to CertCentral, this is not a verified contact of this organization. Known contacts: Bram Jansen. | type:bram enter
contact.person | none_verified | OF-NOBODY wait type:zilver enter wait alt-2 wait | type:anna enter | ! According to CertCentral, this organization has no verified contacts. | tab enter type:technical enter
contact.user | not_verified | OF-BRAM wait type:zilver enter wait alt-2 wait pageup right wait | type:anna enter | ! According to CertCentral, this is not a verified contact of this organization. Known contacts: Bram Jansen. | type:bram enter
contact.user | none_verified | OF-NOBODY wait type:zilver enter wait alt-2 wait pageup right wait | type:anna enter | ! According to CertCentral, this organization has no verified contacts. | tab enter type:technical enter
contact.email | not_verified | OF-BRAM wait type:zilver enter wait alt-2 wait pageup right right | type:a@b.nl | ! According to CertCentral, this is not a verified contact of this organization. Known contacts: Bram Jansen. | ctrl-u type:bram@zilverdam.example
contact.email | none_verified | OF-NOBODY wait type:zilver enter wait alt-2 wait pageup right right | type:a@b.nl | ! According to CertCentral, this organization has no verified contacts. | tab tab tab enter type:technical enter
contact.first | required | alt-2 pageup right right | | ✗ This field is required. | type:x
contact.first | too_long | alt-2 pageup right right | type:<129> | ✗ This has 129 characters; the maximum is 128. | backspace
contact.last | required | alt-2 pageup right right | | ✗ This field is required. | type:x
contact.last | too_long | alt-2 pageup right right | type:<129> | ✗ This has 129 characters; the maximum is 128. | backspace
contact.email | required | alt-2 pageup right right | | ✗ This field is required. | type:a@b.nl
contact.email | email | alt-2 pageup right right | type:anna | ✗ This is not an e-mail address | type:@zilverdam.example
contact.email | email_shape | alt-2 pageup right right | type:anna<space>smit@b.nl | ! This does not look like an e-mail address | ctrl-u type:anna@b.nl
contact.email | too_long | alt-2 pageup right right | type:<61>@<63>.<63>.<63>.nl | ! This has 256 characters; the maximum is 255. | ctrl-a delete
contact.title | required | alt-2 pageup right right | | ✗ This field is required. | type:x
contact.title | too_long | alt-2 pageup right right | type:<65> | ! This has 65 characters; the maximum is 64. | backspace
contact.telephone | required | alt-2 pageup right right | | ✗ This field is required. | type:14070
contact.telephone | too_long | alt-2 pageup right right | type:<33> | ! This has 33 characters; the maximum is 32. | backspace
contact.telephone | telephone | alt-2 pageup right right | type:14070<space>ext | ! This does not look like a telephone number | type:<space>12
contact.telephone | few_digits | alt-2 pageup right right | type:555<space>0100<space>x123 | ! This has fewer than 8 digits | ctrl-u type:0885550100
contact.type | one_of | alt-2 | type:ev_approver enter | ! Not a known value. Known values: verified_contact | enter type:technical enter
contact.type | twice | alt-2 pagedown shift-tab enter | | ! Another contact already has this role | enter type:technical enter
order.csa | consent | alt-3 | | ✗ You must agree before you can order. | space
ship.name | required | alt-4 | | ✗ This field is required. | type:Anna<space>Smit
ship.name | no_person | alt-4 | type:Postkamer | ! Someone must sign for the token | ctrl-u type:Anna<space>Smit
ship.name | no_person | alt-4 | type:Afdeling<space>Inkoop | ! Someone must sign for the token | ctrl-u type:Anna<space>Smit
ship.name | two_words | alt-4 | type:Anna | ! Enter a first and a last name. | type:<space>Smit
ship.name | unseen | alt-4 | type:Anna<space>Smit\u{202e} | ! This contains an invisible character | backspace
ship.addr1 | required | alt-4 | | ✗ This field is required. | type:x
ship.addr1 | po_box | alt-4 | type:Postbus<space>12 | ! Nobody can sign for the token at a | ctrl-u type:Kade<space>3
ship.addr1 | house_number | alt-4 | type:Kade | ! This address has no house number. | type:<space>3
ship.addr2 | po_box | alt-4 | type:P.O.<space>Box<space>12 | ! Nobody can sign for the token at a | ctrl-u type:x
ship.zip | required | alt-4 | | ✗ This field is required. | type:1234AB
ship.zip | postal_code | alt-4 | type:1234 | ! This format is unusual for this country. Example: 1234 AB. | type:AB
ship.city | required | alt-4 | | ✗ This field is required. | type:x
ship.city | required | alt-4 | type:<space>\u{a0}\u{3000} | ✗ This field is required. | type:x
ship.city | required | alt-4 | type:\u{200b}\u{2060} | ✗ This field is required. | ctrl-u type:x
ship.city | no_letters | alt-4 | type:1015 | ! This is a number. Enter a name. | ctrl-u type:Ede
ship.state | required | alt-4 | | ✗ This field is required. | type:x
valid.years | id | alt-5 | type:0 enter | ✗ Enter a whole number, 1 or higher. | enter type:1 enter
valid.years | years_unknown | alt-5 | type:2 enter | ! Only 1 year is known to be allowed | enter type:1 enter
valid.years | years | alt-5 wait | type:5 enter | ! Years allowed for your account: 1, 2. | enter type:2 enter
valid.days | required | alt-5 left | | ✗ This field is required. | type:7
valid.days | type | alt-5 left | type:ten | ✗ This must be a whole number. | ctrl-u type:10
valid.days | at_most | alt-5 left | type:398 | ! This is more than 397, the highest value known to be allowed | backspace
valid.days | id | alt-5 left | type:0 | ✗ Enter a whole number, 1 or higher. | ctrl-u type:1
valid.date | required | alt-5 left left | | ✗ This field is required. | type:2027-06-30
valid.date | date | alt-5 left left | type:2027-02-31 | ✗ This is not a valid date | backspace backspace type:28
valid.date | date_spelling | alt-5 left left | type:05/06/2027 | ! It is not known how DigiCert reads a date | ctrl-u type:2027-06-05
valid.date | date_range | alt-5 left left | type:2026-11-22 | ✗ Enter a date from 2026-11-23 to 2027-12-24. | backspace type:3
valid.date | date_range | alt-5 left left | type:2027-12-25 | ✗ Enter a date from 2026-11-23 to 2027-12-24. | backspace type:4
valid.date | no_custom_date | NO-DATE alt-5 wait left left | type:2027-06-30 | ! Your account does not allow an end date. | shift-tab right
card.number | required | alt-6 right | | ✗ This field is required. | type:4111111111111111
card.number | card_number | alt-6 right | type:4111111111111112 | ✗ This card number is not valid | backspace type:1
card.number | card_number | alt-6 right | type:41111111111 | ✗ This card number is not valid | ctrl-u type:4111111111111111
card.month | required | alt-6 right | | ✗ This field is required. | type:12
card.month | month | alt-6 right | type:13 | ✗ Enter the month as two digits, 01 to 12. | backspace type:2
card.month | month | alt-6 right | type:0 | ✗ Enter the month as two digits, 01 to 12. | backspace type:9
card.year | required | alt-6 right | | ✗ This field is required. | type:2029
card.year | year | alt-6 right | type:29 | ✗ Enter the year as four digits. | ctrl-u type:2029
card.year | past_month | alt-6 right tab tab type:10 | type:2026 | ✗ This card has expired. | backspace type:7
card.cvv | required | alt-6 right | | ✗ This field is required. | type:123
card.cvv | cvv | alt-6 right | type:12 | ✗ This card's CVV must have 3 or 4 digits. | type:3
card.cvv | cvv | alt-6 right tab type:4111111111111111 | type:1234 | ✗ This card's CVV must have 3 digits. | backspace
card.cvv | cvv | alt-6 right tab type:378282246310005 | type:123 | ✗ This card's CVV must have 4 digits. | type:4
card.holder | required | alt-6 right | | ✗ This field is required. | type:Anna<space>Smit
card.holder | two_words | alt-6 right | type:Anna | ! Enter a first and a last name. | type:<space>Smit
card.default | missing | alt-6 right pagedown shift-tab enter | ctrl-u | ✗ Missing | type:0
bill.address | required | alt-6 right | | ✗ This field is required. | type:x
bill.address | house_number | alt-6 right | type:Kade | ! This address has no house number. | type:<space>3
bill.zip | advised | alt-6 right | | ! This is blank. Fill it in if you know it | type:1234AB
bill.zip | postal_code | alt-6 right | type:123 | ! This format is unusual for this country. Example: 1234 AB. | type:4AB
bill.city | required | alt-6 right | | ✗ This field is required. | type:x
bill.city | no_letters | alt-6 right | type:1015 | ! This is a number. Enter a name. | ctrl-u type:Ede
bill.state | advised | alt-6 right | | ! This is blank. Fill it in if you know it | type:x
";

/// Problems that a payload can have but typing cannot: the field, its problem, the pointer in the payload, the value
/// there (`-`: absent), the message, and the correction.
const READ: &str = r#"
org.how | conflict | /organization/id | 900001 | ✗ These fields cannot be filled in together: "Name or id", | right
org.country | country | /organization/country | "zz" | ✗ This is not a known country | enter type:nl enter
org.country | missing | /organization/country | - | ✗ Missing; press Enter to fill in "nl". | enter
org.zip | type | /organization/zip | [1015] | ✗ This must be a string. | ctrl-u type:1015AA
contact.type | missing | /organization/contacts/0/contact_type | - | ✗ Missing; press Enter to fill in "verified_contact". | enter
cert.hash | fixed | /certificate/signature_hash | "sha1" | ✗ Only sha256 is allowed here; press Enter to fill it in. | enter
cert.hash | fixed_case | /certificate/signature_hash | "SHA256" | ! The documentation uses different | enter
cert.hash | missing | /certificate/signature_hash | - | ✗ Missing; press Enter to fill in "sha256". | enter
cert.profile | fixed | /certificate/profile_option | "both" | ✗ Only nonrepudiation is allowed here | enter
cert.profile | fixed_case | /certificate/profile_option | "NonRepudiation" | ! The documentation uses different | enter
cert.profile | missing | /certificate/profile_option | - | ✗ Missing; press Enter to fill in "nonrepudiation". | enter
cert.pss | type | /certificate/is_rsassa_pss | "yes" | ✗ This must be yes or no | space
order.method | fixed | /provisioning_method | "csr" | ✗ Only qscd is allowed here | enter
order.method | fixed_case | /provisioning_method | "QSCD" | ! The documentation uses different | enter
order.method | missing | /provisioning_method | - | ✗ Missing; press Enter to fill in "qscd". | enter
ship.city | required | /ship_info/city | "  \u00a0" | ✗ This field is required. | ctrl-u type:x
ship.name | control | /ship_info/name | "Anna\u001b Smit" | ✗ This contains a control character | ctrl-u type:Anna<space>Smit
ship.addr2 | missing | /ship_info/addr2 | - | ! Missing | type:x
ship.country | country | /ship_info/country | "Nederland" | ✗ This is not a known country | enter type:nl enter
ship.country | missing | /ship_info/country | - | ✗ Missing; press Enter to fill in "nl". | enter
ship.method | one_of | /ship_info/method | "pigeon" | ! Not a known value. Known values: STANDARD, EXPEDITED. | right
ship.method | missing | /ship_info/method | - | ✗ Missing; press Enter to fill in "STANDARD". | enter
valid.how | wins | /order_validity/days | 10 | ! More than one of these fields is filled in: "Years", | right
valid.date | date_spelling | /order_validity/custom_expiration_date | "2027-06-30T00:00:00" | ! It is not known how DigiCert reads a date | ctrl-u type:2027-06-30
valid.years | type | /order_validity/years | "one" | ✗ This must be a whole number. | type:1 enter
pay.method | one_of | /payment_method | "invoice" | ! Not a known value. Known values: balance, card, profile. | right
pay.method | missing | /payment_method | - | ✗ Missing; press Enter to fill in "balance". | enter
card.default | missing | /credit_card/set_as_default | - | ✗ Missing; press Enter to fill in "0". | enter
bill.country | required | /billing_address/country | "" | ✗ This field is required. | enter type:nl enter
bill.country | country | /billing_address/country | "n" | ✗ This is not a known country | enter type:nl enter
bill.country | missing | /billing_address/country | - | ✗ Missing; press Enter to fill in "nl". | enter
"#;

/// A payload without problems: a new organization, a user, paid by card.
const PAYLOAD: &str = r#"{
  "certificate": { "signature_hash": "sha256", "profile_option": "nonrepudiation" },
  "provisioning_method": "qscd",
  "ship_info": { "name": "Anna Smit", "addr1": "Kade 3", "addr2": "2 hoog", "city": "Zilverdam", "state": "Utrecht",
    "zip": "1234 AB", "country": "nl", "method": "STANDARD" },
  "organization": { "name": "Gemeente Zilverdam", "country": "nl", "address": "Kade 3", "city": "Zilverdam",
    "state": "Utrecht", "zip": "1234 AB", "telephone": "0885550100",
    "organization_contact": { "first_name": "A.", "last_name": "Smit", "email": "a@b.nl", "telephone": "0885550100" },
    "contacts": [ { "user_id": 800001, "contact_type": "verified_contact" } ] },
  "order_validity": { "years": 1 },
  "payment_method": "card",
  "credit_card": { "number": "4111111111111111", "expiration_month": "12", "expiration_year": "2029", "cvv": "123",
    "cardholder_name": "Anna Smit", "set_as_default": "0" },
  "billing_address": { "address": "Kade 3", "city": "Zilverdam", "state": "Utrecht", "zip": "1234 AB", "country": "nl" }
}"#;

/// Returns the columns of each row.
fn rows(table: &str) -> impl Iterator<Item = [&str; 6]> {
    let columns = |row| str::split(row, '|').map(str::trim).collect::<Vec<_>>();
    table
        .lines()
        .filter(|line| !line.is_empty())
        .map(move |row| columns(row).try_into().unwrap_or_else(|_| panic!("six columns are wanted: {row}")))
}

/// Returns the script with its long texts in full.
fn written_out(script: &str) -> String {
    let mut parts = script.split('<');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let long = part.split_once('>').and_then(|(count, rest)| Some((count.parse().ok()?, rest)));
        match long {
            Some((count, rest)) => out += &("x".repeat(count) + rest),
            None => out = out + "<" + part,
        }
    }
    out
}

/// One field of a walk, in the last row of its list.
struct At {
    walk: Walk,
    place: FieldPlace,
}

impl At {
    fn new(walk: Walk, id: &str) -> Self {
        let form = walk.app.form();
        let field = form.product().find_field(id).unwrap_or_else(|| panic!("no field {id}"));
        let row = *form.rows(form.product()[field].group).last().unwrap();
        Self { walk, place: FieldPlace { field, row } }
    }

    fn has_focus(&self) -> bool {
        look::focused_target(&self.walk.app) == Some(FocusTarget::Field(self.place))
    }

    /// Moves the focus to the field.
    fn enter(&mut self) {
        if self.has_focus() {
            return;
        }
        let product = product();
        let step = product[product[self.place.field].group].step.0 + 1;
        self.walk.keys(&format!("alt-{step}"));
        // A step opens on the first field that needs a value.
        if !self.has_focus() {
            self.walk.keys("pageup");
        }
        for _ in 0..40 {
            if self.has_focus() {
                return;
            }
            self.walk.keys("tab");
        }
        panic!("it never has the focus:\n{}", self.walk.screen());
    }

    fn keys(&mut self, script: &str) {
        self.walk.keys(&written_out(script));
    }

    /// Leaves the field, unless the keys have left it already.
    fn leave(&mut self) {
        if self.has_focus() {
            self.walk.keys("tab");
        }
    }

    /// Returns true if the field has this problem.
    fn has(&self, code: &str) -> bool {
        let here = |problem: &&zegel::form::Problem| problem.target == ProblemTarget::Field(self.place);
        self.walk.app.feedback().problems.iter().filter(here).any(|problem| problem.kind.code() == code)
    }

    /// Returns true if this text is under the field, visible or not.
    fn stands(&self, text: &str) -> bool {
        let page = self.walk.app.page_lines(self.walk.app.frame().body.width.into());
        let lines =
            page.iter().filter(|(target, _)| *target == Some(FocusTarget::Field(self.place))).map(|(_, line)| line);
        let spans: Vec<&str> = lines.flat_map(|line| &line.spans).map(Span::text).collect();
        let words: Vec<&str> = spans.iter().flat_map(|span| span.split_whitespace()).collect();
        words.join(" ").contains(text)
    }

    /// Returns true if this text is under the field and visible.
    fn says(&self, text: &str) -> bool {
        self.stands(text) && self.walk.shows(text)
    }

    /// Asserts that the problem is reported once the field was left, and is gone as soon as the value is right.
    fn mends(&mut self, code: &str, output: &str, right: &str, row: &str) {
        assert!(self.has(code), "{row}: it is not {code}\n{}", self.walk.screen());
        self.leave();
        assert!(self.says(output), "{row}: it is not said\n{}", self.walk.screen());
        self.enter();
        assert!(self.says(output), "{row}: it is no longer said on coming back\n{}", self.walk.screen());
        self.keys(right);
        assert!(!self.has(code) && !self.stands(output), "{row}: it is still said\n{}", self.walk.screen());
    }
}

#[test]
fn a_typed_problem_is_shown_after_leaving_and_gone_once_corrected() {
    for [id, code, start, wrong, output, right] in rows(TYPED) {
        let mut walk = Walk::sized(Language::En, 100, 60);
        walk.server.custom_date = !start.contains("NO-DATE");
        let start = of_verified(&mut walk, start);
        walk.keys(&written_out(start.trim_start_matches("NO-DATE")));
        let mut at = At::new(walk, id);
        at.enter();
        at.keys(wrong);
        let row = format!("{id} {code} {wrong}");
        assert!(!at.has_focus() || !at.stands(output), "{row}: it is said too early\n{}", at.walk.screen());
        at.mends(code, output, right, &row);
    }
}

/// Sets the verified contacts of the first organization, by the first word of a script. Returns the rest.
fn of_verified<'a>(walk: &mut Walk, start: &'a str) -> &'a str {
    let bram = Person { user_id: Some(800_002), name: "Bram Jansen".into(), ..Person::default() };
    let bram = Person { email: "bram@zilverdam.example".into(), ..bram };
    let known = [("OF-BRAM", vec![bram]), ("OF-NOBODY", Vec::new())];
    for (word, people) in known {
        if let Some(rest) = start.strip_prefix(word) {
            walk.server.about.verified = vec![(900_001, people)];
            return rest;
        }
    }
    start
}

/// Returns the payload with another value at a pointer, or none.
fn payload(pointer: &str, value: &str) -> String {
    let mut payload: serde_json::Value = serde_json::from_str(PAYLOAD).unwrap();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let members = payload.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        "-" => members.shift_remove(name).map(|_| ()).unwrap(),
        value => drop(members.insert(name.into(), serde_json::from_str(value).unwrap())),
    }
    payload.to_string()
}

#[test]
fn a_payload_problem_is_listed_and_gone_once_corrected() {
    for [id, code, pointer, value, output, right] in rows(READ) {
        let reading = Form::parse_payload(product(), &zegel::json::parse(&payload(pointer, value)).unwrap()).unwrap();
        let mut walk = Walk::with(App::with_payload(setup(Language::En, 200, 60), reading));
        walk.keys("wait").expect(output.trim_start_matches(['✗', '!', ' ']));
        let mut at = At::new(walk, id);
        at.enter();
        at.mends(code, output, right, &format!("{id} {code} {value}"));
    }
}

#[test]
fn an_unknown_country_cannot_be_chosen() {
    let mut walk = Walk::new();
    walk.keys("alt-4 pagedown shift-tab shift-tab").expect("› Country");
    walk.keys("type:atlantis enter").expect("No match. Press Backspace to").keys("esc").expect("Netherlands (nl)");
    assert_eq!(walk.text("ship.country"), "nl");
}

#[test]
fn control_characters_cannot_be_typed() {
    let mut walk = Walk::new();
    walk.keys("alt-4 type:Anna<esc><tab>\u{7}<space>Smit tab").expect_not("control character");
    assert_eq!(walk.text("ship.name"), "Anna Smit");
}

/// Returns the problems of a check.
fn of_check(check: &ValueCheck) -> &'static [&'static str] {
    match check {
        ValueCheck::Max(_) => &["too_long"],
        ValueCheck::Range(_, last) if *last == i64::MAX.unsigned_abs() => &["id"],
        ValueCheck::Range(..) => &["range"],
        ValueCheck::AtMost(_) => &["at_most"],
        ValueCheck::OneOf => &["one_of"],
        ValueCheck::Email => &["email"],
        ValueCheck::EmailShape => &["email_shape"],
        ValueCheck::YearMonthDay => &["date_spelling"],
        ValueCheck::Telephone => &["telephone", "few_digits"],
        ValueCheck::Luhn => &["card_number"],
        ValueCheck::Cvv(_) => &["cvv"],
        ValueCheck::Month => &["month"],
        ValueCheck::Year4 => &["year"],
        ValueCheck::PostalCode(_) => &["postal_code"],
        ValueCheck::NoPoBox => &["po_box"],
        ValueCheck::HouseNumber(_) => &["house_number"],
        ValueCheck::Letters => &["no_letters"],
        ValueCheck::Person => &["no_person", "two_words"],
        ValueCheck::TwoWords => &["two_words"],
        ValueCheck::DaysAhead(..) => &["date_range"],
        ValueCheck::KnownCountry => &["country"],
        ValueCheck::Own(_) => &[],
    }
}

/// Returns the problems of a rule across fields.
fn of_rule(rule: &RuleKind) -> &'static [&'static str] {
    match rule {
        RuleKind::TotalMax { .. } => &["total_too_long"],
        RuleKind::Distinct => &["twice"],
        RuleKind::NotPastMonth(_) => &["past_month"],
        RuleKind::NeedsFact(AccountFact::ActiveOrganization) => &["inactive"],
        RuleKind::NeedsFact(AccountFact::UserNotVerifiedContact) => &["contact_id"],
        RuleKind::NeedsFact(AccountFact::VerifiedContact) => &["not_verified", "none_verified"],
        RuleKind::NeedsFact(AccountFact::UserDetails) => &["no_details"],
        RuleKind::NeedsFact(AccountFact::ValidityYears) => &["years", "years_unknown"],
        RuleKind::NeedsFact(AccountFact::CustomDate) => &["no_custom_date"],
    }
}

/// Returns the problems that follow from the kind of a field and from its being required.
fn of_kind(field: &Field) -> Vec<&'static str> {
    let given = field.fixed.is_some() || field.default.is_some();
    // A payload without years leaves the validity to the server, so that the form does not ask for the years.
    let blank = match (field.required, field.blank) {
        (Requirement::No, _) => None,
        _ if field.is_mode() || field.from_issue.is_some() && given => None,
        (_, BlankPolicy::Send) => Some("missing"),
        _ if given => Some("missing"),
        _ if field.kind == ValueKind::Consent => Some("consent"),
        (Requirement::Advised, _) => Some("advised"),
        _ => Some("required"),
    };
    let kind = match field.kind {
        ValueKind::Date => Some("date"),
        ValueKind::Integer if field.source.is_none() => Some("type"),
        _ => None,
    };
    blank.into_iter().chain(kind).chain(field.fixed.iter().flat_map(|_| ["fixed", "fixed_case"])).collect()
}

#[test]
fn every_rule_of_the_product_is_tested() {
    let met: BTreeSet<(&str, &str)> = rows(TYPED).chain(rows(READ)).map(|[id, code, ..]| (id, code)).collect();
    let product = product();
    let mut forgotten = Vec::new();
    for field in product.fields {
        let rulings = field.checks.iter().chain(field.advice).flat_map(|ruling| of_check(&ruling.is)).copied();
        forgotten.extend(rulings.chain(of_kind(field)).map(|code| (field.id, code)));
    }
    for rule in product.rules {
        forgotten.extend(of_rule(&rule.is).iter().map(|code| (product[rule.at].id, *code)));
    }
    assert!(forgotten.len() > 100, "{}", forgotten.len());
    forgotten.retain(|rule| !met.contains(rule));
    assert!(forgotten.is_empty(), "no row of a table meets {forgotten:?}");
}
