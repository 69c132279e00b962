//! Sealed rows: each row has a checksum of all its values, which shows that a byte changed on the disk.
//!
//! `SQLite` itself checks only pages; it does not notice another letter in a text. The seal protects against
//! accidents alone: anyone who can write to the file can also compute a seal.

use crate::domain::DatabaseDamage;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row, params_from_iter};
use sha2::{Digest, Sha256};

/// Inserts a row. The values are all columns of the table in their order, without the seal, which is the last column.
pub(super) fn insert_sealed(connection: &Connection, table: &str, mut values: Vec<Value>) -> rusqlite::Result<()> {
    let seal = compute_seal(table, values.iter().map(ValueRef::from));
    values.push(Value::Blob(seal));
    let places = vec!["?"; values.len()].join(", ");
    connection.execute(&format!("INSERT INTO {table} VALUES ({places})"), params_from_iter(values))?;
    Ok(())
}

/// Inserts a row with the next free number as its first value.
pub(super) fn append_sealed(connection: &Connection, table: &str, mut values: Vec<Value>) -> rusqlite::Result<()> {
    let next: i64 =
        connection.query_row(&format!("SELECT coalesce(max(id), 0) + 1 FROM {table}"), [], |row| row.get(0))?;
    if let Some(first) = values.first_mut() {
        *first = next.into();
    }
    insert_sealed(connection, table, values)
}

/// Returns damage for the first row whose seal does not match its values.
pub(super) fn find_broken_seal(connection: &Connection) -> rusqlite::Result<Option<DatabaseDamage>> {
    let mut names = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
    let tables: Vec<String> = names.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for table in tables {
        let mut query = connection.prepare(&format!("SELECT * FROM {table}"))?;
        let columns = query.column_count();
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            if !has_valid_seal(&table, row, columns)? {
                return Ok(Some(DatabaseDamage::Row(table)));
            }
        }
    }
    Ok(None)
}

fn has_valid_seal(table: &str, row: &Row<'_>, columns: usize) -> rusqlite::Result<bool> {
    let values: Vec<ValueRef<'_>> = (0..columns).map(|at| row.get_ref(at)).collect::<Result<_, _>>()?;
    let Some((last, values)) = values.split_last() else { return Ok(false) };
    Ok(*last == ValueRef::Blob(&compute_seal(table, values.iter().copied())))
}

fn compute_seal<'a>(table: &str, values: impl Iterator<Item = ValueRef<'a>>) -> Vec<u8> {
    let mut sum = Sha256::new();
    hash_value(&mut sum, 3, table.as_bytes());
    for value in values {
        match value {
            ValueRef::Null => hash_value(&mut sum, 0, &[]),
            ValueRef::Integer(number) => hash_value(&mut sum, 1, &number.to_le_bytes()),
            ValueRef::Real(number) => hash_value(&mut sum, 2, &number.to_le_bytes()),
            ValueRef::Text(text) => hash_value(&mut sum, 3, text),
            ValueRef::Blob(bytes) => hash_value(&mut sum, 4, bytes),
        }
    }
    sum.finalize().to_vec()
}

/// Adds a value with its kind and length, so that no two different rows have the same input.
fn hash_value(sum: &mut Sha256, kind: u8, bytes: &[u8]) {
    sum.update([kind]);
    sum.update((bytes.len() as u64).to_le_bytes());
    sum.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(vec![Value::Null], vec![Value::Integer(0)])]
    #[case(vec![Value::Integer(1)], vec![Value::Real(f64::from_bits(1))])]
    #[case(vec![Value::Text("ab".into())], vec![Value::Blob(b"ab".to_vec())])]
    #[case(vec![Value::Text("a".into()), Value::Text("b".into())], vec![Value::Text("ab".into()); 1])]
    #[case(
        vec![Value::Text("a".into()), Value::Text("bc".into())],
        vec![Value::Text("ab".into()), Value::Text("c".into())],
    )]
    #[case(vec![Value::Null], vec![Value::Null, Value::Null])]
    fn different_rows_have_different_seals(#[case] one: Vec<Value>, #[case] other: Vec<Value>) {
        let seal = |table, values: &[Value]| super::compute_seal(table, values.iter().map(ValueRef::from));
        assert_ne!(seal("t", &one), seal("t", &other));
        assert_ne!(seal("t", &one), seal("u", &one));
        assert_eq!(seal("t", &one), seal("t", &one));
    }

    #[test]
    fn a_changed_value_is_found() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (a, b, seal)").unwrap();
        insert_sealed(&connection, "t", vec![Value::Integer(1), Value::Text("x".into())]).unwrap();
        assert_eq!(find_broken_seal(&connection).unwrap(), None);
        connection.execute_batch("UPDATE t SET b = 'y'").unwrap();
        assert_eq!(find_broken_seal(&connection).unwrap(), Some(DatabaseDamage::Row("t".to_owned())));
    }
}
