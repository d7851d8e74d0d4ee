package economy

import (
	"math"
	"slices"

	"bremen/lp/block"
)

// Statistics describe the structure of an economy's techniques. Sums of inputs
// and outputs take all products as counted in one unit, as tables in money are.
type Statistics struct {
	Products     int `json:"products"`
	Techniques   int `json:"techniques"`
	Coefficients int `json:"coefficients"` // of products; outputs count too

	// Filled is the share of all pairs of product and technique in which the
	// product goes in.
	Filled float64 `json:"filled"`
	// Inputs is how many products go into a technique, Users into which share of
	// techniques a product goes. Outputs is how many products a technique makes.
	Inputs  Quantiles `json:"inputs"`
	Users   Quantiles `json:"users"`
	Outputs Quantiles `json:"outputs"`
	// Hubs is the share of all inputs that are of the tenth of products with most users.
	Hubs float64 `json:"hubs"`

	// InputShare is the sum of a technique's inputs per unit of its outputs.
	InputShare Quantiles `json:"input_share"`
	// Largest is the share of the largest input in the sum of inputs, on average.
	Largest float64 `json:"largest"`
	// Spread, Skew and Tails are the standard deviation, skewness and kurtosis
	// of the logarithms of inputs as shares of their technique's inputs. Of a
	// lognormal distribution skewness is 0 and kurtosis 3.
	Spread float64 `json:"spread"`
	Skew   float64 `json:"skew"`
	Tails  float64 `json:"tails"`
	// Popular is the correlation of those logarithms, less their technique's
	// mean, with the logarithm of the product's number of users.
	Popular float64 `json:"popular"`
	// Cycle is the share of products in the largest set of which each takes,
	// directly or not, every other one to make.
	Cycle float64 `json:"cycle"`

	// Labour is the labour per unit of output, of all skills together, by technique;
	// LabourSpread the standard deviation of its logarithm.
	Labour       Quantiles `json:"labour"`
	LabourSpread float64   `json:"labour_spread"`
}

// Quantiles are the 10th, 25th, 50th, 75th and 90th hundredth of a list and its largest.
type Quantiles struct {
	P10  float64 `json:"p10"`
	P25  float64 `json:"p25"`
	P50  float64 `json:"p50"`
	P75  float64 `json:"p75"`
	P90  float64 `json:"p90"`
	Most float64 `json:"most"`
}

func quantiles(v []float64) Quantiles {
	if len(v) == 0 {
		return Quantiles{}
	}
	slices.Sort(v)
	at := func(p float64) float64 { return v[min(len(v)-1, int(p*float64(len(v))))] }
	return Quantiles{at(0.1), at(0.25), at(0.5), at(0.75), at(0.9), v[len(v)-1]}
}

// moments adds up powers of deviations from a first value.
type moments struct{ n, sum, square, cube, fourth float64 }

func (m *moments) add(x float64) {
	m.n++
	m.sum += x
	m.square += x * x
	m.cube += x * x * x
	m.fourth += x * x * x * x
}

// shape returns standard deviation, skewness and kurtosis.
func (m *moments) shape() (spread, skew, tails float64) {
	if m.n == 0 {
		return 0, 0, 0
	}
	mean := m.sum / m.n
	variance := m.square/m.n - mean*mean
	if variance <= 0 {
		return 0, 0, 0
	}
	third := m.cube/m.n - 3*mean*m.square/m.n + 2*mean*mean*mean
	fourth := m.fourth/m.n - 4*mean*m.cube/m.n + 6*mean*mean*m.square/m.n - 3*mean*mean*mean*mean
	spread = math.Sqrt(variance)
	return spread, third / (variance * spread), fourth / (variance * variance)
}

// Measure returns the statistics of an economy. Beside the economy it holds a
// few figures per product and technique.
func (e *Economy) Measure() Statistics {
	m := e.Making.Product
	if m == nil {
		m = &block.Matrix{Rows: len(e.Products), Cols: len(e.Techniques), Start: make([]int32, len(e.Techniques)+1)}
	}
	s := Statistics{Products: m.Rows, Techniques: m.Cols, Coefficients: len(m.Value)}
	users := make([]float64, m.Rows)
	for k, v := range m.Value {
		if v < 0 {
			users[m.Index[k]]++
		}
	}
	s.inputs(e, m, users)
	for i := range users {
		users[i] /= float64(m.Cols)
	}
	total, hubs := 0.0, 0.0
	s.Users = quantiles(users) // sorts them
	for i, u := range users {
		total += u
		if i >= m.Rows-max(1, m.Rows/10) {
			hubs += u
		}
	}
	if total > 0 {
		s.Filled, s.Hubs = total/float64(m.Rows), hubs/total
	}
	s.Cycle = float64(largestCycle(m)) / float64(m.Rows)
	return s
}

