//! How fast payloads are checked, read and made within the process: time, MB/s and payloads/s.
//!
//! `cargo bench --bench payload` prints a table. The bench `program` measures the whole program.
#![allow(clippy::unwrap_used, reason = "a bench that cannot run has nothing to say")]

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use zegel::domain::AccountData;
use zegel::form::lint::{MAX_TEXT_BYTES, lint_text};
use zegel::form::{Audience, Form, ValidationContext};
use zegel::json;
use zegel::product::{PKIO, Product};

/// The documented form: ids are strings, and the details are members beside `user`.
const GOOD: &str = include_str!("documented.json");

/// The same payload with ten errors.
fn wrong() -> String {
    let changes = [
        ("sha256", "sha512"),
        ("\"csa_agreed_to\": true", "\"csa_agreed_to\": null"),
        ("\"A. Tester\"", "\"Tester\""),
        ("\"Amsterdam\"", "\"\""),
        ("\"1015 AA\"", "\"1015\""),
        ("\"nl\"", "\"xx\""),
        ("\"STANDARD\"", "\"PIGEON\""),
        ("\"900001\"", "\"9e5\""),
        ("\"years\": 1", "\"years\": 1, \"days\": 400"),
        ("\"payment_method\"", "\"payment_methods\": 1, \"payment_method\""),
    ];
    changes.into_iter().fold(GOOD.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// A payload of the greatest length that is read, nested deep in a list.
fn junk() -> String {
    let piece = "{\"a\": [1, \"x\\n\", null]}, ";
    format!("[{}1]", piece.repeat((MAX_TEXT_BYTES - 3) / piece.len()))
}

fn checked(bencher: Bencher<'_, '_>, text: &str) {
    let (product, known) = (PKIO, AccountData::default());
    let context =
        ValidationContext { today: jiff::civil::date(2026, 11, 22), known: &known, audience: Audience::Review };
    let counted = bencher.counter(BytesCount::of_str(text)).counter(ItemsCount::new(1_usize));
    counted.bench(|| lint_text(product, black_box(text.as_bytes()), &context));
}

#[divan::bench]
fn check_good(bencher: Bencher<'_, '_>) {
    checked(bencher, GOOD);
}

#[divan::bench]
fn check_ten_problems(bencher: Bencher<'_, '_>) {
    checked(bencher, &wrong());
}

#[divan::bench]
fn check_mebibyte_of_junk(bencher: Bencher<'_, '_>) {
    checked(bencher, &junk());
}

fn read(product: &'static Product) -> Form {
    Form::parse_payload(product, &json::parse(black_box(GOOD)).unwrap()).unwrap().form
}

#[divan::bench]
fn read_good(bencher: Bencher<'_, '_>) {
    let product = PKIO;
    let counted = bencher.counter(BytesCount::of_str(GOOD)).counter(ItemsCount::new(1_usize));
    counted.bench(|| read(product));
}

#[divan::bench]
fn build_body_with_digest(bencher: Bencher<'_, '_>) {
    let form = read(PKIO);
    let counted =
        bencher.counter(BytesCount::of_str(form.payload_text().masked_text())).counter(ItemsCount::new(1_usize));
    counted.bench(|| black_box(&form).payload_text());
}

fn main() {
    divan::main();
}
