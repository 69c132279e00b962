//! The same with the commands: the card from standard input or in the payload, the key from the environment.
//!
//! A payload with a card comes from standard input or from outside the searched place: it belongs to the user.

use super::flows::assert_sent;
use super::place::Place;
use crate::common::search::{CARD, CVV, KEY, found};
use crate::common::server::{Reply, Request, Server};
use rstest::rstest;
use std::fs;
use std::io::Write;
use std::process::Stdio;

/// An order by card without number and CVV, which the program asks for.
const ORDER: &str = r#"{
  "organization": { "id": 900011, "contacts": [ { "user_id": 800001, "contact_type": "verified_contact" } ] },
  "certificate": { "signature_hash": "sha256", "profile_option": "nonrepudiation" },
  "provisioning_method": "qscd", "csa_agreed_to": true,
  "ship_info": { "name": "Anna de Vries", "addr1": "Keizersgracht 1", "addr2": "2 hoog", "zip": "1015 AA",
                 "city": "Amsterdam", "state": "Noord-Holland", "country": "nl", "method": "STANDARD" },
  "order_validity": { "years": 1 }, "payment_method": "card",
  "credit_card": { "expiration_month": "09", "expiration_year": "2099", "cardholder_name": "Anna de Vries", "set_as_default": "0" },
  "billing_address": { "address": "Keizersgracht 1", "country": "nl", "zip": "1015 AA", "city": "Amsterdam",
                       "state": "Noord-Holland" }
}"#;

/// The same with all of the card.
fn with_card() -> String {
    let card = format!("\"credit_card\": {{ \"number\": \"{CARD}\", \"cvv\": \"{CVV}\",");
    ORDER.replace("\"credit_card\": {", &card)
}

/// A searched place with the order in it, and a server.
pub(crate) struct Flow {
    pub(crate) place: Place,
    pub(crate) server: Server,
    digest: String,
}

impl Flow {
    pub(crate) fn on(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::with(Server::for_orders(answer))
    }

    pub(crate) fn with(server: Server) -> Self {
        let place = Place::new();
        fs::write(place.path("order.json"), ORDER).unwrap();
        let flow = Self { place, server, digest: String::new() };
        let digest = flow.run(&["preview", "--digest", "order.json"], "", 0).trim().to_owned();
        Self { digest, ..flow }
    }

    /// Runs a command to its end, with this standard input. Returns its standard output.
    #[track_caller]
    pub(crate) fn run(&self, args: &[&str], typed: &str, code: i32) -> String {
        let (ended, out, err) = self.run_all(args, typed);
        assert_eq!(ended, Some(code), "{err}");
        out
    }

