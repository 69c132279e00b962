//! The sandbox's calls: which path answers what, and the key that every call of the API needs.
//!
//! Each handler finds what is asked for and leaves shape, filters and rules to their modules. A path or method that
//! is not imitated answers like an unknown one.

use super::answer::{Answer, Json, Refusal};
use super::harm::{self, Late};
use super::intake;
use super::ledger::{self, Order};
use super::list::Query;
use super::rights;
use super::rules;
use super::shared::{Inner, Shared, lock};
use super::show::{self, PRODUCT};
use super::switches::{Calls, Fault, Switch};
use super::tap::Peer;
use super::world::{DIVISIONS, Organization};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{self, ConnectInfo, Extension, Path, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// Longer than a machine stands still, shorter than a caller waits.
const HALF_A_MINUTE: Duration = Duration::from_secs(30);

type Listed = extract::Query<Vec<(String, String)>>;

/// All calls.
pub(super) fn router(shared: Shared) -> Router {
    let api = Router::new()
        .route("/account", get(account))
        .route("/container", get(divisions))
        .route("/finance/balance", get(balance))
        .route("/finance/payment-profile", get(profiles))
        .route("/organization", get(organizations))
        .route("/organization/potential-approvers", get(approvers))
        .route("/organization/{id}", get(organization))
        .route("/organization/{id}/validation", get(validation))
        .route("/user", get(users))
        .route("/user/me", get(me))
        .route("/user/{id}", get(user))
        .route("/product", get(products))
        .route("/product/{name_id}", get(product))
        .route("/order/certificate", get(orders))
        .route("/order/certificate/{key}", get(order).post(place))
        .route("/order/alternate/{value}", get(alternates))
        .route("/request", get(requests))
        .route("/request/{id}", get(request));
    Router::new()
        .nest("/services/v2", api)
        .route("/sandbox/clock", post(advance))
        .route("/sandbox/orders", get(counts))
        .route("/sandbox/calls", get(calls))
        .route("/sandbox/faults", get(faults).post(switch))
        .route("/sandbox/held", get(held))
        .route("/sandbox/release", post(release))
        .fallback(async || no_route())
        .method_not_allowed_fallback(async || no_route())
        .layer(from_fn_with_state(Arc::clone(&shared), gate))
        .with_state(shared)
}

fn no_route() -> Refusal {
    Refusal::missing("not_found|route", "endpoint")
}

/// Counts orders before anything else, then lets calls with the right key pass, and go wrong where they are meant to.
async fn gate(State(shared): State<Shared>, mut request: Request, next: Next) -> Result<Response, Refusal> {
    if intake::is_order(&request) {
        request = intake::take(&shared, request).await?;
    }
    let path = request.uri().path();
    if path.starts_with("/sandbox/") {
        near(request.extensions().get())?;
    }
    if !path.starts_with("/services/v2") {
        return Ok(next.run(request).await);
    }
    key(&request)?;
    shared.board.call();
    rights::check(&shared.board, &request)?;
    let struck = shared.board.strike(Calls::of(&request));
    Ok(harm::meet(struck, &shared.board, request, next).await)
}

fn key(request: &Request) -> Result<(), Refusal> {
    if request.headers().get("X-DC-DEVKEY").is_some_and(|key| key == super::KEY) {
        return Ok(());
    }
    let words = "The key is not one of this account: the sandbox accepts its own made-up key alone.";
    Err(Refusal::new(StatusCode::FORBIDDEN, "access_denied|access_denied_invalid_key", words))
}

/// The sandbox's own calls need no key, but must come from this machine.
fn near(peer: Option<&ConnectInfo<Peer>>) -> Result<(), Refusal> {
    let near = peer.is_some_and(|ConnectInfo(peer)| peer.address.ip().is_loopback());
    if near { Ok(()) } else { Err(no_route()) }
}

/// What was found, or that it was not.
fn found(code: &'static str, what: &str, body: Option<Value>) -> Answer {
    body.map(Json).ok_or_else(|| Refusal::missing(code, what))
}

async fn account(State(shared): State<Shared>) -> Json {
    Json(show::account(&lock(&shared).world))
}

async fn organizations(State(shared): State<Shared>, extract::Query(pairs): Listed) -> Answer {
    let (inner, query) = (lock(&shared), Query(pairs));
    let status = |active: bool| if active { "active" } else { "inactive" };
    let rows = inner.world.organizations().iter();
    let rows = rows.filter(|known| query.passes("status", status(known.active)));
    let rows: Vec<_> = rows.filter(|known| query.finds(Some(known.id), &[&known.name])).collect();
    let validated = query.wants("include_validation");
    let show = |known: &&Organization| {
        if validated { inner.view().validated_organization(known) } else { show::organization(known) }
    };
    Ok(Json(query.page("organizations", &rows, show)?))
}

async fn organization(State(shared): State<Shared>, Path(id): Path<String>) -> Answer {
    let inner = lock(&shared);
    let known = id.parse().ok().and_then(|id| inner.world.organization(id));
    found("not_found", "organization", known.map(|known| show::organization_details(known, &inner.world)))
}

async fn validation(State(shared): State<Shared>, Path(id): Path<String>) -> Answer {
    let inner = lock(&shared);
    let known = id.parse().ok().and_then(|id| inner.world.organization(id));
    found("not_found", "organization", known.map(|known| inner.view().validations(known)))
}

async fn approvers(State(shared): State<Shared>) -> Json {
    Json(show::potential_approvers(&lock(&shared).world))
}

async fn users(State(shared): State<Shared>, extract::Query(pairs): Listed) -> Answer {
    let (inner, query) = (lock(&shared), Query(pairs));
    let rows = inner.world.users().iter().filter(|user| {
        let person = &user.person;
        query.finds(None, &[&person.first_name, &person.last_name, &person.email])
    });
    Ok(Json(query.page("users", &rows.collect::<Vec<_>>(), |user| show::user(user))?))
}

async fn user(State(shared): State<Shared>, Path(id): Path<String>) -> Answer {
    let inner = lock(&shared);
    let known = id.parse().ok().and_then(|id| inner.world.user(id));
    found("not_found", "user", known.map(show::user))
}

async fn me(State(shared): State<Shared>) -> Json {
    let user = show::user(lock(&shared).world.me());
    let user = if lacks(&shared, Fault::Divisions) { show::elsewhere(user) } else { user };
    Json(if lacks(&shared, Fault::RoleStandard) { show::as_standard_user(user) } else { user })
}

/// Whether the account is switched to be like this, for a call that asks for it.
fn lacks(shared: &Shared, fault: Fault) -> bool {
    shared.board.strikes(fault, Calls::Questions)
}

async fn divisions(State(shared): State<Shared>) -> Json {
    Json(show::divisions(lacks(&shared, Fault::Divisions)))
}

/// Where there are several divisions one must be named (certcentral-api.md 4.8). The codes of the refusals are the
/// sandbox's own.
async fn balance(State(shared): State<Shared>, extract::Query(pairs): Listed) -> Answer {
    let named = pairs.iter().find(|(name, _)| name == "container_id").map(|(_, id)| id.parse().unwrap_or_default());
    if named.is_none() && lacks(&shared, Fault::Divisions) {
        let words = "container_id must name a division: the account has several";
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "sandbox|division", words));
    }
    found("sandbox|division", "division", show::balance(named.unwrap_or(DIVISIONS[0].id)))
}

