//! The arguments of `zegel completions` and `zegel man`.
//!
//! Both are for whoever installs or packages the program.

use clap::Args;
use clap_complete::Shell;
use std::path::PathBuf;

pub(super) const ABOUT_COMPLETIONS: &str = "\
Print the script by which a shell completes zegel's commands and options

Put it where your shell looks for such scripts. For bash that is
~/.local/share/bash-completion/completions/zegel, for fish
~/.config/fish/completions/zegel.fish, for zsh _zegel in a directory of $fpath.";

pub(super) const ABOUT_MAN: &str = "\
Print the manual page, or write the pages of all commands to a directory

Each command has a page of its own, as manuals are read one page at a time;
the one that is printed is that of zegel itself, and names them all.";

/// For which shell.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    pub shell: Shell,
}

/// Where manual pages go.
#[derive(Debug, Args)]
pub struct Manual {
    /// Write zegel.1 and a page for each command to this directory, over what is there
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}
