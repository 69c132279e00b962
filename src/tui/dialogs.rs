//! The dialogs, which lie over a screen: one file per dialog.
//!
//! A dialog takes the keys while it is open, and the screen below it stays as it is.

pub(crate) mod accounts;
pub(crate) mod agreement;
pub(crate) mod compare;
pub(crate) mod external_editor;
pub(crate) mod field_search;
pub(crate) mod help;
pub(crate) mod open_file;
pub(crate) mod picker;
pub(crate) mod quit;
pub(crate) mod readiness;
pub(crate) mod save_file;
