//! The pages of the wizard as the user reads them: the value beside each label, and the focus.

use crate::common::tty::View;

/// The columns of the labels.
const LABELS: usize = 28;

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// An id or a number is typed and its row taken.
    Pick,
    /// It is typed.
    Line,
    /// One of a few options is chosen.
    Radio,
}

/// A field of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) step: usize,
    pub(crate) label: &'static str,
    pub(crate) how: How,
}

const fn field(step: usize, label: &'static str, how: How) -> Field {
    Field { step, label, how }
}

/// The number of fields.
pub(crate) const COUNT: usize = 10;

/// The fields in their order.
pub(crate) const FIELDS: [Field; COUNT] = [
    field(1, "Name or id", How::Pick),
    field(2, "Person", How::Pick),
    field(4, "Recipient", How::Line),
    field(4, "Address", How::Line),
    field(4, LINE_2, How::Line),
    field(4, "Postal code", How::Line),
    field(4, "City", How::Line),
    field(4, "State or province", How::Line),
    field(4, "Shipping method", How::Radio),
    field(5, "Years", How::Pick),
];

/// The field that changes with each run.
pub(crate) const LINE_2: &str = "Address, line 2";

impl Field {
    /// Returns the value of the field on this page; empty if it is blank or absent.
    pub(crate) fn value(&self, view: &View) -> String {
        let value = value(view, self.label);
        match self.how {
            // The name is looked up, and may arrive later than the id.
            How::Pick => value.split([' ', '▾']).next().unwrap_or_default().replace("required", ""),
            How::Line if matches!(value.as_str(), "required" | "optional") => String::new(),
            How::Line => value,
            How::Radio => chosen(&value),
        }
    }
}

/// Returns the value beside a label.
fn value(view: &View, label: &str) -> String {
    let rows = view.rows().into_iter().map(|row| row.chars().collect::<Vec<_>>());
    let mut rows = rows.filter(|row| row.len() > LABELS);
    let row = rows.find(|row| row[3..LABELS].iter().collect::<String>().trim_end() == label);
    row.map(|row| row[LABELS..].iter().collect()).unwrap_or_default()
}

/// Returns the chosen option in a row of them.
fn chosen(options: &str) -> String {
    let behind = options.split("(•) ").nth(1).unwrap_or_default();
    behind.split('(').next().unwrap_or_default().trim_end().to_owned()
}

/// Returns the label in focus. The value beside it is left out: it may change by itself.
pub(crate) fn focused(view: &View) -> Option<String> {
    let row = view.rows().into_iter().find(|row| row.starts_with(" › "))?;
    let label: String = row.chars().skip(3).take(LABELS - 3).collect();
    Some(label.trim_end().to_owned())
}
