//! Four readers agree on what the writer writes: ours, `yaml_serde`, a second
//! YAML crate, PyYAML, and a JavaScript one where there is one.

use crate::support::have;
use model::{Field, FieldError, Fields, Record, Style, Value};
use serde_json::Value as Json;
use std::io::Write;
use std::process::{Command, Stdio};
use store::yaml::Document;

/// A record of any keys.
#[derive(Debug, Clone, PartialEq)]
struct Probe(Vec<Field>);

impl Record for Probe {
    const KIND: &'static str = "probe";

    const HEADER: &'static str = "# a comment: \"of some\" [kind]\n";

    fn fields(&self) -> Vec<Field> {
        self.0.clone()
    }

    fn from_fields(fields: Fields) -> Result<Self, FieldError> {
        let fields = fields.rest().into_iter();
        Ok(Self(
            fields.map(|(key, value)| Field::auto(key, value)).collect(),
        ))
    }
}

impl Probe {
    fn json(&self) -> Json {
        let entries = self.0.iter().map(|field| {
            let key = field.key.to_string();
            (key, field.value.to_json())
        });
        Json::Object(entries.collect())
    }
}

/// Pieces that have each broken a reader or a writer somewhere.
const PIECES: &[&str] = &[
    "",
    " ",
    "  ",
    "\t",
    "\n",
    "\n\n",
    "\r",
    "\r\n",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{0}",
    "\u{7}",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{9f}",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{202e}",
    "\u{e000}",
    "\u{10ffff}",
    "\u{1f600}",
    "é",
    "日本",
    ":",
    ": ",
    ":\n",
    "#",
    " #",
    "# ",
    "- ",
    "-",
    "--- ",
    "---",
    "\n---\n",
    "...",
    "\n...\n",
    "? ",
    "?",
    "| ",
    "|-",
    "> ",
    ">",
    "&a ",
    "*a",
    "!",
    "!!str ",
    "%YAML 1.2",
    "@",
    "`",
    "'",
    "''",
    "\"",
    "\\",
    "\\n",
    "\\\"",
    "[",
    "]",
    "{",
    "}",
    "[]",
    "{}",
    ",",
    ", ",
    "=",
    "<<",
    "<<: ",
    "~",
    "null",
    "Null",
    "true",
    "False",
    "yes",
    "No",
    "on",
    "OFF",
    "y",
    "n",
    "0",
    "-0",
    "00",
    "0o7",
    "017",
    "0x1f",
    "0b1",
    "1_000",
    "1e3",
    "1.5",
    ".5",
    "5.",
    ".inf",
    "-.INF",
    ".nan",
    "+1",
    "12:30:45",
    "190:20",
    "2026-01-15",
    "2026-01-15T10:30:00Z",
    "2026-1-5",
    "2026-13-45",
    "<<<<<<< HEAD",
    "\n=======\n",
    ">>>>>>> x",
    "a",
    "word",
    "two words",
    "key: value",
    "\n  indented",
    "\n\tx",
    "x\n",
    "x ",
    "x\t",
    "trailing \n",
    "\n \n",
    "C:\\temp",
    "${HOME}",
    "$(x)",
    "gt-abc12",
    "a/b@c.d",
];

const STYLES: [Style; 4] = [Style::Auto, Style::Quoted, Style::Prose, Style::Time];

struct Source(fastrand::Rng);

impl Source {
    fn text(&mut self) -> String {
        let count = *self.choice(&[1, 1, 2, 2, 3, 5]);
        (0..count)
            .map(|_| (*self.choice(PIECES)).to_owned())
            .collect()
    }

    fn choice<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.0.usize(..from.len())]
    }

    fn scalar(&mut self) -> Value {
        match self.0.u32(..12) {
            0 => Value::Null,
            1 => Value::Bool(self.0.bool()),
            2 => Value::Int(self.0.i64(..)),
            3 => Value::Int(self.0.i64(-20..20)),
            4 => Value::Float(f64::from(self.0.i32(..)) * *self.choice(&[1e-9, 0.5, 1e20])),
            _ => Value::Str(self.text()),
        }
    }

    fn map(&mut self) -> Value {
        let count = self.0.usize(..4);
        let entries = (0..count).map(|at| {
            let key = format!("{}{at}", self.text());
            (key, self.scalar())
        });
        Value::Map(entries.collect())
    }

    fn value(&mut self) -> Value {
        let count = self.0.usize(..4);
        match self.0.u32(..10) {
            0 => Value::List((0..count).map(|_| self.scalar()).collect()),
            1 => Value::List((0..count).map(|_| self.map()).collect()),
            2 => self.map(),
            _ => Value::Str(self.text()),
        }
    }

    /// A document in which every style meets every other as a neighbour.
    fn probe(&mut self) -> Probe {
        let fields = (0..6).map(|at| Field {
            key: format!("key{at}").into(),
            value: self.value(),
            style: *self.choice(&STYLES),
        });
        Probe(fields.collect())
    }
}

