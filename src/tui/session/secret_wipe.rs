//! Wiping of card data and keys: when, and from which forms.
//!
//! Nobody may find a card number in a terminal that was left open, so ten minutes without a key wipe all secrets.

use crate::tui::session::Session;

/// Milliseconds without a key after which card data is wiped.
const SECRET_WIPE_AFTER_MS: u64 = 10 * 60 * 1000;

impl Session {
    /// Wipes all secrets of all forms.
    pub(crate) fn wipe_secrets(&mut self) {
        self.form.wipe_secrets();
        self.setup.iter_mut().for_each(|guide| guide.other_form.wipe_secrets());
    }
}

/// Milliseconds until card data is wiped. `None` while an order is being sent, because a refused order needs the
/// card to be corrected.
pub(crate) fn secrets_wiped_in(session: &Session) -> Option<u64> {
    let kept = session.order_machine.sending_since().is_some() || !has_secrets(session);
    (!kept).then(|| (session.last_key_at + SECRET_WIPE_AFTER_MS).saturating_sub(session.now))
}

/// Returns true if any form has secrets.
pub(crate) fn has_secrets(session: &Session) -> bool {
    session.form.has_secrets() || session.setup.as_ref().is_some_and(|guide| guide.other_form.has_secrets())
}
