package e5

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// kernelSets lists the sets this machine can run, best first.
func kernelSets() []*kernelSet {
	var sets []*kernelSet
	x := cpu.X86
	if x.HasAVX512F && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VL && x.HasAVX512VNNI {
		sets = append(sets, avx512Kernels())
	}
	if x.HasAVX2 && x.HasFMA {
		sets = append(sets, avx2Kernels())
	}
	return append(sets, genericKernels())
}

func avx512Kernels() *kernelSet {
	return &kernelSet{
		name:     "AVX-512 VNNI",
		gemm384:  vnniGemm384[:],
		gemm1536: vnniGemm1536[:],
		quantize: avx512Quantize,
		addNorm:  avx512AddNorm,
		gelu:     avx512GELU,
		scores4:  avx512Scores4,
		scores1:  avx512Scores1,
		softmax:  avx512Softmax,
		attend4:  avx512Attend4,
		attend1:  avx512Attend1,
	}
}

func avx2Kernels() *kernelSet {
	return &kernelSet{
		name:     "AVX2",
		gemm384:  avx2Gemm384[:],
		gemm1536: avx2Gemm1536[:],
		quantize: avx2Quantize,
		addNorm:  avx2AddNorm,
		gelu:     avx2GELU,
		scores4:  avx2Scores4,
		scores1:  avx2Scores1,
		softmax:  avx2MaskedSoftmax,
		attend4:  avx2Attend4,
		attend1:  avx2Attend1,
	}
}

// avx2MaskedSoftmax gives scores that do not exist no weight: AVX2 has no masks.
func avx2MaskedSoftmax(p *float32, n16 int, lastmask int, scale float32) {
	last := unsafe.Slice(p, n16*16)[(n16-1)*16:]
	for i := range last {
		if lastmask>>i&1 == 0 {
			last[i] = -1e30
		}
	}
	avx2Softmax(p, n16*2, scale)
}

// avx2Attend4 takes two queries at a time: AVX2 has 16 registers.
func avx2Attend4(p *float32, tp int, v *float32, vs int, n int, o *float32, os int) {
	avx2Attend2(p, tp, v, vs, n, o, os)
	p = (*float32)(unsafe.Add(unsafe.Pointer(p), 2*4*tp))
	o = (*float32)(unsafe.Add(unsafe.Pointer(o), 2*os))
	avx2Attend2(p, tp, v, vs, n, o, os)
}
