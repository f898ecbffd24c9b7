# The developer's interface: `make up` shows the product at work, `make test` proves it. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

PYTHON := .venv/bin/python
CLUSTER ?= dev
export PYTHONPATH := operator
say = @printf '\033[1m==> %s\033[0m\n' "$(1)"

.PHONY: help up down check test test-chaos test-ecosystem test-scale fuzz bench image chart runtime crds reference lock clean docs lint types unit executor-lint

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: .venv/ready ## a Kubernetes, the operator, the example, and three records on their way (CLUSTER=current REGISTRY=host/prefix: on your own)
	$(call say,bringing everything up)
	@$(PYTHON) -m dev.up --cluster "$(CLUSTER)" $(if $(REGISTRY),--registry "$(REGISTRY)")

down: .venv/ready ## stop the development cluster and leave nothing behind
	$(call say,taking the cluster down)
	@$(PYTHON) -m dev.cluster down --purge --name "$(CLUSTER)"

check: lint types executor-lint unit docs ## format, lint, types, layers, unit tests, vectors: under a minute, no root
	$(call say,all checks passed)

docs: .venv/ready ## the documentation as a site, into build/site; a link that leads nowhere fails
	$(call say,documentation)
	@PYTHONPATH=. NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --quiet

lint: .venv/ready
	$(call say,format and lint)
	@.venv/bin/ruff format --check --quiet operator dev tests
	@.venv/bin/ruff check --quiet operator dev tests
	@.venv/bin/lint-imports --no-logo | tail -n 3

types: .venv/ready
	$(call say,types)
	@.venv/bin/mypy
	@MYPYPATH=operator .venv/bin/mypy --strict --explicit-package-bases dev/cluster dev/up

executor-lint: runtimes/executor/node_modules/.ready
	$(call say,lint and types of the executor)
	@npm --prefix runtimes/executor run --silent lint

unit: .venv/ready
	$(call say,unit tests and vectors)
	@.venv/bin/pytest -q tests/unit

test: check ## everything that make check does, and the real parts: Node 14, registry, API server, the whole cluster (root)
	$(call say,executor on the Node.js 14 binary)
	@npm --prefix runtimes/executor test --silent
	$(call say,images)
	@$(PYTHON) -m xkit_operator.image build --out build/oci
	$(call say,the embedded cluster itself)
	@$(PYTHON) -m dev.cluster build
	@.venv/bin/pytest -q tests/cluster
	$(call say,dispatcher with executor; bad input; command line)
	@.venv/bin/pytest -v --durations=10 tests/executor tests/fuzz tests/cli
	$(call say,registry; chart; GitOps tools; API server; operator (three at a time on one cluster: they wait more than they work))
	@export XKIT_TEST_CLUSTER=test-$$$$; \
	  trap '$(PYTHON) -m dev.cluster down --purge --name '$$XKIT_TEST_CLUSTER EXIT; \
	  $(PYTHON) -m dev.cluster up --name $$XKIT_TEST_CLUSTER; \
	  .venv/bin/pytest -v -m alone tests/operator; \
	  .venv/bin/pytest -v --durations=20 --numprocesses=3 --dist=loadfile -m 'not alone' tests/registry tests/chart tests/gitops tests/api tests/operator \
	    tests/chaos/test_faults.py::test_all_kinds_at_once_and_kills_between_them
	$(call say,end to end (on a cluster of its own, since Helm owns the kinds there))
	@.venv/bin/pytest -v --durations=10 tests/e2e

test-chaos: .venv/ready ## kill -9 at every call, faults of network and servers by a SEED, outages, records under load: all of tests/chaos (root)
	$(call say,chaos)
	@export XKIT_TEST_CLUSTER=chaos-$$$$ XKIT_CHAOS_LEDGER=build/chaos/ledger.jsonl SEED=$(or $(SEED),$$RANDOM); rm -f $$XKIT_CHAOS_LEDGER; \
	  trap '$(PYTHON) -m dev.cluster down --purge --name '$$XKIT_TEST_CLUSTER EXIT; \
	  $(PYTHON) -m dev.cluster up --name $$XKIT_TEST_CLUSTER; failed=0; \
	  .venv/bin/pytest -v --numprocesses=4 tests/chaos/test_kills.py tests/chaos/test_faults.py || failed=1; \
	  .venv/bin/pytest -v tests/chaos/test_outages.py tests/chaos/test_records.py || failed=1; exit $$failed

