# The commands that CI runs, by name. Nothing here needs just: copy the line.

# Lists these recipes.
default:
    @just --list

# Builds bd and gt.
build:
    cargo build --bins

# Runs every test; what CI runs last.
test:
    cargo test --workspace

# Denies every warning.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# Formats the code.
fmt:
    cargo fmt --all

# Builds the documentation of the libraries.
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --lib --no-deps

# Writes the generated pages of docs/ anew, and the outputs of the guides.
docs:
    UPDATE_DOCS=1 cargo test --test main docs::

# Shows a convoy on its way from beads to merged commits.
example *arguments:
    cargo run --release --example first_convoy -- {{ arguments }}

# Measures the commands beside git status, and slings beside git worktree add.
bench:
    cargo bench --bench commands

# Kills commands at every system call that changes something. Takes long.
torture:
    cargo test --workspace -- --ignored torture

# Everything that has to hold before a change is merged.
ci:
    .ci/run
