//! A Secret Service in the memory of a test, on a session bus of its own.
//!
//! It speaks D-Bus over a real socket, as much of it as a program needs to store an entry. A program with
//! [`MockSecrets::address`] as its `DBUS_SESSION_BUS_ADDRESS` finds this keyring and no other. A [`Manner`] says what
//! it does wrong. Prompts are answered at once.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use hkdf::Hkdf;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use std::collections::{BTreeMap, HashMap};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use zbus::Guid;
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::message::{Header, Message, Type};
use zbus::zvariant::{DynamicType, OwnedObjectPath, OwnedValue, Value};

/// The label of its default collection.
pub(crate) const LABEL: &str = "Made-up login";

const COLLECTION: &str = "/org/freedesktop/secrets/collection/login";
const SESSION: &str = "/org/freedesktop/secrets/session/s1";
const PROMPT: &str = "/org/freedesktop/secrets/prompt/p1";
const NOTHING: &str = "/";

/// Its unique name on the bus.
const OWNER: &str = ":1.0";

/// A secret on the bus: session, initialization vector, encrypted bytes, and content type.
type Sealed = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

/// How it behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// It stores its entries.
    Works,
    /// It is locked, and its owner does not unlock it.
    Locked,
    /// It is locked, and its owner unlocks it at a prompt.
    Unlocks,
    /// It never responds.
    Silent,
    /// It has no default collection.
    Empty,
    /// Its default collection does not outlive the login.
    Passing,
    /// It refuses the connection.
    Refuses,
    /// It accepts an entry without storing it.
    Forgets,
    /// No service has its name on the bus.
    Nobody,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) label: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) secret: String,
}

/// The state that all connections share.
#[derive(Debug, Default)]
struct State {
    items: BTreeMap<u32, Item>,
    unlocked: bool,
    /// How often a prompt to unlock was shown.
    prompts: u32,
    /// The ciphers of the opened sessions.
    ciphers: Vec<String>,
}

/// A running Secret Service. It ends on drop.
pub(crate) struct MockSecrets {
    /// The address of its bus.
    pub(crate) address: String,
    socket: PathBuf,
    state: Arc<Mutex<State>>,
    closing: Arc<AtomicBool>,
    door: Option<JoinHandle<()>>,
}

impl MockSecrets {
    /// Starts a service that works, with its socket in this directory.
    pub(crate) fn start(dir: &Path) -> Self {
        Self::with(dir, Manner::Works)
    }

    pub(crate) fn with(dir: &Path, manner: Manner) -> Self {
        let socket = dir.join("bus");
        let listener = UnixListener::bind(&socket).unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let closing = Arc::new(AtomicBool::new(false));
        let (shared, closed) = (Arc::clone(&state), Arc::clone(&closing));
        let door = std::thread::spawn(move || {
            for stream in listener.incoming().take_while(|_| !closed.load(Ordering::SeqCst)) {
                let (stream, state) = (stream.unwrap(), Arc::clone(&shared));
                std::thread::spawn(move || Guest { manner, state, key: None }.serve(stream));
            }
        });
        Self { address: format!("unix:path={}", socket.display()), socket, state, closing, door: Some(door) }
    }

    /// Returns its present entries.
    pub(crate) fn items(&self) -> Vec<Item> {
        self.state.lock().unwrap().items.values().cloned().collect()
    }

    /// Stores an entry directly, not over the bus.
    pub(crate) fn put(&self, attributes: &[(&str, &str)], secret: &str) {
        let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let item = Item { label: "put by hand".to_owned(), attributes, secret: secret.to_owned() };
        add(&mut self.state.lock().unwrap(), item);
    }

    /// Returns how often a prompt to unlock was shown.
    pub(crate) fn prompts(&self) -> u32 {
        self.state.lock().unwrap().prompts
    }

    /// Returns the ciphers of the opened sessions.
    pub(crate) fn ciphers(&self) -> Vec<String> {
        self.state.lock().unwrap().ciphers.clone()
    }
}

impl Drop for MockSecrets {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        let _ = UnixStream::connect(&self.socket);
        let _ = self.door.take().map(JoinHandle::join);
    }
}

/// Stores an item in place of the one with the same attributes. Returns its number.
fn add(state: &mut State, item: Item) -> u32 {
    let same = state.items.iter().find(|(_, kept)| kept.attributes == item.attributes).map(|(id, _)| *id);
    let id = same.unwrap_or_else(|| state.items.keys().max().map_or(1, |last| last + 1));
    state.items.insert(id, item);
    id
}

