//! Routes: which handler serves which path, and the check of the key that every API call needs.
//!
//! Each handler finds the requested data and leaves shapes, filters and rules to other modules. An unsupported path or
//! method gets the response of an unknown path.

use super::account::{DIVISIONS, SandboxOrganization};
use super::faults::{CallKind, Fault, FaultSpec};
use super::key_restrictions;
use super::orders::{self, SandboxOrder};
use super::query::ListQuery;
use super::receive;
use super::render::{self, PRODUCT_ID};
use super::response::{ErrorResponse, HandlerResult, JsonResponse};
use super::rules;
use super::state::{SandboxState, StateHandle, lock_state};
use crate::sandbox::faults::apply;
use crate::sandbox::faults::apply::HiddenListCalls;
use crate::sandbox::faults::connection::Peer;
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

/// Longer than a busy machine may stall, shorter than a client waits for a response.
const HELD_TIMEOUT: Duration = Duration::from_secs(30);

type QueryPairs = extract::Query<Vec<(String, String)>>;

pub(super) fn build_router(shared: StateHandle) -> Router {
    let api = Router::new()
        .route("/account", get(get_account))
        .route("/container", get(list_divisions))
        .route("/finance/balance", get(get_balance))
        .route("/finance/payment-profile", get(list_payment_profiles))
        .route("/organization", get(list_organizations))
        .route("/organization/potential-approvers", get(list_approvers))
        .route("/organization/{id}", get(get_organization))
        .route("/organization/{id}/validation", get(get_validation))
        .route("/user", get(list_users))
        .route("/user/me", get(get_me))
        .route("/user/{id}", get(get_user))
        .route("/product", get(list_products))
        .route("/product/{name_id}", get(get_product))
        .route("/order/certificate", get(list_orders))
        .route("/order/certificate/{key}", get(get_order).post(post_order))
        .route("/order/alternate/{value}", get(list_alternate_orders))
        .route("/request", get(list_requests))
        .route("/request/{id}", get(get_request));
    Router::new()
        .nest("/services/v2", api)
        .route("/sandbox/clock", post(advance_clock))
        .route("/sandbox/orders", get(get_order_counts))
        .route("/sandbox/calls", get(get_call_rate))
        .route("/sandbox/faults", get(get_faults).post(set_faults))
        .route("/sandbox/held", get(get_held))
        .route("/sandbox/release", post(release_held))
        .fallback(async || no_route())
        .method_not_allowed_fallback(async || no_route())
        .layer(from_fn_with_state(Arc::clone(&shared), guard_request))
        .with_state(shared)
}

fn no_route() -> ErrorResponse {
    ErrorResponse::not_found("not_found|route", "endpoint")
}

/// Receives the body of an order first, then checks the key and its restrictions, then serves the call with its faults.
async fn guard_request(
    State(shared): State<StateHandle>,
    mut request: Request,
    next: Next,
) -> Result<Response, ErrorResponse> {
    if receive::is_order(&request) {
        request = receive::receive_order(&shared, request).await?;
    }
    let path = request.uri().path();
    if path.starts_with("/sandbox/") {
        check_loopback(request.extensions().get())?;
    }
    if !path.starts_with("/services/v2") {
        return Ok(next.run(request).await);
    }
    check_api_key(&request)?;
    shared.board.count_call();
    key_restrictions::check_key_restriction(&shared.board, &request)?;
    let struck = shared.board.trigger_for_call(CallKind::from_request(&request));
    Ok(apply::serve_with_faults(struck, &shared.board, request, next).await)
}

fn check_api_key(request: &Request) -> Result<(), ErrorResponse> {
    if request.headers().get("X-DC-DEVKEY").is_some_and(|key| key == super::KEY) {
        return Ok(());
    }
    let words = "The key is not one of this account: the sandbox accepts its own made-up key alone.";
    Err(ErrorResponse::new(StatusCode::FORBIDDEN, "access_denied|access_denied_invalid_key", words))
}

/// The sandbox's own calls need no key, but must come from this machine.
fn check_loopback(peer: Option<&ConnectInfo<Peer>>) -> Result<(), ErrorResponse> {
    let near = peer.is_some_and(|ConnectInfo(peer)| peer.address.ip().is_loopback());
    if near { Ok(()) } else { Err(no_route()) }
}

fn found_or_404(code: &'static str, what: &str, body: Option<Value>) -> HandlerResult {
    body.map(JsonResponse).ok_or_else(|| ErrorResponse::not_found(code, what))
}

async fn get_account(State(shared): State<StateHandle>) -> JsonResponse {
    JsonResponse(render::account_details(&lock_state(&shared).account))
}

