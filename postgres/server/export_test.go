//go:build linux

package server

// Install makes root's copy of the binaries.
var Install = install

// WithSystem sets where root keeps that copy.
func WithSystem(o Options, dir string) Options {
	o.system = dir
	return o
}
