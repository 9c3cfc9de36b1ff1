//go:build !amd64

package e5

// kernelSets lists the sets this machine can run, best first.
func kernelSets() []*kernelSet { return []*kernelSet{genericKernels()} }
