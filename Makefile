# Bremen. The two commands that matter: make demo, make test.
#
# Both do all their set-up on a fresh machine with Go, Node/npm, a C compiler
# and apt; what npm brings is listed in package-lock.json.
GO       ?= go
# Inputs tried by each fuzz target: counted, since a run that is ended by the clock
# while it minimises an input fails.
FUZZTIME ?= 1500x
# Longest that one package's tests may take.
TIMEOUT  ?= 14m
export GOFLAGS ?= -buildvcs=false

SHELL      := bash
.SHELLFLAGS := -euo pipefail -c
SUDO       := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

MODULE := lp/highs/module/highs.wasm
BUNDLE := report/assets/.made
SCRIPT := serve/page/assets/page.js

.PHONY: build assets demo test check race race-cmd race-serve race-lp race-record fuzz bench bench-economy torture namespaces chromium postgres clean
.DEFAULT_GOAL := build

# ---- what is built --------------------------------------------------------

build: assets
	$(GO) build -o bin/bremen ./cmd/bremen

# What is taken from npm and embedded into the program; none of it is committed.
assets: $(MODULE) $(BUNDLE) $(SCRIPT)

node_modules/.made: package.json package-lock.json
	npm ci --no-audit --no-fund --ignore-scripts
	@touch $@

$(MODULE): node_modules/.made $(wildcard lp/highs/gen/*.go)
	$(GO) run ./lp/highs/gen -from node_modules/highs -to lp/highs/module
	@touch $@

$(BUNDLE): node_modules/.made $(wildcard internal/bundle/* report/src/*)
	$(GO) run ./internal/bundle -from report/src -to report/assets main.js=report.js early.js report.css list.css
	@touch $@

$(SCRIPT): node_modules/.made $(wildcard internal/bundle/* serve/page/src/*)
	$(GO) run ./internal/bundle -from serve/page/src -to serve/page/assets main.js=page.js page.css
	@touch $@

# ---- to see it ------------------------------------------------------------

demo: build
	bin/bremen demo -o out/region

# ---- to check it ----------------------------------------------------------

# The tests come last, so that what failed stands at the end; plan, which takes
# longest, first among them, so that no processor is idle at the end. Before them
# the fuzz targets and the race detector's tests, two at a time, each waiting much.
test: assets chromium postgres check
	@$(MAKE) --no-print-directory -j2 -O fuzz $(RACES)
	$(GO) test -timeout $(TIMEOUT) ./plan ./...
	@$(MAKE) --no-print-directory namespaces

# Three machines, as network namespaces, compute one series: one is killed, one cut off. Making namespaces takes root, and a
# container may not be let; then it is said, last of all, that this was not checked.
namespaces: assets postgres
	@command -v ip >/dev/null || \
		{ $(SUDO) apt-get update -q && $(SUDO) DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends iproute2; }
	@mkdir -p bin && $(GO) test -c -o bin/namespaces.test ./cmd/bremen
	@if $(SUDO) ip netns add bremen-try && $(SUDO) ip netns del bremen-try; then \
		cd cmd/bremen && $(SUDO) env "PATH=$$PATH" BREMEN_NAMESPACES=1 ../../bin/namespaces.test -test.v -test.timeout $(TIMEOUT) -test.run '^TestSeriesOnThreeMachines$$'; \
	else \
		printf '\n%s\n' "NOT CHECKED: a series on three machines. Network namespaces cannot be made here (ip netns add, as root)." >&2; \
	fi

check: assets
	@bad=$$(gofmt -l $$($(GO) list -f '{{.Dir}}' ./...)); \
		[ -z "$$bad" ] || { echo "not formatted by gofmt:"; echo "$$bad"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

# Where goroutines share something: the solver's pool, and the program where it
# is stopped or plans several things side by side.
RACES := race-cmd race-serve race-lp race-record
race: $(RACES)
race-cmd: assets
	$(GO) test -race -short -timeout $(TIMEOUT) -run 'Stopped|TestScript/^(plan|whatif)' ./cmd/bremen
race-serve: assets
	$(GO) test -race -short -timeout $(TIMEOUT) ./serve ./serve/jobs
race-lp: assets
	$(GO) test -race -short -timeout $(TIMEOUT) ./lp/highs
race-record: assets
	$(GO) test -race -timeout $(TIMEOUT) -run 'TestStore|Share' ./record/sqlite ./record/postgres

# Every fuzz target for a moment, after its seeds. Those of a package share one program, since linking takes longer.
fuzz: assets
	@tmp=$$(mktemp -d); trap 'rm -rf "$$tmp"' EXIT; \
	cache=$$($(GO) env GOCACHE)/fuzz/$$($(GO) list -m); \
	grep -rl --include='*_test.go' --exclude-dir=node_modules '^func Fuzz' . | xargs -n 1 dirname | sort -u | \
	while read -r dir; do \
		$(GO) test -c -fuzz . -o "$$tmp/test" "$$dir" </dev/null; \
		cat "$$dir"/*_test.go | sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' | sort | \
		while read -r name; do \
			echo "fuzz $$dir $$name"; \
			(cd "$$dir" && exec "$$tmp/test" -test.run '^$$' -test.fuzz "^$$name\$$" -test.fuzztime $(FUZZTIME) -test.fuzzminimizetime 5x \
				-test.fuzzcachedir "$$cache/$$dir") </dev/null >"$$tmp/log" 2>&1 || { cat "$$tmp/log"; exit 1; }; \
		done; \
	done

bench: build
	$(GO) test -run '^$$' -bench . -benchtime 1x -timeout 60m ./...
	cd record/bench && $(GO) test -run '^$$' -bench . -benchtime 1x -timeout 20m ./...

# Plans of whole economies beside HiGHS, for docs/capacity.md; takes hours. ECONOMY="-sizes 1e5 -runs 1" does less.
bench-economy: assets
	$(GO) run ./bench/economy $(ECONOMY)

# Processes killed a thousand times and every byte changed once; the tests do some of it.
torture: assets postgres
	BREMEN_TORTURE=1000 $(GO) test -v -timeout 60m -run 'Killed|Tampered|PowerLost' ./record/sqlite ./record/postgres
	BREMEN_TORTURE=100 $(GO) test -v -timeout 60m -run 'Killed' ./cmd/bremen
	BREMEN_TORTURE=1 $(GO) test -v -timeout 60m ./audit

# The pictures of the report are looked at in a browser.
chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null || \
		{ $(SUDO) apt-get update -q && $(SUDO) DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium; }

# A real database to keep records in.
postgres:
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
		{ $(SUDO) apt-get update -q && $(SUDO) DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends postgresql; }

clean:
	rm -rf bin out node_modules lp/highs/module report/assets serve/page/assets/page.*
