//! The outcome of an order with a whole server or a misbehaving one: placed, refused, not sent, or unknown.
//!
//! Each response goes the whole way: a confirmed order, the only request, the outcome, and another confirmation. That
//! one may send an order only if the first surely made none.

use super::hostile::{self, bind_silent_port};
use super::orders::server;
use super::peer::Peer;
use super::{ENDPOINT, body, client, limits, short};
use rstest::rstest;
use std::net::TcpStream;
use tempfile::TempDir;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};
use zegel::certcentral::{Client, Limits};
use zegel::domain::{
    ApiError, CurrentUser, DecodeError, Intent, KnownSet, Listing, PlacedOrder, RequestState, ServerError,
    TransportErrorKind,
};
use zegel::order::executor::{ExecutorContext, execute_effect, write_to_journal};
use zegel::order::{
    JournalRecords, JournalWrite, OrderEffect, OrderEvent, OrderMachine, OrderPlan, OrderPolling, OrderTransition,
    PollRound, PreflightData, PreflightExtras, UnknownCause, UnresolvedOrder,
};
use zegel::store::StoreWorker;

/// When the order is sent, and when any response arrives.
const SENT: u64 = 5;
const HEARD: u64 = 9;

/// The end of an attempt to send an order.
struct End {
    machine: OrderMachine,
    turn: OrderTransition,
    effects: Vec<OrderEffect>,
}

/// A desk with a journal of its own.
struct Desk {
    store_worker: StoreWorker,
    _dir: TempDir,
}

impl Desk {
    fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { store_worker: StoreWorker::start(Ok(dir.path().to_owned())).unwrap(), _dir: dir }
    }

    fn means<'a>(&'a self, client: &'a Client, endpoint: &'a str) -> ExecutorContext<'a> {
        ExecutorContext { client: Ok(client), store_worker: &self.store_worker, endpoint, pace: 1 }
    }

    /// Writes an entry to the journal.
    async fn write(&self, write: JournalWrite) -> OrderEvent {
        let (send, receive) = tokio::sync::oneshot::channel();
        write_to_journal(&self.store_worker, write, || HEARD, |event| send.send(event).unwrap());
        receive.await.unwrap()
    }
}

/// Returns the events before a confirmation, for an empty account.
fn events_before_confirmation() -> [OrderEvent; 2] {
    let intent = Intent {
        draft: None,
        host: "h".into(),
        account: String::new(),
        product: "p".into(),
        organization: None,
        digest: "d".into(),
        body: "{}".into(),
        user: None,
        known_set: KnownSet::default(),
        server_time: None,
        local_time: 0,
    };
    let (me, records) = (Ok(CurrentUser::default()), Ok(JournalRecords::default()));
    let survey = PreflightData {
        current_user: me,
        orders: nothing(),
        requests: nothing(),
        records,
        extras: PreflightExtras::default(),
    };
    [
        OrderEvent::Planned(Box::new(OrderPlan { intent, preflight_number: 1 })),
        OrderEvent::PreflightDone(1, Box::new(survey), 0),
    ]
}

fn nothing<T>() -> Listing<T> {
    Listing { rows: Vec::new(), gap: None, date: String::new() }
}

/// Confirms an order, writes to the journal, and sends the order if the confirmation leads to that.
async fn confirm(mut machine: OrderMachine, client: &Client, endpoint: &str, desk: &Desk) -> Option<End> {
    for event in events_before_confirmation() {
        machine.handle_event(event);
    }
    let (_, effects) = machine.handle_event(OrderEvent::Confirmed(body("{}"), SENT));
    let Some(OrderEffect::Write(intent)) = effects.into_iter().next() else { return None };
    let (_, effects) = machine.handle_event(desk.write(intent).await);
    let event = execute_effect(desk.means(client, endpoint), effects.into_iter().next()?, || HEARD).await?;
    let (turn, mut effects) = machine.handle_event(event);
    let OrderEffect::Write(ended) = effects.remove(0) else { panic!("nothing was written down") };
    assert_eq!(desk.write(ended).await, OrderEvent::OutcomeRecorded(Ok(())));
    Some(End { machine, turn, effects })
}

/// Returns a first attempt, and whether another confirmation sent the order a second time.
async fn submit_twice(client: &Client, endpoint: &str) -> (End, bool) {
    let desk = Desk::open();
    let end = confirm(OrderMachine::Ready, client, endpoint, &desk).await.unwrap();
    let again = confirm(end.machine.clone(), client, endpoint, &desk).await;
    (end, again.is_some())
}

