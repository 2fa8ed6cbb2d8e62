# What a person types. CMake presets do the building; nothing here is needed to use them directly.

.PHONY: demo test build packages fuzz kernels compilers fleet soak corpus bench format tidy setup

# A stock kernel from the archive, real fixes built for it, and the kernel in a VM before, with and
# after each. KERNEL=6.1.0-NN-amd64 picks one; `make demo STAGE=build` runs one stage.
demo:
	demo/run $(STAGE)

# Everything that can be tested here, on a fresh machine: sanitizers, every test, the fuzzers for a
# moment, and the VM scenarios.
test: build
	tests/run

PROGRAMS = suture suture-agent suture-server suture-link
build: setup
	@cmake --preset release >build-configure.log 2>&1 || { cat build-configure.log; exit 1; }; rm -f build-configure.log
	@cmake --build --preset release --target $(PROGRAMS)

# For hosts, of the release build: build/release/packages/suture-agent_*.deb and suture-fetch_*.deb.
packages: build
	@cmake --build --preset release --target packages

# FUZZ_SECONDS each, 600 unless told.
fuzz: setup
	fuzz/run $(or $(FUZZ_SECONDS),600)

# Every scenario on the newest 6.12 too, and one live patch built and proved for every stock kernel on offer.
kernels: build
	tests/run kernels

# Every pair of objects of `suture diff` with GCC 4.8, and with the GCCs and Clangs of Debian's last three releases.
compilers: build
	tests/run compilers

# Every scenario of a fleet of hosts in VMs: rollouts, incidents that others had, a stolen server.
fleet: build
	tests/run fleet

# The agent for an hour: a hundred times each way between levels, a hundred applies under noise, kills at any moment.
soak: build
	tests/run soak

# The fixes between the source packages of two kernels of one series, 50 built in and 50 of modules unless told: built,
# and proved in the VM. FROM=RELEASE TO=RELEASE, or the two newest that differ, of SERIES=6.12 or of 6.1. FILES=N of each.
corpus: build
	bench/corpus $(if $(FROM),--from $(FROM) --to $(TO)) $(if $(SERIES),--series $(SERIES)) \
	  $(if $(FILES),--built-in $(FILES) --module $(FILES))

# How fast it is here, with the release build: a table, which goes to bench/results too.
bench: build
	@cmake --build --preset release --target diff_bench verify_bundle
	bench/speed $(if $(KERNEL),--kernel $(KERNEL))
	bench/agent $(if $(KERNEL),--kernel $(KERNEL))
	bench/fleet

format:
	git ls-files '*.cc' '*.h' | xargs clang-format -i

# With Clang's own compile commands: it does not know all of GCC's warnings.
tidy: setup
	cmake --preset fuzz >/dev/null
	git ls-files 'src/*.cc' ':!src/*_test.cc' | xargs -n 4 -P "$$(nproc)" clang-tidy -p build/fuzz --quiet

setup:
	@tools/setup
