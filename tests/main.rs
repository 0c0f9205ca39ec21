//! Every behaviour that the binaries promise, seen from outside: one module for
//! each.

mod bd;
mod docs;
mod evening;
mod gt;
mod hostile;
mod house;
mod torture;
