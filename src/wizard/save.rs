//! Saving to a file: under which name, what changes in it, and where it is then.
//!
//! Nothing is written before it was shown what changes, and nothing over what nobody has looked at: a file that
//! somebody else changed meanwhile stays. Secrets are in no file and in no change that is told. It touches no file
//! itself: it asks, and goes on with the answer.

mod said;

use super::msg::{Effect, FileTask, Filed, Ticket};
use super::{Model, Overlay, Screen, edit};
use crate::facts::{Loaded, Snag, Snagged, Stamp};
use crate::form::{Form, SHORT_DIGEST};
use crate::json::{self, Change, Value};
use crate::layout::Reader;
use crate::text;
use std::path::{Path, PathBuf};
use tui_input::{Input, InputRequest};

/// What a new file is called where no organization has a name.
const USUAL: &str = "order";

/// So many characters of an organization's name are in that of a file, at most.
const LONGEST: usize = 40;

/// The file that the form was read from, or written to last.
#[derive(Debug, Clone)]
pub(super) struct Opened {
    path: PathBuf,
    /// Its bytes then.
    stamp: Stamp,
    /// What the form said when it was written there, if it was.
    said: Option<String>,
    /// The digest of the order as it stands there, where it can be ordered so.
    stands: Option<Stands>,
}

/// An order as it stands in a file: it may hold an agreement that is asked again here.
#[derive(Debug, Clone)]
pub(super) struct Stands {
    digest: String,
    /// The same but for the agreement.
    but_for_consent: String,
}

impl Stands {
    /// What was read, before its agreement is taken out; nothing where it cannot be ordered as it stands.
    pub(super) fn of(form: &Form, faulty: bool) -> Option<Self> {
        (!faulty && form.is_agreed())
            .then(|| Self { digest: form.body().digest().to_owned(), but_for_consent: form.digest_but_for_consent() })
    }
}

/// Something that was asked of a file or of the editor, and is not answered yet.
#[derive(Debug, Clone)]
pub(super) struct Awaited {
    ticket: Ticket,
    path: PathBuf,
    /// Whether its name was typed, so that it may be a file that nobody opened.
    named: bool,
    /// What the form said then.
    said: String,
}

/// Saving, where it lies over Review.
#[derive(Debug, Clone)]
pub struct Saving {
    stage: Stage,
    /// The name that is typed.
    name: Input,
    /// Why another name is asked for.
    why: Option<String>,
    /// How far down it is scrolled.
    pub(super) reader: Reader,
}

/// How far it is.
#[derive(Debug, Clone)]
enum Stage {
    /// A name is typed.
    Name,
    /// The file is looked at, or written.
    Waiting,
    /// What changes is shown.
    Shown(Box<Plan>),
}

/// What is about to be written.
#[derive(Debug, Clone)]
struct Plan {
    path: PathBuf,
    text: String,
    changes: Vec<Change>,
    over: Option<Stamp>,
    /// Whether there is such a file, and it is not the one that was opened.
    strange: bool,
}

impl Opened {
    /// A file that was read.
    pub(super) fn new(path: PathBuf, stamp: Stamp, stands: Option<Stands>) -> Self {
        Self { path, stamp, said: None, stands }
    }

    /// Its path, and the 16 digits that are shown of the digest of the order as it stands there, if that is what is
    /// reviewed.
    pub(super) fn digest(&self, but_for_consent: &str) -> Option<(&Path, &str)> {
        let stands = self.stands.as_ref().filter(|stands| stands.but_for_consent == but_for_consent)?;
        Some((&self.path, &stands.digest[..SHORT_DIGEST]))
    }
}

impl Saving {
    fn new(stage: Stage, name: &Path, why: Option<String>) -> Self {
        Self { stage, name: Input::new(name.display().to_string()), why, reader: Reader::default() }
    }

    /// Whether a name is typed.
    pub(super) fn takes_name(&self) -> bool {
        matches!(self.stage, Stage::Name)
    }

    /// Whether what changes is shown.
    pub(super) fn shows_change(&self) -> bool {
        matches!(self.stage, Stage::Shown(_))
    }
}

