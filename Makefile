# Every target is one line to a script or to cargo. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
export BASE_URL DEMO_USERS E2E_DATABASES SKIP_E2E
WITH_ENV := . scripts/env.sh &&

.PHONY: help run watch test test-install test-containers e2e bench dist fmt lint screenshots torture setup

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

run: ## Install what is missing, build, start the demo (http://127.0.0.1:3000)
	@scripts/run.sh

watch: ## Like run, and again after every change
	@scripts/setup.sh build && scripts/watch.sh

test: ## All tests, on SQLite and PostgreSQL and in a browser (SKIP_E2E=1: without the browser)
	@scripts/test.sh

e2e: ## Browser tests only (BASE_URL=… DEMO_USERS=…: against a demo that runs already)
	@scripts/setup.sh test && { [ -n "$(BASE_URL)" ] || scripts/build.sh; } && scripts/e2e.sh

test-install: ## Try the installer on a throw-away server (SUITE=bookworm, trixie, jammy or noble; ARCHIVE=…, else the one in dist/), as root
	@scripts/test-install.sh $(ARCHIVE)

test-containers: ## Build the images and try the shop in containers (ARCHIVE=…, else the one in dist/; FROM_SOURCE=1), as root
	@FROM_SOURCE=$(FROM_SOURCE) scripts/test-containers.sh $(ARCHIVE)

bench: ## Measure the release build
	@scripts/setup.sh bench && scripts/bench.sh

dist: ## Make dist/: binary, compressed site, installer, archive with checksum (SIGNING_KEY=…: signed)
	@scripts/setup.sh build && scripts/dist.sh

fmt: ## Format the Rust code
	@$(WITH_ENV) cargo fmt --all

lint: ## Format check, clippy for server and browser, shellcheck
	@scripts/lint.sh

screenshots: ## Take the README's pictures
	@scripts/setup.sh test && scripts/build.sh && scripts/screenshots.sh

torture: ## Long runs with faults and kills
	@scripts/setup.sh test && scripts/torture.sh

setup: ## Install what is missing for all of this
	@scripts/setup.sh test && scripts/setup.sh bench
