//go:build linux

package server

import (
	"bytes"
	"maps"
	"os"
	"slices"
	"strconv"
	"syscall"
)

// arguments are those of postgres. They win over every file of the cluster, so
// that an old cluster follows a newer binary. Extra settings win over ours.
func arguments(name string, extra map[string]string) []string {
	set := map[string]string{
		"cluster_name":     name, // by which we know its processes
		"listen_addresses": "",   // no network port
		"jit":              "off",
		"max_connections":  "40",
		"max_wal_size":     "1GB",
		"min_wal_size":     "80MB", // what a full disk has left to recover with
		"shared_buffers":   sharedBuffers(memory()),
		// The log must not hold what people wrote: neither statements nor
		// the values in the details of an error.
		"log_error_verbosity":     "terse",
		"log_min_error_statement": "panic",
		"log_checkpoints":         "off",
	}
	if small("/dev/shm") {
		// Parallel index builds share memory through this folder; that of a
		// container holds 64 MB.
		set["dynamic_shared_memory_type"] = "mmap"
	}
	maps.Copy(set, extra)
	args := []string{"-D", handed, "-k", ".", "-p", "5432"}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		args = append(args, "-c", name+"="+set[name])
	}
	return args
}

// sharedBuffers is sized by the machine's memory in bytes.
func sharedBuffers(memory uint64) string {
	if memory > 2<<30 {
		return "256MB"
	}
	return "64MB"
}

// memory is what the machine has, or the container may use; in bytes.
func memory() uint64 {
	var info syscall.Sysinfo_t
	if err := syscall.Sysinfo(&info); err != nil {
		return 0
	}
	total := uint64(info.Totalram) * uint64(info.Unit) //nolint:unconvert // 32 bits wide on other machines
	for _, file := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		b, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		if limit, err := strconv.ParseUint(string(bytes.TrimSpace(b)), 10, 64); err == nil {
			total = min(total, limit)
		}
	}
	return total
}

// small reports whether a file system has less than 256 MB left or is missing.
func small(path string) bool {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		return true
	}
	return s.Bavail*uint64(s.Bsize) < 256<<20
}
