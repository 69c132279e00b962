//! The tone of a text: its meaning, such as an error, a heading or a key.
//!
//! Messages, screens and commands give each text a tone. The theme decides how a tone looks.

/// The meaning of a text, which decides its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    /// An explanation or another text of less importance.
    Dim,
    Heading,
    Label,
    /// The name of the field that has the focus.
    Focus,
    /// A value that cannot be changed.
    ReadOnly,
    Error,
    Warning,
    /// Useful information.
    Note,
    /// Success, or a correct value.
    Good,
    Button,
    /// The selected row of a list.
    Selected,
    /// A key of the keyboard.
    Key,
    /// A name in JSON.
    JsonName,
    JsonString,
    /// A number or word in JSON.
    JsonLiteral,
    /// A sign that this is not a real account.
    Sandbox,
    /// A sign that orders in this account cost money.
    Production,
}
