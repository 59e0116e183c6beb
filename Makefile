# `make help` lists the targets. Everything a target needs beyond cargo, gcc and make it gets itself.

CARGO ?= cargo
# The lock files are part of the source: a build never changes them.
LOCKED := --locked

.DEFAULT_GOAL := help
.PHONY: help test quick demo bench-items bench instructions bench-lab branch-keys export-load live-aws interop java vectors lint fmt doc test-rust python python-interop python-doc python-lab wheels bench-python c c-examples c-test c-asan c-interop bench-c c-size c-install c-header c-doc crash load clean

help: ## Lists the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

# `c` comes while what test-rust has built is there as it was left.
test: lint test-rust c doc python-lab interop java python python-interop c-interop instructions ## Everything that CI runs
	@echo "make test: all passed"

quick: ## The inner loop: the core's tests, in seconds once built
	$(CARGO) test $(LOCKED) --quiet -p itemseal

demo: ## An item encrypted in one Region is opened in another: the whole story on a terminal
	$(CARGO) run $(LOCKED) --release --quiet -p itemseal-cli -- demo

test-rust: ## Unit, integration and doc tests, with each cryptography back end
	$(CARGO) test $(LOCKED) --workspace
	@echo "The core again, over RustCrypto alone, naming the vectors that it reads:"
	$(CARGO) test $(LOCKED) -p itemseal -- --show-output
	$(CARGO) test $(LOCKED) -p itemseal --no-default-features --features aws-lc --lib

crash: ## Kills the lab 200 times while it writes, and looks for what it acknowledged
	ITEMSEAL_CRASHES=200 $(CARGO) test $(LOCKED) -p itemseal-lab --test crash -- --nocapture

load: ## A Region taken away under load, six times, with its timeline
	$(CARGO) test $(LOCKED) -p itemseal-aws --test load -- --nocapture

bench-items: ## What an item costs beside the bare cryptography, and how often it allocates (ITEMSEAL_SECONDS for each row)
	$(CARGO) run $(LOCKED) --quiet --release -p itemseal-benches -- $(or $(ITEMSEAL_SECONDS),2)

bench: ## The same with AWS's crate in the process (builds it in release: long; ITEMSEAL_SECONDS for each row)
	cd tests/oracle && $(CARGO) run $(LOCKED) --quiet --release -p itemseal-oracle-bench -- $(or $(ITEMSEAL_SECONDS),2)

instructions: ## How many instructions a typical item takes, beside those recorded (callgrind; RECORD=record: records them)
	sh bindings/c/tests/tools.sh
	$(CARGO) build $(LOCKED) --quiet --release -p itemseal-benches
	sh benches/items/instructions.sh target/release/itemseal-benches-run benches/items/instructions.tsv $(RECORD)

bench-lab: .venv/bench ## The lab beside moto and dynalite, in one run (installs both under .venv)
	$(CARGO) build $(LOCKED) --release --quiet -p itemseal-cli
	$(CARGO) build $(LOCKED) --release --quiet -p itemseal-lab --example sdk_loops
	PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/python benches/lab/compare.py target/release/itemseal \
	  target/release/examples/sdk_loops .venv/node_modules/dynalite/cli.js

.venv/bench: .venv/ready benches/lab/requirements.txt
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r benches/lab/requirements.txt
	npm install --silent --no-audit --no-fund --prefix .venv dynalite@4.0.0
	touch $@

branch-keys: ## 100,000 items under branch keys in each of three Regions: KMS calls, and speed beside raw AES
	$(CARGO) run $(LOCKED) --release --quiet -p itemseal-aws --example branch_keys

live-aws: ## The stories of encrypted tables against AWS (ITEMSEAL_LIVE_PREFIX, _REGIONS, _MAX_USD), or the lab
	$(CARGO) build $(LOCKED) --quiet --workspace --example live_aws
	target/debug/examples/live_aws $(if $(RECORD),--record $(RECORD)) \
	  $(if $(COMPARE),--compare $(COMPARE)) $(if $(TEAR_DOWN_ONLY),--tear-down-only)

export-load: ## A million encrypted items in an export to S3, through the command: speed and memory
	$(CARGO) build $(LOCKED) --release --quiet -p itemseal-cli --bin itemseal --example export_load
	target/release/examples/export_load target/release/itemseal target

interop: ## Both ways with AWS's own library, live (builds it: some minutes the first time)
	cd tests/oracle && $(CARGO) run $(LOCKED) --bin interop
	cd tests/oracle && $(CARGO) run $(LOCKED) --bin through_lab
	cd tests/oracle && $(CARGO) run $(LOCKED) --features aws --bin keyrings
	cd tests/oracle && $(CARGO) run $(LOCKED) --features aws --bin clients
	cd tests/oracle && $(CARGO) run $(LOCKED) --features aws --bin hazards
	cd tests/oracle && $(CARGO) run $(LOCKED) --features aws --bin keystores

