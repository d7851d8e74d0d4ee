// Package serve is the server of networks: pages, sign-in, the record over HTTP, and the API.
//
// Start with [New], which makes an http.Handler of a commons, and [Options]. [Server.Keep] does what has to be done now and
// then: checkpoints, and forgetting what ran out. A network lives under the last part of its origin: /nordhof/ for
// example.org/nordhof.
//
// It holds no domain logic: what may be stated, and what follows, is in packages govern and commons; what pages look like
// in serve/page. What it keeps itself are sessions, single-use codes and answers to repeated requests ([Store]), nothing
// that a network decides by. docs/serve.md is for operators, docs/security.md says against what it protects, and how.
package serve