test-ecosystem: .venv/ready ## the product with real programs of others, built the first time (minutes each); root
	$(call say,building what it needs)
	@$(PYTHON) -m tests.ecosystem
	$(call say,with the programs of others)
	@.venv/bin/pytest -v --durations=10 tests/ecosystem

fuzz: .venv/ready ## bad input at the runner's HTTP port for SECONDS=600, by a SEED or a random one
	$(call say,fuzzing the runner)
	@$(PYTHON) -m tests.fuzz --seconds $(or $(SECONDS),600) $(if $(SEED),--seed $(SEED))

test-scale: .venv/ready ## 100, 1,000 and 5,000 Destinations on fake nodes: time, memory, requests, quiet (SIZE=100: one of them; root)
	$(call say,many Destinations)
	@$(PYTHON) -m tests.scale $(SIZE)

bench: .venv/ready ## measure runner, images and scale beside bare Node.js, peers and buildah (BENCH=NAME: one of them), into build/bench
	$(call say,benchmarks)
	@$(PYTHON) -m tests.bench $(BENCH)

image: .venv/ready ## build the runtime and our own images into build/oci (PUSH=host/prefix pushes them; LOCKED=1 REVISION=commit for a release)
	$(call say,building images)
	@$(PYTHON) -m xkit_operator.image build --out build/oci $(if $(LOCKED),--locked) $(if $(REVISION),--revision "$(REVISION)")
	@$(if $(PUSH),$(PYTHON) -m dev.up.images --push "$(PUSH)",true)

chart: .venv/ready ## the chart as a file in build/chart (PUSH=host/prefix: with our images, into a registry, for helm install oci://host/prefix/xkit-operator)
	$(call say,packing the chart)
	@$(if $(PUSH),$(PYTHON) -m xkit_operator.image build --out build/oci $(if $(LOCKED),--locked))
	@$(PYTHON) -m dev.chart $(if $(PUSH),--push "$(PUSH)")

runtime: .venv/ready ## take what Debian has now into the images, record it, and say what changed beside the last commit
	$(call say,renewing the Debian packages of the runtime and of our own images)
	@$(PYTHON) -m xkit_operator.image renew

crds: .venv/ready ## regenerate crds/ and docs/reference/api.md from the models
	$(call say,writing crds/ and docs/reference/api.md)
	@$(PYTHON) -m xkit_operator.api.crd crds
	@$(PYTHON) -m xkit_operator.api.reference docs/reference

reference: .venv/ready ## regenerate docs/reference/cli.md from the commands
	$(call say,writing docs/reference/cli.md)
	@$(PYTHON) -m xkit_operator.cli.reference docs/reference/cli.md

lock: .venv/ready ## pin requirements/*.txt afresh, with hashes
	$(call say,pinning requirements)
	@for set in dispatcher operator dev; do \
	  .venv/bin/uv pip compile -q --upgrade --generate-hashes --python-version 3.11 --no-header --no-annotate \
	    -o requirements/$$set.txt requirements/$$set.in; done

clean: ## remove what was built in this folder (the caches outside stay)
	$(call say,cleaning)
	@rm -rf build .venv runtimes/executor/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/ready: requirements/dev.txt pyproject.toml
	$(call say,installing the Python side into .venv (hash-locked))
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "python3 is older than 3.11: install python3.11 and python3.11-venv"; exit 1; }
	@python3 -m venv .venv || { echo "python3 cannot make a virtual environment: apt-get install python3-venv"; exit 1; }
	@.venv/bin/pip install -q --require-hashes -r requirements/dev.txt
	@.venv/bin/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

runtimes/executor/node_modules/.ready: runtimes/executor/package-lock.json
	$(call say,installing the linters of the executor)
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js 20 or newer"; exit 1; }
	@npm --prefix runtimes/executor ci --silent --no-audit --no-fund
	@touch $@
