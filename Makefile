# The project's commands. `make demo` and `make test` are the two of the README; `make check` is what CI runs.
.PHONY: demo test check build release deb deb-arm64 test-deb exposure format lint size integration latency faults fuzz kill-test storage-faults offline chaos fleet rules-long lab-lines memory soak lab lab-power lab-latency lab-soak bench bench-rules bench-collectd wiring contract clean

SWIFT ?= swift
RELEASE = .build/release/edge-agent
FORMATTED = Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources Fuzz/Package.swift Fuzz/Sources/ParserFuzz lab/lines/Package.swift

demo: ## A simulated home around the real agent, a private broker, and somebody who answers.
	@scripts/install-packages build broker
	@$(MAKE) --no-print-directory release
	@scripts/demo $(RELEASE)

# Not --build-tests: that builds what the dependencies carry for themselves, too, protoc first of all.
test: ## Every test that ends within ten minutes; installs what they need.
	@scripts/install-packages build broker tests
	$(SWIFT) build --product edge-agentPackageTests
	$(SWIFT) test --skip-build --no-parallel
	@$(MAKE) --no-print-directory size exposure
	@scripts/check-descriptions $(RELEASE).stripped
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target integration memory

# The guest of lab-lines is an amd64 machine's own kind.
check: lint test $(if $(filter x86_64,$(shell uname -m)),lab-lines) ## Format, shell scripts, links, tests, size, samples, real lines: what CI runs.
	@echo "check: all good"

build:
	@scripts/install-packages build
	$(SWIFT) build

release: ## The stripped release binary with a static Swift runtime.
	@scripts/install-packages build
	$(SWIFT) build $$(cat scripts/release-options)
	@strip -o $(RELEASE).stripped $(RELEASE)

size: release ## Prints the binary's size and refuses ICU data and more than 24 MB.
	@scripts/check-size $(RELEASE).stripped

exposure: ## What systemd thinks could be reached through a broken-into agent: at most 1.5.
	@scripts/install-packages exposure
	@scripts/check-exposure

deb: release ## The Debian package for this machine and its release, in .build/packages.
	@scripts/install-packages package
	@scripts/package

deb-arm64: ## The package for boards with Debian 13, cross-built; as root. The first run fetches 1.3 GB.
	@scripts/install-packages build package roots
	scripts/cross-build arm64
	@scripts/package arm64

test-deb: release ## Installs, upgrades, removes and purges packages in clean roots of this Debian and of Debian 13 (amd64); as root.
	@scripts/install-packages package roots
	scripts/test-package "$$(scripts/package)"
	scripts/cross-build amd64
	scripts/test-package "$$(scripts/package amd64)"

integration: release ## The release binary against pymodbus, socat, mosquitto with TLS, and the reference receiver with PostgreSQL.
	@scripts/install-packages broker tests cloud
	@scripts/integration $(RELEASE).stripped

latency: ## Panic edge to siren, commit and broker: 1,000 presses, printed as a table (part of `make test`).
	@scripts/install-packages build broker
	$(SWIFT) test --no-parallel --filter LatencyTests

faults: ## 100,000 exchanges with misbehaving meters over a pseudo-terminal, TCP and RTU inside TCP; EDGE_AGENT_SEED repeats a run.
	@scripts/install-packages build
	EDGE_AGENT_EXCHANGES=34000 $(SWIFT) test --filter FaultRunTests

fuzz: ## Ten minutes of libFuzzer over every parser that faces the network; EDGE_AGENT_SEED repeats a run.
	@scripts/install-packages build
	scripts/fuzz

kill-test: ## An outbox under load, killed with SIGKILL 1,000 times; EDGE_AGENT_SEED repeats a run (10 minutes).
	@scripts/install-packages build
	$(SWIFT) build --product edge-agentPackageTests
	EDGE_AGENT_KILLS=1000 $(SWIFT) test --skip-build --no-parallel --filter KillTests

storage-faults: ## Errors, a full disk and a power cut at every single write and sync of an outbox (15 minutes).
	@scripts/install-packages build
	$(SWIFT) build --product edge-agentPackageTests
	EDGE_AGENT_EVERY_FAULT=1 $(SWIFT) test --skip-build --no-parallel --filter DiskFaultTests

