package evals

import "math"

// example is one row of a logistic regression.
type example struct {
	x      []float64
	y      float64 // 0 or 1
	weight float64
}

// regress is logistic regression with an L2 penalty on standardised columns. The result is for the columns as they
// are. The first must be constant; it is not penalised.
func regress(examples []example, penalty float64) []float64 {
	mean, deviation := columns(examples)
	standardised := make([]example, len(examples))
	for i, e := range examples {
		z := make([]float64, len(e.x))
		for k, v := range e.x {
			z[k] = (v - mean[k]) / deviation[k]
		}
		standardised[i] = example{x: z, y: e.y, weight: e.weight}
	}
	w := newton(standardised, penalty)
	for k := 1; k < len(w); k++ {
		w[k] /= deviation[k]
		w[0] -= w[k] * mean[k]
	}
	return w
}

// newton is logistic regression by Newton's method (iteratively reweighted least squares).
func newton(examples []example, penalty float64) []float64 {
	const rounds, free = 10, 1e-6
	n := len(examples[0].x)
	w := make([]float64, n)
	for range rounds {
		hessian, gradient := make([]float64, n*n), make([]float64, n)
		hessian[0] = free
		for k := 1; k < n; k++ {
			hessian[k*n+k], gradient[k] = penalty, -penalty*w[k]
		}
		for _, e := range examples {
			p := probability(logOdds(w, e.x))
			miss, curve := e.weight*(e.y-p), e.weight*math.Max(p*(1-p), free)
			for k, v := range e.x {
				gradient[k] += miss * v
				row, by := hessian[k*n:k*n+k+1], curve*v
				for j := range row {
					row[j] += by * e.x[j]
				}
			}
		}
		for k, move := range solve(hessian, gradient) {
			w[k] += move
		}
	}
	return w
}

// columns are the means and deviations of the columns; the first column stays as it is.
func columns(examples []example) (mean, deviation []float64) {
	n := len(examples[0].x)
	mean, deviation = make([]float64, n), make([]float64, n)
	total := 0.0
	for _, e := range examples {
		total += e.weight
		for k, v := range e.x {
			mean[k] += e.weight * v
		}
	}
	for k := range mean {
		mean[k] /= total
	}
	for _, e := range examples {
		for k, v := range e.x {
			deviation[k] += e.weight * (v - mean[k]) * (v - mean[k])
		}
	}
	for k := range deviation {
		deviation[k] = math.Sqrt(deviation[k]/total) + 1e-6
	}
	mean[0], deviation[0] = 0, 1
	return mean, deviation
}

// solve solves ax = b for a symmetric positive definite a, of which the lower triangle is given, by Cholesky's
// factorisation.
func solve(a, b []float64) []float64 {
	n := len(b)
	x := make([]float64, n)
	copy(x, b)
	for j := range n {
		for i := j; i < n; i++ {
			s := a[i*n+j]
			for k := range j {
				s -= a[i*n+k] * a[j*n+k]
			}
			if i == j {
				a[j*n+j] = math.Sqrt(math.Max(s, 1e-12))
				continue
			}
			a[i*n+j] = s / a[j*n+j]
		}
	}
	for i := range n {
		for k := range i {
			x[i] -= a[i*n+k] * x[k]
		}
		x[i] /= a[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			x[i] -= a[k*n+i] * x[k]
		}
		x[i] /= a[i*n+i]
	}
	return x
}

func probability(odds float64) float64 { return 1 / (1 + math.Exp(-odds)) }

// logOdds of a row under weights.
func logOdds(w, x []float64) float64 {
	sum := 0.0
	for k, v := range x {
		sum += w[k] * v
	}
	return sum
}
