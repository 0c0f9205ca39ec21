//! `bd q`

use crate::open::Context;
use cli::{CommandError, ExitStatus};
use model::{Kind, Priority};
use serde_json::json;
use town::create::{Draft, create};
use town::edit::Edit;

/// Create an issue and print its ID only
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// What is to be done
    #[arg(value_name = "TITLE", required = true)]
    title: Vec<String>,

    /// Type
    #[arg(short = 't', long = "type", value_name = "TYPE", value_parser = Kind::parse)]
    kind: Option<Kind>,

    /// Priority
    #[arg(short, long, value_name = "PRIORITY", value_parser = Priority::parse)]
    priority: Option<Priority>,

    /// Labels, separated by commas
    #[arg(
        short,
        long = "label",
        alias = "labels",
        value_name = "LABEL",
        value_delimiter = ','
    )]
    label: Vec<String>,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let edit = Edit {
            title: Some(self.title.join(" ")),
            kind: self.kind.clone(),
            priority: self.priority,
            add_labels: self.label.clone(),
            ..Edit::default()
        };
        let draft = Draft {
            edit,
            ..Draft::default()
        };
        let bead = create(&town, &draft)?;
        town::touched::remember(&town, &bead.id);
        let view = json!({ "id": bead.id.as_str() });
        context.shell.answer(&view, bead.id.as_str());
        Ok(ExitStatus::OK)
    }
}
