//! Server responses, right and wrong: to requests of the wizard, and to an order.
//!
//! The wrong ones are those of a server or of a gateway before it: failures, hostile texts, far too many rows, the
//! response to another request.

use super::walk::{Server, Walk, refused};
use zegel::domain::{
    AccountAnswer, AccountInfo, AccountResource, ApiError, Balance, CurrentUser, Division, OrderRow, Organization,
    Page, PageRange, PaymentProfile, Person, ProductInfo, Role, SendResult, ServerError, TransportError,
    TransportErrorKind, Validation,
};
use zegel::tui::message::{Effect, EffectReply, Message};

/// Text that would control a terminal, or take more room than it seems.
pub(crate) const HOSTILE: &str = "\u{1b}[2J\u{202e}drow\u{202c}\u{7}\n\t東京都東京都 👩\u{200d}🚀🇳🇱 a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301} \u{200b}\u{ad}\\\"{}";

/// Returns a name of 300 characters, each two columns wide.
pub(crate) fn wide() -> String {
    "省".repeat(300)
}

/// How a request is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Correctly.
    Right,
    /// With hostile texts.
    Hostile,
    /// With as many rows as a page may have.
    Many,
    /// Without rows.
    Empty,
    /// Refused, with hostile reasons.
    Refused,
    /// Without a connection.
    Cut,
    /// With the reply to another request.
    Other,
}

/// The answer to a question.
pub(crate) fn reply(server: &Server, fetch: AccountResource, range: PageRange, manner: Manner) -> EffectReply {
    let mut server = server.clone();
    EffectReply::Fetched(match manner {
        Manner::Right => server.answer(fetch, range),
        Manner::Hostile => Ok(hostile(fetch)),
        Manner::Many => many(&server, fetch, range),
        Manner::Empty => Ok(empty(fetch)),
        Manner::Refused => {
            let error = ServerError { code: HOSTILE.into(), message: wide() };
            server.failure = Some(ApiError::Refused { status: 403, errors: vec![error], excerpt: String::new() });
            server.answer(fetch, range)
        }
        Manner::Cut => {
            server.failure = Some(ApiError::ResponseCut(TransportErrorKind::Slow.into()));
            server.answer(fetch, range)
        }
        Manner::Other => match fetch {
            AccountResource::Balance(_) => {
                Ok(AccountAnswer::People(Page { rows: Vec::new(), received: 7, total: None, flaw: None }))
            }
            _ => server.answer(AccountResource::Balance(None), range),
        },
    })
}

/// Returns a list that fits in one page.
pub(crate) fn in_one_piece<T>(rows: Vec<T>) -> Page<T> {
    Page { received: rows.len() as u64, rows, ..Page::default() }
}

fn hostile_org(id: u64) -> Organization {
    let text = || HOSTILE.to_owned();
    Organization {
        id,
        name: wide(),
        assumed_name: text(),
        status: text(),
        address: text(),
        zip: "\n".into(),
        city: wide(),
        state: text(),
        country: "\u{202e}".into(),
        verified_contacts: vec![800_001, u64::MAX],
        ..Organization::default()
    }
}

fn hostile_person(user_id: Option<u64>) -> Person {
    let text = || HOSTILE.to_owned();
    Person {
        user_id,
        name: wide(),
        first_name: text(),
        last_name: text(),
        email: "\u{1b}]0;x\u{7}@".into(),
        job_title: wide(),
        telephone: text(),
    }
}

fn hostile(fetch: AccountResource) -> AccountAnswer {
    let text = || HOSTILE.to_owned();
    match fetch {
        AccountResource::Organizations | AccountResource::SoleOrganization => AccountAnswer::Organizations(Page {
            rows: vec![hostile_org(0), hostile_org(u64::MAX)],
            received: 9,
            total: Some(2),
            flaw: None,
        }),
        AccountResource::Organization(id) => AccountAnswer::Organization(hostile_org(id.wrapping_add(1))),
        AccountResource::Approvers => {
            AccountAnswer::People(in_one_piece(vec![hostile_person(None), hostile_person(Some(0))]))
        }
        AccountResource::Users => {
            let rows = vec![hostile_person(Some(u64::MAX)), hostile_person(None)];
            AccountAnswer::People(Page { rows, received: 2, total: Some(u64::MAX), flaw: None })
        }
        AccountResource::User(id) => AccountAnswer::Person(hostile_person(Some(id))),
        AccountResource::Product => AccountAnswer::Product(ProductInfo {
            name: text(),
            years: Some(vec![0, u32::MAX, 2, 2]),
            custom_date: Some(false),
            agreement: format!("{HOSTILE}\n\n{}", wide()),
        }),
        AccountResource::Balance(_) => {
            AccountAnswer::Balance(Balance { balance: text(), available: wide(), currency: text(), unlimited: false })
        }
        other => hostile_account(other),
    }
}