async fn list_organizations(State(shared): State<StateHandle>, extract::Query(pairs): QueryPairs) -> HandlerResult {
    let (inner, query) = (lock_state(&shared), ListQuery(pairs));
    let status = |active: bool| if active { "active" } else { "inactive" };
    let rows = inner.account.organizations().iter();
    let rows = rows.filter(|known| query.passes_filter("status", status(known.active)));
    let rows: Vec<_> = rows.filter(|known| query.matches_search(Some(known.id), &[&known.name])).collect();
    let validated = query.is_set("include_validation");
    let show = |known: &&SandboxOrganization| {
        if validated { inner.render_context().validated_organization(known) } else { render::organization_row(known) }
    };
    Ok(JsonResponse(query.render_page("organizations", &rows, show)?))
}

async fn get_organization(State(shared): State<StateHandle>, Path(id): Path<String>) -> HandlerResult {
    let inner = lock_state(&shared);
    let known = id.parse().ok().and_then(|id| inner.account.find_organization(id));
    found_or_404("not_found", "organization", known.map(|known| render::organization_details(known, &inner.account)))
}

async fn get_validation(State(shared): State<StateHandle>, Path(id): Path<String>) -> HandlerResult {
    let inner = lock_state(&shared);
    let known = id.parse().ok().and_then(|id| inner.account.find_organization(id));
    found_or_404("not_found", "organization", known.map(|known| inner.render_context().validation_list(known)))
}

async fn list_approvers(State(shared): State<StateHandle>) -> JsonResponse {
    JsonResponse(render::potential_approvers(&lock_state(&shared).account))
}

async fn list_users(State(shared): State<StateHandle>, extract::Query(pairs): QueryPairs) -> HandlerResult {
    let (inner, query) = (lock_state(&shared), ListQuery(pairs));
    let rows = inner.account.users().iter().filter(|user| {
        let person = &user.person;
        query.matches_search(None, &[&person.first_name, &person.last_name, &person.email])
    });
    Ok(JsonResponse(query.render_page("users", &rows.collect::<Vec<_>>(), |user| render::user_row(user))?))
}

async fn get_user(State(shared): State<StateHandle>, Path(id): Path<String>) -> HandlerResult {
    let inner = lock_state(&shared);
    let known = id.parse().ok().and_then(|id| inner.account.find_user(id));
    found_or_404("not_found", "user", known.map(render::user_row))
}

async fn get_me(State(shared): State<StateHandle>) -> JsonResponse {
    let user = render::user_row(lock_state(&shared).account.current_user());
    let user = if is_switched_on(&shared, Fault::Divisions) { render::in_other_division(user) } else { user };
    JsonResponse(if is_switched_on(&shared, Fault::RoleStandard) { render::with_standard_role(user) } else { user })
}

/// Returns true if the account or the key has this condition, for a call that depends on it.
fn is_switched_on(shared: &StateHandle, fault: Fault) -> bool {
    shared.board.trigger_fault(fault, CallKind::Questions)
}

async fn list_divisions(State(shared): State<StateHandle>) -> JsonResponse {
    JsonResponse(render::division_list(is_switched_on(&shared, Fault::Divisions)))
}

/// If the account has several divisions, the call must name one (certcentral-api.md 4.8). The codes of the errors are
/// the sandbox's own.
async fn get_balance(State(shared): State<StateHandle>, extract::Query(pairs): QueryPairs) -> HandlerResult {
    let named = pairs.iter().find(|(name, _)| name == "container_id").map(|(_, id)| id.parse().unwrap_or_default());
    if named.is_none() && is_switched_on(&shared, Fault::Divisions) {
        let words = "container_id must name a division: the account has several";
        return Err(ErrorResponse::new(StatusCode::BAD_REQUEST, "sandbox|division", words));
    }
    found_or_404("sandbox|division", "division", render::balance_details(named.unwrap_or(DIVISIONS[0].id)))
}

async fn list_payment_profiles(State(shared): State<StateHandle>) -> JsonResponse {
    JsonResponse(render::payment_profile_list(!is_switched_on(&shared, Fault::NoProfile)))
}

async fn list_products(State(shared): State<StateHandle>) -> JsonResponse {
    JsonResponse(render::product_list(!is_switched_on(&shared, Fault::NoProduct)))
}

async fn get_product(State(shared): State<StateHandle>, Path(name_id): Path<String>) -> HandlerResult {
    let sold = name_id == PRODUCT_ID && !is_switched_on(&shared, Fault::NoProduct);
    found_or_404("not_found|product", "product", sold.then(render::product_details))
}

