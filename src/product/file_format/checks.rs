//! The words for what one value is held to. Whether a broken one is an error or a warning is told by where the word stands.
//!
//! What each does is the matter of the form. A check names other fields by their ids, as a file has them, or resolved.

use serde::Deserialize;

/// A check of one value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueCheck<Id = crate::product::FieldId> {
    /// At most so many characters.
    Max(usize),
    /// An integer from the first to the second.
    Range(u64, u64),
    /// An integer of at most so many.
    AtMost(u64),
    /// One of the field's options.
    OneOf,
    /// An @ with something on both sides.
    Email,
    /// Shape of an e-mail address.
    EmailShape,
    /// Shape of a telephone number with its area code.
    Telephone,
    /// Digits of a card, with their check digit.
    Luhn,
    /// As many digits as the brand of this card has.
    Cvv(Id),
    /// Two digits, 01 to 12.
    Month,
    /// Four digits.
    Year4,
    /// Shape of a postal code in this country.
    PostalCode(Id),
    /// No post-office box.
    NoPoBox,
    /// A house number, where this country is the Netherlands.
    HouseNumber(Id),
    /// More than a number.
    Letters,
    /// A first and a last name, of somebody who can sign.
    Person,
    /// A first and a last name.
    TwoWords,
    /// A date written `YYYY-MM-DD`.
    YearMonthDay,
    /// A date so many days from today, first to second.
    DaysAhead(i32, i32),
    /// A code of ISO 3166-1.
    KnownCountry,
    /// A shape of zegel's own, which no order has.
    Own(SetupCheck),
}

/// A shape of what is asked to set up an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetupCheck {
    /// An address that a key may be sent to.
    Address,
    /// Characters that a key of the API can have.
    ApiKey,
    /// The name of an account in the configuration.
    AccountName,
    /// The name of a variable of the environment.
    Variable,
    /// A program with its arguments.
    Command,
    /// A path that begins at the root.
    AbsolutePath,
}
