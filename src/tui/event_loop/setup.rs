//! Account setup tasks: look for a keyring, get the key, save the account.
//!
//! All of them may wait for the person, so they run on their own threads. Decisions do not belong here.

use super::effects::EffectExecutor;
use crate::account::{AccountAccess, ApiKeySource, EUROPE_API_URL};
use crate::api_url::ApiUrl;
use crate::certcentral::Network;
use crate::config::{self, Config, ConfigEditError};
use crate::domain::{
    ApiKeyError, ApiKeyErrorKind, KeyLocation, KeyVariables, SystemError, TransportError, TransportErrorKind,
};
use crate::i18n::{Language, Translations, texts, with};
use crate::keystore::{self, COMMAND_TIMEOUT, KeyCommandGuard, KeyOwner};
use crate::messages;
use crate::product::Product;
use crate::sandbox;
use crate::secret::Secret;
use crate::tui::message::{AccountSetup, SetupReply, SetupTask, Ticket};
use std::path::Path;

/// Performs a setup task on a thread for blocking work. Of several trials of a key only the latest counts.
pub(super) fn run_setup_task(executor: &EffectExecutor, ticket: Ticket, task: SetupTask) {
    if matches!(task, SetupTask::UseKey(_)) {
        executor.begin_key_trial(ticket);
    }
    let executor = executor.clone();
    tokio::task::spawn_blocking(move || {
        let done = match &task {
            SetupTask::FindKeyring => SetupReply::Keyring(keystore::probe_keyring()),
            SetupTask::UseKey(account) => try_key(&executor, ticket, account),
            SetupTask::SaveAccount(account) => save_account(&executor, account),
        };
        executor.send_setup_reply(ticket, done);
    });
}

/// Returns the command that prints the key to try. `None` if the key comes from elsewhere. The command needs the
/// terminal.
pub(super) fn key_command_of(account: &AccountSetup) -> Option<&[String]> {
    match (&account.key_location, &account.key) {
        (KeyLocation::Command(words), None) => Some(words),
        _ => None,
    }
}

/// Runs the command that prints the key and has the terminal. Later fetches use that key. Dropping the returned guard
/// ends the command.
pub(super) fn run_command(executor: &EffectExecutor, ticket: Ticket, account: AccountSetup) -> Option<KeyCommandGuard> {
    executor.begin_key_trial(ticket);
    let asked = key_command_of(&account)
        .map(|words| keystore::start_key_command(words, &executor.withheld_variables(), COMMAND_TIMEOUT));
    let (executor, told) = (executor.clone(), executor.clone());
    let (stop, key) = match asked? {
        Ok((stop, asking)) => (Some(stop), Ok(asking)),
        Err(why) => (None, Err(why)),
    };
    let waiting = move || {
        let key = key.and_then(keystore::RunningKeyCommand::wait_for_key);
        let tried = adopt_key(&executor, ticket, &account, key);
        executor.send_setup_reply(ticket, SetupReply::KeyInUse(tried));
    };
    // This needs its own thread, because it waits for as long as the person thinks about a passphrase.
    if let Err(error) = std::thread::Builder::new().name("key command".to_owned()).spawn(waiting) {
        // This reply makes the event loop take the terminal back.
        told.send_setup_reply(
            ticket,
            SetupReply::KeyInUse(Err(TransportErrorKind::System(SystemError::from(&error)).into())),
        );
    }
    stop
}

/// Gets the key without a command. Later fetches use that key.
fn try_key(executor: &EffectExecutor, ticket: Ticket, account: &AccountSetup) -> SetupReply {
    if account.needs_key() {
        return SetupReply::KeyInUse(Err(ApiKeyError::new(ApiKeyErrorKind::Absent, &account.name).into()));
    }
    if let KeyLocation::Variable(name) = &account.key_location {
        executor.withhold_variable(name);
    }
    let withheld = executor.withheld_variables();
    let kept =
        || keystore::read_key(&account.key_location, &owner_of(account), |name| std::env::var(name).ok(), &withheld);
    let key = account.key.clone().map_or_else(kept, Ok);
    SetupReply::KeyInUse(adopt_key(executor, ticket, account, key))
}