fn probes(count: usize) -> Vec<Probe> {
    let mut source = Source(fastrand::Rng::with_seed(20_260_115));
    let mut probes: Vec<Probe> = (0..count).map(|_| source.probe()).collect();
    // Every piece alone in every style, between two neighbours.
    probes.extend(PIECES.iter().map(|piece| {
        let fields = STYLES.iter().enumerate().map(|(at, style)| Field {
            key: format!("key{at}").into(),
            value: Value::Str((*piece).to_owned()),
            style: *style,
        });
        Probe(fields.collect())
    }));
    probes
}

#[test]
fn rust_readers_agree() {
    for probe in probes(6_000) {
        let (text, wanted) = (Document::render(&probe), probe.json());
        let ours = Document::<Probe>::read(&text).unwrap_or_else(|flaw| panic!("{flaw}\n{text}"));
        assert_eq!(ours.json(), wanted, "our reader:\n{text}");
        let first: Json =
            serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(first, wanted, "yaml_serde:\n{text}");
        let second: Json =
            serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(second, wanted, "serde-saphyr:\n{text}");
    }
}

/// Reads `{"text", "value"}` a line, says which texts it reads otherwise.
/// YAML 1.1 takes a bare time for a time; its own text is compared then.
const PYTHON: &str = r#"
import sys, json, math, datetime
import yaml
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader) if len(sys.argv) > 1 else yaml.SafeLoader
def same(a, b):
    if isinstance(a, (datetime.date, datetime.datetime)):
        return isinstance(b, str) and a == yaml.safe_load(b)
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b
bad = 0
for line in sys.stdin.buffer:
    case = json.loads(line)
    try:
        got = yaml.load(case["text"], Loader)
    except yaml.YAMLError as error:
        got = repr(error)
    if not same(got, case["value"]):
        bad += 1
        if bad < 4:
            print("---", repr(got), "is not", repr(case["value"]), "in", case["text"], sep="\n")
print(bad, "of the texts are read otherwise") if bad else None
sys.exit(bad > 0)
"#;

const JAVASCRIPT: &str = r#"
let read;
try { const yaml = require("yaml"); read = text => yaml.parse(text); }
catch { const yaml = require("js-yaml"); read = text => yaml.load(text, {schema: yaml.CORE_SCHEMA}); }
const assert = require("assert");
let bad = 0;
for (const line of require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const {text, value} = JSON.parse(line);
  let got;
  try { got = read(text); assert.deepStrictEqual(got, value); }
  catch (error) { if (++bad < 4) console.log("---", String(error).slice(0, 800), "in", text); }
}
if (bad) { console.log(bad, "of the texts are read otherwise"); process.exit(1); }
"#;

/// Gives all probes to one process; it prints what it reads otherwise.
fn foreign_reader(program: &[&str], probes: &[Probe]) {
    let mut child = Command::new(program[0])
        .args(&program[1..])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines: String = probes
        .iter()
        .map(|probe| {
            let case = serde_json::json!({"text": Document::render(probe), "value": probe.json()});
            format!("{case}\n")
        })
        .collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
}

#[test]
fn pyyaml_agrees() {
    if have("python3", &["-c", "import yaml"]) {
        foreign_reader(&["python3", "-c", PYTHON], &probes(3_000));
    }
}

#[test]
fn libyaml_agrees() {
    if have("python3", &["-c", "import yaml; yaml.CSafeLoader"]) {
        foreign_reader(&["python3", "-c", PYTHON, "c"], &probes(6_000));
    }
}

#[test]
fn javascript_agrees() {
    let loads = "try { require('yaml') } catch { require('js-yaml') }";
    if have("node", &["-e", loads]) {
        // Its numbers are floats: whole ones beyond 2^53 are another matter.
        let mut probes = probes(6_000);
        probes.retain(|probe| !format!("{probe:?}").contains("Int("));
        foreign_reader(&["node", "-e", JAVASCRIPT], &probes);
    }
}

/// The comparison itself can fail.
#[test]
fn a_writer_that_leaves_words_bare_is_found_out() {
    let text = "key0: off\n";
    let wanted = serde_json::json!({"key0": "off"});
    let case = serde_json::json!({"text": text, "value": wanted}).to_string();
    if have("python3", &["-c", "import yaml"]) {
        let mut child = Command::new("python3")
            .args(["-c", PYTHON])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(case.as_bytes())
            .unwrap();
        assert!(!child.wait().unwrap().success());
    }
}