async fn posts(server: &MockServer) -> usize {
    let requests = server.received_requests().await.unwrap();
    requests.iter().filter(|request| request.method.as_str() == "POST").count()
}

/// Returns the end of an order with this response of a whole server.
async fn submit_with_response(answer: ResponseTemplate) -> End {
    let server = server(answer).await;
    let (end, again) = submit_twice(&client(&server.uri(), limits()), ENDPOINT).await;
    assert_eq!(again, matches!(end.turn, OrderTransition::Refused(..)), "sent again after {:?}", end.turn);
    assert_eq!(posts(&server).await, 1 + usize::from(again), "how often it left");
    end
}

async fn submit_with_reply(status: u16, text: &str) -> End {
    submit_with_response(ResponseTemplate::new(status).insert_header("retry-after", "0").set_body_string(text)).await
}

fn request(id: u64, status: &str) -> RequestState {
    RequestState { id, status: status.into() }
}

fn with_request(status: &str) -> PlacedOrder {
    PlacedOrder { requests: vec![request(5001, status)], ..PlacedOrder::default() }
}

/// Asserts that an order was placed with these facts, and that all of its ids are requested.
fn assert_placed(end: &End, expected: PlacedOrder) {
    let expected = PlacedOrder { id: 700_001, ..expected };
    assert_eq!((&end.turn, end.machine.placed_order()), (&OrderTransition::Placed, Some(&expected)));
    let round = PollRound { order: 700_001, number: 1 };
    let requests = expected.requests.iter().map(|request| OrderEffect::FetchRequest(round, request.id));
    let asked: Vec<OrderEffect> = requests.chain([OrderEffect::FetchOrder(round, 700_001)]).collect();
    assert_eq!(end.effects, asked);
}

#[rstest]
#[case::waits_for_approval(
    r#"{ "id": 700001, "requests": [ { "id": 5001, "status": "pending" } ] }"#,
    with_request("pending")
)]
#[case::was_handed_in(
    r#"{ "id": 700001, "requests": [ { "id": 5001, "status": "submitted" } ] }"#,
    with_request("submitted")
)]
#[case::was_approved_at_once(
    r#"{ "id": 700001, "requests": [ { "id": 5001, "status": "approved" } ], "certificate_id": 600001 }"#,
    PlacedOrder { certificate_id: Some(600_001), ..with_request("approved") }
)]
#[case::needs_no_approval(
    r#"{ "id": 700001, "certificate_id": 600001 }"#,
    PlacedOrder { certificate_id: Some(600_001), ..PlacedOrder::default() }
)]
#[case::made_an_organization(
    r#"{ "id": 700001, "organization": { "id": 900002 }, "requests": [ { "id": 5001, "status": "pending" } ] }"#,
    PlacedOrder { organization_id: Some(900_002), ..with_request("pending") }
)]
#[tokio::test]
async fn a_documented_response_is_a_placed_order(#[case] text: &str, #[case] placed: PlacedOrder) {
    let end = submit_with_response(ResponseTemplate::new(201).set_body_raw(text, "application/json")).await;
    assert_placed(&end, placed);
}

#[rstest]
#[case::id_alone(201, r#"{"id":700001}"#, PlacedOrder::default())]
#[case::id_as_text(200, r#"{"id":"700001"}"#, PlacedOrder::default())]
#[case::ids_as_text(
    202,
    r#"{"id":"700001","requests":[{"id":"5001","status":"pending"}],"certificate_id":"600001","organization":{"id":"900002"}}"#,
    PlacedOrder { certificate_id: Some(600_001), organization_id: Some(900_002), ..with_request("pending") }
)]
#[case::one_request(201, r#"{"id":700001,"requests":{"id":5001,"status":"pending"}}"#, with_request("pending"))]
#[case::request_without_status(201, r#"{"id":700001,"requests":[{"id":5001}]}"#, with_request(""))]
#[case::request_without_id(201, r#"{"id":700001,"requests":[{"status":"pending"}]}"#, PlacedOrder::default())]
#[case::unknown_status(
    201,
    r#"{"id":700001,"requests":[{"id":5001,"status":"brand_new"}]}"#,
    with_request("brand_new")
)]
#[case::no_requests(201, r#"{"id":700001,"requests":[]}"#, PlacedOrder::default())]
#[case::nulls(
    201,
    r#"{"id":700001,"requests":null,"certificate_id":null,"organization":null}"#,
    PlacedOrder::default()
)]
#[case::other_types(
    201,
    r#"{"id":700001,"requests":"x","certificate_id":[],"organization":7}"#,
    PlacedOrder::default()
)]
#[case::other_members(
    201,
    r#"{"id":700001,"certificate_chain":[],"dcv_random_value":"x","zip":1}"#,
    PlacedOrder::default()
)]
#[case::errors_beside_it(201, r#"{"id":700001,"errors":[{"code":"x"}]}"#, PlacedOrder::default())]
#[case::byte_order_mark(201, "\u{feff}{\"id\":700001}\n", PlacedOrder::default())]
#[tokio::test]
async fn a_response_with_an_id_is_an_order_despite_oddities(
    #[case] status: u16,
    #[case] text: &str,
    #[case] placed: PlacedOrder,
) {
    assert_placed(&submit_with_reply(status, text).await, placed);
}

