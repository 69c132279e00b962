//! What screens and dialogs share: fetched lists, drafts, feedback on fields, undo, text input.
//!
//! Nothing here draws, and no screen is named here.

pub(crate) mod background_orders;
pub(crate) mod drafts;
pub(crate) mod feedback;
pub mod fetch;
pub(crate) mod field_widgets;
pub(crate) mod page_items;
pub(crate) mod paging;
pub(crate) mod start;
pub(crate) mod text_editor;
pub(crate) mod undo;
