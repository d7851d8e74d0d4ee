package lptest

import (
	"math"

	"bremen/lp"
)

// Case is a program with its known answer.
type Case struct {
	Name      string
	Problem   func() *lp.Problem // a new one each time
	Status    lp.Status          // Optimal, Infeasible or Unbounded
	Objective float64            // when Optimal
	Point     []float64          // when there is only one; else nil
	RowDual   []float64          // when there are only these; else nil
	Integer   bool
}

// row of a dense description: lower, upper, then one coefficient per column.
type row struct {
	lower, upper float64
	a            []float64
}

// column of a dense description.
type column struct{ cost, lower, upper float64 }

var inf = lp.Inf

// dense returns a function that makes the program described.
func dense(maximise bool, cols []column, rows ...row) func() *lp.Problem {
	return func() *lp.Problem {
		p := &lp.Problem{Maximise: maximise}
		for _, r := range rows {
			p.AddRow(r.lower, r.upper)
		}
		for j, c := range cols {
			p.AddColumn(c.cost, c.lower, c.upper)
			for i, r := range rows {
				if r.a[j] != 0 {
					p.Entry(i, r.a[j])
				}
			}
		}
		return p
	}
}

// with changes what a description makes.
func with(make func() *lp.Problem, change func(*lp.Problem)) func() *lp.Problem {
	return func() *lp.Problem {
		p := make()
		change(p)
		return p
	}
}

// whole marks all columns as integer.
func whole(p *lp.Problem) {
	for j := range p.Cols() {
		p.SetInteger(j)
	}
}

func cols(c ...column) []column   { return c }
func coef(a ...float64) []float64 { return a }

// chairs is the textbook program of two products and two machines.
var chairs = dense(true, cols(column{30, 0, inf}, column{50, 0, inf}),
	row{-inf, 40, coef(1, 2)}, row{-inf, 50, coef(2, 1)})

// Bank returns all cases. Optima have been found by hand.
func Bank() []Case {
	var all []Case
	for _, part := range [][]Case{plain(), boundary(), hopeless(), integers()} {
		all = append(all, part...)
	}
	return all
}

func plain() []Case {
	return []Case{
		{
			Name: "two products, maximised", Problem: chairs, Status: lp.Optimal, Objective: 1100,
			Point: coef(20, 10), RowDual: coef(70.0/3, 10.0/3),
		},
		{Name: "the same, negated and minimised", Problem: with(chairs, func(p *lp.Problem) {
			p.Maximise, p.Cost[0], p.Cost[1] = false, -30, -50
		}), Status: lp.Optimal, Objective: -1100, Point: coef(20, 10), RowDual: coef(-70.0/3, -10.0/3)},
		{
			Name: "an offset, maximised", Problem: with(chairs, func(p *lp.Problem) { p.Offset = 7.5 }),
			Status: lp.Optimal, Objective: 1107.5,
		},
		{
			Name: "the cheapest mix", Problem: dense(false, cols(column{2, 0, inf}, column{3, 0, inf}),
				row{10, inf, coef(1, 2)}, row{12, inf, coef(2, 1)}),
			Status: lp.Optimal, Objective: 52.0 / 3, Point: coef(14.0/3, 8.0/3), RowDual: coef(4.0/3, 1.0/3),
		},
		{
			Name: "an equation", Problem: dense(false, cols(column{1, 0, inf}, column{4, 0, inf}), row{6, 6, coef(2, 3)}),
			Status: lp.Optimal, Objective: 3, Point: coef(3, 0), RowDual: coef(0.5),
		},
		{
			Name: "an equation with a negative dual", Problem: dense(false, cols(column{1, 1, inf}, column{-2, 0, inf}), row{5, 5, coef(1, 1)}),
			Status: lp.Optimal, Objective: -7, Point: coef(1, 4), RowDual: coef(-2),
		},
		{
			Name: "a range row met at its lower end", Problem: dense(false, cols(column{1, 0, 10}, column{1, 0, 10}), row{3, 8, coef(1, 1)}),
			Status: lp.Optimal, Objective: 3, RowDual: coef(1),
		},
		{
			Name: "a range row met at its upper end", Problem: dense(true, cols(column{1, 0, 10}, column{1, 0, 10}), row{3, 8, coef(1, 1)}),
			Status: lp.Optimal, Objective: 8, RowDual: coef(1),
		},
		{
			Name: "free columns", Problem: dense(false, cols(column{1, -inf, inf}, column{1, -inf, inf}),
				row{2, inf, coef(1, 2)}, row{-3, inf, coef(2, 1)}),
			Status: lp.Optimal, Objective: -1.0 / 3, Point: coef(-8.0/3, 7.0/3), RowDual: coef(1.0/3, 1.0/3),
		},
		{
			Name: "transport", Problem: dense(false,
				cols(column{4, 0, inf}, column{6, 0, inf}, column{9, 0, inf}, column{5, 0, inf}, column{3, 0, inf}, column{8, 0, inf}),
				row{-inf, 20, coef(1, 1, 1, 0, 0, 0)}, row{-inf, 30, coef(0, 0, 0, 1, 1, 1)},
				row{10, 10, coef(1, 0, 0, 1, 0, 0)}, row{25, 25, coef(0, 1, 0, 0, 1, 0)}, row{15, 15, coef(0, 0, 1, 0, 0, 1)}),
			Status: lp.Optimal, Objective: 10*4 + 25*3 + 10*9 + 5*8,
		},
		{
			Name: "coefficients from 1e-5 to 1e5", Problem: dense(false, cols(column{1e5, 0, inf}, column{1e-3, 0, inf}),
				row{1, inf, coef(1e5, 1e-3)}, row{-inf, 500, coef(0, 1)}),
			Status: lp.Optimal, Objective: 1,
		},
	}
}

