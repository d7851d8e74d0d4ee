// Package capacity finds out how much planning a machine can do. Growth is the
// law that time and memory follow with size.
package capacity
