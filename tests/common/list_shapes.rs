//! Shapes of a server's response to a request for a list, and whether such a list is complete.
//!
//! `LIST` stands for the member with the rows, and `ROW` for one row. The caller checks what happens on later pages.

/// One shape of a response to the first page.
#[derive(Debug)]
pub(crate) struct Shape {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: &'static str,
    /// The number of rows that can be read nevertheless.
    pub(crate) rows: usize,
    /// The English message; blank if the list is complete. Here `LIST` stands for the name of the list.
    pub(crate) said: &'static str,
}

const fn whole(body: &'static str, rows: usize) -> Shape {
    Shape { status: 200, body, rows, said: "" }
}

const fn odd(status: u16, body: &'static str, rows: usize, said: &'static str) -> Shape {
    Shape { status, body, rows, said }
}

pub(crate) const SHAPES: &[Shape] = &[
    whole(r#"{"LIST": [], "page": {"total": 0, "limit": 1000, "offset": 0}}"#, 0),
    whole(r#"{"LIST": []}"#, 0),
    whole(r#"{"LIST": [], "page": null}"#, 0),
    whole(r#"{"LIST": [], "page": {"total": null}}"#, 0),
    whole(r#"{"LIST": [ROW], "page": {"total": 1}}"#, 1),
    whole(r#"{"LIST": [ROW], "page": {"total": "1"}}"#, 1),
    whole(r#"{"LIST": ROW, "page": {"total": 1}}"#, 1),
    whole(r#"{"LIST": [ROW], "page": {"total": 1}, "errors": []}"#, 1),
    whole(r#"{"LIST": [ROW], "page": {"total": 1}, "errors": null}"#, 1),
    // Recorded from a real account.
    whole(r#"{"page": {"total": 0}}"#, 0),
    whole(r#"{"LIST": null, "page": {"total": 0}}"#, 0),
    whole(r#"{"LIST": {}, "page": {"total": "0"}}"#, 0),
    odd(200, r#"{"LIST": [ROW], "page": {"total": 1.0}}"#, 1, "page.total is 1.0"),
    odd(200, r#"{"LIST": [], "page": {"total": 0.0}}"#, 0, "page.total is 0.0"),
    odd(200, r#"{"LIST": [ROW], "page": {"total": -1}}"#, 1, "page.total is -1"),
    odd(200, r#"{"LIST": [], "page": {"total": "1,000"}}"#, 0, "page.total is \"1,000\""),
    odd(200, r#"{"LIST": [ROW], "page": {"total": "one of many"}}"#, 1, "page.total is \"…\""),
    odd(200, r#"{"LIST": [ROW], "page": {"total": ""}}"#, 1, "page.total is \"\""),
    odd(200, r#"{"LIST": [ROW], "page": {"total": true}}"#, 1, "page.total is true"),
    odd(200, r#"{"LIST": [ROW], "page": {"total": [1]}}"#, 1, "page.total is […]"),
    odd(200, r#"{"LIST": [ROW], "page": {"total": {"count": 1}}}"#, 1, "page.total is {…}"),
    odd(200, r#"{"LIST": [ROW], "page": {"total": 4111111111111111}}"#, 1, "page.total is 0…"),
    odd(200, r#"{"LIST": [ROW], "page": 1}"#, 1, "page.total is 1"),
    odd(200, r#"{"LIST": [ROW], "page": {"total": 0}}"#, 1, "the server reported a total of 0 but sent 1"),
    odd(200, r#"{"LIST": [], "page": {"total": 7}}"#, 0, "the server reported a total of 7 but sent 0"),
    odd(200, r#"{"LIST": [ROW, {}], "page": {"total": 2}}"#, 1, "of the rows has no usable id"),
    odd(200, r#"{"LIST": "none"}"#, 0, "of the rows has no usable id"),
    odd(200, r#"{"LIST": [ROW, ROW], "page": {"total": 2}}"#, 1, "some rows were sent more than once"),
    odd(
        200,
        r#"{"LIST": [ROW], "page": {"total": 1}, "errors": [{"code": "x", "message": "Half."}]}"#,
        1,
        "the response also contains errors: x Half.",
    ),
    odd(200, r#"{"LIST": [], "errors": [{}]}"#, 0, "the response also contains errors"),
    odd(202, r#"{"LIST": [ROW], "page": {"total": 1}}"#, 1, "HTTP 202"),
    odd(203, r#"{"LIST": [], "page": {"total": 0}}"#, 0, "HTTP 203"),
    odd(206, r#"{"LIST": [ROW], "page": {"total": 1}}"#, 1, "HTTP 206"),
    odd(201, r#"{"page": {"total": 0}}"#, 0, "HTTP 201"),
    odd(200, "{}", 0, "the list of LIST is missing"),
    odd(200, r#"{"LIST": null}"#, 0, "the list of LIST is missing"),
    odd(200, r#"{"LIST": {}, "page": {}}"#, 0, "the list of LIST is missing"),
    odd(200, r#"{"page": {"total": 1}}"#, 0, "the list of LIST is missing"),
    odd(200, r#"{"other": [ROW], "page": {"total": 1}}"#, 0, "the list of LIST is missing"),
    odd(200, r#"{"errors": [{"code": "x"}]}"#, 0, "the list of LIST is missing"),
    odd(200, "[]", 0, "it is not a JSON object"),
    odd(200, "[ROW]", 0, "it is not a JSON object"),
    odd(200, "null", 0, "it is not a JSON object"),
    odd(204, "", 0, "it is empty"),
    odd(200, "", 0, "it is empty"),
    odd(200, "<html>", 0, "it is a web page"),
    odd(200, r#"{"LIST": [ROW"#, 0, "it is not JSON"),
    odd(403, r#"{"errors": [{"code": "x"}]}"#, 0, "refused (HTTP 403)"),
];

impl Shape {
    /// Returns the body for a list of this name, with this row.
    pub(crate) fn body(&self, list: &str, row: &str) -> String {
        self.body.replace("LIST", list).replace("ROW", row)
    }

    /// Returns the message for a list of this name.
    pub(crate) fn said(&self, list: &str) -> String {
        self.said.replace("LIST", list)
    }
}
