//! Doing what setting up an account asks for: look for a keyring, get the key, write the account down.
//!
//! All of it may wait for a person, so that it runs on threads of its own. Nothing is decided here.

use super::hands::Hands;
use crate::account::{Access, EUROPE, Key};
use crate::certcentral::Network;
use crate::config::{self, Config, EditError};
use crate::facts::{Cause, KeyCause, KeyPlace, KeyTrouble, KeyVariables, Reason, SystemError};
use crate::host::Host;
use crate::lang::{Lang, Language};
use crate::product::Product;
use crate::sandbox;
use crate::secret::Secret;
use crate::tell;
use crate::vault::{self, COMMAND_LIMIT, Owner, Stop};
use crate::wizard::msg::{GuideTask, Guided, NewAccount, Ticket};
use std::path::Path;

/// Does something to set up an account, on a thread where it may take its time. Only the last trial counts.
pub(super) fn perform(hands: &Hands, ticket: Ticket, task: GuideTask) {
    if matches!(task, GuideTask::Try(_)) {
        hands.begin_trial(ticket);
    }
    let hands = hands.clone();
    tokio::task::spawn_blocking(move || {
        let done = match &task {
            GuideTask::FindKeyring => Guided::Keyring(vault::probe()),
            GuideTask::Try(account) => try_key(&hands, ticket, account),
            GuideTask::Keep(account) => keep(&hands, account),
        };
        hands.guided(ticket, done);
    });
}

/// The command whose key is tried, if one prints it: that needs the terminal.
pub(super) fn command_of(account: &NewAccount) -> Option<&[String]> {
    match (&account.place, &account.key) {
        (KeyPlace::Command(words), None) => Some(words),
        _ => None,
    }
}

/// Runs the command that prints the key, which has the terminal, and asks with that key from then on. Letting go of
/// what is answered ends it.
pub(super) fn run_command(hands: &Hands, ticket: Ticket, account: NewAccount) -> Option<Stop> {
    hands.begin_trial(ticket);
    let asked = command_of(&account).map(|words| vault::ask(words, &hands.withheld(), COMMAND_LIMIT));
    let (hands, told) = (hands.clone(), hands.clone());
    let (stop, key) = match asked? {
        Ok((stop, asking)) => (Some(stop), Ok(asking)),
        Err(why) => (None, Err(why)),
    };
    let waiting = move || {
        let key = key.and_then(vault::Asking::wait);
        let tried = adopt(&hands, ticket, &account, key);
        hands.guided(ticket, Guided::Tried(tried));
    };
    // A thread of its own, because it waits for as long as somebody thinks about a passphrase.
    if let Err(error) = std::thread::Builder::new().name("key command".to_owned()).spawn(waiting) {
        // Whoever lent the terminal takes it back when this is heard.
        told.guided(ticket, Guided::Tried(Err(Cause::System(SystemError::from(&error)).into())));
    }
    stop
}

/// Gets the key where no command prints it, and asks with it from then on.
fn try_key(hands: &Hands, ticket: Ticket, account: &NewAccount) -> Guided {
    if account.lacks_key() {
        return Guided::Tried(Err(KeyTrouble::new(KeyCause::Absent, &account.name).into()));
    }
    if let KeyPlace::Variable(name) = &account.place {
        hands.withhold(name);
    }
    let withheld = hands.withheld();
    let kept = || vault::read(&account.place, &owner_of(account), |name| std::env::var(name).ok(), &withheld);
    let key = account.key.clone().map_or_else(kept, Ok);
    Guided::Tried(adopt(hands, ticket, account, key))
}

fn owner_of(account: &NewAccount) -> Owner {
    let host = host_of(account).map(|host| host.written_name()).unwrap_or_default();
    Owner { account: account.name.clone(), host }
}

fn adopt(hands: &Hands, ticket: Ticket, account: &NewAccount, key: Result<Secret, KeyTrouble>) -> Result<bool, Reason> {
    let key = key.map_err(Reason::from)?;
    let access = access(account, key, hands.network().clone()).ok_or(Reason::from(Cause::Unfit))?;
    let sandbox = access.sandbox;
    hands.adopt(ticket, access);
    Ok(sandbox)
}

fn access(account: &NewAccount, key: Secret, network: Network) -> Option<Access> {
    let host = host_of(account)?;
    let name = account.name.clone();
    let withheld = KeyVariables::default();
    let access = Access { name, host, key: Key::Given(key), sandbox: false, pace: 1, network, withheld };
    Some(access.or_sandbox(sandbox::KEY))
}

fn host_of(account: &NewAccount) -> Option<Host> {
    Host::parse(account.url.as_deref().unwrap_or(EUROPE)).ok()
}

/// Puts the key in its place, then the rest into the configuration. The other way round a start in between would miss
/// the key.
fn keep(hands: &Hands, account: &NewAccount) -> Guided {
    let (lang, path, product) = hands.writes_to();
    Guided::Kept(write(lang, path, product, account))
}

fn write(lang: &Lang, path: Option<&Path>, product: &'static Product, account: &NewAccount) -> Result<(), String> {
    let path = path.ok_or_else(|| lang.say("setup.no_config_dir").to_owned())?;
    let config = Config::read(path);
    let new = config::NewAccount {
        name: account.name.clone(),
        url: account.url.clone().unwrap_or_else(|| EUROPE.to_owned()),
        place: account.place.clone(),
        order: account.order.clone(),
        lang: Language::of_code(&account.lang),
        // A second account does not take the place of the one that people are used to.
        make_default: config.names().all(|name| name == account.name),
    };
    // No key is put anywhere that the configuration will not name.
    let comments = comments(lang, new.lang);
    config::judge(path, &new, product, &comments).map_err(|why| unsaved(lang, path, &why))?;
    if let KeyPlace::File(file) = &account.place
        && file.exists()
        && !keeps(&config, account)
    {
        return Err(lang.tell("setup.file_exists", &[("path", &file.display().to_string())]));
    }
    if let Some(key) = &account.key {
        vault::write(&account.place, &owner_of(account), key).map_err(|why| tell::key_words(lang, &why))?;
    }
    config::save(path, &new, product, &comments).map_err(|why| unsaved(lang, path, &why))
}

/// The texts for the comments of a new configuration: in the language that was chosen for zegel, if one was.
fn comments(lang: &Lang, chosen: Option<Language>) -> Lang {
    chosen.and_then(|language| Lang::load(language).ok()).unwrap_or_else(|| lang.clone())
}

/// Whether the account of this name keeps its key there already. A file of another one is never written over.
fn keeps(config: &Config, account: &NewAccount) -> bool {
    let known = config.find(&account.name).and_then(|known| known.key.as_ref());
    known.is_some_and(|stated| stated.value == account.place)
}

/// Why the configuration was not changed. Of several findings the first is told: the others show where it is mended.
fn unsaved(lang: &Lang, path: &Path, why: &EditError) -> String {
    match why {
        EditError::File(snagged) => tell::snag_words(lang, snagged),
        EditError::Faulty(findings) => {
            let first = findings.first().map(|finding| finding.say(lang, path)).unwrap_or_default();
            lang.tell("setup.faulty_config", &[("why", &first)])
        }
    }
}