/// What a hostile account says of itself.
fn hostile_account(fetch: AccountResource) -> AccountAnswer {
    let text = || HOSTILE.to_owned();
    match fetch {
        AccountResource::Account => AccountAnswer::Account(AccountInfo {
            id: u64::MAX,
            organization: wide(),
            organization_id: Some(0),
            root_division: Some(u64::MAX),
            kind: text(),
        }),
        AccountResource::Divisions => {
            let division = |id, name| Division { id, name, active: Some(false) };
            AccountAnswer::Divisions(vec![
                division(u64::MAX, wide()),
                division(14, text()),
                division(14, String::new()),
            ])
        }
        AccountResource::Profiles => AccountAnswer::Profiles(vec![PaymentProfile {
            is_default: true,
            status: text(),
            last_four: "٤٢".into(),
            kind: wide(),
            expires_month: Some(i8::MIN),
            expires_year: Some(i16::MAX),
            ..PaymentProfile::default()
        }]),
        AccountResource::Validations(_) => AccountAnswer::Validations(vec![
            Validation { kind: text(), name: wide(), status: text(), until: "9999-99-99".into() },
            Validation { status: "active".into(), until: wide(), ..Validation::default() },
        ]),
        AccountResource::Orders(_) => {
            let row = OrderRow { id: u64::MAX, status: text(), organization_name: wide(), ..OrderRow::default() };
            AccountAnswer::Orders(Page { rows: vec![row], received: 9, total: Some(u64::MAX), flaw: None })
        }
        _ => AccountAnswer::Me(CurrentUser {
            name: wide(),
            roles: vec![Role { id: Some(u64::MAX), name: text() }, Role { id: None, name: wide() }],
            status: text(),
            division: Some(u64::MAX),
            ..CurrentUser::default()
        }),
    }
}

fn many(server: &Server, fetch: AccountResource, range: PageRange) -> Result<AccountAnswer, ApiError> {
    let PageRange { offset, limit } = range;
    let org =
        |id| Organization { id, name: format!("Gemeente {id}"), city: "Zilverdam".into(), ..Organization::default() };
    let user = |id| Person { user_id: Some(id), name: format!("Persoon {id}"), ..Person::default() };
    Ok(match fetch {
        AccountResource::Organizations | AccountResource::SoleOrganization => {
            let rows = (offset + 1..=offset + limit).map(org).collect();
            AccountAnswer::Organizations(Page { rows, received: limit, total: Some(3_100), flaw: None })
        }
        AccountResource::Users => {
            let rows = (offset + 1..=offset + limit).map(user).collect();
            AccountAnswer::People(Page { rows, received: limit, total: None, flaw: None })
        }
        AccountResource::Approvers => AccountAnswer::People(in_one_piece((1..=1_000).map(user).collect())),
        other => return server.answer(other, range),
    })
}

fn empty(fetch: AccountResource) -> AccountAnswer {
    match fetch {
        AccountResource::Organizations | AccountResource::SoleOrganization => {
            AccountAnswer::Organizations(Page { rows: Vec::new(), received: 0, total: Some(0), flaw: None })
        }
        AccountResource::Organization(_) => AccountAnswer::Organization(Organization::default()),
        AccountResource::Approvers => AccountAnswer::People(Page::default()),
        AccountResource::Users => {
            AccountAnswer::People(Page { rows: Vec::new(), received: 0, total: None, flaw: None })
        }
        AccountResource::User(_) => AccountAnswer::Person(Person::default()),
        AccountResource::Product => {
            AccountAnswer::Product(ProductInfo { years: Some(Vec::new()), ..ProductInfo::default() })
        }
        AccountResource::Balance(_) => AccountAnswer::Balance(Balance::default()),
        AccountResource::Me => AccountAnswer::Me(CurrentUser::default()),
        AccountResource::Account => AccountAnswer::Account(AccountInfo::default()),
        AccountResource::Divisions => AccountAnswer::Divisions(Vec::new()),
        AccountResource::Profiles => AccountAnswer::Profiles(Vec::new()),
        AccountResource::Validations(_) => AccountAnswer::Validations(Vec::new()),
        AccountResource::Orders(_) => {
            AccountAnswer::Orders(Page { rows: Vec::new(), received: 0, total: None, flaw: None })
        }
    }
}

/// How a sent order ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Placed,
    PlacedStrangely,
    Refused,
    RefusedStrangely,
    NotSent,
    Lost,
    Broken,
    Unreadable,
    Moved,
}

/// Returns the response to an order.
pub(crate) fn answer(ending: Ending) -> SendResult {
    let reply = |status, body: &str| SendResult::from_reply(status, body);
    match ending {
        Ending::Placed => Server::placed(),
        Ending::PlacedStrangely => {
            let request = serde_json::json!({"id": 1, "status": HOSTILE});
            let requests: Vec<_> = (0..30).map(|_| &request).collect();
            let body = serde_json::json!({"id": "700001", "requests": requests, "organization": {"id": 5}});
            reply(200, &body.to_string())
        }
        Ending::Refused => refused(&[
            ("invalid_zip", "The postal code of ship_info is not right"),
            ("contact_type_duplicate", "twice"),
            ("cert_validity_exceeds_order_validity", "too long"),
            ("card_declined", "The card was declined"),
            ("something_else", "Nobody knows"),
        ]),
        Ending::RefusedStrangely => refused(&[(HOSTILE, &wide()), ("", HOSTILE), ("zip", "\u{202e}zip")]),
        Ending::NotSent => {
            SendResult::NotSent(TransportError::new(TransportErrorKind::Other, format!("connection refused {HOSTILE}")))
        }
        Ending::Lost => {
            SendResult::Lost(TransportError::new(TransportErrorKind::Other, format!("cut after {HOSTILE}")))
        }
        Ending::Broken => reply(503, "<html>"),
        Ending::Unreadable => reply(201, "{\"id\": "),
        Ending::Moved => reply(302, ""),
    }
}

impl Walk {
    /// Answers all present requests in some manner, and no later ones.
    pub(crate) fn reply(&mut self, manner: Manner) -> &mut Self {
        for effect in std::mem::take(&mut self.open) {
            match effect {
                Effect::Fetch(ticket, fetch, range) => {
                    let reply = reply(&self.server, fetch, range, manner);
                    self.handle_message(Message::Reply(ticket, Box::new(reply)));
                }
                other => self.open.push(other),
            }
        }
        self
    }
}
