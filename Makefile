# Every target runs from a fresh clone; `make` alone lists them.
MVN := sh scripts/maven.sh
IMAGE ?= gatesvr:latest
PROGRAMS := gatesvr upstream client monitor gatectl gencerts bench demo demo-ha
SOURCES := $(shell find pom.xml */pom.xml */src/main scripts -type f 2>/dev/null)
JACOCO_CLI := org.jacoco:org.jacoco.cli:0.8.14:jar:nodeps

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup tools deps proto build build-all certs run run-config demo demo-ha test test-long \
  chaos test-cover etcd bench config-table fmt vet lint docker docker-run clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' Makefile

setup: tools deps certs ## everything a new machine needs: check tools, download, build, certificates

tools: ## say which tools are there; fail when one that is needed is missing
	@$(MVN) --version
	@sh scripts/etcd.sh
	@for tool in docker podman shellcheck hadolint etcd; do \
	  printf '%-12s %s\n' "$$tool" "$$(command -v $$tool || echo 'not here (optional)')"; done

# go-offline trips over Netty's platform classifiers; a test run without tests fetches the same.
deps: ## download what the build needs (and compile it)
	@$(MVN) -q test -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false

proto: ## generate code from proto/src/main/proto
	@$(MVN) -q -pl proto compile

build: build/.built ## build the programs into build/ (skipped when nothing changed)

build/.built: $(SOURCES) Makefile
	@echo "building into build/ ..."
	@rm -rf build/.lib
	@$(MVN) -q package -Pdist -Dmaven.test.skip=true
	@rm -rf build/lib && mv build/.lib build/lib
	@cp scripts/find-jdk.sh build/lib/
	@for program in $(PROGRAMS); do \
	  cp scripts/launcher.sh build/$$program && chmod 755 build/$$program || exit 1; done
	@touch $@
	@echo "built: $(addprefix build/,$(PROGRAMS))"

build-all: build ## build, and compile the tests too
	@$(MVN) -q test-compile

certs: build ## make a development certificate in certs/ unless a good one is there
	@build/gencerts --out certs

run: certs ## start a gateway on its embedded defaults
	@exec build/gatesvr

run-config: certs ## start a gateway on test-config.yaml
	@exec build/gatesvr -config test-config.yaml

demo: build ## one gateway, six upstreams, players in every zone; exits 0 when all of it worked
	@exec build/demo

demo-ha: build ## a pair, six upstreams, 200 players: SIGKILL, comeback, switchover; 0 when nothing was lost
	@exec build/demo-ha $(ARGS)

etcd: ## fetch an etcd for the tests of its arbiter, where that is possible
	@sh scripts/etcd.sh

test: etcd ## format check, warnings as errors, architecture rules and all tests but the long ones
	@$(MVN) verify

test-long: etcd ## the tests that take minutes
	@$(MVN) verify -Dgroups=long

chaos: ## the pair as processes under real faults (ARGS="rounds=20 scenario=NAME seed=N")
	@$(MVN) -q test -pl cmd -am -Dtest=ChaosSuiteTest -Dgroups=chaos \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dchaos.args="$(ARGS)"

test-cover: etcd ## run the tests and write coverage to build/coverage/index.html
	@$(MVN) test -Pcover
	@$(MVN) -q dependency:copy -N -Dartifact=$(JACOCO_CLI) -DoutputDirectory=build/tools
	@sh scripts/coverage.sh

bench: build ## measure: gateway against bare Netty (ARGS="..." are passed on)
	@exec build/bench $(ARGS)

config-table: build ## rewrite the table of keys in docs/configuration.md
	@{ sed '/^| key | default/,$$d' docs/configuration.md; build/gatesvr --print-table; } >build/table.md
	@mv build/table.md docs/configuration.md

fmt: ## format the sources
	@$(MVN) -q spotless:apply

vet: ## compile everything with all warnings as errors
	@$(MVN) -q test-compile

lint: ## format check, vet, and the scripts and Dockerfile where their linters are installed
	@$(MVN) -q test-compile spotless:check
	@sh scripts/lint.sh

docker: ## build the image $(IMAGE)
	@sh scripts/docker.sh build $(IMAGE)

docker-run: certs ## run the image $(IMAGE) with certs/
	@sh scripts/docker.sh run $(IMAGE)

clean: ## remove everything that was built (certificates stay)
	rm -rf build */target
