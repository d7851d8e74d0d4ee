package postgres

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestDatabasesElsewhereAreVerified(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]bool{
		"postgres:///bremen?host=/run/postgresql":                   true,
		"postgres://localhost/bremen":                               true,
		"postgres://127.0.0.1/bremen?sslmode=prefer":                true,
		"postgres://[::1]/bremen":                                   true,
		"postgres://db.example/bremen?sslmode=verify-full":          true,
		"postgres://db.example/bremen?sslmode=disable":              true,
		"postgres://db.example/bremen":                              false,
		"postgres://db.example/bremen?sslmode=prefer":               false,
		"postgres://db.example/bremen?sslmode=allow":                false,
		"postgres://db.example/bremen?sslmode=require":              false,
		"postgres://localhost,db.example/bremen":                    false,
		"postgres://a.example,b.example/bremen?sslmode=verify-full": true,
	} {
		c, err := pgx.ParseConfig(url)
		if err != nil {
			t.Fatal(err)
		}
		err = CheckTLS(c)
		if (err == nil) != want {
			t.Errorf("%s: %v, want it taken: %v", url, err, want)
		}
		if err != nil && !strings.Contains(err.Error(), "db.example could be") {
			t.Errorf("%s: the error names another host: %v", url, err)
		}
	}
}
