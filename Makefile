# What one types to work on murshid. `make help` lists it.

GOLANGCI_VERSION := v2.15.0
# Debian packages that tests need; .ci/run and root get them by themselves.
TEST_PACKAGES := chromium fonts-noto-core gcc libc6-dev
# Packages whose tests run once more under the race detector: where goroutines
# meet. All of them would take too long on two cores, and kernels and data
# have none.
RACE := assets assistant channels desk postgres web
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
GO_WANTED := $(shell awk '$$1 == "go" { print $$2 }' go.mod)
FUZZTIME := 10s
# Arguments for the server of `make run` and for `go test`.
ARGS :=
TESTFLAGS :=

.DEFAULT_GOAL := help
.PHONY: help setup build run test lint evals bench fuzz setup-test modules need-go

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: modules ## fetch what running needs: Go modules, model, PostgreSQL
	@go run ./cmd/setup

build: need-go ## build bin/murshid
	CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/murshid ./cmd/murshid

run: setup build ## set up, build and start the service (ARGS="--addr …")
	@exec bin/murshid serve $(ARGS)

test: setup-test ## set up what the tests need, then run every test
	go test -count=1 $(TESTFLAGS) ./...
	@if command -v gcc >/dev/null; then \
		packages=$$(go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' $(patsubst %,./%/...,$(wildcard $(RACE)))) && \
		echo "go test -race -count=1 of: $(wildcard $(RACE))" && \
		CGO_ENABLED=1 go test -race -count=1 $(TESTFLAGS) $$packages; \
	else echo "Note: the race detector needs a C compiler and is left out; install gcc and libc6-dev"; fi

lint: need-go ## gofmt, go vet, go mod tidy, golangci-lint
	@unformatted=$$(gofmt -l .) && if [ -n "$$unformatted" ]; then echo "lint: run gofmt -w on:" $$unformatted >&2; exit 1; fi
	go vet ./...
	go mod tidy -diff
	@folder=$$(go run ./cmd/setup --where)/bin/golangci-lint-$(GOLANGCI_VERSION) && \
	if [ ! -x "$$folder/golangci-lint" ]; then \
		echo "Installing golangci-lint $(GOLANGCI_VERSION) …" && \
		GOBIN="$$folder" CGO_ENABLED=0 go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION) || \
		{ echo "lint: golangci-lint cannot be installed: check the network and GOPROXY" >&2; exit 1; }; \
	fi && echo "golangci-lint run" && "$$folder/golangci-lint" run

evals: setup build ## measure the answers on the repository's questions
	bin/murshid evals $(ARGS)

bench: setup ## measure speed and memory
	go run ./cmd/bench $(ARGS)

fuzz: setup ## run each fuzz target for FUZZTIME
	@go test -list '^Fuzz' ./... | \
	awk '/^Fuzz/ { name[++n] = $$1 } /^ok/ { for (i = 1; i <= n; i++) print $$2, name[i]; n = 0 }' | \
	while read -r package name; do \
		echo "$$package $$name"; \
		go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "$$package" || exit 1; \
	done

setup-test: modules ## the set-up of make test alone: setup and the tests' tools
	@go run ./cmd/setup --tools --packages "$(TEST_PACKAGES)"

modules: need-go
	@go mod download || { echo "setup: the Go modules cannot be fetched: check the network and GOPROXY, then run make setup again" >&2; exit 1; }

need-go:
	@command -v go >/dev/null || { echo "Go $(GO_WANTED) or newer is needed and no go command was found: install it and try again" >&2; exit 1; }
	@go list -m >/dev/null 2>&1 || { echo "Go $(GO_WANTED) or newer is needed: here is $$(GOTOOLCHAIN=local go version), and go.mod cannot be read with it" >&2; exit 1; }
