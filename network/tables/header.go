package tables

import (
	"strings"

	"bremen/internal/mistake"
	"bremen/network"
)

// normal is the form in which headers and table names are compared.
func normal(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	return strings.NewReplacer(" ", "_", "-", "_").Replace(s)
}

// ignored tells whether a column, file or sheet is marked as none of the network's.
func ignored(name string) bool {
	name = strings.TrimSpace(name)
	return strings.HasPrefix(name, "#") || strings.HasPrefix(name, "_")
}

// tableNamed finds a table by its name or its German or English title.
func tableNamed(name string) *network.Table {
	for i := range network.Tables {
		t := &network.Tables[i]
		if n := normal(name); n == t.Name || n == normal(t.Title.De) || n == normal(t.Title.En) {
			return t
		}
	}
	return nil
}

// settingsNamed tells whether a sheet's name means the settings.
func settingsNamed(name string) bool {
	n := normal(name)
	return n == network.SettingsTable || n == "netzwerk"
}

// unknownTable describes a file or sheet that is no table.
func unknownTable(name string) network.Mistake {
	names := []string{network.SettingsTable, "netzwerk"}
	for i := range network.Tables {
		names = append(names, network.Tables[i].Name, normal(network.Tables[i].Title.De))
	}
	return network.Mistake{Code: network.CodeUnknownTable, Found: name, Nearest: mistake.Nearest(normal(name), names)}
}

// columnNamed finds a column by its header in either language, -1 if there is none.
func columnNamed(t *network.Table, header string) int {
	h := normal(header)
	for i := range t.Columns {
		if h == t.Columns[i].Name || h == normal(t.Columns[i].De.Name) {
			return i
		}
	}
	return -1
}

// skip marks a cell whose column is not read.
const skip = -1

// readHeader maps the cells of a header to columns. Mistakes are reported by cell number.
func readHeader(t *network.Table, cells []string, report func(cell int, m network.Mistake)) []int {
	columns := make([]int, len(cells))
	seen := make([]bool, len(t.Columns))
	for i, h := range cells {
		columns[i] = skip
		if ignored(h) || strings.TrimSpace(h) == "" {
			continue
		}
		c := columnNamed(t, h)
		switch {
		case c < 0:
			report(i, network.Mistake{Code: network.CodeUnknownColumn, Found: strings.TrimSpace(h), Nearest: nearestColumn(t, h)})
		case seen[c]:
			report(i, network.Mistake{Code: network.CodeDuplicateColumn, Found: strings.TrimSpace(h)})
		default:
			columns[i], seen[c] = c, true
		}
	}
	for c := range t.Columns {
		if t.Columns[c].Required && !seen[c] {
			report(skip, network.Mistake{Code: network.CodeMissingColumn, Found: t.Columns[c].Name})
		}
	}
	return columns
}

func nearestColumn(t *network.Table, header string) string {
	var names []string
	for i := range t.Columns {
		names = append(names, t.Columns[i].Name, normal(t.Columns[i].De.Name))
	}
	return mistake.Nearest(normal(header), names)
}

// columnNames lists a table's headers, for messages.
func columnNames(t *network.Table) string {
	names := make([]string, len(t.Columns))
	for i := range t.Columns {
		names[i] = t.Columns[i].Name
	}
	return strings.Join(names, ",")
}
