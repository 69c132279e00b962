//! What a piece of text means: an error, a heading, a key.
//!
//! Messages, screens and commands give each text its tone. The theme decides what a tone looks like.

/// What a piece of text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Ordinary text.
    Plain,
    /// Explanations beside the matter.
    Dim,
    /// A heading.
    Heading,
    /// The name of a field.
    Label,
    /// The name of the field that has the focus.
    Focus,
    /// A value that cannot be changed.
    ReadOnly,
    /// An error.
    Error,
    /// A warning.
    Warning,
    /// Something good to know.
    Note,
    /// Something done or right.
    Good,
    /// A button.
    Button,
    /// The row of a list that is chosen.
    Selected,
    /// A key of the keyboard.
    Key,
    /// A name in JSON.
    JsonName,
    /// A string in JSON.
    JsonString,
    /// A number or word in JSON.
    JsonLiteral,
    /// That this is no real account.
    Sandbox,
    /// That this is an account in which orders cost money.
    Production,
}
