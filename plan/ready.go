package plan

// late tells whether nothing can serve any of the elements in time, however
// much there were of everything: by the flow of goods alone, from opening
// stocks, purchases and runs to needs, with their delays and shelf lives, all
// their columns are zero.
//
// It takes balances with all columns allowed and strikes out again and again
// what nothing feeds, or what nothing takes. Goods that only go round in a
// circle are not found that way; then it is false.
func (p *Program) late(elements []int) bool {
	q := p.LP
	zero := make([]bool, q.Cols())
	var goods []int32     // rows of goods
	var columns [][]int32 // of each of them
	place := make(map[int32]int)
	for j := range zero {
		zero[j] = q.Upper[j] <= 0
		rows, _ := q.Column(j)
		for _, i := range rows {
			if !p.rows[i].ofGoods() {
				continue
			}
			k, ok := place[i]
			if !ok {
				k = len(columns)
				place[i] = k
				goods, columns = append(goods, i), append(columns, nil)
			}
			columns[k] = append(columns[k], int32(j))
		}
	}
	for changed := true; changed; {
		changed = false
		for k, i := range goods {
			changed = p.strike(int(i), columns[k], zero) || changed
		}
	}
	for _, e := range elements {
		if !zero[p.Elements[e].Col] {
			return false
		}
	}
	return len(elements) > 0
}

// ofGoods tells whether a row balances goods.
func (r row) ofGoods() bool {
	switch r.kind {
	case rowBalance, rowDraw, rowPool, rowMix, rowSupply:
		return true
	}
	return false
}

// strike marks columns of a row that have to be zero since none of the other
// sign is left; it tells whether there were any.
func (p *Program) strike(i int, columns []int32, zero []bool) bool {
	var feeds, takes bool
	for _, j := range columns {
		if !zero[j] {
			v := p.coefficient(i, int(j))
			feeds, takes = feeds || v > 0, takes || v < 0
		}
	}
	noFeeds := !feeds && p.LP.RowLower[i] >= 0 // Σ a·x ≥ 0 with negative a only
	noTakes := !takes && p.LP.RowUpper[i] <= 0
	struck := false
	for _, j := range columns {
		v := p.coefficient(i, int(j))
		if !zero[j] && (noFeeds && v < 0 || noTakes && v > 0) {
			zero[j], struck = true, true
		}
	}
	return struck
}

func (p *Program) coefficient(i, j int) float64 {
	rows, values := p.LP.Column(j)
	for k, r := range rows {
		if int(r) == i {
			return values[k]
		}
	}
	return 0
}
