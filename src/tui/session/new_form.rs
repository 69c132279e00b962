//! Another form in place of the present one, and what is forgotten with the present one.

use crate::domain::AccountResource;
use crate::form::Form;
use crate::i18n::texts;
use crate::order::OrderMachine;
use crate::tui::session::Session;
use crate::tui::session::exit::placed_id_lines;
use crate::tui::session::readiness::is_readiness_stale;
use crate::tui::session::setup::ordered_product;

impl Session {
    /// Puts this form in front, and clears everything that belonged to the previous one.
    pub(crate) fn reset_with_form(&mut self, form: Form) {
        let ids = placed_id_lines(self);
        self.placed_orders.earlier_ids.extend(ids);
        let paid = !matches!(self.order_machine, OrderMachine::Ready);
        self.form = form;
        self.account_defaults.clear();
        self.forget_order_file();
        self.order_machine = OrderMachine::Ready;
        (self.focus, self.visited_steps, self.feedback, self.group_undo, self.undo_history) = Default::default();
        self.shows_expert_fields = false;
        // The previous order may have been paid from the balance.
        if paid || is_readiness_stale(self) {
            self.account_data.balances.clear();
            self.fetches.forget_matching(|want| matches!(want, AccountResource::Balance(_)));
        }
        self.field_editor = None;
        (self.placed_orders.record_error, self.placed_orders.looked_up_order) = (None, None);
        self.validate_form();
    }

    /// Starts a new order with the defaults of the account.
    pub(crate) fn reset_form_to_defaults(&mut self) {
        let mut form = Form::new(ordered_product(self));
        let done = form.apply_account_defaults(&self.environment.presets);
        let begun = done.places.into_iter().map(|at| (at, form.text(at).to_owned())).collect();
        self.reset_with_form(form);
        self.account_defaults = begun;
    }

    /// Returns true, and shows a message, if unsaved values would be lost when another form takes the place of this
    /// one.
    pub(crate) fn warn_if_unsaved(&mut self) -> bool {
        let loses = self.drafts.is_dirty && self.drafts.has_unsaved_changes();
        if loses {
            self.show_flash(texts::flash::UNSAVED);
        }
        loses
    }
}
