//go:build !linux

package machine

import "time"

// Resident returns the bytes of memory that this process holds now: Go's, for others are not known.
func Resident() int64 { return heap() }

// Peak is Resident, for the system is not asked.
func Peak() int64 { return heap() }

func resetPeak() {}

// Free is not known.
func Free() int64 { return 0 }

// CPU is not known.
func CPU() time.Duration { return 0 }