/// Returns the orders that list call number `call` may show and that pass the filter, in the requested order.
fn select_orders<'a>(
    inner: &'a SandboxState,
    call: u64,
    query: &ListQuery,
    passes: impl Fn(&SandboxOrder) -> bool,
) -> Vec<&'a SandboxOrder> {
    let mut rows: Vec<_> = inner.orders.visible_orders(call).filter(|order| passes(order)).collect();
    if query.is_newest_first() {
        rows.reverse();
    }
    rows
}

/// Applies the documented filters that can exclude an order of the only product (certcentral-api.md 4.9).
async fn list_orders(State(shared): State<StateHandle>, extract::Query(pairs): QueryPairs) -> HandlerResult {
    let (mut inner, query) = (lock_state(&shared), ListQuery(pairs));
    let (call, now) = (inner.orders.count_list_call(), inner.clock.elapsed());
    let rows = select_orders(&inner, call, &query, |order| {
        query.passes_filter("status", order.progress_at(now).order_status())
            && query.passes_filter("product_name_id", PRODUCT_ID)
            && query.passes_filter("organization_id", &order.organization_id.to_string())
            && query.passes_filter("user_id", &order.user_id.to_string())
            && query.passes_filter("id", &order.id.to_string())
    });
    Ok(JsonResponse(query.render_page("orders", &rows, |order| inner.render_context().order_row(order))?))
}

/// `GET /order/alternate/{value}`. It is not documented what the real server sends if no order has the value. The
/// sandbox sends an empty list.
async fn list_alternate_orders(
    State(shared): State<StateHandle>,
    Path(value): Path<String>,
    extract::Query(pairs): QueryPairs,
) -> HandlerResult {
    let (mut inner, query) = (lock_state(&shared), ListQuery(pairs));
    let call = inner.orders.count_list_call();
    let rows = select_orders(&inner, call, &query, |order| order.alternative.as_ref() == Some(&value));
    Ok(JsonResponse(query.render_page("orders", &rows, |order| inner.render_context().alternate_row(order))?))
}

async fn get_order(State(shared): State<StateHandle>, Path(id): Path<String>) -> HandlerResult {
    let inner = lock_state(&shared);
    let known = id.parse().ok().and_then(|id: u64| inner.orders.all_orders().iter().find(|order| order.id == id));
    found_or_404("not_found|order", "order", known.map(|order| inner.render_context().order_details(order)))
}

/// There is no filter for a product or an organization, because none is documented (certcentral-api.md 4.11).
async fn list_requests(State(shared): State<StateHandle>, extract::Query(pairs): QueryPairs) -> HandlerResult {
    let (mut inner, query) = (lock_state(&shared), ListQuery(pairs));
    let (call, now) = (inner.orders.count_list_call(), inner.clock.elapsed());
    let rows = select_orders(&inner, call, &query, |order| {
        query.passes_filter("type", "new_request")
            && query.passes_filter("status", order.progress_at(now).request_status())
    });
    Ok(JsonResponse(query.render_page("requests", &rows, |order| inner.render_context().request_row(order))?))
}

async fn get_request(State(shared): State<StateHandle>, Path(id): Path<String>) -> HandlerResult {
    let inner = lock_state(&shared);
    let known =
        id.parse().ok().and_then(|id: u64| inner.orders.all_orders().iter().find(|order| order.request_id == id));
    found_or_404("not_found", "request", known.map(|order| inner.render_context().request_details(order)))
}

/// `POST /order/certificate/{product}`. The body is already counted and recorded; see [`receive`].
async fn post_order(
    State(shared): State<StateHandle>,
    Path(product): Path<String>,
    Extension(HiddenListCalls(late)): Extension<HiddenListCalls>,
    body: Bytes,
) -> Result<(StatusCode, JsonResponse), ErrorResponse> {
    if product != PRODUCT_ID || shared.board.trigger_fault(Fault::NoProduct, CallKind::Orders) {
        return Err(ErrorResponse::not_found("not_found|product", "product"));
    }
    let payload: Value = serde_json::from_slice(&body).map_err(|flaw| {
        let words = format!("The body is not JSON: line {}, column {}", flaw.line(), flaw.column());
        ErrorResponse::new(StatusCode::BAD_REQUEST, "bad_request_format", words)
    })?;
    let SandboxState { account: world, orders: ledger, clock, .. } = &mut *lock_state(&shared);
    let violations = rules::find_violations(&payload, world, clock.today());
    if !violations.is_empty() {
        return Err(violations.into());
    }
    refuse_duplicate(&shared, &payload)?;
    let placed = ledger.place_order(&payload, world, clock.elapsed(), late);
    shared.board.update_counts(|counts| counts.placed += 1);
    Ok((StatusCode::CREATED, JsonResponse(placed)))
}

