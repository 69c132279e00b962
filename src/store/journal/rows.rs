//! Journal rows: writing domain values as rows, and reading them back.
//!
//! The callers decide what may be written and what blocks what.

use crate::domain::{
    Decision, DraftId, Intent, IntentId, JournalEntry, KnownSet, RecordedOutcome, Statement, StoredLookup,
};
use crate::store::sealed_rows;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, ToSql};

const SELECT_ENTRIES: &str = "
    SELECT intent.*,
        outcome.kind AS outcome, outcome.placed, outcome.requests, outcome.status, outcome.why,
        coalesce(statement.kind, decision.kind) AS decision,
        CASE WHEN statement.kind IS NULL THEN decision.adopted ELSE statement.adopted END AS adopted,
        statement.sentence, statement.user AS stated_by, statement.time AS stated_at,
        words.text AS words
    FROM intent
    LEFT JOIN outcome ON outcome.intent = intent.id
    LEFT JOIN decision ON decision.intent = intent.id
    LEFT JOIN statement ON statement.id = (SELECT max(id) FROM statement AS one WHERE one.intent = intent.id)
    LEFT JOIN words ON words.id = (SELECT max(id) FROM words AS one WHERE one.intent = intent.id)
    WHERE ";

pub(super) fn insert_intent(connection: &Connection, id: IntentId, intent: &Intent) -> rusqlite::Result<()> {
    let values = vec![
        id.0.into(),
        intent.draft.map(|draft| draft.0).into(),
        intent.host.clone().into(),
        intent.account.clone().into(),
        intent.product.clone().into(),
        id_to_value(intent.organization),
        intent.digest.clone().into(),
        intent.body.clone().into(),
        id_to_value(intent.user),
        intent.known_set.orders.as_deref().map(join_ids).into(),
        intent.known_set.requests.as_deref().map(join_ids).into(),
        intent.server_time.clone().into(),
        intent.local_time.into(),
    ];
    sealed_rows::insert_sealed(connection, "intent", values)
}

pub(super) fn insert_outcome(connection: &Connection, id: IntentId, outcome: &RecordedOutcome) -> rusqlite::Result<()> {
    let (mut placed, mut requests, mut status, mut reason) = (Value::Null, Value::Null, Value::Null, Value::Null);
    let kind = match outcome {
        RecordedOutcome::Placed { order, requests: ids } => {
            (placed, requests) = (id_to_value(Some(*order)), join_ids(ids).into());
            "placed"
        }
        RecordedOutcome::Refused { status: code } => {
            status = i64::from(*code).into();
            "refused"
        }
        RecordedOutcome::NotSent => "not_sent",
        RecordedOutcome::Unknown { why } => {
            reason = why.clone().into();
            "unknown"
        }
    };
    let values = vec![id.0.into(), kind.to_owned().into(), placed, requests, status, reason];
    sealed_rows::insert_sealed(connection, "outcome", values)
}

pub(super) fn insert_decision(connection: &Connection, id: IntentId, decision: &Decision) -> rusqlite::Result<()> {
    let [kind, adopted] = decision_values(decision);
    sealed_rows::insert_sealed(connection, "decision", vec![id.0.into(), kind, adopted])
}

fn decision_values(decision: &Decision) -> [Value; 2] {
    let (kind, adopted) = match decision {
        Decision::Adopted { order } => ("adopted", Some(*order)),
        Decision::NotPlaced => ("not_placed", None),
    };
    [kind.to_owned().into(), id_to_value(adopted)]
}

pub(super) fn insert_statement(
    connection: &Connection,
    id: IntentId,
    decision: &Decision,
    statement: &Statement,
) -> rusqlite::Result<()> {
    let [kind, adopted] = decision_values(decision);
    let Statement { sentence, user, time } = statement.clone();
    let values = vec![Value::Null, id.0.into(), kind, adopted, sentence.into(), user.into(), time.into()];
    sealed_rows::append_sealed(connection, "statement", values)
}

pub(super) fn insert_server_excerpt(connection: &Connection, id: IntentId, text: &str) -> rusqlite::Result<()> {
    sealed_rows::append_sealed(connection, "words", vec![Value::Null, id.0.into(), text.to_owned().into()])
}

pub(super) fn insert_lookup(connection: &Connection, id: IntentId, look: &StoredLookup) -> rusqlite::Result<()> {
    let StoredLookup { series, number, time, inconclusive: blind, candidates } = look.clone();
    let values = vec![id.0.into(), series.into(), number.into(), time.into(), blind.into(), candidates.into()];
    sealed_rows::insert_sealed(connection, "look", values)
}