impl Model {
    /// Looks at the file that the form came from, or asks for a name.
    pub(super) fn save_to_file(&mut self) -> Vec<Effect> {
        if self.awaited.is_some() {
            self.flash("flash.file_busy");
            return Vec::new();
        }
        if let Some(opened) = &self.file {
            return self.look_at(opened.path.clone(), false);
        }
        self.ask_for_name(&self.usual_name(), None);
        Vec::new()
    }

    /// A name for a new file: that of the organization, in letters that go everywhere.
    fn usual_name(&self) -> PathBuf {
        let named = self.form.all_asked().find(|at| self.product()[at.field].subject);
        let name = match self.form.organization_id() {
            Some(id) => self.known.organization(id).map(|found| found.name.clone()).unwrap_or_default(),
            None => named.map(|at| self.form.text(at).to_owned()).unwrap_or_default(),
        };
        let plain = text::fold(&name).replace(|c: char| !c.is_ascii_alphanumeric(), " ");
        let words: String = plain.chars().take(LONGEST).collect();
        let name = std::iter::once(USUAL).chain(words.split_whitespace()).collect::<Vec<_>>().join("-");
        PathBuf::from(name + ".json")
    }

    /// Puts saving on top, in this stage.
    fn put_saving(&mut self, stage: Stage, name: &Path, why: Option<String>) {
        let saving = Saving::new(stage, name, why);
        match self.saving_mut() {
            Some(there) => *there = saving,
            None => self.overlays.push(Overlay::Save(Box::new(saving))),
        }
    }

