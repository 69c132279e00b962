//! `zegel config`: the settings in use, and where each value comes from.
//!
//! The command works even if the configuration is broken: it prints what it can find out, and names the problems. It
//! never prints a key or the password of a proxy. `settings` collects the values.

mod settings;

use super::context::CommandContext;
use super::output::{LinePrinter, OutputError, ignore_closed_pipe, json_line};
use super::{CommandError, EXIT_REFUSED, eprint_lines};
use crate::account::SettingSource;
use crate::cli;
use crate::i18n::{texts, with};
use crate::text;
use crate::tone::Tone;
use serde_json::{Value, json};
use settings::{SettingNote, SettingProblem, SettingRow, collect_settings};

/// Prints the settings. The exit code is 1 if there are problems.
pub(super) fn run(context: &CommandContext, args: &cli::ConfigArgs) -> Result<u8, CommandError> {
    if args.path {
        let path = context.config_path.clone().map_err(CommandError::ConfigPath)?;
        ignore_closed_pipe(LinePrinter::without_color().print(Tone::Plain, &path.display().to_string()))?;
        return Ok(0);
    }
    let (rows, problems) = collect_settings(context);
    ignore_closed_pipe(if args.json {
        print_json(context, &rows, &problems)
    } else {
        print_settings(context, &rows, &problems)
    })?;
    Ok(if problems.is_empty() { 0 } else { EXIT_REFUSED })
}

/// Prints the values on standard output, and the problems on standard error.
fn print_settings(
    context: &CommandContext,
    rows: &[SettingRow],
    problems: &[SettingProblem],
) -> Result<(), OutputError> {
    let shown: Vec<[String; 3]> =
        rows.iter().map(|row| [row.key.clone(), value_text(&row.value), source_text(context, row)]).collect();
    let width = |column: usize| shown.iter().map(|row| text::display_width(&row[column])).max().unwrap_or_default();
    let widths = [width(0), width(1)];
    let written = shown.iter().try_for_each(|[key, value, source]| {
        let pad = |text: &str, width: usize| " ".repeat(width - text::display_width(text));
        let line = format!("{key}{}  {value}{}  {source}", pad(key, widths[0]), pad(value, widths[1]));
        LinePrinter::without_color().print(Tone::Plain, line.trim_end())
    });
    for problem in problems {
        eprint_lines(&problem.message);
    }
    written
}

/// Returns a value for its column.
fn value_text(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text::visible(text).into_owned(),
        other => other.to_string(),
    }
}

/// Returns the source of a value, in words.
fn source_text(context: &CommandContext, row: &SettingRow) -> String {
    let lang = &context.lang;
    let source = match row.source {
        SettingSource::Flag(name) => lang.format(texts::config::FROM_FLAG, with::Name(&name)),
        SettingSource::Variable(name) => lang.format(texts::config::FROM_VARIABLE, with::Name(&name)),
        SettingSource::Line(line) => format!("{}:{line}", config_path_text(context)),
        SettingSource::System => lang.text(texts::config::FROM_SYSTEM).to_owned(),
        SettingSource::Default => lang.text(texts::config::FROM_DEFAULT).to_owned(),
    };
    match row.note {
        Some(SettingNote::NoFile) => lang.format(texts::config::NO_FILE, with::Source(&source)),
        Some(SettingNote::Loopback) => lang.text(texts::config::LOOPBACK).to_owned(),
        None => source,
    }
}

fn config_path_text(context: &CommandContext) -> String {
    context.config_path.as_ref().map(|path| path.display().to_string()).unwrap_or_default()
}

/// Prints settings and problems as one JSON object.
fn print_json(context: &CommandContext, rows: &[SettingRow], problems: &[SettingProblem]) -> Result<(), OutputError> {
    let source = |source: SettingSource| match source {
        SettingSource::Flag(name) => json!({ "kind": "flag", "name": name }),
        SettingSource::Variable(name) => json!({ "kind": "environment", "name": name }),
        SettingSource::Line(line) => json!({ "kind": "file", "line": line }),
        SettingSource::System => json!({ "kind": "system" }),
        SettingSource::Default => json!({ "kind": "default" }),
    };
    let values: Vec<Value> =
        rows.iter().map(|row| json!({ "key": row.key, "value": row.value, "source": source(row.source) })).collect();
    let problems: Vec<Value> = problems
        .iter()
        .map(|problem| {
            let line = Some(problem.line).filter(|line| *line > 0);
            let key = Some(&problem.key).filter(|key| !key.is_empty());
            json!({ "line": line, "key": key, "code": problem.code, "message": problem.message })
        })
        .collect();
    let path = context.config_path.as_ref().ok().map(|path| path.display().to_string());
    let all = json!({ "file": path, "exists": context.config.exists, "values": values, "problems": problems });
    LinePrinter::without_color().print(Tone::Plain, &json_line(&all))
}
