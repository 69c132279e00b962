//! The screens of the setup, apart from the steps of its forms.

pub(in crate::tui) mod save;
pub(in crate::tui) mod test_key;
pub(in crate::tui) mod welcome;