async fn profiles(State(shared): State<Shared>) -> Json {
    Json(show::profiles(!lacks(&shared, Fault::NoProfile)))
}

async fn products(State(shared): State<Shared>) -> Json {
    Json(show::products(!lacks(&shared, Fault::NoProduct)))
}

async fn product(State(shared): State<Shared>, Path(name_id): Path<String>) -> Answer {
    let sold = name_id == PRODUCT && !lacks(&shared, Fault::NoProduct);
    found("not_found|product", "product", sold.then(show::product))
}

/// The orders that this call may show, in the order that is asked for, with a filter on each.
fn chosen<'a>(inner: &'a Inner, call: u64, query: &Query, passes: impl Fn(&Order) -> bool) -> Vec<&'a Order> {
    let mut rows: Vec<_> = inner.ledger.listed(call).filter(|order| passes(order)).collect();
    if query.newest_first() {
        rows.reverse();
    }
    rows
}

/// Of the documented filters those that an order of the one product can differ in (certcentral-api.md 4.9).
async fn orders(State(shared): State<Shared>, extract::Query(pairs): Listed) -> Answer {
    let (mut inner, query) = (lock(&shared), Query(pairs));
    let (call, now) = (inner.ledger.list_call(), inner.clock.elapsed());
    let rows = chosen(&inner, call, &query, |order| {
        query.passes("status", order.progress(now).order_status())
            && query.passes("product_name_id", PRODUCT)
            && query.passes("organization_id", &order.organization.to_string())
            && query.passes("user_id", &order.user.to_string())
            && query.passes("id", &order.id.to_string())
    });
    Ok(Json(query.page("orders", &rows, |order| inner.view().order(order))?))
}

