//! The known agents in a terminal: they show their own screen, take what is
//! typed, and stay until they are ended.

/// One agent's command lines for a terminal.
pub(super) struct Interactive {
    name: &'static str,
    /// A new conversation.
    pub(super) command: &'static [&'static str],
    /// Continuing one; empty where that cannot be said with a prompt.
    pub(super) resume: &'static [&'static str],
}

const INTERACTIVE: &[Interactive] = &[
    Interactive {
        name: "claude",
        command: &["claude", "--dangerously-skip-permissions", "{prompt}"],
        resume: &[
            "claude",
            "--dangerously-skip-permissions",
            "--resume",
            "{session}",
            "{prompt}",
        ],
    },
    Interactive {
        name: "codex",
        command: &[
            "codex",
            "--dangerously-bypass-approvals-and-sandbox",
            "{prompt}",
        ],
        resume: &[
            "codex",
            "resume",
            "--dangerously-bypass-approvals-and-sandbox",
            "{session}",
            "{prompt}",
        ],
    },
    Interactive {
        name: "gemini",
        command: &["gemini", "--approval-mode", "yolo", "-i", "{prompt}"],
        resume: &[
            "gemini",
            "--approval-mode",
            "yolo",
            "--resume",
            "{session}",
            "-i",
            "{prompt}",
        ],
    },
    Interactive {
        name: "cursor",
        command: &["cursor-agent", "-f", "{prompt}"],
        resume: &["cursor-agent", "-f", "--resume", "{session}", "{prompt}"],
    },
    Interactive {
        name: "opencode",
        command: &["opencode", "--prompt", "{prompt}"],
        resume: &["opencode", "--session", "{session}", "--prompt", "{prompt}"],
    },
    Interactive {
        name: "copilot",
        command: &["copilot", "--yolo", "-i", "{prompt}"],
        resume: &[
            "copilot",
            "--yolo",
            "--resume",
            "{session}",
            "-i",
            "{prompt}",
        ],
    },
    Interactive {
        name: "amp",
        command: &["amp", "--dangerously-allow-all", "{prompt}"],
        resume: &[],
    },
    Interactive {
        name: "auggie",
        command: &["auggie", "{prompt}"],
        resume: &["auggie", "--resume", "{session}", "{prompt}"],
    },
    Interactive {
        name: "vibe",
        command: &["vibe", "{prompt}"],
        resume: &["vibe", "--resume", "{session}", "{prompt}"],
    },
    Interactive {
        name: "pi",
        command: &["pi", "{prompt}"],
        resume: &["pi", "--session", "{session}", "{prompt}"],
    },
    Interactive {
        name: "omp",
        command: &["omp", "{prompt}"],
        resume: &["omp", "--resume", "{session}", "{prompt}"],
    },
];

pub(super) fn of(name: &str) -> Option<&'static Interactive> {
    INTERACTIVE.iter().find(|it| it.name == name)
}

#[cfg(test)]
mod tests {
    use super::super::known;
    use super::*;

    #[test]
    fn every_preset_has_a_form_for_a_terminal_that_prompts_once() {
        let forms: Vec<&str> = INTERACTIVE.iter().map(|it| it.name).collect();
        assert_eq!(known().collect::<Vec<_>>(), forms);
        for it in INTERACTIVE {
            let count = |words: &[&str], word: &str| words.iter().filter(|it| **it == word).count();
            assert_eq!(count(it.command, "{prompt}"), 1, "{}", it.name);
            for unattended in ["-p", "-x", "exec", "run", "--print"] {
                assert_eq!(count(it.command, unattended), 0, "{}", it.name);
            }
            if !it.resume.is_empty() {
                assert_eq!(count(it.resume, "{prompt}"), 1, "{}", it.name);
                assert_eq!(count(it.resume, "{session}"), 1, "{}", it.name);
            }
        }
    }
}
