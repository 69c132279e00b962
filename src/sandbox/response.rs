//! The two ways in which the sandbox answers: with a JSON body, or with the API's list of errors.
//!
//! It knows the outer form alone (certcentral-api.md 1.4), not what is answered.

use super::rules::Violation;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// An answer that refuses.
#[derive(Debug)]
pub(super) struct ErrorResponse {
    status: StatusCode,
    violations: Vec<Violation>,
}

impl ErrorResponse {
    /// Refuses for one reason.
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, violations: vec![Violation::new(code, message)] }
    }

    /// Refuses what is not there.
    pub(super) fn not_found(code: &'static str, what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, format!("The {what} was not found."))
    }
}

impl From<Vec<Violation>> for ErrorResponse {
    fn from(violations: Vec<Violation>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, violations }
    }
}

impl From<Violation> for ErrorResponse {
    fn from(violation: Violation) -> Self {
        vec![violation].into()
    }
}

impl IntoResponse for ErrorResponse {
    fn into_response(self) -> Response {
        let row = |violation: &Violation| json!({ "code": violation.code, "message": violation.message });
        let errors: Vec<_> = self.violations.iter().map(row).collect();
        (self.status, JsonResponse(json!({ "errors": errors }))).into_response()
    }
}

/// A JSON body.
#[derive(Debug)]
pub(super) struct JsonResponse(pub(super) Value);

impl IntoResponse for JsonResponse {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json")], self.0.to_string()).into_response()
    }
}

/// What a call answers that may refuse.
pub(super) type HandlerResult = Result<JsonResponse, ErrorResponse>;
