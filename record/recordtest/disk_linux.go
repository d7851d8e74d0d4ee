package recordtest

import (
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// aloneIn names in the environment the test that runs in a process of its own.
const aloneIn = "BREMEN_TEST_ALONE"

// Alone runs a test once more in a process of its own, in which [SmallDisk] works, and fails the test where that one does.
// It returns true in that process; in the first one the test is then done.
func Alone(t *testing.T) bool {
	t.Helper()
	if os.Getenv(aloneIn) == t.Name() {
		return true
	}
	for _, attr := range []*syscall.SysProcAttr{
		{Cloneflags: syscall.CLONE_NEWNS},
		{
			Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS, AmbientCaps: []uintptr{21}, // CAP_SYS_ADMIN, there alone
			UidMappings: []syscall.SysProcIDMap{{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: os.Getgid(), HostID: os.Getgid(), Size: 1}},
		},
		{},
	} {
		var said strings.Builder
		cmd := exec.Command("/proc/self/exe", "-test.run=^"+regexp.QuoteMeta(t.Name())+"$", "-test.v")
		cmd.Env, cmd.SysProcAttr = append(os.Environ(), aloneIn+"="+t.Name()), attr
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Start(); err != nil {
			continue // this user may not do that
		}
		if err := cmd.Wait(); err != nil {
			t.Fatalf("%v\n%s", err, said.String())
		}
		t.Log(said.String())
		return false
	}
	t.Fatal("no process can be started")
	return false
}

// SmallDisk returns an empty folder on a disk of so many bytes, in a test that is [Alone]. Where no disk can be made no file
// there can grow beyond a quarter of them; real tells which.
func SmallDisk(t *testing.T, size int64) (dir string, real bool) {
	t.Helper()
	dir = t.TempDir()
	// Nothing of this is to be seen outside.
	err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "")
	if err == nil {
		err = syscall.Mount("tmpfs", dir, "tmpfs", 0, "mode=777,size="+strconv.FormatInt(size, 10))
	}
	if err == nil {
		t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
		return dir, true
	}
	t.Logf("no disk can be mounted here (%v): a limit on the size of files stands in for it", err)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	before := limit.Cur
	limit.Cur = uint64(size / 4)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		limit.Cur = before
		syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit)
	})
	return dir, false
}

// Closed has a disk of [SmallDisk] take no more writing.
func Closed(t *testing.T, dir string) {
	t.Helper()
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
}
