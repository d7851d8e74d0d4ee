package report

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"bremen/plan"
)

// schemaError is the first place where a value is not what a schema says.
func schemaError(root, schema map[string]any, value any, path string) error {
	if ref, ok := schema["$ref"].(string); ok {
		def := root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")]
		return schemaError(root, def.(map[string]any), value, path)
	}
	switch schema["type"] {
	case "object":
		o, ok := value.(map[string]any)
		if !ok {
			return fmt.Errorf("%s: got %T, want an object", path, value)
		}
		return objectError(root, schema, o, path)
	case "array":
		list, ok := value.([]any)
		if !ok {
			return fmt.Errorf("%s: got %T, want an array", path, value)
		}
		if n, ok := schema["minItems"].(float64); ok && len(list) != int(n) {
			return fmt.Errorf("%s: got %d items, want %v", path, len(list), n)
		}
		for i, x := range list {
			if err := schemaError(root, schema["items"].(map[string]any), x, fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
		return nil
	}
	return scalarError(schema, value, path)
}

func objectError(root, schema, o map[string]any, path string) error {
	if required, ok := schema["required"].([]any); ok {
		for _, key := range required {
			if _, there := o[key.(string)]; !there {
				return fmt.Errorf("%s: %q is missing", path, key)
			}
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	for key, x := range o {
		sub, known := properties[key].(map[string]any)
		if !known {
			if sub, known = schema["additionalProperties"].(map[string]any); !known {
				return fmt.Errorf("%s: %q is not documented", path, key)
			}
		}
		if err := schemaError(root, sub, x, path+"."+key); err != nil {
			return err
		}
	}
	return nil
}

func scalarError(schema map[string]any, value any, path string) error {
	ok := false
	switch schema["type"] {
	case "string":
		_, ok = value.(string)
	case "boolean":
		_, ok = value.(bool)
	case "number":
		_, ok = value.(float64)
	case "integer":
		x, number := value.(float64)
		ok = number && x == math.Trunc(x)
	}
	if !ok {
		return fmt.Errorf("%s: got %v, want %v", path, value, schema["type"])
	}
	if enum, has := schema["enum"].([]any); has {
		for _, e := range enum {
			if e == value {
				return nil
			}
		}
		return fmt.Errorf("%s: %v is none of %v", path, value, enum)
	}
	return nil
}

// checkDocument tells whether plan.json, as text, is what the schema says.
func checkDocument(t *testing.T, text []byte) error {
	t.Helper()
	b, err := os.ReadFile("../docs/plan.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(b, &schema); err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return schemaError(schema, schema, value, "plan")
}

func TestDocumentFitsItsSchema(t *testing.T) {
	_, d := sample(tiny)
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if err := checkDocument(t, text); err != nil {
		t.Error(err)
	}
	d.Status = "perfect"
	if text, err = json.Marshal(d); err != nil {
		t.Fatal(err)
	}
	if checkDocument(t, text) == nil {
		t.Error("the schema takes a status that there is not")
	}
	if text, err = json.Marshal(plan.Document{Status: plan.Optimal}); err != nil {
		t.Fatal(err)
	}
	if checkDocument(t, text) == nil {
		t.Error("the schema takes null for a list")
	}
}
