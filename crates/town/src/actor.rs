//! Who is acting.

use model::Address;
use std::fmt;

/// Whoever runs a command: an agent with an address, or any name. Any name may
/// claim and comment; only addresses have hooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    name: String,
    address: Option<Address>,
}

impl Actor {
    /// The first of these that is set: `--actor`, `GT_AGENT`, `BD_ACTOR`, the
    /// worktree's marker; else the overseer.
    pub fn choose(
        option: Option<&str>,
        env: impl Fn(&str) -> Option<String>,
        marker: Option<&str>,
    ) -> Self {
        let set = |text: &String| !text.trim().is_empty();
        option
            .map(str::to_owned)
            .filter(set)
            .or_else(|| env("GT_AGENT").filter(set))
            .or_else(|| env("BD_ACTOR").filter(set))
            .or_else(|| marker.map(str::to_owned))
            .map_or_else(|| Self::from(Address::Overseer), |name| Self::named(&name))
    }

    /// An actor of this name; an address is brought into its long form.
    pub fn named(name: &str) -> Self {
        match Address::parse(name.trim()) {
            Ok(address) => Self::from(address),
            Err(_) => Self {
                name: name.trim().to_owned(),
                address: None,
            },
        }
    }

    /// The name, as it stands in files.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address, if it is one.
    pub fn address(&self) -> Option<&Address> {
        self.address.as_ref()
    }

    /// Whether a bead's assignee is this actor.
    pub fn is(&self, assignee: Option<&str>) -> bool {
        assignee.is_some_and(|text| Self::named(text) == *self)
    }
}

impl From<Address> for Actor {
    fn from(address: Address) -> Self {
        Self {
            name: address.to_string(),
            address: Some(address),
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_is_set() {
        let env = |name: &str| (name == "BD_ACTOR").then(|| "gastown/toast".to_owned());
        assert_eq!(Actor::choose(Some("ann"), env, None).name(), "ann");
        assert_eq!(
            Actor::choose(None, env, Some("mayor")).name(),
            "gastown/polecats/toast"
        );
        assert_eq!(
            Actor::choose(Some(" "), |_| None, Some("mayor")).name(),
            "mayor"
        );
        assert_eq!(Actor::choose(None, |_| None, None).name(), "overseer");
        assert!(Actor::named("gastown/toast").is(Some("gastown/polecats/toast")));
    }
}
