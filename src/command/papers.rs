//! `zegel completions` and `zegel man`: what comes with a program that is installed.
//!
//! Both are made from the command line alone, so they cannot say anything else than it does.

use super::Trouble;
use super::lines::{write_out, written};
use crate::cli::{Completions, Help, Manual};
use crate::lang::{Lang, Language};
use clap_mangen::Man;
use std::io;
use std::path::Path;

/// Prints the script for a shell.
pub(super) fn completions(lang: &Lang, args: &Completions) -> Result<u8, Trouble> {
    let mut script = Vec::new();
    let mut command = Help::load(lang.language)?.complete();
    clap_complete::generate(args.shell, &mut command, "zegel", &mut script);
    written(write_out(&script))?;
    Ok(0)
}

/// Prints the main page, or writes all pages. They are in English.
pub(super) fn manual(args: &Manual) -> Result<u8, Trouble> {
    let command = command(&Help::load(Language::En)?);
    if let Some(dir) = &args.dir {
        return write(&command, dir).map(|()| 0).map_err(|source| Trouble::Unwritable { path: dir.clone(), source });
    }
    let mut text = Vec::new();
    page(command).render(&mut text).map_err(Trouble::Output)?;
    written(write_out(&text))?;
    Ok(0)
}

fn write(command: &clap::Command, dir: &Path) -> io::Result<()> {
    std::fs::create_dir_all(dir)?;
    for command in command.get_subcommands().chain([command]) {
        page(command.clone()).generate_to(dir)?;
    }
    Ok(())
}

/// The command line, each command with its whole name; `help` is no command that has a page.
fn command(help: &Help) -> clap::Command {
    let mut command = help.command().disable_help_subcommand(true);
    command.build();
    command
}

fn page(command: clap::Command) -> Man {
    Man::new(command).source(concat!("zegel ", env!("CARGO_PKG_VERSION")))
}