// inputs measures technique by technique.
func (s *Statistics) inputs(e *Economy, m *block.Matrix, users []float64) {
	var counts, outputs, shares, labour []float64
	var logs, work moments
	largest, with := 0.0, 0.0
	var xy, xx, yy float64
	for j := range m.Cols {
		in, out, most, makes, count := 0.0, 0.0, 0.0, 0.0, 0.0
		for k := m.Start[j]; k < m.Start[j+1]; k++ {
			if v := m.Value[k]; v < 0 {
				in, count, most = in-v, count+1, math.Max(most, -v)
			} else {
				out, makes = out+v, makes+1
			}
		}
		counts, outputs = append(counts, count), append(outputs, makes)
		if out > 0 {
			shares = append(shares, in/out)
			if e.Making.Labour != nil {
				if l := columnSum(e.Making.Labour, j) / out; l > 0 {
					labour = append(labour, l)
					work.add(math.Log(l))
				}
			}
		}
		if in == 0 {
			continue
		}
		largest, with = largest+most/in, with+1
		meanLog, meanUsers := 0.0, 0.0
		for k := m.Start[j]; k < m.Start[j+1]; k++ {
			if v := m.Value[k]; v < 0 {
				logs.add(math.Log(-v / in))
				meanLog += math.Log(-v) / count
				meanUsers += math.Log(users[m.Index[k]]) / count
			}
		}
		for k := m.Start[j]; k < m.Start[j+1]; k++ {
			if v := m.Value[k]; v < 0 {
				x, y := math.Log(-v)-meanLog, math.Log(users[m.Index[k]])-meanUsers
				xy, xx, yy = xy+x*y, xx+x*x, yy+y*y
			}
		}
	}
	s.Inputs, s.Outputs, s.InputShare, s.Labour = quantiles(counts), quantiles(outputs), quantiles(shares), quantiles(labour)
	s.Spread, s.Skew, s.Tails = logs.shape()
	s.LabourSpread, _, _ = work.shape()
	if with > 0 {
		s.Largest = largest / with
	}
	if xx > 0 && yy > 0 {
		s.Popular = xy / math.Sqrt(xx*yy)
	}
}

// largestCycle returns how many products the largest strongly connected part of
// the graph has in which products lead to the techniques they go into, and these
// to the products they make. It is Tarjan's algorithm (1972) without recursion.
func largestCycle(m *block.Matrix) int {
	next, at := outgoing(m)
	n := m.Rows + m.Cols
	number, low := make([]int32, n), make([]int32, n) // numbers from 1 in order of visit
	open := make([]bool, n)
	cursor := slices.Clone(at[:n])
	var stack, path []int32
	count, best := int32(0), 0
	visit := func(v int32) {
		count++
		number[v], low[v], open[v] = count, count, true
		stack, path = append(stack, v), append(path, v)
	}
	for root := range int32(m.Rows) {
		if number[root] > 0 {
			continue
		}
		visit(root)
		for len(path) > 0 {
			v := path[len(path)-1]
			if cursor[v] < at[v+1] {
				w := next[cursor[v]]
				cursor[v]++
				if number[w] == 0 {
					visit(w)
				} else if open[w] {
					low[v] = min(low[v], number[w])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				up := path[len(path)-1]
				low[up] = min(low[up], low[v])
			}
			if low[v] == number[v] {
				products := 0
				for {
					w := stack[len(stack)-1]
					stack = stack[:len(stack)-1]
					open[w] = false
					if int(w) < m.Rows {
						products++
					}
					if w == v {
						break
					}
				}
				best = max(best, products)
			}
		}
	}
	return best
}

// outgoing returns the edges of that graph: those of node v are
// next[at[v]:at[v+1]]. Products come first, then techniques.
func outgoing(m *block.Matrix) (next []int32, at []int) {
	at = make([]int, m.Rows+m.Cols+1)
	from := func(j int, k int32) (int, int32) {
		if m.Value[k] < 0 {
			return int(m.Index[k]), int32(m.Rows + j)
		}
		return m.Rows + j, m.Index[k]
	}
	for j := range m.Cols {
		for k := m.Start[j]; k < m.Start[j+1]; k++ {
			v, _ := from(j, k)
			at[v+1]++
		}
	}
	for v := range m.Rows + m.Cols {
		at[v+1] += at[v]
	}
	next = make([]int32, len(m.Value))
	fill := slices.Clone(at)
	for j := range m.Cols {
		for k := m.Start[j]; k < m.Start[j+1]; k++ {
			v, w := from(j, k)
			next[fill[v]] = w
			fill[v]++
		}
	}
	return next, at
}
