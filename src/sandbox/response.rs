//! The two kinds of response of the sandbox: a JSON body, and the API's list of errors (certcentral-api.md 1.4).

use super::rules::Violation;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

#[derive(Debug)]
pub(super) struct ErrorResponse {
    status: StatusCode,
    violations: Vec<Violation>,
}

impl ErrorResponse {
    /// Refuses a call for one reason.
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, violations: vec![Violation::new(code, message)] }
    }

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

#[derive(Debug)]
pub(super) struct JsonResponse(pub(super) Value);

impl IntoResponse for JsonResponse {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json")], self.0.to_string()).into_response()
    }
}

/// The result of a handler that may refuse the call.
pub(super) type HandlerResult = Result<JsonResponse, ErrorResponse>;
