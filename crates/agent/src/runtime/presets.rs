//! The agents that are known by name.
//!
//! A detached worker has nobody to answer a question: that form prints,
//! approves its own tool calls and exits. The form for a terminal approves them
//! as well, and stays. Every preset passes on the variables its program reads
//! and nothing else.

mod terminal;

use super::Runtime;
use crate::hooks::Dialect;

struct Preset {
    name: &'static str,
    command: &'static [&'static str],
    resume: &'static [&'static str],
    env_pass: &'static [&'static [&'static str]],
    env_set: &'static [(&'static str, &'static str)],
}

/// The keys of model providers, for agents that are not bound to one.
const PROVIDERS: &[&str] = &[
    "ANTHROPIC_*",
    "OPENAI_*",
    "GEMINI_*",
    "GOOGLE_*",
    "OPENROUTER_*",
    "MISTRAL_*",
    "GROQ_*",
    "XAI_*",
    "DEEPSEEK_*",
    "OLLAMA_*",
];

const PRESETS: &[Preset] = &[
    Preset {
        name: "claude",
        command: &["claude", "-p", "{prompt}", "--dangerously-skip-permissions"],
        resume: &[
            "claude",
            "-p",
            "{prompt}",
            "--dangerously-skip-permissions",
            "--resume",
            "{session}",
        ],
        // As root, Claude Code skips permissions only where IS_SANDBOX is set.
        env_pass: &[&["ANTHROPIC_*", "CLAUDE_*", "IS_SANDBOX"]],
        env_set: &[],
    },
    Preset {
        name: "codex",
        command: &[
            "codex",
            "exec",
            "--dangerously-bypass-approvals-and-sandbox",
            // A login shell would put the system's PATH in place of the worker's.
            "-c",
            "allow_login_shell=false",
            "{prompt}",
        ],
        resume: &[
            "codex",
            "exec",
            "--dangerously-bypass-approvals-and-sandbox",
            "-c",
            "allow_login_shell=false",
            "resume",
            "{session}",
            "{prompt}",
        ],
        env_pass: &[&["CODEX_*", "OPENAI_*"]],
        env_set: &[],
    },
    Preset {
        name: "gemini",
        command: &["gemini", "--approval-mode", "yolo", "-p", "{prompt}"],
        resume: &[
            "gemini",
            "--approval-mode",
            "yolo",
            "--resume",
            "{session}",
            "-p",
            "{prompt}",
        ],
        env_pass: &[&["GEMINI_*", "GOOGLE_*"]],
        env_set: &[],
    },
    Preset {
        name: "cursor",
        command: &["cursor-agent", "-f", "-p", "{prompt}"],
        resume: &[
            "cursor-agent",
            "-f",
            "--resume",
            "{session}",
            "-p",
            "{prompt}",
        ],
        env_pass: &[&["CURSOR_*"]],
        env_set: &[],
    },
    Preset {
        name: "opencode",
        command: &["opencode", "run", "{prompt}"],
        resume: &["opencode", "run", "--session", "{session}", "{prompt}"],
        env_pass: &[&["OPENCODE_*"], PROVIDERS],
        env_set: &[("OPENCODE_PERMISSION", r#"{"*":"allow"}"#)],
    },
    Preset {
        name: "copilot",
        command: &["copilot", "--yolo", "-p", "{prompt}"],
        resume: &[
            "copilot",
            "--yolo",
            "--resume",
            "{session}",
            "-p",
            "{prompt}",
        ],
        env_pass: &[&["COPILOT_*", "GH_TOKEN", "GH_HOST", "GITHUB_TOKEN"]],
        env_set: &[],
    },
    Preset {
        name: "amp",
        command: &["amp", "--dangerously-allow-all", "-x", "{prompt}"],
        resume: &[
            "amp",
            "threads",
            "continue",
            "{session}",
            "--dangerously-allow-all",
            "-x",
            "{prompt}",
        ],
        env_pass: &[&["AMP_*"]],
        env_set: &[],
    },
    Preset {
        name: "auggie",
        command: &["auggie", "--print", "{prompt}"],
        resume: &["auggie", "--print", "{prompt}", "--resume", "{session}"],
        env_pass: &[&["AUGMENT_*"]],
        env_set: &[],
    },
    Preset {
        name: "vibe",
        command: &["vibe", "--prompt", "{prompt}"],
        resume: &["vibe", "--resume", "{session}", "--prompt", "{prompt}"],
        env_pass: &[&["VIBE_*", "MISTRAL_*"]],
        env_set: &[],
    },
    Preset {
        name: "pi",
        command: &["pi", "-p", "{prompt}"],
        resume: &["pi", "--session", "{session}", "-p", "{prompt}"],
        env_pass: &[&["PI_*"], PROVIDERS],
        env_set: &[],
    },
    Preset {
        name: "omp",
        command: &["omp", "-p", "{prompt}"],
        resume: &["omp", "--resume", "{session}", "-p", "{prompt}"],
        env_pass: &[&["OMP_*", "PI_*"], PROVIDERS],
        env_set: &[],
    },
];

/// The names of the built-in runtimes.
pub fn known() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|preset| preset.name)
}

pub(super) fn find(name: &str) -> Option<Runtime> {
    let preset = PRESETS.iter().find(|preset| preset.name == name)?;
    let terminal = terminal::of(name)?;
    Some(Runtime {
        hooks: Dialect::of(preset.name),
        name: preset.name.to_owned(),
        command: owned(preset.command),
        resume: owned(preset.resume),
        interactive: owned(terminal.command),
        interactive_resume: owned(terminal.resume),
        env_pass: owned(&preset.env_pass.concat()),
        env_set: preset
            .env_set
            .iter()
            .map(|(n, v)| (n.to_string(), v.to_string()))
            .collect(),
    })
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}
