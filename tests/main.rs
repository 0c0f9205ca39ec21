//! Every behaviour that the binaries promise, seen from outside: one module for
//! each.

mod gt;
