// Command gen writes the engine's assembly kernels and their Go declarations.
//
// The assembly is committed; a test compares it with what this program writes.
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	dir := flag.String("dir", ".", "folder of package e5")
	flag.Parse()
	if err := write(*dir, files()); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// files returns every generated file by name.
func files() map[string][]byte {
	return map[string][]byte{
		"kernels_avx512_amd64.s":  avx512(),
		"kernels_avx512_amd64.go": avx512Declarations(),
		"gemm_avx2_amd64.s":       avx2Gemm(),
		"kernels_avx2_amd64.s":    avx2(),
		"kernels_avx2_amd64.go":   avx2Declarations(),
	}
}

func write(dir string, files map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(dir, name), files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}
