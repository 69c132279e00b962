//! Opening a form in a draft of its own: an order that was read, or a new order with the values of an old one.

use crate::form::{Form, Normalization};
use crate::i18n::texts;
use crate::tui::component::{ScreenRoute, Transition};
use crate::tui::message::StoreTask;
use crate::tui::session::Session;
use crate::tui::session::feedback::{ReviewNotice, review_notice_texts};

impl Session {
    /// Begins a new order with the values of an old one. Notices say which values are asked again.
    pub(in crate::tui) fn begin_order_from_form(&mut self, mut form: Form) -> Transition {
        let asked = form.prepare_reorder(self.today);
        self.open_form_as_new_draft(form);
        self.feedback.notices =
            vec![ReviewNotice::AskedAgain([texts::notice::ASKED_ANEW_ONE, texts::notice::ASKED_ANEW], asked)];
        self.feedback.flash = review_notice_texts(self).into_iter().next();
        Transition::Go(ScreenRoute::Review)
    }

    /// Replaces the form, in a draft of its own.
    pub(crate) fn open_form_as_new_draft(&mut self, form: Form) {
        self.reset_with_form(form);
        self.close_draft(StoreTask::ReleaseDraft);
        self.drafts.schedule_save(self.now);
    }
}

/// Returns the notices about a payload that was read.
pub(crate) fn payload_notices(session: &Session, withdrawn: bool, notes: &[Normalization]) -> Vec<ReviewNotice> {
    let to_notice = |note: &Normalization| {
        let text = note.message(&session.lang);
        let (Normalization::TextToInteger(pointer)
        | Normalization::WholeNumber(pointer)
        | Normalization::NumberToText(pointer)) = note
        else {
            return ReviewNotice::Lasting(text);
        };
        let at = session.form.visible_places().find(|at| session.form.json_pointer(*at).as_ref() == Some(pointer));
        at.map_or(ReviewNotice::Lasting(text.clone()), |at| {
            ReviewNotice::OfValue(at, session.form.field_value(at).cloned(), text)
        })
    };
    let agreement = withdrawn.then_some(ReviewNotice::AgreementWithdrawn);
    agreement.into_iter().chain(notes.iter().map(to_notice)).collect()
}
