package machine

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Resident returns the bytes of memory that this process holds now.
func Resident() int64 { return fromStatus("VmRSS:") }

// Peak returns the most that it held since [Settle], or since it began where
// the system does not forget it.
func Peak() int64 { return fromStatus("VmHWM:") }

func resetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) } // proc(5); else Peak is of the whole life

func fromStatus(key string) int64 {
	if v, ok := kilobytes("/proc/self/status", key); ok {
		return v
	}
	return heap()
}

// Free returns the bytes of memory that a process can still have without
// others giving theirs away, 0 if that is not known: what the system has
// available, and what the limits of the process's group leave.
func Free() int64 {
	free, _ := kilobytes("/proc/meminfo", "MemAvailable:")
	for _, dir := range groups() {
		most, ok := figure(filepath.Join(dir, "memory.max"))
		used, known := figure(filepath.Join(dir, "memory.current"))
		if ok && known {
			free = min(free, max(most-used, 0))
		}
	}
	return free
}

// groups are the folders of this process's control group and of those it lies in.
func groups() []string {
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil
	}
	_, path, ok := strings.Cut(strings.TrimSpace(string(text)), "0::")
	if !ok {
		return nil
	}
	var dirs []string
	for dir := filepath.Clean(path); ; dir = filepath.Dir(dir) {
		dirs = append(dirs, filepath.Join("/sys/fs/cgroup", dir))
		if dir == "/" || dir == "." {
			return dirs
		}
	}
}

func figure(name string) (int64, bool) {
	text, err := os.ReadFile(name)
	if err != nil {
		return 0, false
	}
	v, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64) // "max" is none
	return v, err == nil
}

// kilobytes reads a line like "VmRSS:   1234 kB".
func kilobytes(name, key string) (int64, bool) {
	text, err := os.ReadFile(name)
	if err != nil {
		return 0, false
	}
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
		if f := strings.Fields(s.Text()); len(f) > 1 && f[0] == key {
			v, err := strconv.ParseInt(f[1], 10, 64)
			return v << 10, err == nil
		}
	}
	return 0, false
}

// CPU returns the time of processors that this process has had.
func CPU() time.Duration {
	var r unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
