//! Each fact of the product file has the mark of its evidence, and no better one.
//!
//! The marks are typed here by hand from certcentral-api.md 2.1, 2.2, 3, 4.3 and 4.8, and compared both ways.

use zegel::product::{Evidence, PKIO, Product, Rule, RuleKind, ValueCheck};

/// Each parameter with its mark, followed by its checks, advice and rules with their marks.
const FACTS: &str = "
org.how doc
org.id doc: range doc, active_organization inf
org.name sib: max sib
org.assumed sib: total_max sib
org.country sib: known_country sib
org.address sib: max sib, house_number inf
org.address2 sib: max sib
org.zip sib: max code, postal_code inf
org.city sib: max sib, letters inf
org.state sib: max sib
org.telephone sib: max code, telephone inf
org.skip doc
orgc.first sib: max sib
orgc.last sib: max sib
orgc.email code: email code, email_shape code, max code
orgc.title code: max code
orgc.telephone code: max code, telephone inf
orgc.extension code: max code
contact.how doc
contact.person doc: range doc, user_not_verified_contact sib, verified_contact sib, user_details sib
contact.user doc: range doc, user_not_verified_contact sib, verified_contact sib, user_details sib
contact.first doc: max sib
contact.last doc: max sib
contact.email doc: email inf, email_shape inf, max code, verified_contact sib
contact.title doc: max code
contact.telephone doc: max code, telephone inf
contact.type doc: one_of sib, distinct sib
cert.hash doc
cert.profile doc
cert.pss doc
order.method doc
order.csa doc
ship.name doc: person doc
ship.addr1 doc: no_po_box inf, house_number inf
ship.addr2 doc: no_po_box inf
ship.zip doc: postal_code inf
ship.city doc: letters inf
ship.state doc
ship.country doc: known_country sib
ship.method doc: one_of sib
valid.how doc
valid.years doc: range inf, validity_years sib
valid.days doc: range inf, at_most inf
valid.date inf: days_ahead doc, year_month_day inf, custom_date sib
pay.method doc: one_of sib
card.number doc: luhn inf
card.month doc: month inf
card.year doc: year4 doc, not_past_month inf
card.cvv doc: cvv inf
card.holder doc: two_words doc
card.save doc
card.default doc
bill.address doc: house_number inf
bill.address2 doc
bill.country doc: known_country inf
bill.zip doc: postal_code inf
bill.city doc: letters inf
bill.state doc
";

fn mark(mark: Evidence) -> &'static str {
    match mark {
        Evidence::Own => "own",
        Evidence::Doc => "doc",
        Evidence::Sib => "sib",
        Evidence::Code => "code",
        Evidence::Inf => "inf",
    }
}

/// Returns the name of a variant as the product file writes it.
fn snake(variant: &str) -> String {
    let name = variant.split(['(', ' ', '{']).next().unwrap();
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

fn check(check: &ValueCheck) -> String {
    snake(&format!("{check:?}"))
}

fn rule(rule: &Rule) -> String {
    match &rule.is {
        RuleKind::NeedsFact(fact) => snake(&format!("{fact:?}")),
        other => snake(&format!("{other:?}")),
    }
}

/// Returns the facts of the product file about each parameter, as the table above writes them.
fn facts(product: &Product) -> Vec<String> {
    let lines = product.field_ids().map(|id| {
        let field = &product[id];
        let checks = field.checks.iter().chain(field.advice).map(|ruling| (check(&ruling.is), ruling.cite.mark));
        let rules = product.rules.iter().filter(|rule| rule.at == id).map(|it| (rule(it), it.cite.mark));
        let output: Vec<String> = checks.chain(rules).map(|(name, cite)| format!("{name} {}", mark(cite))).collect();
        let end = if output.is_empty() { String::new() } else { format!(": {}", output.join(", ")) };
        format!("{} {}{end}", field.id, mark(field.cite.mark))
    });
    lines.collect()
}

#[test]
fn every_fact_has_the_mark_of_the_fact_sheet() {
    let report = facts(PKIO);
    let known: Vec<&str> = FACTS.trim().lines().collect();
    for line in &report {
        assert!(known.contains(&line.as_str()), "the product file says {line:?}");
    }
    assert_eq!(report.len(), known.len());
}