func boundary() []Case {
	return []Case{
		{
			Name: "a degenerate vertex", Problem: dense(true, cols(column{1, 0, inf}, column{1, 0, inf}),
				row{-inf, 4, coef(1, 0)}, row{-inf, 4, coef(0, 1)}, row{-inf, 8, coef(1, 1)}, row{-inf, 12, coef(1, 2)}),
			Status: lp.Optimal, Objective: 8, Point: coef(4, 4),
		},
		{
			Name: "Beale's example of cycling", Problem: dense(false,
				cols(column{-0.75, 0, inf}, column{150, 0, inf}, column{-0.02, 0, inf}, column{6, 0, inf}),
				row{-inf, 0, coef(0.25, -60, -0.04, 9)}, row{-inf, 0, coef(0.5, -90, -0.02, 3)}, row{-inf, 1, coef(0, 0, 1, 0)}),
			Status: lp.Optimal, Objective: -0.05, Point: coef(0.04, 0, 1, 0),
		},
		{Name: "Klee and Minty's cube", Problem: kleeMinty(8), Status: lp.Optimal, Objective: math.Pow(5, 8)},
		{
			Name: "many optima", Problem: dense(true, cols(column{1, 0, 3}, column{1, 0, 3}), row{-inf, 4, coef(1, 1)}),
			Status: lp.Optimal, Objective: 4, RowDual: coef(1),
		},
		{
			Name: "no costs", Problem: dense(false, cols(column{0, 0, 3}, column{0, -1, inf}), row{1, 2, coef(1, 1)}),
			Status: lp.Optimal, Objective: 0,
		},
		{
			Name: "no rows", Problem: dense(false, cols(column{1, -2, 5}, column{-1, -2, 5}, column{0, -1, inf})),
			Status: lp.Optimal, Objective: -7,
		},
		{Name: "no columns", Problem: dense(false, nil, row{-1, 1, nil}, row{-inf, inf, nil}), Status: lp.Optimal},
		{Name: "nothing at all", Problem: dense(true, nil), Status: lp.Optimal},
		{
			Name: "an empty row and a free row", Problem: dense(true, cols(column{1, 0, 2}), row{-1, 0, coef(0)}, row{-inf, inf, coef(1)}),
			Status: lp.Optimal, Objective: 2, Point: coef(2), RowDual: coef(0, 0),
		},
		{
			Name: "an empty column", Problem: dense(true, cols(column{1, 0, 2}, column{-3, 1, inf}), row{-inf, 1, coef(1, 0)}),
			Status: lp.Optimal, Objective: -2, Point: coef(1, 1), RowDual: coef(1),
		},
		{
			Name: "fixed columns", Problem: dense(false, cols(column{1, 2, 2}, column{1, 0, inf}, column{-5, -1, -1}), row{4, inf, coef(1, 1, 1)}),
			Status: lp.Optimal, Objective: 2 + 3 + 5, Point: coef(2, 3, -1), RowDual: coef(1),
		},
		{
			Name: "upper bounds only", Problem: dense(true, cols(column{1, -inf, 4}, column{2, -inf, 1}), row{-inf, 3, coef(1, 1)}),
			Status: lp.Optimal, Objective: 4, Point: coef(2, 1), RowDual: coef(1),
		},
		{
			Name: "negative bounds", Problem: dense(true, cols(column{-1, -9, -2}, column{1, -5, -1}), row{-8, inf, coef(1, 1)}),
			Status: lp.Optimal, Objective: 6, Point: coef(-7, -1), RowDual: coef(-1),
		},
		{
			Name: "entries that repeat a row, and zeros", Problem: repeated, Status: lp.Optimal, Objective: 1100,
			Point: coef(20, 10), RowDual: coef(70.0/3, 10.0/3),
		},
		{
			Name: "figures of 1e9", Problem: dense(true, cols(column{1, 0, inf}, column{2, 0, 1e9}), row{-inf, 3e9, coef(1, 1)}),
			Status: lp.Optimal, Objective: 4e9, Point: coef(2e9, 1e9), RowDual: coef(1),
		},
	}
}

