//! Syntax errors: why a text is not JSON, grouped by what there is to fix.
//!
//! The parser's own messages are in English and about its grammar, so none of them is kept. The caller writes the
//! message of an error.

use crate::i18n::{TextId, texts};
use jsonc_parser::ParseStringErrorKind;
use jsonc_parser::errors::ParseErrorKind;

/// Why a text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind:?} at byte {at}")]
pub struct JsonSyntaxError {
    /// The byte offset in the source.
    pub at: usize,
    pub kind: SyntaxErrorKind,
}

/// The kind of a syntax error, by what there is to fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum SyntaxErrorKind {
    /// Only white space.
    Empty,
    /// A control character inside a string.
    RawControl,
    /// A comma before a closing bracket, as the vendor's own page prints it.
    TrailingComma,
    /// A missing comma, or one too many.
    Comma,
    /// A missing colon, or one too many.
    Colon,
    /// No value where one belongs, or something that is not a value.
    Value,
    /// A name or string that is not in double quotes.
    Quotes,
    Comment,
    /// A number that is not spelled as in JSON.
    Number,
    /// An unknown escape in a string.
    Escape,
    /// Half of a surrogate pair, without its other half.
    #[strum(serialize = "surrogate")]
    LoneSurrogate,
    /// A string, list or object that does not end.
    Unclosed,
    /// Text after the end of the value.
    #[strum(serialize = "several")]
    TrailingContent,
    /// More nested lists and objects than the parser reads.
    #[strum(serialize = "deep")]
    TooDeep,
}

impl SyntaxErrorKind {
    /// Returns the message.
    pub(crate) fn text_id(self) -> TextId {
        match self {
            Self::Empty => texts::in_file::EMPTY,
            Self::RawControl => texts::in_file::RAW_CONTROL,
            Self::TrailingComma => texts::in_file::TRAILING_COMMA,
            Self::Comma => texts::in_file::COMMA,
            Self::Colon => texts::in_file::COLON,
            Self::Value => texts::in_file::VALUE,
            Self::Quotes => texts::in_file::QUOTES,
            Self::Comment => texts::in_file::COMMENT,
            Self::Number => texts::in_file::NUMBER,
            Self::Escape => texts::in_file::ESCAPE,
            Self::LoneSurrogate => texts::in_file::SURROGATE,
            Self::Unclosed => texts::in_file::UNCLOSED,
            Self::TrailingContent => texts::in_file::SEVERAL,
            Self::TooDeep => texts::in_file::DEEP,
        }
    }

    /// Returns a stable code, for machines.
    pub fn code(self) -> &'static str {
        self.into()
    }

    pub(super) fn at_byte(self, at: usize) -> JsonSyntaxError {
        JsonSyntaxError { at, kind: self }
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
