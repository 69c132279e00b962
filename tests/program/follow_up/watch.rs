//! Following an order: a line for each change, and every way in which following ends.

use super::bench::{Bench, Running, assert_no_secret_or_control};
use crate::common::server::{Reply, Server};
use rstest::rstest;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Lines, Read};
use std::process::ChildStdout;
use std::sync::atomic::{AtomicUsize, Ordering};

fn lines(running: &mut Running) -> Lines<BufReader<ChildStdout>> {
    BufReader::new(running.0.stdout.take().unwrap()).lines()
}

fn next(lines: &mut Lines<BufReader<ChildStdout>>) -> String {
    let line = lines.next().unwrap().unwrap();
    assert_no_secret_or_control(&line);
    line
}

/// Returns the exit code and all of standard error.
fn end(running: &mut Running) -> (Option<i32>, String) {
    let mut output = String::new();
    running.0.stderr.take().unwrap().read_to_string(&mut output).unwrap();
    assert_no_secret_or_control(&output);
    (running.0.wait().unwrap().code(), output)
}

#[test]
fn each_change_is_one_line_and_a_signal_ends_silently() {
    let bench = Bench::new();
    bench.place_now();
    let mut running = bench.start(&["status", "700001", "--watch"]);
    let mut lines = lines(&mut running);
    let first = next(&mut lines);
    assert!(first.contains(" UTC · request 5001: ") && first.contains(" · status: waiting for approval"), "{first}");
    bench.advance(20);
    let mut last = next(&mut lines);
    // The sandbox's clock also runs by itself: the order may have been pending in between.
    while last.contains("waiting for approval") {
        last = next(&mut lines);
    }
    assert!(last.contains("approved · status: being validated by DigiCert (pending) · certificate 600001"), "{last}");
    kill_process(Pid::from_child(&running.0), Signal::INT).unwrap();
    assert_eq!(end(&mut running), (Some(130), String::new()));
    assert!(lines.next().is_none(), "there was nothing else to tell");
}

#[rstest]
#[case(Signal::TERM, 143)]
#[case(Signal::HUP, 129)]
fn other_signals_end_watching_too(#[case] signal: Signal, #[case] code: i32) {
    let bench = Bench::with_order();
    let mut running = bench.start(&["status", "700001", "--watch", "--json"]);
    let json: Value = serde_json::from_str(&next(&mut lines(&mut running))).unwrap();
    assert_eq!(json["requests"][0]["status"], "approved");
    // Its reader is gone by now, which ends it as well: both ends are silent.
    kill_process(Pid::from_child(&running.0), signal).unwrap();
    let (ended, output) = end(&mut running);
    assert!(output.is_empty() && [Some(code), Some(0)].contains(&ended), "{ended:?} {output}");
}

#[test]
fn a_missing_reader_ends_watching_silently_without_a_change() {
    let bench = Bench::with_order();
    let mut running = bench.start(&["status", "700001", "--watch"]);
    drop(next(&mut lines(&mut running)));
    assert_eq!(end(&mut running), (Some(0), String::new()));
}

/// Starts a server that answers with these statuses, one per call, the last one for ever. None is a failure.
fn in_order(statuses: &'static [Option<&str>]) -> Server {
    let calls = AtomicUsize::new(0);
    Server::start(move |request| {
        if !request.path.ends_with("/order/certificate/7") {
            return Reply::missing();
        }
        let call = calls.fetch_add(1, Ordering::SeqCst).min(statuses.len() - 1);
        match statuses[call] {
            Some(status) => Reply::Json(200, json!({ "id": 7, "status": status }).to_string()),
            None => Reply::refusal(503, "down", "Try later."),
        }
    })
}

#[test]
fn watching_ends_at_a_final_status_and_reports_a_failure_once() {
    let server = in_order(&[None, None, Some("pending"), None, None, Some("pending"), None, Some("issued")]);
    let ran = Bench::new().run_with(&["status", "7", "--watch"], &[("ZEGEL_API_URL", &server.url())]).expect_code(0);
    let json: Vec<&str> = ran.out.lines().map(|line| line.split_once(" UTC · ").unwrap().1).collect();
    assert_eq!(json, ["status: being validated by DigiCert (pending)", "status: issued"]);
    assert_eq!(ran.err.matches("HTTP 503").count(), 3, "once for each time that it failed: {}", ran.err);
    assert!(ran.err.contains("This status is final; zegel has"), "{}", ran.err);
    server.finish();
}

#[test]
fn in_json_each_change_is_one_line() {
    let server = in_order(&[Some("pending"), Some("pending"), Some("rejected")]);
    let env = [("ZEGEL_API_URL", server.url())];
    let env = env.each_ref().map(|(name, value)| (*name, value.as_str()));
    let ran = Bench::new().run_with(&["status", "7", "--watch", "--json"], &env).expect_code(0);
    let json: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let json: Vec<_> = json.iter().map(|line| (line["order"]["status"].as_str().unwrap(), &line["final"])).collect();
    assert_eq!(json, [("pending", &json!(false)), ("rejected", &json!(true))]);
    server.finish();
}

#[test]
fn a_refused_key_ends_watching() {
    let bench = Bench::with_order();
    let ran =
        bench.run_with(&["status", "700001", "--watch"], &[("ZEGEL_API_KEY", "ANOTHER-MADE-UP-KEY")]).expect_code(2);
    ran.expect_no_output().expect_errors(&["refused (HTTP 403)"]);
}
