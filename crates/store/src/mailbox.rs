//! Mail: one file for each message; that it was read is an empty file beside
//! it, which two clones can both add without a conflict.

use crate::error::{Error, Problem};
use crate::layout;
use crate::store::Store;
use crate::tree::is_temporary;
use crate::yaml::Document;
use model::{Address, Mail, Record};
use std::time::Instant;

/// A message in somebody's inbox.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// Sorts by time: `20260115T110000Z-p2qa`.
    pub id: String,
    /// Whether it was read.
    pub read: bool,
    /// Whether it was acknowledged.
    pub acknowledged: bool,
    /// The message.
    pub mail: Mail,
}

impl Store {
    /// Files a message durably in its receiver's inbox. `word` is random.
    pub fn send_mail(&self, mail: &Mail, word: &str) -> Result<String, Error> {
        if self.options().readonly {
            return Err(Error::ReadOnly);
        }
        let dir = self.tracked().make_dir(&layout::mail_folder(&mail.to))?;
        let text = Document::render(mail);
        self.check_size(Mail::KIND, &text)?;
        for attempt in 0.. {
            let suffix = if attempt == 0 {
                String::new()
            } else {
                format!("{attempt}")
            };
            let id = format!("{}-{word}{suffix}", mail.created_at.compact());
            if dir.create(&format!("{id}.yaml"), text.as_bytes())? {
                return Ok(id);
            }
        }
        unreachable!("some number is free")
    }

    /// An inbox, oldest first, and files that could not be read.
    pub fn inbox(&self, owner: &Address) -> Result<(Vec<Letter>, Vec<Problem>), Error> {
        let mut letters = Vec::new();
        let mut problems = Vec::new();
        let Some(dir) = self.tracked().dir(&layout::mail_folder(owner))? else {
            return Ok((letters, problems));
        };
        let (names, since) = (dir.names()?, Instant::now());
        for name in &names {
            let Some(id) = name.strip_suffix(".yaml").filter(|_| !is_temporary(name)) else {
                continue;
            };
            match self.read_in::<Mail>(&dir, name, since) {
                Ok(Some(mail)) => letters.push(Letter {
                    id: id.to_owned(),
                    read: names.contains(&format!("{id}.read")),
                    acknowledged: names.contains(&format!("{id}.ack")),
                    mail,
                }),
                Ok(None) => {}
                Err(Error::Problem(problem)) => problems.push(problem),
                Err(error) => return Err(error),
            }
        }
        letters.sort_by(|a, b| a.id.cmp(&b.id));
        Ok((letters, problems))
    }

    /// Notes that a message was read; false if it was noted before.
    pub fn mark_read(&self, owner: &Address, id: &str) -> Result<bool, Error> {
        if self.options().readonly {
            return Err(Error::ReadOnly);
        }
        self.tracked()
            .make_dir(&layout::mail_folder(owner))?
            .create(&format!("{id}.read"), b"")
    }
}