#[tokio::test]
async fn invalid_utf_8_does_not_hide_an_order() {
    let answer = b"{\"id\":700001,\"requests\":[{\"id\":5001,\"status\":\"\xff\"}]}";
    assert_placed(
        &submit_with_response(ResponseTemplate::new(201).set_body_bytes(answer)).await,
        with_request("\u{fffd}"),
    );
}

#[rstest]
#[case::a_list(400, r#"{"errors":[{"code":"bad_request_format","message":"No."}]}"#, &[("bad_request_format", "No.")])]
#[case::several(422, r#"{"errors":[{"code":"a","message":"b"},{"code":"c","message":"d"}]}"#, &[("a", "b"), ("c", "d")])]
#[case::one_alone(404, r#"{"errors":{"code":"not_found|product"}}"#, &[("not_found|product", "")])]
#[case::in_two_parts(403, r#"{"errors":[{"code":"access_denied|invalid_key"}]}"#, &[("access_denied|invalid_key", "")])]
#[case::described(401, r#"{"errors":[{"description":"old"}]}"#, &[("", "old")])]
#[case::numbered(400, r#"{"errors":[{"code":400,"message":null}]}"#, &[("400", "")])]
#[case::among_others(400, r#"{"errors":[{},null,"text",{"code":"a"}]}"#, &[("", "text"), ("a", "")])]
#[case::texts(400, r#"{"errors":["organization.contacts is required"]}"#, &[("", "organization.contacts is required")])]
#[case::by_name(422, r#"{"errors":{"zip":["is invalid","is blank"]}}"#, &[("zip", "is invalid"), ("zip", "is blank")])]
#[case::beside_an_id(409, r#"{"id":700001,"errors":[{"code":"a"}]}"#, &[("a", "")])]
#[case::too_fast(429, r#"{"errors":[{"code":"request_limit_exceeded"}]}"#, &[("request_limit_exceeded", "")])]
#[tokio::test]
async fn a_response_with_errors_is_a_refusal(
    #[case] status: u16,
    #[case] text: &str,
    #[case] reasons: &[(&str, &str)],
) {
    let end = submit_with_reply(status, text).await;
    let error = |&(code, message): &(&str, &str)| ServerError { code: code.into(), message: message.into() };
    assert_eq!(end.turn, OrderTransition::Refused(status, reasons.iter().map(error).collect()));
    assert_eq!((end.machine, end.effects), (OrderMachine::Ready, vec![]));
}

/// Asserts that the outcome is unknown since the order was sent, for this reason.
fn assert_unknown(end: &End, doubt: &UnknownCause) {
    assert!(matches!(end.effects[..], [OrderEffect::RunLookup(_, 0)]), "it is looked for: {:?}", end.effects);
    assert_eq!(
        (&end.turn, end.machine.unresolved_order().map(UnresolvedOrder::cause)),
        (&OrderTransition::Unknown, Some(doubt))
    );
}