/// `GET /order/alternate/{value}`. How the real server answers for a value that no order has is not documented: here
/// it is an empty list.
async fn alternates(State(shared): State<Shared>, Path(value): Path<String>, extract::Query(pairs): Listed) -> Answer {
    let (mut inner, query) = (lock(&shared), Query(pairs));
    let call = inner.ledger.list_call();
    let rows = chosen(&inner, call, &query, |order| order.alternative.as_ref() == Some(&value));
    Ok(Json(query.page("orders", &rows, |order| inner.view().alternate(order))?))
}

async fn order(State(shared): State<Shared>, Path(id): Path<String>) -> Answer {
    let inner = lock(&shared);
    let known = id.parse().ok().and_then(|id: u64| inner.ledger.orders().iter().find(|order| order.id == id));
    found("not_found|order", "order", known.map(|order| inner.view().order_details(order)))
}

/// No filter for a product or an organization is documented here (certcentral-api.md 4.11), so that there is none.
async fn requests(State(shared): State<Shared>, extract::Query(pairs): Listed) -> Answer {
    let (mut inner, query) = (lock(&shared), Query(pairs));
    let (call, now) = (inner.ledger.list_call(), inner.clock.elapsed());
    let rows = chosen(&inner, call, &query, |order| {
        query.passes("type", "new_request") && query.passes("status", order.progress(now).request_status())
    });
    Ok(Json(query.page("requests", &rows, |order| inner.view().request(order))?))
}

async fn request(State(shared): State<Shared>, Path(id): Path<String>) -> Answer {
    let inner = lock(&shared);
    let known = id.parse().ok().and_then(|id: u64| inner.ledger.orders().iter().find(|order| order.request == id));
    found("not_found", "request", known.map(|order| inner.view().request_details(order)))
}

/// `POST /order/certificate/{product}`. The body was counted and recorded on its way in.
async fn place(
    State(shared): State<Shared>,
    Path(product): Path<String>,
    Extension(Late(late)): Extension<Late>,
    body: Bytes,
) -> Result<(StatusCode, Json), Refusal> {
    if product != PRODUCT || shared.board.strikes(Fault::NoProduct, Calls::Orders) {
        return Err(Refusal::missing("not_found|product", "product"));
    }
    let payload: Value = serde_json::from_slice(&body).map_err(|flaw| {
        let words = format!("The body is not JSON: line {}, column {}", flaw.line(), flaw.column());
        Refusal::new(StatusCode::BAD_REQUEST, "bad_request_format", words)
    })?;
    let Inner { world, ledger, clock, .. } = &mut *lock(&shared);
    let violations = rules::violations(&payload, world, clock.today());
    if !violations.is_empty() {
        return Err(violations.into());
    }
    not_a_duplicate(&shared, &payload)?;
    let placed = ledger.place(&payload, world, clock.elapsed(), late);
    shared.board.count(|counts| counts.placed += 1);
    Ok((StatusCode::CREATED, Json(placed)))
}

