//! zegel: order a PKIo Qualified eSeal in the terminal. Reads the command line, runs it, and gives the exit code.

use std::process::ExitCode;

fn main() -> anyhow::Result<ExitCode> {
    zegel::commands::run_from_args().map(ExitCode::from)
}