/// Refuses a new organization if the fault [`Fault::DuplicateOrganization`] strikes. Without the fault the order gets
/// the organization that the account already has.
fn refuse_duplicate(shared: &StateHandle, payload: &Value) -> Result<(), ErrorResponse> {
    let strikes = || shared.board.trigger_fault(Fault::DuplicateOrganization, CallKind::Orders);
    if orders::is_checked_for_duplicates(payload) && strikes() {
        let words = "organization is in the account already: order for that one, or skip the check";
        return Err(ErrorResponse::new(StatusCode::BAD_REQUEST, "sandbox|duplicate_organization", words));
    }
    Ok(())
}

/// `POST /sandbox/clock`: advances the clock and returns its new offset.
async fn advance_clock(State(shared): State<StateHandle>, body: Bytes) -> HandlerResult {
    let request: Option<Value> = serde_json::from_slice(&body).ok();
    let seconds = request.as_ref().and_then(|request| request.get("advance_seconds")).and_then(Value::as_u64);
    let offset = seconds.and_then(|seconds| lock_state(&shared).clock.advance(seconds)).ok_or_else(|| {
        let words = "advance_seconds must be a whole number of seconds, and all together at most a century";
        ErrorResponse::new(StatusCode::BAD_REQUEST, "sandbox|range", words)
    })?;
    Ok(JsonResponse(json!({ "offset_seconds": offset })))
}

/// `GET /sandbox/orders`: how many orders arrived, how many of them completely, and how many were accepted.
async fn get_order_counts(State(shared): State<StateHandle>) -> JsonResponse {
    JsonResponse(shared.board.order_counts().into())
}

/// `GET /sandbox/calls`: how many calls came, and the most within a short time.
async fn get_call_rate(State(shared): State<StateHandle>) -> JsonResponse {
    JsonResponse(shared.board.call_rate().into())
}

/// `GET /sandbox/faults`: the active faults.
async fn get_faults(State(shared): State<StateHandle>) -> JsonResponse {
    JsonResponse(shared.board.faults_json())
}

/// `POST /sandbox/faults`: switches the listed faults on and all others off. Held connections are released.
async fn set_faults(State(shared): State<StateHandle>, body: Bytes) -> HandlerResult {
    let request: Option<Value> = serde_json::from_slice(&body).ok();
    let words = request.as_ref().and_then(|request| request.get("faults")).and_then(Value::as_array);
    let switches = words.and_then(|words| words.iter().map(|word| word.as_str()?.parse::<FaultSpec>().ok()).collect());
    let switches: Vec<FaultSpec> = switches.ok_or_else(|| {
        let words = "faults must be a list of texts such as \"slow=200@orders*1\"";
        ErrorResponse::new(StatusCode::BAD_REQUEST, "sandbox|range", words)
    })?;
    shared.board.set_faults(switches);
    Ok(JsonResponse(shared.board.faults_json()))
}

/// `GET /sandbox/held?after=N`: how many connections were held so far, and where the last one was held. The response
/// comes as soon as there are more than N, or after half a minute; without `after` it comes at once.
async fn get_held(State(shared): State<StateHandle>, extract::Query(pairs): QueryPairs) -> HandlerResult {
    let holds = &shared.board.holds;
    let Some((_, after)) = pairs.iter().find(|(name, _)| name == "after") else {
        return Ok(JsonResponse(holds.status().into()));
    };
    let after = after.parse().map_err(|_| {
        let words = "after must be a whole number of connections";
        ErrorResponse::new(StatusCode::BAD_REQUEST, "sandbox|range", words)
    })?;
    Ok(JsonResponse(holds.wait_for_more(after, HELD_TIMEOUT).await.into()))
}

/// `POST /sandbox/release`: releases all held connections.
async fn release_held(State(shared): State<StateHandle>) -> JsonResponse {
    shared.board.holds.release_all();
    JsonResponse(shared.board.holds.status().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("127.0.0.1:9", true)]
    #[case("[::1]:9", true)]
    #[case("192.0.2.1:9", false)]
    fn sandbox_calls_are_served_only_to_this_machine(#[case] peer: &str, #[case] served: bool) {
        assert_eq!(check_loopback(Some(&ConnectInfo(Peer::without_connection(peer.parse().unwrap())))).is_ok(), served);
    }

    #[test]
    fn an_unknown_peer_is_not_served() {
        assert!(check_loopback(None).is_err());
    }
}
