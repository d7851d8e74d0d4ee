// Package waittest waits in tests for what happens beside them, however slow the machine is. Only tests import it.
package waittest

import (
	"testing"
	"time"
)

// Hanging is after what time something that a test waits for will not happen any more, on a machine that is ever so slow.
const Hanging = 3 * time.Minute

// Until waits until something has happened, or fails after Hanging with what failure says.
func Until(tb testing.TB, happened func() bool, failure func() string) {
	tb.Helper()
	for begun := time.Now(); !happened(); time.Sleep(5 * time.Millisecond) {
		if time.Since(begun) > Hanging {
			tb.Fatal(failure())
		}
	}
}