# What `make java` needs and this machine has not: then nothing is built, and the test says so.
JAVA_MISSING := $(strip $(foreach tool,java javac mvn,$(if $(shell command -v $(tool) 2>/dev/null),,$(tool))))
JAVA_CLASSPATH := tests/java/target/classpath.txt

java: $(if $(JAVA_MISSING),,$(JAVA_CLASSPATH)) ## Both ways with AWS's Java library, live (needs Java 17 and Maven)
	ITEMSEAL_JAVA_CLASSPATH="$(CURDIR)/$(JAVA_CLASSPATH)" ITEMSEAL_JAVA_MISSING="$(JAVA_MISSING)" \
	  $(CARGO) test $(LOCKED) --workspace -p itemseal-aws --test java -- --nocapture

$(JAVA_CLASSPATH): tests/java/pom.xml $(wildcard tests/java/src/main/java/itemseal/interop/*.java)
	mvn --quiet --batch-mode --file tests/java/pom.xml compile
	touch $@

python-lab: .venv/ready ## The lab's endpoint through plain boto3 (installs it into .venv)
	.venv/bin/python -m pytest -q tests/python

# The profile that `make python` builds with: the same code, sooner than in release.
PYTHON_PROFILE ?= dev
PYTHON_WHEELS := .venv/wheels
PYTHON_IN := .venv/wheel/bin/python
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check

python: .venv/maturin ## The wheels in a fresh environment: tests, stubs, types of the examples
	rm -rf $(PYTHON_WHEELS) .venv/wheel .venv/wheel-aioboto3
	for package in python python-lab; do \
	  .venv/bin/maturin build --quiet --locked --profile $(PYTHON_PROFILE) --manifest-path bindings/$$package/Cargo.toml \
	    --out $(PYTHON_WHEELS) || exit 1; \
	done
	python3 -m venv .venv/wheel
	$(PYTHON_IN) $(PIP_INSTALL) $(PYTHON_WHEELS)/*.whl -r bindings/python/tests/requirements.txt
	$(PYTHON_IN) -X dev -W error -m pytest -q -n 2 bindings/python/tests
	$(PYTHON_IN) -X dev -W error -m pytest -q -n 2 bindings/python-lab/tests
	$(PYTHON_IN) -m mypy.stubtest --concise itemseal itemseal_lab
	$(PYTHON_IN) -m mypy --strict -p itemseal -p itemseal_lab
	for program in client tables paginators; do \
	  $(PYTHON_IN) -m mypy --strict bindings/python/examples/$$program.py || exit 1; \
	done
	python3 -m venv .venv/wheel-aioboto3
	.venv/wheel-aioboto3/bin/python $(PIP_INSTALL) $(PYTHON_WHEELS)/*.whl \
	  -r bindings/python/tests/requirements-aioboto3.txt
	.venv/wheel-aioboto3/bin/python -X dev -W error -m pytest -q \
	  bindings/python/tests/test_programs.py bindings/python/tests/test_attach_aio.py

python-interop: python ## Both ways between Python and AWS's crate, live (after `python`)
	cd tests/oracle && $(CARGO) run $(LOCKED) --bin python -- $(CURDIR)/$(PYTHON_IN) \
	  $(CURDIR)/bindings/python/tests/interop/beside_aws.py

python-doc: ## The Python packages' reference, from their docstrings, in .venv/python-doc (after `python`)
	$(PYTHON_IN) -W error -c 'import itemseal, pdoc.__main__ as pages; [getattr(itemseal, name) for name in dir(itemseal)]; \
	  pages.cli(["--output-directory", ".venv/python-doc", "itemseal", "itemseal.legacy", "itemseal_lab"])'

wheels: .venv/maturin ## The wheels and sdists of this platform, in target/wheels
	for package in python python-lab; do \
	  .venv/bin/maturin build --release --locked --sdist --manifest-path bindings/$$package/Cargo.toml || exit 1; \
	done

bench-python: .venv/maturin ## itemseal for Python beside dynamodb-encryption-sdk 3.3, in one run
	rm -rf .venv/bench-wheel .venv/bench-python
	.venv/bin/maturin build --quiet --release --locked --manifest-path bindings/python/Cargo.toml --out .venv/bench-wheel
	python3 -m venv .venv/bench-python
	.venv/bench-python/bin/python -m pip install --quiet --disable-pip-version-check .venv/bench-wheel/*.whl \
	  -r benches/python/requirements.txt
	.venv/bench-python/bin/python benches/python/compare.py
	.venv/bench-python/bin/python benches/python/hooks.py

.venv/maturin: .venv/ready
	.venv/bin/python -m pip install --quiet --disable-pip-version-check "maturin>=1.16,<2"
	touch $@

.venv/ready: tests/python/requirements.txt
	python3 -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

# The profile that `make c` builds with: the same code, sooner than in release.
C_PROFILE ?= dev
C_SCRATCH := $(CURDIR)/target/c
C_STAGED := $(C_SCRATCH)/staged

c: ## libitemseal, installed into a scratch prefix, and the C and C++ programs built from there
	sh bindings/c/tests/tools.sh
	rm -rf "$(C_SCRATCH)"
	$(MAKE) --no-print-directory c-install C_PROFILE=$(C_PROFILE) PREFIX=/opt/itemseal DESTDIR="$(C_STAGED)"
	@# Elsewhere than where it was installed: nothing in it may know its place.
	mv "$(C_STAGED)/opt/itemseal" "$(C_SCRATCH)/prefix"
	$(MAKE) --no-print-directory c-examples
	$(MAKE) --no-print-directory c-test

c-examples: ## The C and C++ examples, from what `make c` installed: pkg-config and CMake, shared and static
	sh bindings/c/examples/run.sh "$(C_SCRATCH)/prefix" "$(C_SCRATCH)"

c-test: ## The C and C++ tests: plain, under valgrind and the sanitizers (after `c-install`; ITEMSEAL_LONG=1: longer)
	CARGO="$(CARGO)" sh bindings/c/tests/run.sh "$(C_SCRATCH)/prefix" "$(C_SCRATCH)"

c-asan: ## The C tests with ASan in the Rust code too (after `c-install`; needs a nightly toolchain, and builds the library anew: long)
	CARGO="$(CARGO)" sh bindings/c/tests/asan.sh "$(C_SCRATCH)/prefix" "$(C_SCRATCH)"

c-interop: ## Both ways between C, AWS's crate, Rust, the command and Python, live (after `c` and `python`)
	@# With an example, so that the features are those of the tests, and nothing is built anew.
	$(CARGO) build $(LOCKED) --quiet --workspace --bin itemseal --example itemseal_hooks
	$(CC) -std=c99 -Wall -Wextra -Wpedantic -Werror -I"$(C_SCRATCH)/prefix/include" bindings/c/tests/interop/lines.c -o "$(C_SCRATCH)/lines" \
	  -L"$(C_SCRATCH)/prefix/lib" -Wl,-rpath,"$(C_SCRATCH)/prefix/lib" -litemseal
	cd tests/oracle && $(CARGO) run $(LOCKED) --bin c -- "$(C_SCRATCH)/lines" $(CURDIR)/target/debug/itemseal $(CURDIR)/$(PYTHON_IN)

bench-c: ## What C costs over the Rust call, with handles, through CBOR and JSON, in one run
	CARGO="$(CARGO)" sh bindings/c/benches/run.sh "$(C_SCRATCH)"

c-size: ## What libitemseal weighs, and programs with it and with AWS's crate (builds both in release: long)
	rm -rf "$(C_SCRATCH)/release"
	$(MAKE) --no-print-directory c-install C_PROFILE=release PREFIX=/usr DESTDIR="$(C_SCRATCH)/release"
	cd tests/oracle && $(CARGO) build $(LOCKED) --release -p itemseal-oracle-size
	sh bindings/c/benches/size.sh "$(C_SCRATCH)/release/usr" "$(C_SCRATCH)"

c-install: PREFIX ?= /usr/local
c-install: C_PROFILE = release
c-install: ## Installs libitemseal and libitemseal_lab below PREFIX (DESTDIR; C_PROFILE=dev is built sooner)
	CARGO="$(CARGO)" sh bindings/c/packaging/install.sh "$(C_PROFILE)" "$(PREFIX)" "$(DESTDIR)"

C_DOC := target/c-doc

c-doc: ## The reference of the C and C++ headers, in target/c-doc (needs doxygen, and gets it by apt)
	command -v doxygen >/dev/null || apt-get install -y --no-install-recommends doxygen
	mkdir -p $(C_DOC)
	(cat bindings/c/Doxyfile; echo "OUTPUT_DIRECTORY = $(C_DOC)") | doxygen -

c-header: ## Writes include/itemseal.h and itemseal_lab.h anew from bindings/c and bindings/c-lab
	ITEMSEAL_WRITE_HEADER=1 $(CARGO) test $(LOCKED) --quiet --workspace --test header

vectors: ## Writes tests/vectors anew with AWS's own library
	cd tests/oracle && $(CARGO) run $(LOCKED) --bin vectors

lint: ## rustfmt, and clippy with warnings denied
	$(CARGO) fmt --all --check
	cd tests/oracle && $(CARGO) fmt --check
	$(CARGO) clippy $(LOCKED) --workspace --all-targets -- -D warnings
	$(CARGO) clippy $(LOCKED) -p itemseal --all-targets --no-default-features --features aws-lc -- -D warnings

fmt: ## Formats the code
	$(CARGO) fmt --all
	cd tests/oracle && $(CARGO) fmt

doc: ## The reference documentation, with warnings denied
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc $(LOCKED) --workspace --no-deps

clean: ## Removes what was built
	$(CARGO) clean
	cd tests/oracle && $(CARGO) clean
	rm -rf .venv tests/java/target
