# Bremen. The two commands that matter: make demo, make test.
GO ?= go
export GOFLAGS ?= -buildvcs=false

.PHONY: build assets demo test bench clean
