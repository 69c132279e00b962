//! Why a text is not JSON, sorted by what there is to mend.
//!
//! The parser's own words are English and about its grammar; none of them is kept. What is said of a flaw is the matter
//! of who shows it.

use jsonc_parser::ParseStringErrorKind;
use jsonc_parser::errors::ParseErrorKind;

/// Why a text is not JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonSyntaxError {
    /// Nothing but white space.
    #[error("nothing in it")]
    Empty,
    /// A control character inside a string, at this byte.
    #[error("a control character at byte {0}")]
    Control(usize),
    /// What was written wrong, at this byte.
    #[error("{1:?} at byte {0}")]
    Syntax(usize, SyntaxErrorKind),
}

impl JsonSyntaxError {
    /// A word for it that does not change, for machines and for looking up its text.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Control(_) => "raw_control",
            Self::Syntax(_, slip) => slip.code(),
        }
    }

    /// Where it is, in bytes of the source.
    pub fn byte_offset(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Control(at) | Self::Syntax(at, _) => *at,
        }
    }

    /// The same so many bytes further on.
    pub(super) fn shifted_by(self, by: usize) -> Self {
        match self {
            Self::Empty => Self::Empty,
            Self::Control(at) => Self::Control(at + by),
            Self::Syntax(at, slip) => Self::Syntax(at + by, slip),
        }
    }
}

/// What is written wrong in a text that should be JSON, by what there is to mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// A comma before a closing bracket, as the vendor's own page prints it.
    TrailingComma,
    /// A comma that is missing, or one too many.
    Comma,
    /// A colon that is missing, or one too many.
    Colon,
    /// No value where one belongs, or something that is none.
    Value,
    /// A name or text that is not in double quotes.
    Quotes,
    /// A comment.
    Comment,
    /// A number that is not spelled as JSON spells it.
    Number,
    /// An escape in a text that there is none of.
    Escape,
    /// Half of a character: an escape of those that stand in pairs, without its other half.
    LoneSurrogate,
    /// A text, list or object that does not end.
    Unclosed,
    /// Something after the end.
    TrailingContent,
    /// More levels of lists and objects than are read.
    TooDeep,
}

impl SyntaxErrorKind {
    /// A word for it that does not change, for machines and for looking up its text.
    pub fn code(self) -> &'static str {
        match self {
            Self::TrailingComma => "trailing_comma",
            Self::Comma => "comma",
            Self::Colon => "colon",
            Self::Value => "value",
            Self::Quotes => "quotes",
            Self::Comment => "comment",
            Self::Number => "number",
            Self::Escape => "escape",
            Self::LoneSurrogate => "surrogate",
            Self::Unclosed => "unclosed",
            Self::TrailingContent => "several",
            Self::TooDeep => "deep",
        }
    }
}

impl From<&ParseErrorKind> for SyntaxErrorKind {
    fn from(kind: &ParseErrorKind) -> Self {
        use ParseErrorKind as Kind;
        match kind {
            Kind::TrailingCommasNotAllowed => Self::TrailingComma,
            Kind::ExpectedComma | Kind::UnexpectedComma => Self::Comma,
            Kind::ExpectedColonAfterObjectKey | Kind::UnexpectedColon => Self::Colon,
            Kind::ExpectedStringObjectProperty | Kind::SingleQuotedStringsNotAllowed => Self::Quotes,
            Kind::CommentsNotAllowed | Kind::UnterminatedCommentBlock => Self::Comment,
            Kind::BareDecimalPointNumbersNotAllowed
            | Kind::ExpectedDigit
            | Kind::ExpectedDigitFollowingNegativeSign
            | Kind::ExpectedPlusMinusOrDigitInNumberLiteral
            | Kind::HexadecimalNumbersNotAllowed
            | Kind::NonFiniteNumbersNotAllowed
            | Kind::UnaryPlusNumbersNotAllowed => Self::Number,
            Kind::String(ParseStringErrorKind::UnterminatedStringLiteral)
            | Kind::UnterminatedArray
            | Kind::UnterminatedObject => Self::Unclosed,
            Kind::String(ParseStringErrorKind::InvalidUnicodeEscapeSequence(_)) => Self::LoneSurrogate,
            Kind::String(_) => Self::Escape,
            Kind::MultipleRootJsonValues => Self::TrailingContent,
            Kind::NestingDepthExceeded => Self::TooDeep,
            Kind::ExpectedObjectValue
            | Kind::UnexpectedCloseBrace
            | Kind::UnexpectedCloseBracket
            | Kind::UnexpectedToken
            | Kind::UnexpectedTokenInObject
            | Kind::UnexpectedWord => Self::Value,
        }
    }
}
