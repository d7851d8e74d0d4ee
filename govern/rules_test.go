package govern

import "testing"

func TestDefaultRulesAreValid(t *testing.T) {
	if _, err := ParseYAML(DefaultYAML()); err != nil {
		t.Fatal(err)
	}
}
