//go:build !unix

package sqlite

func isReadOnly(error) bool { return false }
