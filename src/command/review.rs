//! `zegel review FILE`: the wizard at Review, with the payload of a file.
//!
//! The file is read before the terminal is looked for, so that what is wrong with it is said anywhere. Without an
//! account all of it works but ordering.

use super::{Desk, Opening, Trouble};
use crate::account::{Access, AccountError};
use crate::cli::review::Review;
use crate::facts::Loaded;
use crate::form::{Form, Reading};
use crate::lang::Lang;
use crate::sandbox::KEY;
use crate::wizard::Start;
use crate::{file, json, product, store};
use std::path::Path;

/// Opens the wizard on the file.
pub(super) fn run(lang: Lang, asked: &Review) -> Result<u8, Trouble> {
    let loaded = file::read(&asked.file)?;
    let reading = reading(&asked.file, &loaded)?;
    let access = match Access::from_environment(super::environment) {
        Err(AccountError::None) => None,
        access => Some(access?.or_sandbox(KEY)),
    };
    let opening = Opening::File(Box::new(reading), asked.file.clone(), loaded.stamp);
    let state = store::state_dir(super::environment);
    super::wizard(lang, Desk { access, state, start: Start::Home, opening, panics: false })
}

/// The form that the text of a file makes, or where it is no payload.
fn reading(path: &Path, loaded: &Loaded) -> Result<Reading, Trouble> {
    let text = loaded.text.expose();
    let no_payload = |at: usize, flaw: Option<json::Flaw>| {
        let (line, column) = json::place(text, at);
        Trouble::NoPayload { path: path.to_owned(), line, column, flaw }
    };
    let doc = json::parse(text).map_err(|flaw| no_payload(flaw.at(), Some(flaw)))?;
    Form::read(product::pkio()?, &doc).map_err(|_| no_payload(doc.at.start, None))
}
