# The two commands: `make demo` and `make test`. Everything is built under build/ (BUILD=dir for another place).
BUILD ?= build
JOBS ?= $(shell nproc)
MESON_FLAGS = --buildtype=debugoptimized

.PHONY: all day l1-curves deps demo test test-fast tidy format lint coverage clauses bench bench-compare bench-kern fuzz faults mutants
.PHONY: upgrade-test appliance appliance-update appliance-test san-whole signalling-day realtime reproduce program install uninstall deb deb-test image clean

all: $(BUILD)/plain/build.ninja
	@ninja -C $(BUILD)/plain -j$(JOBS)

deps:
	@sh tools/deps.sh

$(BUILD)/plain/build.ninja: | deps
	@meson setup $(BUILD)/plain $(MESON_FLAGS)

# Sanitizers cost what the compiler's second level would gain; a trace wants lines alone. It compiles in half the time.
SANITIZED = -Dbuildtype=plain -Doptimization=1 -Dc_args=-g1 -Db_lundef=false
$(BUILD)/san/build.ninja: | deps
	@meson setup $(BUILD)/san $(SANITIZED) -Db_sanitize=address,undefined

$(BUILD)/tsan/build.ninja: | deps
	@meson setup $(BUILD)/tsan $(SANITIZED) -Db_sanitize=thread

$(BUILD)/msan/build.ninja: | deps
	@CC=clang meson setup $(BUILD)/msan $(SANITIZED) -Db_sanitize=memory

$(BUILD)/cov/build.ninja: | deps
	@meson setup $(BUILD)/cov -Dbuildtype=debug -Db_coverage=true

$(BUILD)/fuzz/build.ninja: | deps
	@CC=clang meson setup $(BUILD)/fuzz $(SANITIZED) -Db_sanitize=address,undefined -Dfuzz=true

# Brings up a whole network in namespaces and moves traffic through it.
demo: $(BUILD)/plain/build.ninja
	@ninja -C $(BUILD)/plain -j$(JOBS) apps/freehold
	@$(BUILD)/plain/apps/freehold demo --dir $(BUILD)/demo

# Everything that CI runs.
test: deps
	@BUILD=$(BUILD) python3 -B tools/run_tests.py

test-fast: all
	@BUILD=$(BUILD) python3 -B tools/run_tests.py --fast

tidy:
	@python3 -B tools/tidy.py

# Rewrites all C of the tree as .clang-format has it; `make tidy` only checks.
format: deps
	@git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format-19 -i

# clang's own checks of every file (.clang-tidy says which, and why others are left out), but for those of another architecture; about ten minutes.
lint: all
	@ninja -C $(BUILD)/plain -j$(JOBS) bench >/dev/null
	@git ls-files '*.c' ':!radio/phy/kern/neon' | xargs -P$(JOBS) -n4 clang-tidy-19 -p $(BUILD)/plain --quiet 2>/dev/null && echo "lint: clean"

# Lines and branches that the unit and scenario tests reach, by file: build/coverage/index.html.
coverage: deps
	@BUILD=$(BUILD) python3 -B tools/coverage.py

# A day of 10,000 UEs, in which core and UPF end and come again, on a virtual clock; and of 200 over RRC, PDCP, RLC and MAC.
day: all
	@$(BUILD)/plain/tests/scenario/scenario_runner --crowd 10000 tests/scenario/crowd_day.scn
	@$(BUILD)/plain/tests/scenario/scenario_runner --crowd 200 tests/scenario/mac_day.scn

# What our own receivers lose over SNR, for the model of the physical layer: some ten minutes.
l1-curves: all
	@ninja -C $(BUILD)/plain -j$(JOBS) sim/blocks/l1_curves
	@$(BUILD)/plain/sim/blocks/l1_curves >sim/l1/l1_curves.csv

# Which file implements which clause: make clauses [ARGS="38.413 8.7" | ARGS=core/amf/registration.c | ARGS=--procedures]
clauses:
	@python3 -B tools/clauses.py $(ARGS)