#[rstest]
#[case::no_id(201, r#"{"status":"ok"}"#)]
#[case::id_of_null(201, r#"{"id":null}"#)]
#[case::id_of_zero(201, r#"{"id":0}"#)]
#[case::id_elsewhere(201, r#"{"order":{"id":700001}}"#)]
#[case::a_list(201, r#"[{"id":700001}]"#)]
#[case::half_of_it(201, r#"{"id":700001"#)]
#[case::a_page(200, "<html><body>Welcome</body></html>")]
#[case::nothing(201, "")]
#[case::nothing_on_purpose(204, "")]
#[case::errors_in_a_success(200, r#"{"errors":[{"code":"x"}]}"#)]
#[case::moved(301, "")]
#[case::found(302, r#"{"id":700001}"#)]
#[case::not_modified(304, "")]
#[case::moved_for_now(307, r#"{"errors":[{"code":"x"}]}"#)]
#[case::refused_without_a_word(403, "")]
#[case::refused_by_a_page(403, "<html>blocked</html>")]
#[case::refused_for_no_reason(400, r#"{"errors":[]}"#)]
#[case::refused_with_blanks(400, r#"{"errors":[{"code":"","message":" "}]}"#)]
#[case::refused_with_an_id(400, r#"{"id":700001}"#)]
#[case::timed_out(408, "<html>")]
#[case::timed_out_with_texts(408, r#"{"errors":["Try again."]}"#)]
#[case::refused_with_a_message(400, r#"{"message":"Try again."}"#)]
#[case::refused_with_an_error(403, r#"{"error":{"code":"x","message":"Blocked."}}"#)]
#[case::refused_with_a_text(400, r#"{"errors":"is invalid"}"#)]
#[case::a_fault(500, "<html><body>Oops</body></html>")]
#[case::a_fault_with_reasons(500, r#"{"errors":[{"code":"x","message":"y"}]}"#)]
#[case::a_gateway(502, "")]
#[case::a_fault_with_an_id(503, r#"{"id":700001}"#)]
#[case::a_fault_of_no_name(599, "\u{1b}[2J")]
#[tokio::test]
async fn an_unproven_response_is_an_unknown_outcome(#[case] status: u16, #[case] text: &str) {
    let end = submit_with_reply(status, text).await;
    let words = end.machine.unresolved_order().map(|open| open.cause().server_excerpt().to_owned()).unwrap_or_default();
    assert!(words.chars().count() <= 500 && !words.chars().any(char::is_control), "{words}");
    assert_unknown(&end, &UnknownCause::Status(status, words));
}

/// Returns the end of an order at such a server, which must see exactly one connection.
async fn submit_to_peer(act: fn(&mut TcpStream), limits: Limits) -> End {
    let peer = Peer::new(act);
    let (end, again) = submit_twice(&client(&peer.origin("http"), limits), ENDPOINT).await;
    assert!(!again, "it was sent again after {:?}", end.turn);
    assert_eq!(peer.only().await.matches("POST ").count(), 1);
    end
}

#[rstest]
#[case::before_an_answer(hostile::hang_up, limits(), &[TransportErrorKind::Broken])]
#[case::in_the_status_line(hostile::cut_status, limits(), &[TransportErrorKind::Broken, TransportErrorKind::NotHttp])]
#[case::in_the_headers(hostile::cut_headers, limits(), &[TransportErrorKind::Broken, TransportErrorKind::NotHttp])]
#[case::in_the_body_after_an_id(hostile::cut_body, limits(), &[TransportErrorKind::Broken])]
#[case::in_a_chunk_after_an_id(hostile::cut_chunk, limits(), &[TransportErrorKind::Broken])]
#[case::after_hints(hostile::early_hints, limits(), &[TransportErrorKind::Broken])]
#[case::no_http(hostile::something_else, limits(), &[TransportErrorKind::NotHttp])]
#[case::without_a_word(hostile::stall, short(), &[TransportErrorKind::Slow])]
#[case::slowly(hostile::trickle_in_body, short(), &[TransportErrorKind::Slow])]
#[case::at_length(hostile::bloated, Limits { max_body_bytes: 1000, ..limits() }, &[TransportErrorKind::TooLarge])]
#[tokio::test]
async fn an_incomplete_response_is_an_unknown_outcome(
    #[case] act: fn(&mut TcpStream),
    #[case] limits: Limits,
    #[case] causes: &[TransportErrorKind],
) {
    let end = submit_to_peer(act, limits).await;
    let Some(UnknownCause::NoAnswer(why)) = end.machine.unresolved_order().map(UnresolvedOrder::cause) else {
        panic!("{:?}", end.machine)
    };
    assert!(causes.contains(&why.kind), "{why}");
    assert_unknown(&end, &UnknownCause::NoAnswer(why.clone()));
}

/// Asserts that nothing was sent, for this cause: the form is free again, and another confirmation tries again.
async fn assert_not_sent(client: &Client, endpoint: &str, cause: TransportErrorKind) {
    let (end, again) = submit_twice(client, endpoint).await;
    assert!(matches!(&end.turn, OrderTransition::NotSent(why) if why.kind == cause), "{:?}", end.turn);
    assert_eq!((end.machine, end.effects, again), (OrderMachine::Ready, vec![], true));
}

#[tokio::test]
async fn a_refused_connection_counts_as_not_sent() {
    let (_taken, origin) = bind_silent_port();
    assert_not_sent(&client(&origin, limits()), ENDPOINT, TransportErrorKind::Refused).await;
}

#[tokio::test]
async fn a_failed_tls_handshake_counts_as_not_sent() {
    let peer = Peer::rude(hostile::answer_in_clear);
    assert_not_sent(&client(&peer.origin("https"), limits()), ENDPOINT, TransportErrorKind::Tls).await;
    assert!(peer.finish().await.iter().all(|seen| seen.bytes[0] == 0x16), "nothing went out in clear");
}