    /// Saving, wherever it lies.
    fn saving_mut(&mut self) -> Option<&mut Saving> {
        self.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Save(saving) => Some(&mut **saving),
            _ => None,
        })
    }

    /// Asks under which name, and says why.
    fn ask_for_name(&mut self, name: &Path, why: Option<String>) {
        // By the time an answer comes, another screen may be in front.
        if matches!(self.screen, Screen::Review(_)) {
            self.put_saving(Stage::Name, name, why);
        } else if why.is_some() {
            self.marks.flash = why;
        }
    }

    /// Asks for another name than that of the file in which it is shown what changes.
    pub(super) fn another_name(&mut self) {
        if let Some(Saving { stage: Stage::Shown(plan), .. }) = self.saving_mut() {
            let path = std::mem::take(&mut plan.path);
            self.ask_for_name(&path, None);
        }
    }

    /// Types into the name.
    pub(super) fn type_name(&mut self, text: &str) {
        let whole = self.saving_mut().is_none_or(|saving| edit::insert(&mut saving.name, text));
        if !whole {
            self.flash("flash.too_long");
        }
    }

    /// Moves or deletes in the name.
    pub(super) fn edit_name(&mut self, request: InputRequest) {
        if let Some(saving) = self.saving_mut() {
            saving.name.handle(request);
        }
    }

    /// On with what is in front: looks at the file that was named, or writes what was shown.
    pub(super) fn go_on_saving(&mut self) -> Vec<Effect> {
        let Some(saving) = self.saving_mut() else { return Vec::new() };
        match &saving.stage {
            Stage::Name => match saving.name.value().trim().to_owned() {
                name if name.is_empty() => self.flash("flash.no_name"),
                name => return self.look_at(PathBuf::from(name), true),
            },
            Stage::Shown(plan) => {
                let plan = plan.clone();
                return self.write_down(*plan);
            }
            Stage::Waiting => {}
        }
        Vec::new()
    }

    fn look_at(&mut self, path: PathBuf, named: bool) -> Vec<Effect> {
        self.put_saving(Stage::Waiting, &path, None);
        self.ask_of_file(path.clone(), named, FileTask::Read(path))
    }

    fn write_down(&mut self, plan: Plan) -> Vec<Effect> {
        let Plan { path, text, changes, over, strange } = plan;
        // Where nothing changes the file says already what it is to say.
        if let Some(stamp) = over.filter(|_| changes.is_empty()) {
            self.written(path, stamp, self.form.file_text());
            return Vec::new();
        }
        self.put_saving(Stage::Waiting, &path, None);
        self.ask_of_file(path.clone(), strange, FileTask::Write(path, text, over))
    }

    /// Asks for something to be done, one thing at a time.
    pub(super) fn ask_of_file(&mut self, path: PathBuf, named: bool, task: FileTask) -> Vec<Effect> {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.awaited = Some(Awaited { ticket, path, named, said: self.form.file_text() });
        vec![Effect::File(ticket, task)]
    }

    /// Something was done with a file or in the editor, or could not be.
    pub(super) fn filed(&mut self, ticket: Ticket, filed: Filed) -> Vec<Effect> {
        let Some(awaited) = self.awaited.take_if(|awaited| awaited.ticket == ticket) else { return Vec::new() };
        match filed {
            Filed::Read(read) if self.is_opening() => self.read(&awaited.path, read),
            Filed::Read(looked) => self.looked_at(&awaited, looked),
            Filed::Fitting(fitting) => self.completed(&awaited.path, fitting),
            Filed::Written(Ok((path, stamp))) => self.written(path, stamp, awaited.said),
            Filed::Written(Err(why)) => self.refuse(&awaited.path, &why),
            Filed::Edited(edited) => self.edited(edited),
        }
        Vec::new()
    }

    /// The file was looked at: what changes in it is shown.
    fn looked_at(&mut self, awaited: &Awaited, looked: Result<Loaded, Snagged>) {
        if self.saving_mut().is_none() {
            return;
        }
        let path = &awaited.path;
        let opened =
            self.file.as_ref().filter(|opened| !awaited.named && opened.path == *path).map(|opened| opened.stamp);
        let (over, patched) = match looked {
            Ok(loaded) if opened.is_some_and(|stamp| stamp != loaded.stamp) => {
                return self.refuse(path, &snagged(path, Snag::Changed));
            }
            Ok(loaded) => (Some(loaded.stamp), self.patched(loaded.text.expose())),
            Err(why) if why.snag == Snag::Missing && opened.is_none() => {
                (None, Some((self.form.file_text(), self.form.file_changes())))
            }
            Err(why) => return self.refuse(path, &why),
        };
        let Some((text, changes)) = patched else {
            let why = self.lang.tell("save.no_order", &[("path", &path.display().to_string())]);
            return self.ask_for_name(path, Some(why));
        };
        let strange = over.is_some() && opened.is_none();
        let plan = Plan { path: path.clone(), text, changes, over, strange };
        self.put_saving(Stage::Shown(Box::new(plan)), path, None);
    }

    /// What a file is to hold, and what changes in it; nothing where it is no order.
    fn patched(&self, source: &str) -> Option<(String, Vec<Change>)> {
        let doc = json::parse(source).ok().filter(|doc| matches!(doc.value, Value::Object(_)))?;
        let patched = self.form.rewrite(source, &doc);
        Some((patched.text, patched.changes))
    }

    /// It could not be done: says why, and asks for another name.
    fn refuse(&mut self, path: &Path, why: &Snagged) {
        let words = self.teller().snag(why);
        match why.snag {
            Snag::Changed | Snag::Exists => self.ask_for_name(&beside(path), Some(words)),
            _ => self.ask_for_name(path, Some(words)),
        }
    }

    /// It is in the file now: says where that is.
    fn written(&mut self, path: PathBuf, stamp: Stamp, said: String) {
        let done = self.lang.tell("save.done", &[("path", &path.display().to_string())]);
        self.file = Some(Opened { path, stamp, said: Some(said), stands: None });
        self.overlays.retain(|overlay| !matches!(overlay, Overlay::Save(_)));
        self.marks.flash = Some(done.clone());
        self.marks.outcome = Some(done);
    }

    /// Whether all that was typed stands in a file, but for what is in none.
    pub(super) fn is_in_file(&self) -> bool {
        let said = self.file.as_ref().and_then(|opened| opened.said.as_ref());
        said.is_some_and(|said| *said == self.form.file_text())
    }

    /// Another form takes the place of this one: no file is its own.
    pub(super) fn leave_file(&mut self) {
        (self.file, self.awaited) = (None, None);
    }
}

/// Another name in the same directory.
fn beside(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().display();
    path.with_file_name(format!("{stem}-2.json"))
}

fn snagged(path: &Path, snag: Snag) -> Snagged {
    Snagged { path: path.display().to_string(), snag }
}
