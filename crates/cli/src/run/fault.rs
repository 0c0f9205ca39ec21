//! A fault in the program itself, told without making it worse.

use crate::ExitStatus;
use crate::error::error_json;
use crate::visible;
use std::io::Write;
use std::panic::PanicHookInfo;

/// Makes a panic end the process with a message and status 101. The hook never
/// panics, also where standard error is closed or full.
pub(super) fn install(json: bool) {
    std::panic::set_hook(Box::new(move |info| {
        let text = message(info);
        let hint = "this is a fault in the program: please report it with what you did".to_owned();
        let rendered = if json {
            error_json(&text, "internal_fault", &[hint])
        } else {
            format!("error: {}\nhint: {hint}\n", visible(&text))
        };
        let _ = std::io::stderr().write_all(rendered.as_bytes());
        std::process::exit(ExitStatus::INTERNAL_FAULT.code().into());
    }));
}

fn message(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let what = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("unknown");
    match info.location() {
        Some(at) => format!("internal fault at {}:{}: {what}", at.file(), at.line()),
        None => format!("internal fault: {what}"),
    }
}
