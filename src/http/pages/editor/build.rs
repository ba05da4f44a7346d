//! Puts the bundle of the editor into the program if it was built before (`npm ci && npm run build` in this folder); without
//! it the page at `/sparql` is a plain form. So nobody needs Node to build the program.

use std::path::Path;
use std::{env, fs};

fn main() {
    let bundle = Path::new("src/http/pages/editor/dist/editor.js");
    println!("cargo::rerun-if-changed={}", bundle.display());
    println!("cargo::rerun-if-changed=src/http/pages/editor/build.rs");
    let script = fs::read(bundle).unwrap_or_default();
    let target = env::var_os("OUT_DIR").expect("cargo names the folder for what is made");
    fs::write(Path::new(&target).join("editor.js"), script).expect("the folder for what is made can be written to");
}