# A day of 10 million messages on the disk (some 3 GB, for the while), and what finding one UE in it takes.
signalling-day: all
	@ninja -C $(BUILD)/plain tests/bench/signalling_day >/dev/null
	@rm -rf $(BUILD)/signalling-day && $(BUILD)/plain/tests/bench/signalling_day $(BUILD)/signalling-day; s=$$?; rm -rf $(BUILD)/signalling-day; exit $$s

bench: all
	@BUILD=$(BUILD) python3 -B tools/run_bench.py

# A cell in real time, gNB and UE at radio devices that share an air, full load both ways: make realtime [SECONDS=60 MHZ=20 LEAD_SLOTS=6], on a quiet machine.
SECONDS ?= 60
MHZ ?= 20
LEAD_SLOTS ?= 6
realtime: all
	@python3 -B tests/bench/realtime.py $(BUILD) $(SECONDS) $(MHZ) $(LEAD_SLOTS)

# Figures of this tree beside those of another commit, measured in turn on this machine: make bench-compare BASE=HEAD~10
BASE ?= HEAD
bench-compare: all
	@BUILD=$(BUILD) python3 -B tools/bench_compare.py $(BASE)

# The inner loops of the physical layer at each level of SIMD that this processor has; and on AArch64 whether they agree, where Debian's
# gcc-aarch64-linux-gnu and qemu-user are installed.
bench-kern: $(BUILD)/plain/build.ninja
	@ninja -C $(BUILD)/plain -j$(JOBS) radio/phy/kern/kern_check
	@sh tools/kern_neon.sh $(BUILD)/kern_neon
	@$(BUILD)/plain/radio/phy/kern/kern_check --bench $(BUILD)/kern_neon/levels

# Longer fuzzing, on demand: make fuzz SECONDS_EACH=3600
SECONDS_EACH ?= 300
fuzz: deps
	@BUILD=$(BUILD) python3 -B tools/run_tests.py --only fuzz --fuzz-seconds $(SECONDS_EACH)

# All unit and scenario tests under sanitizers, with those that `make test` leaves out for their length: half an hour.
san-whole: deps
	@BUILD=$(BUILD) python3 -B tools/run_tests.py --only san-whole

# Chosen faults, planted one at a time: the suite must fail each time.
faults: deps
	@python3 -B tools/plant_faults.py

# Random small faults, one at a time: at least 90 of 100 must be found. An hour or two for 300, and one that was cut goes
# on; COUNT, SEED, ONLY=folder and TESTS=regex (of test names) choose, AGAIN=1 tries those that survived before.
COUNT ?= 300
SEED ?= 1
mutants: deps
	@python3 -B tools/mutants.py --count $(COUNT) --seed $(SEED) $(addprefix --only ,$(ONLY)) $(addprefix --tests ,$(TESTS)) \
		$(if $(AGAIN),--again)

# Two builds of the same commit in two places give the same bytes.
reproduce: deps
	@sh tools/reproduce.sh

# Installs, and does nothing else: make install DESTDIR=... PREFIX=/usr. No test is built for it.
PREFIX ?= /usr/local
UNITS = freehold.service freehold-core.service freehold-upf.service freehold-upf@.service freehold-gnb@.service freehold-cucp@.service freehold-cuup@.service freehold-du@.service \
	freehold-console.service
UNIT_DIR = $(DESTDIR)$(PREFIX)/lib/systemd/system
SHARE = $(DESTDIR)$(PREFIX)/share
program: $(BUILD)/plain/build.ninja
	@ninja -C $(BUILD)/plain -j$(JOBS) apps/freehold
	@rm -rf $(BUILD)/manual && python3 -B tools/manual.py $(BUILD)/plain/apps/freehold $(BUILD)/manual

