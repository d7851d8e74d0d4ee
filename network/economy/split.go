package economy

import (
	"bremen/lp/block"
	"bremen/network/cells"
)

// split shares a technology out: columns are techniques, capitals, modes; rows
// products, skills, capitals, limits. What techniques bring and take of products, nearly
// all of it, stays in the arrays of m.
func (e *Economy) split(m *cells.Columns) {
	rows := []int{len(e.Products), len(e.Skills), len(e.Capitals), len(e.Limits)}
	at, kept := 0, 0
	for _, side := range []struct {
		to   *Technology
		cols int
	}{{&e.Making, len(e.Techniques)}, {&e.Building, len(e.Capitals)}, {&e.Moving, len(e.Modes)}} {
		part := make([]*block.Matrix, len(rows))
		for k := range part {
			part[k] = &block.Matrix{Rows: rows[k], Cols: side.cols, Start: make([]int32, 1, side.cols+1)}
		}
		for j := at; j < at+side.cols; j++ {
			k, first := 0, 0
			for entry := m.Start[j]; entry < m.Start[j+1]; entry++ {
				i, v := int(m.Index[entry]), m.Value[entry]
				for i-first >= rows[k] {
					first += rows[k]
					k++
				}
				if k == 0 && at == 0 {
					m.Index[kept], m.Value[kept] = int32(i), v
					kept++
					continue
				}
				part[k].Index, part[k].Value = append(part[k].Index, int32(i-first)), append(part[k].Value, v)
			}
			for k, p := range part {
				size := len(p.Index)
				if k == 0 && at == 0 {
					size = kept
				}
				p.Start = append(p.Start, int32(size))
			}
		}
		if at == 0 {
			part[0].Index, part[0].Value = m.Index[:kept], m.Value[:kept]
		}
		for k, p := range part {
			if len(p.Value) > 0 {
				*[]**block.Matrix{&side.to.Product, &side.to.Labour, &side.to.Capital, &side.to.Limit}[k] = p
			}
		}
		at += side.cols
	}
}
