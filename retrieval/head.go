package retrieval

import "math"

// A head is a linear classifier over vectors: the ridge regression of the one-hot procedure on centred vectors of
// the texts by which people call and ask for it (Hoerl and Kennard, 1970). One product of the question's vector with
// its matrix scores all procedures.
type head struct {
	dim     int
	classes int
	weights []float32 // dim × classes
}

// newHead fits a head by the closed form (ZᵀZ + λI)⁻¹ZᵀY; class[i] is the procedure of vectors[i].
func newHead(vectors [][]float32, class []int32, classes int, lambda float64) *head {
	if len(vectors) == 0 {
		return nil
	}
	dim := len(vectors[0])
	gram := make([]float64, dim*dim)
	target := make([]float64, dim*classes)
	for i, v := range vectors {
		for a, x := range v {
			row := gram[a*dim : a*dim+a+1]
			for b := range row {
				row[b] += float64(x) * float64(v[b])
			}
			target[a*classes+int(class[i])] += float64(x)
		}
	}
	for a := range dim {
		gram[a*dim+a] += lambda
	}
	cholesky(gram, dim)
	solve(gram, target, dim, classes)
	h := &head{dim: dim, classes: classes, weights: make([]float32, dim*classes)}
	for i, x := range target {
		h.weights[i] = float32(x)
	}
	return h
}

// cholesky replaces the lower triangle of a symmetric positive definite matrix by its factor L, A = LLᵀ.
func cholesky(a []float64, n int) {
	for j := range n {
		rowJ := a[j*n : j*n+j]
		d := a[j*n+j]
		for _, x := range rowJ {
			d -= x * x
		}
		d = math.Sqrt(d)
		a[j*n+j] = d
		for i := j + 1; i < n; i++ {
			s := a[i*n+j]
			rowI := a[i*n : i*n+j]
			for k, x := range rowJ {
				s -= rowI[k] * x
			}
			a[i*n+j] = s / d
		}
	}
}

// solve replaces b (n × m) by the solution x of LLᵀx = b.
func solve(l, b []float64, n, m int) {
	subtract := func(to, from []float64, by float64) {
		for k := range to {
			to[k] -= by * from[k]
		}
	}
	scale := func(row []float64, by float64) {
		for k := range row {
			row[k] *= by
		}
	}
	for i := range n {
		for k := range i {
			subtract(b[i*m:i*m+m], b[k*m:k*m+m], l[i*n+k])
		}
		scale(b[i*m:i*m+m], 1/l[i*n+i])
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			subtract(b[i*m:i*m+m], b[k*m:k*m+m], l[k*n+i])
		}
		scale(b[i*m:i*m+m], 1/l[i*n+i])
	}
}

// scores are the head's values for a vector, one a procedure.
func (h *head) scores(v []float32) []float32 {
	out := make([]float32, h.classes)
	for a, x := range v {
		row := h.weights[a*h.classes : (a+1)*h.classes]
		for k, w := range row {
			out[k] += x * w
		}
	}
	return out
}
