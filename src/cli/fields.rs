//! The arguments of `zegel fields`.
//!
//! The help in `assets/help` lists the members of the JSON; a test checks that the list is complete.

use clap::Args;

#[derive(Debug, Args)]
pub struct FieldsArgs {
    /// Print one JSON document, for programs.
    #[arg(long, group = "form")]
    pub json: bool,
    /// Print a JSON Schema (2020-12) that accepts every order file without errors.
    #[arg(long, group = "form")]
    pub schema: bool,
    /// Print tables in Markdown, one per step.
    #[arg(long, group = "form")]
    pub markdown: bool,
}