install: program
	install -D -m 0755 $(BUILD)/plain/apps/freehold $(DESTDIR)$(PREFIX)/bin/freehold
	install -D -m 0644 ops/deploy/systemd/freehold.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/freehold.conf
	install -D -m 0644 ops/deploy/network.yaml $(SHARE)/doc/freehold/examples/network.yaml
	install -D -m 0644 ops/deploy/grafana/freehold.json $(SHARE)/doc/freehold/examples/grafana.json
	@mkdir -p $(UNIT_DIR)
	@for u in $(UNITS); do \
		cat ops/deploy/systemd/$$u ops/deploy/systemd/hardening.conf | sed 's#@BINDIR@#$(PREFIX)/bin#' >$(UNIT_DIR)/$$u && \
		chmod 0644 $(UNIT_DIR)/$$u; \
	done
	@cd $(BUILD)/manual && find . -type f -exec install -D -m 0644 {} $(abspath $(SHARE))/{} \;

# Takes away what `make install` with the same DESTDIR and PREFIX brought; configuration and store stay.
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/freehold $(DESTDIR)$(PREFIX)/lib/sysusers.d/freehold.conf $(addprefix $(UNIT_DIR)/,$(UNITS))
	rm -f $(SHARE)/man/man1/freehold.1 $(SHARE)/man/man1/freehold-*.1 $(SHARE)/man/man5/network.yaml.5 $(SHARE)/man/man5/freehold-metrics.5
	rm -f $(SHARE)/bash-completion/completions/freehold $(SHARE)/zsh/site-functions/_freehold
	rm -rf $(SHARE)/doc/freehold

# build/freehold_VERSION_ARCH.deb
deb:
	@rm -rf $(BUILD)/stage && umask 022 && $(MAKE) -s install DESTDIR=$(abspath $(BUILD))/stage PREFIX=/usr
	@sh tools/deb.sh $(BUILD)/stage $(BUILD)

# The package in a fresh Debian root: installed, upgraded, removed, purged, and run by systemd; the image as a runtime has it. Some minutes, and root.
deb-test: deps deb image
	@sh tools/deps.sh lintian
	@python3 -B tests/package_test.py $(BUILD)
	@python3 -B tests/systemd_test.py $(BUILD)
	@python3 -B tests/image_test.py $(BUILD)/freehold.oci.tar

# An OCI image of the program as an archive: build/freehold.oci.tar. ops/deploy/ has what runs it.
image: program
	@python3 -B tools/image.py $(BUILD)/plain/apps/freehold $$(sh tools/deb_version.sh) $$(sh tools/deb_version.sh --seconds) $(BUILD)/freehold.oci.tar

# An upgrade and the way back while the network is at work: this tree beside another commit, make upgrade-test [BASE=HEAD~10]. A minute, and root.
upgrade-test: program
	@rm -rf $(BUILD)/upgrade-base && git clone -q . $(BUILD)/upgrade-base && git -C $(BUILD)/upgrade-base checkout -q $$(git rev-parse $(BASE))
	@$(MAKE) -s -C $(BUILD)/upgrade-base BUILD=build JOBS=$(JOBS) program >/dev/null
	@python3 -B tests/upgrade_load_test.py $(BUILD)/upgrade-base/build/plain/apps/freehold $(BUILD)/plain/apps/freehold

# A disk image for a bare machine or VM with UEFI: build/freehold-appliance.img; and build/freehold_VERSION_ARCH.update for those that run:
# make appliance-update KEY=FILE. KEY is the Ed25519 key (PEM) whose owner updates them, made where there is none. Some minutes, and root.
KEY ?= $(BUILD)/appliance-key.pem
APPLIANCE_TOOLS = squashfs-tools dosfstools mtools cryptsetup-bin fdisk kmod systemd-boot-efi
appliance appliance-update: deps
	@sh tools/deps.sh $(APPLIANCE_TOOLS)
	@rm -f $(BUILD)/appliance/*.tar
	@$(MAKE) -s deb
	@python3 -B tools/appliance.py $(if $(findstring update,$@),update,image) $(BUILD) $$(ls -t $(BUILD)/freehold_*.deb | head -1) $(KEY)

# The appliance under QEMU: first start, registrations, updates good and bad, the way back. Some twenty minutes without KVM.
appliance-test: deps deb
	@sh tools/deps.sh $(APPLIANCE_TOOLS) qemu-system-x86 ovmf
	@python3 -B tests/appliance_test.py $(BUILD)

clean:
	rm -rf $(BUILD)
