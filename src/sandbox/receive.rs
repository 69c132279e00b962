//! Receiving orders: the body of an order is read, counted and recorded before any rule is applied to it.
//!
//! So a test can see what a client sent, even if the body was refused, too large or cut short. This module does not
//! parse the body.

use super::control::ControlBoard;
use super::faults::Fault;
use super::record_file::RecordFile;
use super::response::ErrorResponse;
use super::state::{StateHandle, lock_state};
use crate::sandbox::faults::connection::Peer;
use crate::sandbox::faults::probe::ConnectionProbe;
use axum::body::{Body, HttpBody};
use axum::extract::{ConnectInfo, Request};
use axum::http::{Method, StatusCode};
use std::pin::Pin;

/// The largest accepted order body.
const MAX_BODY_BYTES: usize = 1 << 20;
/// How much of a larger body is read and dropped. Some clients read the response only after they have sent everything.
const MAX_DRAINED_BYTES: usize = 32 << 20;
const ORDER_PATH: &str = "/services/v2/order/certificate/";

/// The part of a body that arrived.
#[derive(Default)]
struct ReceivedBody {
    bytes: Vec<u8>,
    length: usize,
    whole: bool,
}

/// Returns true if this call places an order, of whatever product.
pub(super) fn is_order(request: &Request) -> bool {
    let product = request.uri().path().strip_prefix(ORDER_PATH);
    request.method() == Method::POST && product.is_some_and(|product| !product.is_empty() && !product.contains('/'))
}

/// Holds a connection that begins with an order, if the fault is on. Returns true if the connection is to be served.
pub(super) async fn hold_if_order(board: &ControlBoard, line: &ConnectionProbe) -> bool {
    !line.begins_with(format!("POST {ORDER_PATH}").as_bytes()).await
        || board.hold_if_triggered(Fault::HoldAccept, line).await
}

/// Reads, counts and records the body of an order, and returns the request with that body.
///
/// # Errors
/// The response to send instead: the body is too large, was cut short or could not be recorded, or the caller hung up
/// during a hold.
pub(super) async fn receive_order(shared: &StateHandle, request: Request) -> Result<Request, ErrorResponse> {
    shared.board.update_counts(|counts| counts.received += 1);
    let cut = || ErrorResponse::new(StatusCode::BAD_REQUEST, "bad_request_format", "the body was cut short");
    let line = request.extensions().get::<ConnectInfo<Peer>>().map(|ConnectInfo(peer)| peer.probe.clone());
    if !shared.board.hold_if_triggered(Fault::HoldHeaders, &line.unwrap_or_default()).await {
        return Err(cut());
    }
    let (parts, body) = request.into_parts();
    let arrived = read_body(body).await;
    if arrived.whole {
        shared.board.update_counts(|counts| counts.received_whole += 1);
    }
    let record = |record: &mut RecordFile| record.append_body(parts.uri.path(), &arrived.bytes, arrived.length);
    if lock_state(shared).record.as_mut().map(record).is_some_and(|written| written.is_err()) {
        let words = "the record file could not be written, so the order was not placed";
        return Err(ErrorResponse::new(StatusCode::INTERNAL_SERVER_ERROR, "sandbox|record", words));
    }
    if arrived.length > MAX_BODY_BYTES {
        let words = format!("the body must be at most {MAX_BODY_BYTES} bytes");
        return Err(ErrorResponse::new(StatusCode::PAYLOAD_TOO_LARGE, "sandbox|too_large", words));
    }
    if !arrived.whole {
        return Err(cut());
    }
    Ok(Request::from_parts(parts, Body::from(arrived.bytes)))
}

async fn read_body(mut body: Body) -> ReceivedBody {
    let mut arrived = ReceivedBody::default();
    while arrived.length <= MAX_DRAINED_BYTES {
        match std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            None => {
                arrived.whole = true;
                break;
            }
            Some(Err(_)) => break,
            Some(Ok(frame)) => arrived.push_chunk(frame.data_ref().map_or(&[], |data| data)),
        }
    }
    arrived
}

impl ReceivedBody {
    fn push_chunk(&mut self, data: &[u8]) {
        self.length += data.len();
        if self.length <= MAX_BODY_BYTES {
            self.bytes.extend_from_slice(data);
        }
    }
}
