package record

import (
	"strings"
	"testing"
	"time"

	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
)

// A checkpoint of a public log as it was shown, with cosignatures by witnesses of the public witness network, and the
// keys by which log and witnesses are known there.
const (
	shownOrigin = "arche2025h1.staging.ct.transparency.dev"
	shown       = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
`
	shownLog  = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
	remora    = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
	stagemole = "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv"
	smartit   = "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO"
	navigli   = "witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G"
)

// What the public witness network signs is understood.
func TestPublicWitnesses(t *testing.T) {
	t.Parallel()
	c, err := OpenCheckpoint([]byte(shown), shownOrigin, shownLog, navigli, remora, smartit, stagemole)
	if err != nil || c.Size != 1432088532 {
		t.Fatalf("got %+v, %v", c, err)
	}
	want := time.Unix(0x6a122120, 0) // as it stands in their signatures
	names := []string{"witness1.smartit.nu/witness1", "remora.n621.de", "witness.stagemole.eu"}
	if len(c.Cosigned) != len(names) {
		t.Fatalf("got %+v", c.Cosigned)
	}
	for i, s := range c.Cosigned {
		if s.Name != names[i] || !s.Time.Equal(want) {
			t.Errorf("got %+v", s)
		}
	}
	forged := strings.Replace(shown, "1432088532", "1432088533", 1)
	if c, err := OpenCheckpoint([]byte(forged), shownOrigin, shownLog, remora); err == nil {
		t.Errorf("another size: got %+v", c)
	}
	moved := strings.Replace(shown, "2net5wAAAABqEiEg", "2net5wAAAABqEiEh", 1)
	if c, err := OpenCheckpoint([]byte(moved), shownOrigin, shownLog, remora); err == nil {
		t.Errorf("another time: got %+v", c)
	}
}

func TestWitnessKeys(t *testing.T) {
	t.Parallel()
	_, plain, err := NewKey("witness.example")
	if err != nil {
		t.Fatal(err)
	}
	made, err := cosign.VKeyToCosignatureV1(plain)
	if err != nil {
		t.Fatal(err)
	}
	_, quantum, err := cosign.GenerateMLDSAKey("witness.example/q")
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]string{"plain": plain, "type 4": made, "type 6": quantum, "of the network": navigli} {
		if v, err := WitnessVerifier(key); err != nil || v.Name() != key[:strings.Index(key, "+")] {
			t.Errorf("%s: %v", name, err)
		}
	}
	a, errA := WitnessVerifier(plain)
	b, errB := WitnessVerifier(made)
	if errA != nil || errB != nil || a.KeyHash() != b.KeyHash() {
		t.Errorf("a plain key stands for another than the one made of it: %v, %v", errA, errB)
	}
	for name, key := range map[string]string{
		"empty": "", "no key": "witness.example", "a name mistaken": "x" + remora, "a letter mistaken": strings.Replace(remora, "/bL", "/bM", 1),
		"an identifier mistaken": strings.Replace(remora, "da77ade7", "da77ade8", 1), "a plain name mistaken": "x" + plain,
		"too short": "w+00000000+BA==", "of another type": strings.Replace(remora, "+BOvN", "+BevN", 1),
	} {
		if _, err := WitnessVerifier(key); err == nil {
			t.Errorf("%s: %q is taken", name, key)
		}
	}
}

// A cosignature with ML-DSA-44 counts as one with Ed25519 does.
func TestMLDSACosignature(t *testing.T) {
	t.Parallel()
	private, public, err := NewKey("example.org/nordhof")
	if err != nil {
		t.Fatal(err)
	}
	secret, key, err := cosign.GenerateMLDSAKey("witness.example")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	witness, err := cosign.NewSignerForCosignatureV1(secret)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := SignCheckpoint("example.org/nordhof", Head{Size: 5}, signer, witness)
	if err != nil {
		t.Fatal(err)
	}
	c, err := OpenCheckpoint(signed, "example.org/nordhof", public, key)
	if err != nil || len(c.Cosigned) != 1 || time.Since(c.Cosigned[0].Time).Abs() > time.Hour {
		t.Errorf("got %+v, %v", c, err)
	}
}

// No text is taken for a key whose identifier is that of another.
func FuzzWitnessVerifier(f *testing.F) {
	f.Add(navigli)
	f.Add(shownLog)
	f.Fuzz(func(t *testing.T, key string) {
		v, err := WitnessVerifier(key)
		if err == nil && !strings.HasPrefix(key, v.Name()+"+") {
			t.Errorf("%q is a key named %q", key, v.Name())
		}
	})
}
