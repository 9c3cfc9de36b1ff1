package e5

import (
	"fmt"
	"math"
	"testing"
)

// keyCounts are numbers of keys around the ends of vectors.
var keyCounts = []int{1, 2, 3, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 100, 511, 512}

func TestScores(t *testing.T) {
	eachSet(t, func(t *testing.T, set *kernelSet) {
		r := random(6)
		for queries, scores := range map[int]scoresFunc{1: set.scores1, 4: set.scores4} {
			for _, n := range keyCounts {
				width := padded(n)
				q, keys := normals(r, queries*rowQKV, 1), normals(r, headDim*width, 1)
				got := normals(r, queries*width, 0)
				scores(&q[0], 4*rowQKV, &keys[0], width, &got[0])
				want := make([]float32, queries*width)
				for i := range want {
					var sum float64
					for d := range headDim {
						sum += float64(q[i/width*rowQKV+d]) * float64(keys[d*width+i%width])
					}
					want[i] = float32(sum)
				}
				near(t, fmt.Sprintf("%d queries, %d keys", queries, n), got, want, 2e-6)
				guarded(t, got, queries*width)
			}
		}
	})
}

func TestSoftmax(t *testing.T) {
	eachSet(t, func(t *testing.T, set *kernelSet) {
		r := random(7)
		for _, n := range keyCounts {
			for _, spread := range []float64{1, 30, 400} {
				width := padded(n)
				p := normals(r, width, spread)
				for i := n; i < width; i++ {
					p[i] = 1e6 // keys that do not exist must not count
				}
				want := softmax64(p[:n], .25)
				set.softmax(&p[0], width/16, 1<<(n-width+16)-1, .25)
				what := fmt.Sprintf("%d keys, spread %g", n, spread)
				near(t, what, p, want, 5e-6)
				guarded(t, p, width)
				var sum float64
				for _, v := range p[:n] {
					sum += float64(v)
				}
				if math.Abs(sum-1) > 1e-5 {
					t.Errorf("%s: probabilities add up to %g", what, sum)
				}
			}
		}
	})
}

// softmax64 is the definition in float64.
func softmax64(scores []float32, scale float64) []float32 {
	top := math.Inf(-1)
	for _, v := range scores {
		top = max(top, float64(v))
	}
	var sum float64
	for _, v := range scores {
		sum += math.Exp((float64(v) - top) * scale)
	}
	out := make([]float32, len(scores))
	for i, v := range scores {
		out[i] = float32(math.Exp((float64(v)-top)*scale) / sum)
	}
	return out
}

func TestAttend(t *testing.T) {
	eachSet(t, func(t *testing.T, set *kernelSet) {
		r := random(8)
		for queries, attend := range map[int]attendFunc{1: set.attend1, 4: set.attend4} {
			for _, n := range keyCounts {
				width := padded(n)
				p, v := normals(r, queries*width, 1), normals(r, n*rowQKV, 1)
				got := untouched(queries * hidden)
				attend(&p[0], width, &v[0], 4*rowQKV, n, &got[0], 4*hidden)
				for i := range queries {
					want := make([]float32, headDim)
					for d := range want {
						var sum float64
						for s := range n {
							sum += float64(p[i*width+s]) * float64(v[s*rowQKV+d])
						}
						want[d] = float32(sum)
					}
					row := got[i*hidden:][:hidden]
					near(t, fmt.Sprintf("%d queries, %d keys, query %d", queries, n, i), row, want, 3e-6)
					guarded(t, row, headDim)
				}
			}
		}
	})
}

func TestExp32(t *testing.T) {
	t.Parallel()
	for x := float32(0); x > -87; x -= .0137 {
		want := math.Exp(float64(x))
		if got := float64(exp32(x)); math.Abs(got-want) > 3e-7*want {
			t.Fatalf("exp(%g) = %g, want %g", x, got, want)
		}
	}
	if got := exp32(-1000); got != 0 {
		t.Errorf("exp(-1000) = %g", got)
	}
}
