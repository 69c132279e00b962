//! `zegel config`: what is set, and where each value comes from.
//!
//! It works with whatever is broken: what can be told is told, and the rest is named. Neither a key nor a password of a
//! proxy is in it. What counts is gathered in `rows`.

mod rows;

use super::basis::Basis;
use super::lines::{Lines, Unwritten, json_line, written};
use super::{REFUSED, Trouble, say};
use crate::account::Source;
use crate::cli;
use crate::layout::Tone;
use crate::text;
use rows::{Note, Problem, Row, gather};
use serde_json::{Value, json};

/// Shows what is set. The exit code is 1 where something is wrong.
pub(super) fn run(basis: &Basis, args: &cli::Config) -> Result<u8, Trouble> {
    if args.path {
        let path = basis.path.clone().map_err(Trouble::Lost)?;
        written(Lines::plain().print(Tone::Plain, &path.display().to_string()))?;
        return Ok(0);
    }
    let (rows, problems) = gather(basis)?;
    written(if args.json { print_json(basis, &rows, &problems) } else { print(basis, &rows, &problems) })?;
    Ok(if problems.is_empty() { 0 } else { REFUSED })
}

/// The values for standard output, what is wrong for the person.
fn print(basis: &Basis, rows: &[Row], problems: &[Problem]) -> Result<(), Unwritten> {
    let shown: Vec<[String; 3]> =
        rows.iter().map(|row| [row.key.clone(), plain(&row.value), said(basis, row)]).collect();
    let width = |column: usize| shown.iter().map(|row| text::width(&row[column])).max().unwrap_or_default();
    let widths = [width(0), width(1)];
    let told = shown.iter().try_for_each(|[key, value, source]| {
        let pad = |text: &str, width: usize| " ".repeat(width - text::width(text));
        let line = format!("{key}{}  {value}{}  {source}", pad(key, widths[0]), pad(value, widths[1]));
        Lines::plain().print(Tone::Plain, line.trim_end())
    });
    for problem in problems {
        say(&problem.words);
    }
    told
}

/// A value in one column.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text::visible(text).into_owned(),
        other => other.to_string(),
    }
}

/// Where a value comes from, in words.
fn said(basis: &Basis, row: &Row) -> String {
    let lang = &basis.lang;
    let source = match row.source {
        Source::Flag(name) => lang.tell("config.from_flag", &[("name", name)]),
        Source::Variable(name) => lang.tell("config.from_variable", &[("name", name)]),
        Source::Line(line) => format!("{}:{line}", file(basis)),
        Source::System => lang.say("config.from_system").to_owned(),
        Source::Default => lang.say("config.from_default").to_owned(),
    };
    match row.note {
        Some(Note::NoFile) => lang.tell("config.no_file", &[("source", &source)]),
        Some(Note::Loopback) => lang.say("config.loopback").to_owned(),
        None => source,
    }
}

fn file(basis: &Basis) -> String {
    basis.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default()
}

/// All of it as one object.
fn print_json(basis: &Basis, rows: &[Row], problems: &[Problem]) -> Result<(), Unwritten> {
    let source = |source: Source| match source {
        Source::Flag(name) => json!({ "kind": "flag", "name": name }),
        Source::Variable(name) => json!({ "kind": "environment", "name": name }),
        Source::Line(line) => json!({ "kind": "file", "line": line }),
        Source::System => json!({ "kind": "system" }),
        Source::Default => json!({ "kind": "default" }),
    };
    let values: Vec<Value> =
        rows.iter().map(|row| json!({ "key": row.key, "value": row.value, "source": source(row.source) })).collect();
    let problems: Vec<Value> = problems
        .iter()
        .map(|problem| {
            let line = Some(problem.line).filter(|line| *line > 0);
            let key = Some(&problem.key).filter(|key| !key.is_empty());
            json!({ "line": line, "key": key, "code": problem.code, "message": problem.words })
        })
        .collect();
    let path = basis.path.as_ref().ok().map(|path| path.display().to_string());
    let all = json!({ "file": path, "exists": basis.config.found, "values": values, "problems": problems });
    Lines::plain().print(Tone::Plain, &json_line(&all))
}