/// One connection to the bus.
struct Guest {
    manner: Manner,
    state: Arc<Mutex<State>>,
    /// The key of the session, once there is one.
    key: Option<[u8; 16]>,
}

/// The reply to a call: messages, or the name of an error.
type Answer = Result<Vec<Message>, &'static str>;

impl Guest {
    fn serve(mut self, stream: UnixStream) {
        let made = Builder::async_io_unix_stream(stream).server(Guid::generate()).unwrap().p2p();
        // The client closed the connection before the handshake ended.
        let Ok(calls) = made.build_message_iterator() else { return };
        let bus = Connection::from(&calls);
        let calls = calls.map_while(Result::ok).filter(|message| message.message_type() == Type::MethodCall);
        for call in calls {
            let messages = self.answer(&call).unwrap_or_else(|name| {
                vec![Message::error(&call.header(), name).unwrap().sender(OWNER).unwrap().build(&"made up").unwrap()]
            });
            if messages.iter().any(|message| bus.send(message).is_err()) {
                break;
            }
        }
    }

    fn answer(&mut self, call: &Message) -> Answer {
        let header = call.header();
        let (interface, member) = (header.interface().unwrap().as_str(), header.member().unwrap().as_str());
        let nobody = self.manner == Manner::Nobody;
        match (interface, member) {
            ("org.freedesktop.DBus", "Hello") => done(&header, &":1.1"),
            ("org.freedesktop.DBus", "AddMatch" | "RemoveMatch") => done(&header, &()),
            ("org.freedesktop.DBus", "GetNameOwner") if nobody => Err("org.freedesktop.DBus.Error.NameHasNoOwner"),
            ("org.freedesktop.DBus", "GetNameOwner") => done(&header, &OWNER),
            _ if self.manner == Manner::Silent => Ok(Vec::new()),
            _ if nobody => Err("org.freedesktop.DBus.Error.ServiceUnknown"),
            _ if self.manner == Manner::Refuses => Err("org.freedesktop.DBus.Error.AccessDenied"),
            ("org.freedesktop.DBus.Properties", "Get") => self.property(call, &header),
            ("org.freedesktop.Secret.Service", _) => self.service(call, &header, member),
            ("org.freedesktop.Secret.Collection", "CreateItem") => self.create(call, &header),
            ("org.freedesktop.Secret.Item", _) => self.item(call, &header, member),
            ("org.freedesktop.Secret.Prompt", "Prompt") => self.prompt(&header),
            _ => Err("org.freedesktop.DBus.Error.UnknownMethod"),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn is_locked(&self) -> bool {
        matches!(self.manner, Manner::Locked | Manner::Unlocks) && !self.state().unlocked
    }

    fn service(&mut self, call: &Message, header: &Header, member: &str) -> Answer {
        match member {
            "OpenSession" => self.open(call, header),
            "ReadAlias" => {
                let name: String = read(call);
                done(header, &path(self.alias(&name)))
            }
            "SearchItems" => {
                let found = self.search(&read(call));
                let none = Vec::new();
                done(header, &if self.is_locked() { (none, found) } else { (found, none) })
            }
            "Unlock" if self.is_locked() => done(header, &(Vec::<OwnedObjectPath>::new(), path(PROMPT))),
            "Unlock" => done(header, &(read::<Vec<OwnedObjectPath>>(call), path(NOTHING))),
            _ => Err("org.freedesktop.DBus.Error.UnknownMethod"),
        }
    }

    /// Our private key is 1, so the shared secret is the public key of the other side.
    fn open(&mut self, call: &Message, header: &Header) -> Answer {
        let (cipher, input): (String, OwnedValue) = read(call);
        self.state().ciphers.push(cipher.clone());
        if cipher != "dh-ietf1024-sha256-aes128-cbc-pkcs7" {
            return Err("org.freedesktop.DBus.Error.NotSupported");
        }
        let sent = Vec::<u8>::try_from(input).unwrap();
        let known = [vec![0; 128 - sent.len()], sent].concat();
        let mut key = [0; 16];
        Hkdf::<Sha256>::new(None, &known).expand(&[], &mut key).unwrap();
        self.key = Some(key);
        done(header, &(Value::from(vec![2_u8]), path(SESSION)))
    }

    fn alias(&self, name: &str) -> &'static str {
        match (name, self.manner) {
            ("default", Manner::Empty) => NOTHING,
            ("default", _) | ("session", Manner::Passing) => COLLECTION,
            _ => NOTHING,
        }
    }

    fn search(&self, wanted: &HashMap<String, String>) -> Vec<OwnedObjectPath> {
        let state = self.state();
        let fits = |item: &Item| wanted.iter().all(|(name, value)| item.attributes.get(name) == Some(value));
        state.items.iter().filter(|(_, item)| fits(item)).map(|(id, _)| item_path(*id)).collect()
    }

    fn create(&mut self, call: &Message, header: &Header) -> Answer {
        let (mut properties, secret, _): (HashMap<String, OwnedValue>, Sealed, bool) = read(call);
        let mut take = |name: &str| properties.remove(&format!("org.freedesktop.Secret.Item.{name}")).unwrap();
        let attributes = HashMap::<String, String>::try_from(take("Attributes")).unwrap().into_iter().collect();
        let label = String::try_from(take("Label")).unwrap();
        if self.is_locked() {
            return Err("org.freedesktop.Secret.Error.IsLocked");
        }
        let item = Item { label, attributes, secret: self.open_up(&secret) };
        let id = if self.manner == Manner::Forgets { 0 } else { add(&mut self.state(), item) };
        done(header, &(item_path(id), path(NOTHING)))
    }

    fn item(&mut self, call: &Message, header: &Header, member: &str) -> Answer {
        let id = header.path().unwrap().rsplit('/').next().unwrap().parse().unwrap();
        if self.is_locked() {
            return Err("org.freedesktop.Secret.Error.IsLocked");
        }
        let kept = self.state().items.get(&id).cloned().ok_or("org.freedesktop.Secret.Error.NoSuchObject")?;
        match member {
            "GetSecret" => done(header, &(self.seal(&kept.secret),)),
            "SetSecret" => {
                let (sealed,): (Sealed,) = read(call);
                let secret = self.open_up(&sealed);
                self.state().items.insert(id, Item { secret, ..kept });
                done(header, &())
            }
            "Delete" => {
                self.state().items.remove(&id);
                done(header, &path(NOTHING))
            }
            _ => Err("org.freedesktop.DBus.Error.UnknownMethod"),
        }
    }

    fn property(&self, call: &Message, header: &Header) -> Answer {
        let (_, name): (String, String) = read(call);
        match name.as_str() {
            "Locked" => done(header, &Value::from(self.is_locked())),
            "Label" => done(header, &Value::from(LABEL)),
            _ => Err("org.freedesktop.DBus.Error.UnknownProperty"),
        }
    }

    /// Returns the reply, followed by the result of the prompt.
    fn prompt(&mut self, header: &Header) -> Answer {
        let opened = self.manner == Manner::Unlocks;
        let mut state = self.state();
        state.prompts += 1;
        state.unlocked |= opened;
        let mut messages = done(header, &())?;
        let completed = Message::signal(PROMPT, "org.freedesktop.Secret.Prompt", "Completed").unwrap();
        let result = Value::from(vec![path(COLLECTION)]);
        messages.push(completed.sender(OWNER).unwrap().build(&(!opened, result)).unwrap());
        Ok(messages)
    }

    fn seal(&self, secret: &str) -> Sealed {
        let iv = [7; 16];
        let cipher = cbc::Encryptor::<aes::Aes128>::new(&self.key.unwrap().into(), &iv.into());
        let value = cipher.encrypt_padded_vec::<Pkcs7>(secret.as_bytes());
        (path(SESSION), iv.to_vec(), value, "text/plain".to_owned())
    }

    fn open_up(&self, (_, iv, value, _): &Sealed) -> String {
        let iv: [u8; 16] = iv.as_slice().try_into().unwrap();
        let cipher = cbc::Decryptor::<aes::Aes128>::new(&self.key.unwrap().into(), &iv.into());
        String::from_utf8(cipher.decrypt_padded_vec::<Pkcs7>(value).unwrap()).unwrap()
    }
}

/// Returns the arguments of a call.
fn read<T: DeserializeOwned + zbus::zvariant::Type>(call: &Message) -> T {
    call.body().deserialize().unwrap()
}

#[expect(clippy::unnecessary_wraps, reason = "it is one of the answers, and others are errors")]
fn done<T: Serialize + DynamicType>(header: &Header, body: &T) -> Answer {
    Ok(vec![Message::method_return(header).unwrap().sender(OWNER).unwrap().build(body).unwrap()])
}

fn path(path: &str) -> OwnedObjectPath {
    OwnedObjectPath::try_from(path).unwrap()
}

fn item_path(id: u32) -> OwnedObjectPath {
    path(&format!("{COLLECTION}/{id}"))
}