fn owner_of(account: &AccountSetup) -> KeyOwner {
    let host = host_of(account).map(|host| host.raw_host_and_port()).unwrap_or_default();
    KeyOwner { account: account.name.clone(), host }
}

fn adopt_key(
    executor: &EffectExecutor,
    ticket: Ticket,
    account: &AccountSetup,
    key: Result<Secret, ApiKeyError>,
) -> Result<bool, TransportError> {
    let key = key.map_err(TransportError::from)?;
    let access = build_access(account, key, executor.network().clone())
        .ok_or(TransportError::from(TransportErrorKind::Unfit))?;
    let sandbox = access.sandbox;
    executor.adopt_account(ticket, access);
    Ok(sandbox)
}

fn build_access(account: &AccountSetup, key: Secret, network: Network) -> Option<AccountAccess> {
    let host = host_of(account)?;
    let name = account.name.clone();
    let withheld = KeyVariables::default();
    let access = AccountAccess {
        name,
        host,
        key: ApiKeySource::Given(key),
        sandbox: false,
        pace: 1,
        network,
        withheld_variables: withheld,
    };
    Some(access.with_sandbox_detected(sandbox::KEY))
}

fn host_of(account: &AccountSetup) -> Option<ApiUrl> {
    ApiUrl::parse(account.url.as_deref().unwrap_or(EUROPE_API_URL)).ok()
}

/// Saves the key first and the configuration after it. In the other order, a program that starts in between would not
/// find the key.
fn save_account(executor: &EffectExecutor, account: &AccountSetup) -> SetupReply {
    let (lang, path, product) = executor.setup_target();
    SetupReply::AccountSaved(write_account(lang, path, product, account))
}

fn write_account(
    lang: &Translations,
    path: Option<&Path>,
    product: &'static Product,
    account: &AccountSetup,
) -> Result<(), String> {
    let path = path.ok_or_else(|| lang.text(texts::setup::NO_CONFIG_DIR).to_owned())?;
    let config = Config::read(path);
    let new = config::NewAccountConfig {
        name: account.name.clone(),
        url: account.url.clone().unwrap_or_else(|| EUROPE_API_URL.to_owned()),
        place: account.key_location.clone(),
        order_presets: account.presets.clone(),
        lang: Language::from_code(&account.lang),
        // A further account does not replace the default to which people are used.
        make_default: config.account_names().all(|name| name == account.name),
    };
    // The configuration is checked first, so that no key is saved in a place that the configuration does not name.
    let comments = comment_texts(lang, new.lang);
    config::check_account(path, &new, product, &comments).map_err(|why| edit_error_text(lang, path, &why))?;
    if let KeyLocation::File(file) = &account.key_location
        && file.exists()
        && !has_same_key_place(&config, account)
    {
        return Err(lang.format(texts::setup::FILE_EXISTS, with::Path(&file.display())));
    }
    if let Some(key) = &account.key {
        keystore::write_key(&account.key_location, &owner_of(account), key)
            .map_err(|why| messages::key_error_text(lang, &why))?;
    }
    config::save_account(path, &new, product, &comments).map_err(|why| edit_error_text(lang, path, &why))
}

/// Returns the texts for the comments of a new configuration, in the language that was chosen for zegel, if any.
fn comment_texts(lang: &Translations, chosen: Option<Language>) -> Translations {
    chosen.map_or_else(|| lang.clone(), Translations::new)
}

/// Returns true if the account of this name already keeps its key there. The file of another account is never
/// overwritten.
fn has_same_key_place(config: &Config, account: &AccountSetup) -> bool {
    let known = config.find_account(&account.name).and_then(|known| known.key.as_ref());
    known.is_some_and(|stated| stated.value == account.key_location)
}

/// Returns why the configuration was not changed. Of several findings it gives only the first: the person sees the
/// others when correcting the file.
fn edit_error_text(lang: &Translations, path: &Path, why: &ConfigEditError) -> String {
    match why {
        ConfigEditError::File(snagged) => messages::file_error_text(lang, snagged),
        ConfigEditError::Invalid(findings) => {
            let first = findings.first().map(|finding| finding.message(lang, path)).unwrap_or_default();
            lang.format(texts::setup::FAULTY_CONFIG, with::Why(&first))
        }
    }
}
