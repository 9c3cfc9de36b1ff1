package e5

import (
	"fmt"
	"math"
)

// pooling averages the rows of windows, each window with the number of its
// content tokens as its weight.
type pooling struct{ sum [hidden]float64 }

// add takes the rows of one window of so many tokens.
func (p *pooling) add(x []float32, tokens int) {
	var rows [hidden]float32
	for t := range tokens {
		for i, v := range x[t*hidden:][:hidden] {
			rows[i] += v
		}
	}
	content := max(tokens-2, 1) // without <s> and </s>
	weight := float64(content) / float64(tokens)
	for i, v := range rows {
		p.sum[i] += float64(v) * weight
	}
}

// unit returns the average as a vector of length 1.
func (p *pooling) unit() ([]float32, error) {
	var square float64
	for _, v := range p.sum {
		square += v * v
	}
	if !(square > 0) || math.IsInf(square, 0) {
		return nil, fmt.Errorf("the weights give no vector: %w", ErrModel)
	}
	length := math.Sqrt(square)
	vector := make([]float32, hidden)
	for i, v := range p.sum {
		vector[i] = float32(v / length)
	}
	return vector, nil
}
