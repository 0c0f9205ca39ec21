//! Where each object lies, relative to `.beads` or to the clone's own folder.

use model::{Address, Id};

/// The configuration's file.
pub const CONFIG: &str = "config.yaml";

/// The folder of beads.
pub const BEADS: &str = "beads";

/// The folder of comments.
pub const COMMENTS: &str = "comments";

/// The folder of hooks.
pub const HOOKS: &str = "hooks";

/// The folder of convoys.
pub const CONVOYS: &str = "convoys";

/// The folder of mail.
pub const MAIL: &str = "mail";

/// The folder of tickets, in the clone's own folder.
pub const TICKETS: &str = "tickets";

/// The folder of attempts, in the clone's own folder.
pub const ATTEMPTS: &str = "attempts";

/// A file's place: its folder and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The folder, relative to the tree.
    pub folder: String,
    /// The file's name.
    pub name: String,
}

impl Place {
    /// The folder, where the tree's own is `.`.
    pub fn folder_or_root(&self) -> &str {
        if self.folder.is_empty() {
            "."
        } else {
            &self.folder
        }
    }

    /// The whole path, relative to the tree.
    pub fn path(&self) -> String {
        if self.folder.is_empty() {
            self.name.clone()
        } else {
            format!("{}/{}", self.folder, self.name)
        }
    }
}

/// Where a bead lies.
pub fn bead(id: &Id) -> Place {
    Place {
        folder: format!("{BEADS}/{}", id.shard()),
        name: format!("{id}.yaml"),
    }
}

/// The folder of a bead's comments, which it shares with others.
pub fn comments_folder(bead: &Id) -> String {
    format!("{COMMENTS}/{}", bead.shard())
}

/// Where a convoy lies.
pub fn convoy(id: &Id) -> Place {
    Place {
        folder: CONVOYS.to_owned(),
        name: format!("{id}.yaml"),
    }
}

/// Where an agent's hook lies.
pub fn hook(agent: &Address) -> Place {
    agent_file(HOOKS, agent)
}

/// Where an agent's ticket lies, in the clone's own folder.
pub fn ticket(agent: &Address) -> Place {
    agent_file(TICKETS, agent)
}

/// The folder of an agent's mail.
pub fn mail_folder(agent: &Address) -> String {
    format!("{MAIL}/{agent}")
}

/// Where the clone's own count of a bead's attempts lies.
pub fn attempt(bead: &Id) -> Place {
    Place {
        folder: format!("{ATTEMPTS}/{}", bead.shard()),
        name: bead.to_string(),
    }
}

fn agent_file(base: &str, agent: &Address) -> Place {
    let address = agent.to_string();
    match address.rsplit_once('/') {
        Some((folder, name)) => Place {
            folder: format!("{base}/{folder}"),
            name: format!("{name}.yaml"),
        },
        None => Place {
            folder: base.to_owned(),
            name: format!("{address}.yaml"),
        },
    }
}
