package machine

import (
	"runtime"
	"testing"
	"time"
)

// What is taken and given back shows.
func TestPeak(t *testing.T) {
	const size = 64 << 20
	Settle()
	before := Peak()
	if before < 1<<20 {
		t.Fatalf("%d bytes hold a whole process", before)
	}
	block := make([]byte, size)
	for i := 0; i < size; i += 4096 {
		block[i] = 1
	}
	during := Peak()
	if during < before+size*9/10 {
		t.Errorf("%d bytes before, %d with %d more", before, during, size)
	}
	runtime.KeepAlive(block)
	if runtime.GOOS != "linux" {
		return
	}
	block = nil
	Settle()
	if after := Peak(); after > during-size/2 {
		t.Errorf("%d bytes after, %d before %d were given back", after, during, size)
	}
	if free := Free(); free < 1<<20 {
		t.Errorf("%d bytes free", free)
	}
	began := CPU()
	for end := time.Now().Add(30 * time.Millisecond); time.Now().Before(end); {
	}
	if spent := CPU() - began; spent <= 0 {
		t.Errorf("%v spent in a loop", spent)
	}
}
