//! A payload of which something is to be done: read, looked through, and refused where that is not safe.
//!
//! What is wrong with it is told as `zegel check` tells it, on standard error. What is done with it is the command's
//! matter.

use super::{Trouble, check, source};
use crate::facts::Known;
use crate::form::audit::{Finding, audit};
use crate::form::{Audience, Context, Reading};
use crate::lang::Lang;
use crate::product::{Level, Product};
use std::path::Path;

/// A payload that makes an order, right or wrong.
pub(super) struct Loaded {
    /// The form, and what is not as it was.
    pub(super) reading: Reading,
    /// What is wrong or worth a look.
    pub(super) findings: Vec<Finding>,
    /// The same as it is told, for standard error.
    told: String,
}

impl Loaded {
    /// Whether there is an error.
    pub(super) fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.level == Level::Error)
    }

    /// Tells what is wrong or worth a look.
    pub(super) fn tell(&self) {
        super::print_error(&self.told);
    }
}

/// Reads a payload. None where it is no order, or card data stands in it where nobody can keep it secret: then that has
/// been told.
///
/// # Errors
/// Where the file cannot be read.
pub(super) fn load(lang: &Lang, product: &'static Product, path: &Path) -> Result<Option<Loaded>, Trouble> {
    let bytes = source::read(lang, path).map_err(|source| Trouble::Unread { path: path.to_owned(), source })?;
    Ok(of_bytes(lang, product, path, &bytes))
}

/// The payload that these bytes of a file make; none as with [`load`].
pub(super) fn of_bytes(lang: &Lang, product: &'static Product, path: &Path, bytes: &[u8]) -> Option<Loaded> {
    let known = Known::default();
    let context = Context { today: crate::run::today(), known: &known, audience: Audience::Review };
    let found = audit(product, bytes, &context);
    let told = check::told(lang, product, path, bytes, &found);
    let Some(reading) = found.reading else {
        super::print_error(&told);
        return None;
    };
    let strays = reading.form.strays();
    if !strays.is_empty() {
        let pointers = strays.into_iter().collect::<Vec<_>>().join(", ");
        super::say(&lang.tell("payload.stray", &[("path", &path.display().to_string()), ("pointers", &pointers)]));
        return None;
    }
    Some(Loaded { reading, findings: found.findings, told })
}
