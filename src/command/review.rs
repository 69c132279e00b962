//! `zegel review FILE`: the wizard at Review, with the payload of a file.
//!
//! The file is read before the terminal is looked for, so that what is wrong with it is said anywhere. Without an
//! account all of it works but ordering.

use super::basis::Basis;
use super::payload;
use super::{COULD_NOT_RUN, Desk, Opening, Trouble};
use crate::account::AccountError;
use crate::cli;
use crate::form::audit::of_text;
use crate::wizard::Start;
use crate::{file, product, store};

/// Opens the wizard on the file.
pub(super) fn run(basis: &Basis, asked: &cli::Review) -> Result<u8, Trouble> {
    let (lang, product) = (&basis.lang, product::pkio()?);
    let read = file::read(&asked.file)?;
    let found = payload::of_bytes(lang, product, &asked.file, read.text.expose().as_bytes());
    let Some(loaded) = found else { return Ok(COULD_NOT_RUN) };
    let access = match basis.access(product) {
        Err(Trouble::Account(AccountError::None)) => None,
        access => Some(access?),
    };
    let notices = of_text(lang, &loaded.findings);
    let (faulty, path) = (loaded.has_errors(), asked.file.clone());
    let opening = Opening::File { reading: Box::new(loaded.reading), path, stamp: read.stamp, faulty, notices };
    let state = store::state_dir(super::environment);
    super::wizard(basis, Desk { product, access, state, start: Start::Home, opening, panics: false })
}