#[tokio::test]
async fn an_invalid_endpoint_counts_as_not_sent() {
    let server = server(ResponseTemplate::new(201).set_body_string("{\"id\":700001}")).await;
    assert_not_sent(&client(&server.uri(), limits()), "order/../user", TransportErrorKind::Unfit).await;
    assert_eq!(posts(&server).await, 0);
}

/// Returns a placed order after its first status round, with these responses.
async fn poll_placed_order(of_request: (u16, &str), of_order: (u16, &str)) -> OrderPolling {
    let answer = |(status, text): (u16, &str)| ResponseTemplate::new(status).set_body_string(text);
    let server = server(answer((201, r#"{"id":700001,"requests":[{"id":5001,"status":"pending"}]}"#))).await;
    for (at, of) in [("request/5001", of_request), ("order/certificate/700001", of_order)] {
        let asked = Mock::given(method("GET")).and(path(format!("/services/v2/{at}")));
        asked.respond_with(answer(of)).mount(&server).await;
    }
    let client = client(&server.uri(), limits());
    let desk = Desk::open();
    let End { mut machine, effects, .. } = confirm(OrderMachine::Ready, &client, ENDPOINT, &desk).await.unwrap();
    for effect in effects {
        let event = execute_effect(desk.means(&client, ENDPOINT), effect, || HEARD).await;
        machine.handle_event(event.unwrap());
    }
    let OrderMachine::Placed(follow) = machine else { panic!("{machine:?}") };
    *follow
}

#[rstest]
#[case::as_documented(
    r#"{"id":5001,"status":"approved"}"#,
    r#"{"id":700001,"status":"issued","certificate":{"id":600001}}"#
)]
#[case::ids_as_text(
    r#"{"id":"5001","status":"approved"}"#,
    r#"{"id":"700001","status":"issued","requests":{"id":"5001"},"certificate":{"id":"600001"}}"#
)]
#[case::other_members(
    r#"{"id":5001,"status":"approved","order":[],"comments":null}"#,
    r#"{"id":700001,"status":"issued","certificate_id":"600001","price":"0","is_multi_year_plan":"1"}"#
)]
#[tokio::test]
async fn the_status_of_a_placed_order_is_polled(#[case] of_request: &str, #[case] of_order: &str) {
    let follow = poll_placed_order((200, of_request), (200, of_order)).await;
    assert_eq!((follow.requests(), follow.last_error()), ([request(5001, "approved")].as_slice(), None));
    assert_eq!(follow.order().map(|order| order.status.as_str()), Some("issued"));
    assert_eq!((follow.certificate_id(), follow.is_final()), (Some(600_001), true));
}

fn refused(status: u16, code: &str) -> ApiError {
    let errors = Some(code).filter(|code| !code.is_empty());
    let error = |code: &str| ServerError { code: code.into(), message: String::new() };
    ApiError::Refused { status, errors: errors.map(error).into_iter().collect(), excerpt: String::new() }
}

#[rstest]
#[case::nothing(200, "", ApiError::from(DecodeError::Empty))]
#[case::a_page(200, "<html>blocked</html>", ApiError::Unreadable(DecodeError::WebPage, "blocked".into()))]
#[case::half_of_it(200, r#"{"id":70"#, ApiError::Unreadable(DecodeError::NotJson, r#"{"id":70"#.into()))]
#[case::a_list(200, "[]", ApiError::from(DecodeError::NotAnObject))]
#[case::no_id(200, r#"{"status":"issued"}"#, ApiError::Unreadable(DecodeError::MissingIdOrName, r#"{"status":"issued"}"#.into()))]
#[case::a_list_of_errors(404, r#"{"errors":[{"code":"not_found|order"}]}"#, refused(404, "not_found|order"))]
#[case::one_error(403, r#"{"errors":{"code":"access_denied"}}"#, refused(403, "access_denied"))]
#[case::a_fault(502, "<html>", refused(502, ""))]
#[tokio::test]
async fn a_failed_status_request_leaves_the_order_placed(
    #[case] status: u16,
    #[case] text: &str,
    #[case] why: ApiError,
) {
    let follow = poll_placed_order((status, text), (status, text)).await;
    assert_eq!((follow.last_error(), follow.order()), (Some(&why), None));
    assert_eq!(follow.requests(), [request(5001, "pending")], "what was known is kept");
    assert_eq!((follow.placed_order().id, follow.is_final()), (700_001, false));
}
