//! The program: it runs the command line and returns the exit code.

use std::process::ExitCode;

fn main() -> anyhow::Result<ExitCode> {
    zegel::commands::run_from_args().map(ExitCode::from)
}
