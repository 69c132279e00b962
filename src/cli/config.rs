//! The arguments of `zegel config`, with its help.
//!
//! What they lead to is the matter of `command`.

use clap::Args;

/// Help is broken into lines by hand, as in all commands.
pub(super) const ABOUT: &str = "\
Show what is set, and where each value comes from

A flag (--account, --lang) counts before the environment (ZEGEL_ACCOUNT,
ZEGEL_LANG), that before the configuration, and that before what applies where
nothing is said. ZEGEL_API_KEY, with ZEGEL_API_URL, is an account of its own that
comes before those of the configuration. Keys, and the password of a proxy, are
never shown. What is wrong with the configuration is told with its line, and
the exit code is 1 then.
The configuration is config.toml in the platform's directory for configuration,
or in ZEGEL_CONFIG_DIR. Nobody else may be able to write to it. It says which
accounts there are, where their keys are kept, what their new orders begin with,
how the network is reached, and how long Esc waits for the rest of a key that
begins with it (more over a slow line):

  account = \"main\"
  lang = \"nl\"
  [accounts.main]
  url = \"https://certcentral.digicert.eu/services/v2\"
  key_store = \"keyring\"
  [accounts.main.order]
  \"org.id\" = 900001
  [network]
  proxy = \"http://proxy.example.nl:3128\"
  ca_file = \"/etc/ssl/example.pem\"
  connect_seconds = 10
  answer_seconds = 30
  order_seconds = 180
  [terminal]
  escape_milliseconds = 80

In place of key_store a key is kept by key_command (a list: a program and its
arguments, of which the first line that it prints is the key), key_variable or
key_file. The key itself is never written there.";

/// Examples, and what a script can rely on.
pub(super) const AFTER: &str = "\
Examples:
  zegel config
  zegel config --account test
  ${EDITOR:-vi} \"$(zegel config --path)\"

--json prints an object with these members:
  file      the path of the configuration, or null
  exists    whether there is such a file
  values    a list of objects: key, value (null where none is set), source
            (object: kind, which is flag, environment, file, system or default;
            name of the flag or variable; line of the file)
  problems  a list of objects: line and key in the file (null where it is not
            about the file), code, message";

/// What `zegel config` is asked for.
#[derive(Debug, Args)]
pub struct Config {
    /// Print the path of the configuration alone, whether there is a file or not
    #[arg(long, conflicts_with = "json")]
    pub path: bool,
    /// Print JSON, as described below
    #[arg(long)]
    pub json: bool,
}
