//! The closed vocabulary of a product file. The build script parses the words with the same types, so that an error
//! names line, column and the allowed words.
//!
//! The build script writes each word as Rust, by the name that `Debug` prints.

use serde::Deserialize;

/// How well a fact of the API is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// A decision of zegel itself, not a fact of the API.
    Own,
    /// Documented for this endpoint.
    Doc,
    /// Documented for a sibling or supporting endpoint.
    Sib,
    /// Seen in clients' code.
    Code,
    /// Inferred.
    Inf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowLimits {
    /// The minimum.
    pub min: usize,
    /// The maximum.
    pub max: usize,
}

/// A detail of the account that is shown once an option is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptionDetail {
    /// The available funds.
    Funds,
    /// The stored card that would be charged.
    Profile,
}

/// The effect of a payload that shows several options of a mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModeConflict {
    /// An error: the server cannot know which option is meant.
    Error,
    /// The first option in the file wins.
    FirstWins,
}

/// The kind of a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// A choice that is not sent but decides which other fields are asked. In the file it has its own table.
    #[serde(skip)]
    Mode(ModeConflict),
    Text,
    /// An integer; a string of digits is parsed as one.
    Integer,
    Bool,
    /// `true`, only by the person's own act.
    Consent,
    Choice,
    Date,
    /// Two letters of ISO 3166-1.
    Country,
    /// A member of which only the name is known: never asked, and kept as it was parsed.
    Opaque,
}

/// Whether a field must have a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// Blank is an error everywhere.
    Yes,
    /// Blank is an error in the wizard, and a warning in a payload from elsewhere.
    Asked,
    /// Blank is a warning.
    Advised,
    /// Blank is allowed.
    No,
}

/// What a blank field sends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlankPolicy {
    /// No member.
    #[default]
    Omit,
    /// An empty string.
    Send,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PickList {
    Organizations,
    /// The people who can be a verified contact.
    Approvers,
    Users,
    /// The countries of ISO 3166-1.
    Countries,
    /// The years that the account may order.
    ValidityYears,
}

/// A fact of a picked row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowFact {
    /// The row's own id or value.
    Id,
    UserId,
    FirstName,
    LastName,
    Email,
    JobTitle,
    Telephone,
}

/// A part of an address, for copying an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressPart {
    /// Street and number.
    Line1,
    Line2,
    City,
    /// State or province.
    State,
    Zip,
    Country,
}

/// How a secret is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretDisplay {
    /// Masked except for the last four characters.
    Last4,
    /// Fully masked.
    All,
}

/// The unit of a validity from the day of issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValidityUnit {
    Years,
    Days,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth a look.
    Warning,
    /// The API would refuse or misread it.
    Error,
}

/// A fact that only the account's data can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountFact {
    /// The organization is active.
    ActiveOrganization,
    /// The id is a user's, not a verified contact's.
    UserNotVerifiedContact,
    /// The user has a job title and a telephone number.
    UserDetails,
    /// The person is a verified contact of the organization.
    VerifiedContact,
    /// The product may be ordered for this many years; only for one year while that is unknown.
    ValidityYears,
    /// The product may be ordered with an end date.
    CustomDate,
}

/// A check of one value. The list that contains it decides whether a violation is an error or a warning; the form
/// implements it. It names another field by its id, as in a file, or by its resolved index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueCheck<Id = super::FieldId> {
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