    /// The same, with both outputs and the exit code.
    #[track_caller]
    pub(crate) fn run_all(&self, args: &[&str], typed: &str) -> (Option<i32>, String, String) {
        let mut command = self.place.command(args, &self.server.url());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        for bytes in [&output.stdout, &output.stderr] {
            assert_eq!(found(bytes), Vec::<&str>::new(), "{}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(self.place.finds_in_files(), Vec::<String>::new());
        assert!(!output.stdout.is_empty() || !output.stderr.is_empty(), "nothing was told");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    /// Orders by the card from standard input.
    #[track_caller]
    fn submit(&self, more: &[&str], code: i32) -> String {
        let (ended, out, err) = self.submit_all(more);
        assert_eq!(ended, Some(code), "{err}");
        out
    }

    #[track_caller]
    pub(crate) fn submit_all(&self, more: &[&str]) -> (Option<i32>, String, String) {
        let args = ["submit", "order.json", "--confirm", &self.digest, "--card-from-stdin", "--resolve", "600"];
        self.run_all(&[&args, more].concat(), &format!("{CARD}\n{CVV}\n"))
    }

    /// Asserts that the server got this many orders, with all of the card, and that there was a log and a store to
    /// search.
    #[track_caller]
    pub(crate) fn end(self, orders: usize) {
        assert_sent(&self.server.finish(), orders);
        let state = fs::read_dir(self.place.path("ZEGEL_STATE_DIR")).unwrap().count();
        assert!(state > 0 && fs::metadata(self.place.path("log")).unwrap().len() > 0);
    }
}

#[rstest]
fn a_placed_order_and_its_summary_have_no_secret(#[values(&[], &["--json"])] json: &[&str]) {
    let flow = Flow::on(|_| Reply::placed());
    flow.submit(json, 0);
    let summary = flow.run(&["status", "700001", "--summary"], "", 0);
    assert!(summary.contains("credit card") && summary.contains("Keizersgracht 1"), "{summary}");
    flow.end(1);
}

#[test]
fn an_order_with_the_card_in_its_payload_leaves_no_secret() {
    let flow = Flow::on(|_| Reply::placed());
    flow.run(&["submit", "-", "--confirm", &flow.digest], &with_card(), 0);
    flow.end(1);
}

#[rstest]
fn a_refused_order_leaves_no_secret(#[values(&[], &["--json"])] json: &[&str]) {
    let flow = Flow::on(|_| Reply::refusal(400, "invalid_card", "The card was declined."));
    flow.submit(json, 1);
    flow.end(1);
}

#[rstest]
fn a_lost_and_resolved_order_leaves_no_secret(#[values(&[], &["--json"])] json: &[&str]) {
    let flow = Flow::on(|_| Reply::Cut);
    flow.submit(json, 3);
    flow.submit(json, 1);
    flow.run(&[&["resolve", "1"], json].concat(), "", 3);
    flow.run(&[&["resolve", "1", "--not-placed"], json].concat(), "", 0);
    flow.end(1);
}

/// A part of a card, or an invalid one, is not printed either.
#[rstest]
#[case::another_digit(format!("{}\n{CVV}\n", CARD.replace("648", "649")))]
#[case::no_cvv(format!("{CARD}\n\n"))]
#[case::swapped(format!("{CVV}\n{CARD}\n"))]
#[case::in_one_line(format!("{CARD} {CVV}\n"))]
fn an_invalid_card_leaves_no_secret(#[case] typed: String) {
    let flow = Flow::on(|_| Reply::placed());
    let args = ["submit", "order.json", "--confirm", &flow.digest, "--card-from-stdin"];
    let code = if typed.ends_with(&format!(" {CVV}\n")) { 2 } else { 1 };
    flow.run(&args, &typed, code);
    assert_sent(&flow.server.finish(), 0);
}

#[rstest]
#[case::check(&["check", "-"], 0)]
#[case::check_json(&["check", "-", "--json"], 0)]
#[case::preview(&["preview", "-"], 1)]
#[case::digest(&["preview", "--digest", "-"], 1)]
fn the_report_on_a_payload_with_a_card_omits_it(#[case] args: &[&str], #[case] misplaced: i32) {
    let flow = Flow::on(|_| Reply::placed());
    flow.run(args, &with_card(), 0);
    // Damaged text is shown at its place.
    flow.run(args, &with_card().replace("\"number\":", "\"number\""), 1);
    flow.run(args, &with_card().replace("\"number\"", "\"nummer\""), misplaced);
    assert_sent(&flow.server.finish(), 0);
}

/// Places where a user might put the key, besides the right one.
const CONFIG: &str = r#"key = "KEY"
[accounts.main]
key_variable = "ZEGEL_API_KEY"
url = "https://KEY:KEY@example.nl"
[accounts.file]
key_file = "KEY"
key_command = ["print", "KEY"]
[accounts.KEY]
key_store = "KEY"
[accounts.command]
key_command = ["print", "KEY"]
[accounts.command.order]
"org.id" = "KEY"
"KEY" = 1
[network]
proxy = "http://KEY:KEY@proxy.example.nl"
"#;

#[rstest]
#[case::wrong(CONFIG, 1)]
#[case::no_toml("[accounts.main]\nkey = KEY\nKEY\n", 1)]
#[case::right("[accounts.main]\nkey_command = [\"print\", \"KEY\"]\n[network]\nproxy = \"http://a:KEY@proxy\"\n", 0)]
fn the_output_of_a_configuration_omits_the_key(#[case] text: &str, #[case] code: i32) {
    let flow = Flow::on(|_| Reply::placed());
    let config = format!("{}/config.toml", flow.place.path("ZEGEL_CONFIG_DIR"));
    let run = |args: &[&str], code: i32| {
        // It belongs to the user, and so is not searched.
        fs::write(&config, text.replace("KEY", KEY)).unwrap();
        let output = flow.place.command(args, &flow.server.url()).output().unwrap();
        fs::remove_file(&config).unwrap();
        for bytes in [&output.stdout, &output.stderr] {
            assert_eq!(found(bytes), Vec::<&str>::new(), "{}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(flow.place.finds_in_files(), Vec::<String>::new());
    };
    run(&["config"], code);
    run(&["config", "--json"], code);
    run(&["config", "--account", "command"], 1);
    run(&["config", "--account", KEY], 1);
    run(&["status", "700001"], 2);
    assert_sent(&flow.server.finish(), 0);
}

/// A server may repeat the request. A helper who gets this output from the user must not learn the secret.
#[rstest]
#[case::well(false, 0)]
#[case::repeated(true, 1)]
fn error_reports_contain_no_secret(
    #[case] repeats: bool,
    #[case] code: i32,
    #[values(&["doctor"], &["doctor", "--json"])] args: &[&str],
) {
    let (place, server) = (Place::new(), Server::start(move |request| repeat(request, repeats)));
    let flow = Flow { place, server, digest: String::new() };
    flow.run(args, "", code);
    let state = fs::read_dir(flow.place.path("ZEGEL_STATE_DIR")).unwrap().count();
    assert_eq!(state, 0, "nothing is made");
    assert!(!flow.server.finish().is_empty());
}

fn repeat(request: &Request, repeats: bool) -> Reply {
    match request.path.rsplit('/').next() {
        _ if repeats => Reply::refusal(400, KEY, &format!("{KEY} {CARD} {CVV} {}", request.head)),
        Some("me") => Reply::Json(
            200,
            format!(r#"{{ "id": 1, "first_name": "{KEY}", "access_roles": [{{ "id": 1, "name": "{CARD}" }}] }}"#),
        ),
        Some("balance") => Reply::Json(200, format!(r#"{{ "balance": "5", "currency": "{KEY}" }}"#)),
        _ => Reply::Json(200, format!(r#"{{ "name": "{CARD}", "license_agreement": "{KEY}" }}"#)),
    }
}

#[test]
fn a_reviewed_payload_shows_no_secret() {
    let (place, server, outside) =
        (Place::new(), Server::for_orders(|_| Reply::placed()), tempfile::tempdir().unwrap());
    let file = outside.path().join("order.json");
    fs::write(&file, with_card()).unwrap();
    let review = place.launch(&["review", file.to_str().unwrap()]);
    let mut tty = review.env("ZEGEL_API_URL", &server.url()).env("ZEGEL_API_KEY", KEY).start();
    tty.wait_for("JSON · file digest ").press("tab end").wait_for("\"billing_address\"");
    tty.press("alt-6").wait_for("***********0648").press("ctrl-c");
    assert_eq!(tty.wait_exit(), 0);
    place.assert_clean(&tty);
    assert_sent(&server.finish(), 0);
}