// repeated is chairs with its coefficients in pieces.
func repeated() *lp.Problem {
	p := &lp.Problem{Maximise: true}
	p.AddRow(-inf, 40)
	p.AddRow(-inf, 50)
	p.AddColumn(30, 0, inf)
	for _, e := range []struct {
		i int
		v float64
	}{{1, 5}, {0, 1}, {1, -3}} {
		p.Entry(e.i, e.v)
	}
	p.AddColumn(50, 0, inf)
	for _, e := range []struct {
		i int
		v float64
	}{{0, 1.5}, {1, 1}, {0, 0.5}, {1, 0}} {
		p.Entry(e.i, e.v)
	}
	return p
}

// kleeMinty returns the cube of n dimensions whose corners the simplex method
// can be made to visit one and all.
func kleeMinty(n int) func() *lp.Problem {
	var c []column
	var r []row
	for j := range n {
		c = append(c, column{math.Pow(2, float64(n-1-j)), 0, inf})
		a := make([]float64, n)
		for k := range j {
			a[k] = math.Pow(2, float64(j-k+1))
		}
		a[j] = 1
		r = append(r, row{-inf, math.Pow(5, float64(j+1)), a})
	}
	return dense(true, c, r...)
}

func hopeless() []Case {
	return []Case{
		{Name: "two rows that contradict", Problem: dense(false, cols(column{1, 0, inf}, column{1, 0, inf}),
			row{5, inf, coef(1, 1)}, row{-inf, 4, coef(1, 1)}), Status: lp.Infeasible},
		{Name: "a row that column bounds cannot meet", Problem: dense(true, cols(column{1, 0, 1}, column{1, 0, 1}),
			row{3, inf, coef(1, 1)}), Status: lp.Infeasible},
		{Name: "a contradiction of free columns", Problem: dense(false, cols(column{0, -inf, inf}, column{0, -inf, inf}),
			row{1, 1, coef(1, -1)}, row{1, 1, coef(-1, 1)}), Status: lp.Infeasible},
		{Name: "a contradiction round a circle", Problem: dense(false, cols(column{0, -inf, inf}, column{0, -inf, inf}, column{0, -inf, inf}),
			row{1, inf, coef(1, -1, 0)}, row{1, inf, coef(0, 1, -1)}, row{1, inf, coef(-1, 0, 1)}), Status: lp.Infeasible},
		{Name: "an empty row that cannot be met", Problem: dense(false, cols(column{1, 0, 1}), row{1, 2, coef(0)}), Status: lp.Infeasible},
		{Name: "no columns, and a row that cannot be met", Problem: dense(false, nil, row{1, 2, nil}), Status: lp.Infeasible},
		{Name: "infeasible, and costs that would go on for ever", Problem: dense(false, cols(column{-1, 0, inf}, column{0, 0, inf}),
			row{1, inf, coef(0, -1)}), Status: lp.Infeasible},
		{Name: "a profit without end", Problem: dense(true, cols(column{1, 0, inf}, column{0, 0, inf}), row{-inf, 1, coef(1, -1)}), Status: lp.Unbounded},
		{Name: "a cost without end", Problem: dense(false, cols(column{1, -inf, inf}, column{1, 0, inf}), row{-inf, 1, coef(1, 1)}), Status: lp.Unbounded},
		{Name: "an empty column without end", Problem: dense(true, cols(column{1, 0, 1}, column{1, 0, inf}), row{-inf, 1, coef(1, 0)}), Status: lp.Unbounded},
		{Name: "no rows, without end", Problem: dense(false, cols(column{-1, 0, inf})), Status: lp.Unbounded},
	}
}

func integers() []Case {
	return []Case{
		{Name: "a knapsack", Integer: true, Problem: with(dense(true,
			cols(column{10, 0, 1}, column{13, 0, 1}, column{18, 0, 1}, column{31, 0, 1}, column{7, 0, 1}, column{15, 0, 1}),
			row{-inf, 30, coef(11, 15, 20, 35, 10, 33)}), whole), Status: lp.Optimal, Objective: 25},
		{Name: "whole numbers, minimised", Integer: true, Problem: with(dense(false, cols(column{2, 0, 50}, column{3, 0, 50}),
			row{10, inf, coef(1, 2)}, row{12, inf, coef(2, 1)}), whole), Status: lp.Optimal, Objective: 18},
		{Name: "half of the columns whole", Integer: true, Problem: with(dense(true, cols(column{5, 0, 9}, column{4, 0, 9}),
			row{-inf, 6, coef(2, 3)}), func(p *lp.Problem) { p.SetInteger(0) }), Status: lp.Optimal, Objective: 15},
		{Name: "no whole number fits", Integer: true, Problem: with(dense(false, cols(column{1, 0, 5}, column{1, 0, 5}),
			row{3, 3, coef(2, 4)}), whole), Status: lp.Infeasible},
	}
}
