//! The name that programs find the shared library by.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let of = |name: &str| std::env::var(name).unwrap_or_default();
    let (system, major) = (of("CARGO_CFG_TARGET_OS"), of("CARGO_PKG_VERSION_MAJOR"));
    if ["linux", "freebsd", "netbsd", "openbsd", "dragonfly", "android"].contains(&system.as_str())
    {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libitemseal_lab.so.{major}");
    }
    if ["macos", "ios"].contains(&system.as_str()) {
        println!(
            "cargo:rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libitemseal_lab.{major}.dylib"
        );
    }
}