/// Returns the lookups for an intent, in their order.
pub(super) fn load_lookups(connection: &Connection, id: IntentId) -> rusqlite::Result<Vec<StoredLookup>> {
    let mut query = connection.prepare("SELECT * FROM look WHERE intent = ?1 ORDER BY series, number")?;
    let look = |row: &Row<'_>| {
        Ok(StoredLookup {
            series: row.get("series")?,
            number: row.get("number")?,
            time: row.get("time")?,
            inconclusive: row.get("blind")?,
            candidates: row.get("candidates")?,
        })
    };
    query.query_map([id.0], look)?.collect()
}

/// Returns the entries that match this SQL condition.
pub(super) fn load_entries(
    connection: &Connection,
    which: &str,
    values: &[&dyn ToSql],
) -> rusqlite::Result<Vec<JournalEntry>> {
    let mut query = connection.prepare(&format!("{SELECT_ENTRIES}{which}"))?;
    let mut entries = query.query_map(values, read_entry)?.collect::<rusqlite::Result<Vec<JournalEntry>>>()?;
    for entry in &mut entries {
        entry.lookups = load_lookups(connection, entry.id)?;
    }
    Ok(entries)
}

fn read_entry(row: &Row<'_>) -> rusqlite::Result<JournalEntry> {
    Ok(JournalEntry {
        id: IntentId(row.get("id")?),
        intent: read_intent(row)?,
        outcome: read_outcome(row)?,
        decision: read_decision(row)?,
        statement: read_statement(row)?,
        lookups: Vec::new(),
        server_excerpt: row.get("words")?,
    })
}

fn read_statement(row: &Row<'_>) -> rusqlite::Result<Option<Statement>> {
    let Some(sentence) = row.get("sentence")? else { return Ok(None) };
    Ok(Some(Statement { sentence, user: row.get("stated_by")?, time: row.get("stated_at")? }))
}

fn read_intent(row: &Row<'_>) -> rusqlite::Result<Intent> {
    Ok(Intent {
        draft: row.get::<_, Option<i64>>("draft")?.map(DraftId),
        host: row.get("host")?,
        account: row.get("account")?,
        product: row.get("product")?,
        organization: read_id(row, "organization")?,
        digest: row.get("digest")?,
        body: row.get("body")?,
        user: read_id(row, "user")?,
        known_set: KnownSet { orders: read_ids(row, "known_orders")?, requests: read_ids(row, "known_requests")? },
        server_time: row.get("server_time")?,
        local_time: row.get("local_time")?,
    })
}

/// A word that no zegel has written is read as unknown, which protects most.
fn read_outcome(row: &Row<'_>) -> rusqlite::Result<Option<RecordedOutcome>> {
    let kind: Option<String> = row.get("outcome")?;
    Ok(match kind.as_deref() {
        None => None,
        Some("placed") => Some(RecordedOutcome::Placed {
            order: read_id(row, "placed")?.unwrap_or_default(),
            requests: read_ids(row, "requests")?.unwrap_or_default(),
        }),
        Some("refused") => Some(RecordedOutcome::Refused { status: row.get("status")? }),
        Some("not_sent") => Some(RecordedOutcome::NotSent),
        Some(_) => Some(RecordedOutcome::Unknown { why: row.get("why")? }),
    })
}

fn read_decision(row: &Row<'_>) -> rusqlite::Result<Option<Decision>> {
    let kind: Option<String> = row.get("decision")?;
    let adopted = read_id(row, "adopted")?;
    Ok(match kind.as_deref() {
        Some("adopted") => adopted.map(|order| Decision::Adopted { order }),
        Some("not_placed") => Some(Decision::NotPlaced),
        _ => None,
    })
}

/// Keeps all bits, so that no id of a server is too large.
fn id_to_value(id: Option<u64>) -> Value {
    id.map(u64::cast_signed).into()
}

fn read_id(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<u64>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(i64::cast_unsigned))
}

fn join_ids(ids: &[u64]) -> String {
    ids.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
}

fn read_ids(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Vec<u64>>> {
    let text: Option<String> = row.get(column)?;
    // zegel writes only numbers here. A changed value has a broken seal, which was found when the file was opened.
    Ok(text.map(|text| text.split(' ').filter_map(|id| id.parse().ok()).collect()))
}
