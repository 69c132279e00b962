//! The vocabulary of the checks of one value. The list that contains a check decides whether a violation is an error
//! or a warning.
//!
//! The form implements the checks. A check names other fields by their ids, as in a file, or by their resolved index.

use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueCheck<Id = crate::product::FieldId> {
    /// At most this many characters.
    Max(usize),
    /// An integer from the first to the second.
    Range(u64, u64),
    /// An integer of at most this value.
    AtMost(u64),
    /// One of the field's options.
    OneOf,
    /// An @ with something on both sides.
    Email,
    /// The shape of an e-mail address.
    EmailShape,
    /// The shape of a telephone number with its area code.
    Telephone,
    /// The digits of a card number, with a valid check digit.
    Luhn,
    /// The number of digits that the brand of this card has.
    Cvv(Id),
    /// Two digits, 01 to 12.
    Month,
    /// Four digits.
    Year4,
    /// The shape of a postal code in this country.
    PostalCode(Id),
    /// Not a post-office box.
    NoPoBox,
    /// A house number, if this country is the Netherlands.
    HouseNumber(Id),
    /// More than a number.
    Letters,
    /// A first and a last name, of a person who can sign.
    Person,
    /// A first and a last name.
    TwoWords,
    /// A date in the format `YYYY-MM-DD`.
    YearMonthDay,
    /// A date from the first to the second number of days from today.
    DaysAhead(i32, i32),
    /// A code of ISO 3166-1.
    KnownCountry,
    /// A check of the account setup, which no order has.
    Own(SetupCheck),
}

/// A check of a value that an account is set up with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetupCheck {
    /// A base URL that an API key may be sent to.
    Address,
    /// Characters that an API key can have.
    ApiKey,
    /// The name of an account in the configuration.
    AccountName,
    /// The name of an environment variable.
    Variable,
    /// A program with its arguments.
    Command,
    /// An absolute path.
    AbsolutePath,
}
