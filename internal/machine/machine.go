// Package machine tells what this process takes of the machine, and what there
// is to take: memory that is resident, memory that is free, time of processors.
package machine

import (
	"runtime"
	"runtime/debug"
)

// heap is what Go holds of the machine's memory, where the system is not asked.
func heap() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys - m.HeapReleased)
}

// Settle gives back what is not used any more and begins to measure [Peak] anew.
func Settle() {
	debug.FreeOSMemory()
	resetPeak()
}
