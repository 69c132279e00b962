//! The file that the form was read from or written to, and the file task that has no reply yet.

use crate::domain::FileDigest;
use crate::form::{Form, SHORT_DIGEST_LENGTH};
use crate::i18n::{texts, with};
use crate::tui::message::{Effect, FileTask, Ticket};
use crate::tui::session::Session;
use std::path::{Path, PathBuf};

/// The file that the form was read from, or last written to.
#[derive(Debug, Clone)]
pub(crate) struct OrderFile {
    pub(in crate::tui) path: PathBuf,
    /// The digest of the file's bytes at that time.
    pub(in crate::tui) stamp: FileDigest,
    /// The form's text when it was written to the file; `None` if it was only read.
    written_text: Option<String>,
    /// The digests of the file's order; `None` if that order cannot be placed as it is.
    digests: Option<FileOrderDigests>,
}

/// The digests of an order as its file holds it. The file may include an agreement that is asked again here.
#[derive(Debug, Clone)]
pub(crate) struct FileOrderDigests {
    digest: String,
    /// The digest of the order without the agreement.
    digest_without_consent: String,
}

impl FileOrderDigests {
    /// The digests of the form that was read, before its agreement is withdrawn. `None` if the order is faulty or has
    /// no agreement.
    pub(crate) fn from_form(form: &Form, faulty: bool) -> Option<Self> {
        (!faulty && form.is_consent_given()).then(|| Self {
            digest: form.payload_text().digest().to_owned(),
            digest_without_consent: form.digest_without_consent(),
        })
    }
}

/// An unanswered task of a file or of the editor.
#[derive(Debug, Clone)]
pub(crate) struct PendingFileTask {
    ticket: Ticket,
    pub(in crate::tui) path: PathBuf,
    /// True if the person typed the name, so that it may be a file that was not opened.
    pub(in crate::tui) is_typed_name: bool,
    /// The form's text when the task was requested.
    pub(in crate::tui) form_text: String,
}

impl OrderFile {
    pub(crate) fn new(path: PathBuf, stamp: FileDigest, digests: Option<FileOrderDigests>) -> Self {
        Self { path, stamp, written_text: None, digests }
    }

    /// The path of the file, and the 16 digits shown of the digest of its order. `None` if the file does not hold the
    /// order under review.
    pub(crate) fn matching_digest(&self, but_for_consent: &str) -> Option<(&Path, &str)> {
        let stands = self.digests.as_ref().filter(|stands| stands.digest_without_consent == but_for_consent)?;
        Some((&self.path, &stands.digest[..SHORT_DIGEST_LENGTH]))
    }
}

impl Session {
    /// Records the written file, and says where it is.
    pub(in crate::tui) fn note_file_written(&mut self, path: PathBuf, stamp: FileDigest, text: String) {
        let done = self.lang.format(texts::save::DONE, with::Path(&path.display()));
        self.order_file = Some(OrderFile { path, stamp, written_text: Some(text), digests: None });
        self.feedback.flash = Some(done.clone());
        self.feedback.attempt_outcome = Some(done);
    }

    /// Requests a file task. Only one is pending at a time.
    pub(crate) fn request_file_task(&mut self, path: PathBuf, is_typed_name: bool, task: FileTask) {
        let ticket = self.next_ticket();
        self.pending_file_task =
            Some(PendingFileTask { ticket, path, is_typed_name, form_text: self.form.file_text() });
        self.queue_effect(Effect::File(ticket, task));
    }

    /// Takes the pending file task if the reply with this ticket is for it.
    pub(crate) fn take_pending_file_task(&mut self, ticket: Ticket) -> Option<PendingFileTask> {
        self.pending_file_task.take_if(|task| task.ticket == ticket)
    }

    /// Forgets the file, because another form replaces this one.
    pub(crate) fn forget_order_file(&mut self) {
        (self.order_file, self.pending_file_task) = (None, None);
    }
}

/// Returns true if the file has the whole form, except for what is never written to a file.
pub(crate) fn is_form_in_file(session: &Session) -> bool {
    let written = session.order_file.as_ref().and_then(|opened| opened.written_text.as_ref());
    written.is_some_and(|text| *text == session.form.file_text())
}
