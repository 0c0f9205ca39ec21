//! What is in force, and where each value comes from.

use super::UserConfig;
use crate::Town;
use crate::error::Error;
use model::Record;
use std::fmt;
use std::path::PathBuf;

/// One setting.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Its name, the keys of its file joined by dots.
    pub key: String,
    /// Its value.
    pub value: serde_json::Value,
    /// Where it comes from.
    pub source: Source,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// It is what holds where nobody says otherwise.
    BuiltIn,
    /// The user's own file.
    User(PathBuf),
    /// The tracked `config.yaml`.
    Store(PathBuf),
    /// A variable of the environment.
    Environment(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn => f.write_str("built in"),
            Self::User(path) | Self::Store(path) => path.display().fmt(f),
            Self::Environment(name) => f.write_str(name),
        }
    }
}

/// The variables that change what a command does.
const VARIABLES: &[&str] = &["BEADS_DIR", "GT_AGENT", "BD_ACTOR", "PLAINTOWN_CONFIG"];

/// Every setting that is in force, by its name.
pub fn in_force(town: &Town) -> Result<Vec<Setting>, Error> {
    let mut settings = of_user(town)?;
    settings.extend(of_store(town)?);
    settings.extend(VARIABLES.iter().filter_map(|name| {
        let value = town.setup().var(name).filter(|value| !value.is_empty())?;
        Some(Setting {
            key: (*name).to_owned(),
            value: value.into(),
            source: Source::Environment(name),
        })
    }));
    settings.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(settings)
}

/// The user's own, after they were read as every command reads them.
fn of_user(town: &Town) -> Result<Vec<Setting>, Error> {
    let user = town.user()?;
    let path = UserConfig::path(|name| town.setup().var(name));
    let mut settings = Vec::new();
    if let serde_json::Value::Object(map) = written(&path) {
        let source = Source::User(path);
        flatten("", &mut map.into_iter(), &source, &mut settings);
    }
    if user.default_runtime.is_none() {
        settings.push(Setting {
            key: "default_runtime".to_owned(),
            value: user.default_runtime().into(),
            source: Source::BuiltIn,
        });
    }
    Ok(settings)
}

/// The tracked ones, whole: what the file leaves out has its built-in value.
fn of_store(town: &Town) -> Result<Vec<Setting>, Error> {
    let path = town.store.tracked().path().join(store::layout::CONFIG);
    let fields = town.config().fields();
    let mut all = fields
        .iter()
        .filter(|field| field.key != "format")
        .map(|field| (field.key.to_string(), field.value.to_json()));
    let mut settings = Vec::new();
    flatten("", &mut all, &Source::BuiltIn, &mut settings);
    let written = written(&path);
    for setting in &mut settings {
        let mut keys = setting.key.split('.');
        if keys
            .try_fold(&written, |value, key| value.get(key))
            .is_some()
        {
            setting.source = Source::Store(path.clone());
        }
    }
    Ok(settings)
}

/// What a file says. It was read before, and is what it was or empty.
fn written(path: &std::path::Path) -> serde_json::Value {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    serde_yaml::from_str(&text).unwrap_or_default()
}

/// Maps become dotted names; lists stay whole.
fn flatten(
    prefix: &str,
    entries: &mut dyn Iterator<Item = (String, serde_json::Value)>,
    source: &Source,
    settings: &mut Vec<Setting>,
) {
    for (key, value) in entries {
        let key = format!("{prefix}{key}");
        match value {
            serde_json::Value::Object(map) => {
                flatten(&format!("{key}."), &mut map.into_iter(), source, settings);
            }
            value => settings.push(Setting {
                key,
                value,
                source: source.clone(),
            }),
        }
    }
}
