//! `zegel completions` and `zegel man`: the shell script and the pages that an installation includes.
//!
//! Both are generated from the command line definition, so they always match it.

use super::CommandError;
use super::output::{ignore_closed_pipe, write_stdout};
use crate::cli::{CompletionsArgs, HelpTexts, ManualArgs};
use crate::i18n::{Language, Translations};
use clap_mangen::Man;
use std::io;
use std::path::Path;

pub(super) fn print_completions(lang: &Translations, args: &CompletionsArgs) -> Result<u8, CommandError> {
    let mut script = Vec::new();
    let mut command = HelpTexts::load(lang.language)?.completion_command();
    clap_complete::generate(args.shell, &mut command, "zegel", &mut script);
    ignore_closed_pipe(write_stdout(&script))?;
    Ok(0)
}

/// Prints the main page, or writes all pages. They are in English.
pub(super) fn generate_manual(args: &ManualArgs) -> Result<u8, CommandError> {
    let command = full_manual_command(&HelpTexts::load(Language::En)?);
    if let Some(dir) = &args.dir {
        return write_pages(&command, dir)
            .map(|()| 0)
            .map_err(|source| CommandError::Unwritable { path: dir.clone(), source });
    }
    let mut text = Vec::new();
    manual_page(command).render(&mut text).map_err(CommandError::Output)?;
    ignore_closed_pipe(write_stdout(&text))?;
    Ok(0)
}

fn write_pages(command: &clap::Command, dir: &Path) -> io::Result<()> {
    std::fs::create_dir_all(dir)?;
    for command in command.get_subcommands().chain([command]) {
        manual_page(command.clone()).generate_to(dir)?;
    }
    Ok(())
}

/// Returns the command line with the full name of each command. `help` gets no page.
fn full_manual_command(help: &HelpTexts) -> clap::Command {
    let mut command = help.manual_command().disable_help_subcommand(true);
    command.build();
    command
}

fn manual_page(command: clap::Command) -> Man {
    Man::new(command).source(concat!("zegel ", env!("CARGO_PKG_VERSION")))
}
