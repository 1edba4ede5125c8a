//! How the program is linked.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // At a fixed address: the tables of constants need no relocation, so that they are read from the file when they are
    // used, and not all written to at every start.
    println!("cargo::rustc-link-arg-bins=-no-pie");
}
