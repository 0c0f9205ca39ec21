//! What users of this crate make and run.

use crate::alone::Alone;
use crate::ears::Ears;
use crate::error::Error;
use crate::input::{Inputs, Stop};
use crate::subject::Roots;
use crate::supervisor::Supervisor;
use crate::watch::Watch;
use store::layout;
use town::events::Noticed;
use town::{Setup, Town, session, supervision};

/// Notices what happens in a store, and, unless it only observes, keeps the
/// workers of its hooks running.
///
/// ```no_run
/// # use plaintown_watcher as watcher;
/// fn follow(town: town::Town) -> Result<(), watcher::Error> {
///     let watcher = watcher::Watcher::builder(town).observe_only().build()?;
///     watcher.stop().on_signals()?;
///     watcher.run(|noticed| drop(noticed.to_string()))
/// }
/// ```
#[derive(Debug)]
pub struct Watcher {
    town: Town,
    inputs: Inputs,
    ears: Ears,
    supervisor: Option<Supervisor>,
}

/// The choices for a [`Watcher`].
#[derive(Debug)]
pub struct Builder {
    town: Town,
    supervise: bool,
    poll: bool,
}

impl Builder {
    /// Only tells what happens: starts nothing, writes nothing, and needs not
    /// be alone.
    pub fn observe_only(mut self) -> Self {
        self.supervise = false;
        self
    }

    /// Looks at the files every second instead of being told by the kernel.
    pub fn poll(mut self) -> Self {
        self.poll = true;
        self
    }

    /// Makes it. One that supervises is refused while another does so in the
    /// same clone; from here on no other can begin.
    pub fn build(self) -> Result<Watcher, Error> {
        let inputs = Inputs::new()?;
        let poll = self.poll || self.town.user()?.watcher.poll;
        let setup = Setup {
            actor: Some(supervision::address(&self.town).to_string()),
            ..self.town.setup().clone()
        };
        let town = Town::open(setup.clone())?;
        let supervisor = if self.supervise {
            let private = town.store.make_private()?;
            private.make_dir("locks")?;
            let alone = Alone::take(private.path())?;
            prepare(&town)?;
            Some(Supervisor::new(
                alone,
                setup,
                inputs.inbox(),
                town.store.located(),
            ))
        } else {
            None
        };
        let roots = Roots {
            tracked: town.store.tracked().path().to_owned(),
            private: town.store.private_path(),
        };
        Ok(Watcher {
            ears: Ears::new(roots, inputs.inbox(), poll),
            town,
            inputs,
            supervisor,
        })
    }
}

/// The folders that are watched are there before anything is in them.
fn prepare(town: &Town) -> Result<(), Error> {
    let polecats = format!("{}/polecats", town.rig());
    let private = town.store.make_private()?;
    for folder in [layout::TICKETS, session::FOLDER, supervision::FOLDER] {
        private.make_dir(&format!("{folder}/{polecats}"))?;
    }
    let tracked = town.store.tracked();
    for folder in [layout::BEADS, layout::CONVOYS] {
        tracked.make_dir(folder)?;
    }
    tracked.make_dir(&format!("{}/{polecats}", layout::HOOKS))?;
    Ok(())
}

impl Watcher {
    /// A watcher of the town's store. It acts in the name of the rig's witness.
    pub fn builder(town: Town) -> Builder {
        Builder {
            town,
            supervise: true,
            poll: false,
        }
    }

    /// What stops it.
    pub fn stop(&self) -> Stop {
        self.inputs.stop()
    }

    /// Watches until it is stopped. Workers are not stopped with it.
    pub fn run(self, mut tell: impl FnMut(&Noticed)) -> Result<(), Error> {
        let Self {
            town,
            inputs,
            ears,
            supervisor,
        } = self;
        Watch::new(town, ears, supervisor, &mut tell).run(&inputs)
    }
}
