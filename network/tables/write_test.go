package tables

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"bremen/network"
)

var errFull = errors.New("no space left on device")

func TestAFailedWriteLeavesWhatWasThere(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.xlsx")
	if err := os.WriteFile(name, []byte("before"), 0o644); err != nil {
		t.Fatal(err)
	}
	err := writeFile(name, func(w io.Writer) error {
		if _, err := w.Write(make([]byte, 1<<20)); err != nil {
			return err
		}
		return errFull
	})
	if !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
	if text, _ := os.ReadFile(name); string(text) != "before" {
		t.Errorf("the file holds %q", text)
	}
	if left, _ := os.ReadDir(filepath.Dir(name)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAFolderIsNotWrittenOverAFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "net")
	if err := os.WriteFile(name, []byte("before"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Write(name, &network.Network{}); err == nil {
		t.Error("no error")
	}
	if text, _ := os.ReadFile(name); string(text) != "before" {
		t.Errorf("the file holds %q", text)
	}
	if left, _ := os.ReadDir(filepath.Dir(name)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWritingWhereNothingCanBeWritten(t *testing.T) {
	for _, name := range []string{"missing/net", "missing/net.xlsx"} {
		if err := Write(filepath.Join(t.TempDir(), name), &network.Network{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestNumbersOfBothLanguages(t *testing.T) {
	tests := []struct {
		in    string
		comma bool
		want  float64
		code  network.Code
	}{
		{"1.5", false, 1.5, ""},
		{"1,5", true, 1.5, ""},
		{"1.234,5", true, 1234.5, ""},
		{"1,234.5", false, 1234.5, ""},
		{"1.234.567", true, 1234567, ""},
		{"-1.234.567,25", true, -1234567.25, ""},
		{"−3", false, -3, ""},
		{"1e-7", true, 1e-7, ""},
		{"123456789012345", false, 123456789012345, ""},
		{"0.30000000000000004", false, 0.30000000000000004, ""},
		{"100000000000000000000", false, 1e20, ""},
		{"1.234", true, 0, network.CodeAmbiguousNumber},
		{"1,234", false, 0, network.CodeAmbiguousNumber},
		{"1,5", false, 0, network.CodeComma},
		{"0,500", false, 0, network.CodeComma},
		{"1.234,5", false, 0, network.CodeComma},
		{"1.5", true, 0, network.CodePoint},
		{"1,234.5", true, 0, network.CodePoint},
		{"12.34.56", true, 0, network.CodeNumber},
		{"1234567890.12345678", false, 0, network.CodeDigits},
		{"0.1234567890123456789", false, 0, network.CodeDigits},
		{"1e999", false, 0, network.CodeNotFinite},
		{"1e-999", false, 0, network.CodeNotFinite},
		{"0x10", false, 0, network.CodeNumber},
		{"1_000", false, 0, network.CodeNumber},
		{"NaN", false, 0, network.CodeNumber},
		{"Inf", true, 0, network.CodeNumber},
		{"1 000", false, 0, network.CodeNumber},
		{".", false, 0, network.CodeNumber},
		{"", false, 0, network.CodeNumber},
		{"1e", false, 0, network.CodeNumber},
		{"--1", false, 0, network.CodeNumber},
	}
	for _, tt := range tests {
		got, err := parseNumber(tt.in, tt.comma)
		if tt.code == "" && (err != nil || got != tt.want) || tt.code != "" && (err == nil || asMistake(err).Code != tt.code) {
			t.Errorf("parseNumber(%q, %v) = %v, %v; want %v %s", tt.in, tt.comma, got, err, tt.want, tt.code)
		}
	}
}
