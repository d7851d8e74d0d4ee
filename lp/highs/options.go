package highs

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"bremen/lp"
)

// tolerance is what o asks for, with the default filled in.
func tolerance(o lp.Options) float64 {
	if o.Tolerance > 0 {
		return o.Tolerance
	}
	return 1e-7
}

// method chooses the algorithm for p.
func method(p *lp.Problem, o lp.Options) lp.Method {
	switch {
	case integral(p):
		return lp.Simplex
	case o.Method == lp.Sharp:
		return lp.Interior
	case o.Method != lp.Auto:
		return o.Method
	case o.Basis != nil || p.NNZ() < simplexBelow:
		return lp.Simplex
	}
	return lp.Interior
}

// simplexBelow is the number of entries below which Auto takes the simplex
// method. Which is faster depends on the program more than on its size: of two
// generators of plans, one had interior points ahead from 10^4 entries on (6
// times at 10^5), the other the simplex method up to 3·10^5 (6 times).
const simplexBelow = 10_000

// mostInterior is the limit of interior point iterations: IPX takes 20 to 100
// for programs that it can solve, and for ever for some that it cannot.
const mostInterior = 500

func integral(p *lp.Problem) bool {
	for _, is := range p.Integer {
		if is {
			return true
		}
	}
	return false
}

// configure sets all options of one solve, whatever was set before.
func (in *instance) configure(p *lp.Problem, o lp.Options, m lp.Method) error {
	if err := in.do("Highs_resetOptions"); err != nil {
		return err
	}
	tol := tolerance(o)
	feasibility := min(max(tol, 1e-10), 1)
	set := []error{
		in.setBool("output_flag", o.Progress != nil),
		in.setInt("threads", 1),
		in.setText("parallel", "off"),
		in.setDouble("small_matrix_value", 1e-12),
		in.setDouble("primal_feasibility_tolerance", feasibility),
		in.setDouble("dual_feasibility_tolerance", feasibility),
		in.setDouble("ipm_optimality_tolerance", min(max(tol/10, 1e-12), 1)),
		in.setTimeLimit(o.Work),
	}
	switch m {
	case lp.Simplex:
		if !integral(p) {
			set = append(set, in.setText("solver", "simplex"))
		}
	case lp.Interior:
		set = append(set, in.setText("solver", "ipx"), in.setText("run_crossover", "off"), in.setInt("ipm_iteration_limit", mostInterior))
	case lp.Exact:
		set = append(set, in.setText("solver", "ipx"), in.setText("run_crossover", "on"), in.setInt("ipm_iteration_limit", mostInterior))
	default:
		return fmt.Errorf("unknown method %q", m)
	}
	if o.Presolve != nil {
		set = append(set, in.setText("presolve", map[bool]string{true: "on", false: "off"}[*o.Presolve]))
	}
	if integral(p) {
		set = append(set, in.setDouble("mip_rel_gap", mipGap(o)), in.setDouble("mip_feasibility_tolerance", feasibility))
	}
	set = append(set, in.setExtra(o.Extra))
	return errors.Join(set...)
}

// setTimeLimit bounds the next run in the solver's clock, which counts on over
// the life of the instance.
func (in *instance) setTimeLimit(work time.Duration) error {
	if work <= 0 {
		return in.setDouble("time_limit", noLimit)
	}
	spent, err := in.raw("Highs_getRunTime", in.ptr)
	if err != nil {
		return err
	}
	return in.setDouble("time_limit", math.Float64frombits(spent)+work.Seconds())
}

// setExtra sets options under the solver's own names, in order of their names.
func (in *instance) setExtra(extra map[string]string) error {
	for _, k := range slices.Sorted(maps.Keys(extra)) {
		if err := in.setAny(k, extra[k]); err != nil {
			return err
		}
	}
	return nil
}

// setAny sets an option of whatever type the solver says it has.
func (in *instance) setAny(key, value string) error {
	a := in.arena()
	k, t := a.text(key), a.alloc(8)
	if a.err != nil {
		return a.err
	}
	err := in.do("Highs_getOptionType", k, t)
	var kind int32
	if err == nil {
		kind = a.readInts(t, 1)[0]
	}
	a.free()
	if err != nil {
		return fmt.Errorf("solver option %q: %w", key, err)
	}
	switch kind {
	case 0:
		v, err := strconv.ParseBool(value)
		if err != nil {
			return fmt.Errorf("solver option %s: %w", key, err)
		}
		return in.setBool(key, v)
	case 1:
		v, err := strconv.Atoi(value)
		if err != nil {
			return fmt.Errorf("solver option %s: %w", key, err)
		}
		return in.setInt(key, v)
	case 2:
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return fmt.Errorf("solver option %s: %w", key, err)
		}
		return in.setDouble(key, v)
	}
	return in.setText(key, value)
}