offline: ## Thirty days of a large home without a network, in virtual time (5 minutes).
	@scripts/install-packages build
	$(SWIFT) build --product edge-agentPackageTests
	EDGE_AGENT_DAYS=30 $(SWIFT) test --skip-build --no-parallel --filter OfflineTests

fleet: release ## 2,000 light hubs against a private mosquitto that is killed and comes back, and a power cut: 5 % a second, p99 5 s (5 minutes).
	@scripts/install-packages broker
	@scripts/fleet $(RELEASE).stripped

chaos: ## 1,000 storms between agent and broker, from a printed seed on; EDGE_AGENT_SEED repeats one (6 minutes).
	@scripts/install-packages build broker
	$(SWIFT) build --product edge-agentPackageTests
	EDGE_AGENT_CHAOS=1000 $(SWIFT) test --skip-build --no-parallel --filter ChaosTests

rules-long: ## Twenty-five random homes each: power cuts, clocks that are set, readings that are missing, snapshots (10 minutes).
	@scripts/install-packages build
	$(SWIFT) build --product edge-agentPackageTests
	EDGE_AGENT_RULE_SEEDS=25 $(SWIFT) test --skip-build --no-parallel --filter 'LocalRulesTests.(PropertyTests|PowerCutTests|ClockStepTests|CoverageTests|StepSweepTests)'

lab-lines: ## The lines' tests on a real kernel's simulated chips, in an emulated guest, with libgpiod 1.6 and 2.2; fetches 225 MB once.
	@scripts/install-packages build lab-lines
	@lab/lines/run

memory: release ## One minute of the demo's home; prints the resident memory and refuses more than 20 MB.
	@scripts/install-packages broker
	@scripts/soak $(RELEASE).stripped 60

soak: release ## Ten minutes of the demo's home; prints the resident memory.
	@scripts/soak $(RELEASE).stripped

lab: deb-arm64 ## The arm64 package on a virtual board with systemd, moved by its pins, dongle, cable and plug; as root.
	@scripts/install-packages lab tests
	lab/board-lab walk

lab-power: deb-arm64 ## 50 power cuts of the virtual board; EDGE_AGENT_SEED repeats a run, EDGE_AGENT_CUTS says how many; as root.
	@scripts/install-packages lab tests
	lab/board-lab power

lab-latency: deb-arm64 ## 200 presses: pin to siren and to broker, beside gpiomon with mosquitto_pub and mqtt-io; as root.
	@scripts/install-packages lab tests
	lab/board-lab latency

lab-soak: deb-arm64 ## Ten minutes of the virtual board with two meters and eight lines: memory, threads, descriptors, CPU; as root.
	@scripts/install-packages lab tests
	lab/board-lab soak

bench: ## The bus engine in numbers: against plain C, few requests against many, how full a line gets (2 minutes).
	@scripts/install-packages build
	@$(SWIFT) build -c release --package-path Benchmarks
	@Benchmarks/.build/release/BusBenchmark

bench-rules: ## The rules in numbers: a year of ten signals through twelve rules; readings a second, allocations, memory (1 minute).
	@$(SWIFT) build -c release --package-path Benchmarks --product RulesBenchmark
	@Benchmarks/.build/release/RulesBenchmark

bench-collectd: release ## The agent beside collectd, the same work: CPU and memory (3 minutes).
	@scripts/install-packages broker tests bench
	@scripts/benchmark-collectd $(RELEASE).stripped

lint: ## Format, house rules, translations, and that the boards' pages are what their files say.
	@scripts/install-packages build lint
	$(SWIFT) format lint --strict --recursive --parallel $(FORMATTED)
	shellcheck $$(grep -lE '^#!.*(bash|sh)$$' scripts/*) .ci/run lab/lines/run lab/lines/prepare lab/lines/init lab/board-lab lab/board/image lab/board/lines-disk lab/board/guest/init lab/board/guest/shell
	scripts/check-house-rules
	scripts/check-translations
	docs/boards/generate-pages --check

format:
	$(SWIFT) format --in-place --recursive --parallel $(FORMATTED)

wiring: ## Writes docs/boards from board-configs again (needed only after a change there).
	docs/boards/generate-pages

contract: ## Generates Swift and the JSON schema from contract/*.proto again (needed only after a change there).
	@scripts/install-packages cloud
	scripts/contract-schema
	scripts/generate-contract

clean:
	rm -rf .build Benchmarks/.build