/// Refuses a new organization where that goes wrong on purpose. Else it is tied to the one that the account has.
fn not_a_duplicate(shared: &Shared, payload: &Value) -> Result<(), Refusal> {
    let strikes = || shared.board.strikes(Fault::DuplicateOrganization, Calls::Orders);
    if ledger::is_checked_for_duplicates(payload) && strikes() {
        let words = "organization is in the account already: order for that one, or skip the check";
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "sandbox|duplicate_organization", words));
    }
    Ok(())
}

/// `POST /sandbox/clock`: advances the clock and says by how much it is ahead now.
async fn advance(State(shared): State<Shared>, body: Bytes) -> Answer {
    let asked: Option<Value> = serde_json::from_slice(&body).ok();
    let seconds = asked.as_ref().and_then(|asked| asked.get("advance_seconds")).and_then(Value::as_u64);
    let offset = seconds.and_then(|seconds| lock(&shared).clock.advance(seconds)).ok_or_else(|| {
        let words = "advance_seconds must be a whole number of seconds, and all together at most a century";
        Refusal::new(StatusCode::BAD_REQUEST, "sandbox|range", words)
    })?;
    Ok(Json(json!({ "offset_seconds": offset })))
}

/// `GET /sandbox/orders`: how many orders arrived, how many of them whole, and how many were accepted.
async fn counts(State(shared): State<Shared>) -> Json {
    Json(shared.board.counts().into())
}

/// `GET /sandbox/calls`: how many calls came, and how close to each other.
async fn calls(State(shared): State<Shared>) -> Json {
    Json(shared.board.rate().into())
}

/// `GET /sandbox/faults`: what is switched on.
async fn faults(State(shared): State<Shared>) -> Json {
    Json(shared.board.faults())
}

/// `POST /sandbox/faults`: switches on what `faults` lists, and everything else off. What is held goes on.
async fn switch(State(shared): State<Shared>, body: Bytes) -> Answer {
    let asked: Option<Value> = serde_json::from_slice(&body).ok();
    let words = asked.as_ref().and_then(|asked| asked.get("faults")).and_then(Value::as_array);
    let switches = words.and_then(|words| words.iter().map(|word| word.as_str()?.parse::<Switch>().ok()).collect());
    let switches: Vec<Switch> = switches.ok_or_else(|| {
        let words = "faults must be a list of texts such as \"slow=200@orders*1\"";
        Refusal::new(StatusCode::BAD_REQUEST, "sandbox|range", words)
    })?;
    shared.board.switch(switches);
    Ok(Json(shared.board.faults()))
}

/// `GET /sandbox/held?after=N`: how many connections were held so far, and where the last of them. It is answered as
/// soon as they are more than N, or after half a minute; without `after` at once.
async fn held(State(shared): State<Shared>, extract::Query(pairs): Listed) -> Answer {
    let holds = &shared.board.holds;
    let Some((_, after)) = pairs.iter().find(|(name, _)| name == "after") else { return Ok(Json(holds.now().into())) };
    let after = after.parse().map_err(|_| {
        let words = "after must be a whole number of connections";
        Refusal::new(StatusCode::BAD_REQUEST, "sandbox|range", words)
    })?;
    Ok(Json(holds.after(after, HALF_A_MINUTE).await.into()))
}

/// `POST /sandbox/release`: lets go on what is held.
async fn release(State(shared): State<Shared>) -> Json {
    shared.board.holds.release();
    Json(shared.board.holds.now().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("127.0.0.1:9", true)]
    #[case("[::1]:9", true)]
    #[case("192.0.2.1:9", false)]
    fn the_own_calls_are_for_this_machine(#[case] peer: &str, #[case] served: bool) {
        assert_eq!(near(Some(&ConnectInfo(Peer::of(peer.parse().unwrap())))).is_ok(), served);
    }

    #[test]
    fn a_peer_that_is_not_known_is_not_served() {
        assert!(near(None).is_err());
    }
}
