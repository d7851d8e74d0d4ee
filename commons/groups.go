package commons

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"bremen/govern"
)

// Group is one or several groups that are published as one.
type Group struct {
	ID      string   `json:"id"` // agent in the network
	Groups  []string `json:"groups"`
	Persons int      `json:"persons"` // members and guests
	Site    string   `json:"site,omitempty"`
}

// publishedGroups merges groups until each has as many people as the rules want, the smallest first.
func (s *State) publishedGroups() ([]Group, error) {
	least := int(s.Govern.Rules.Number("group_least"))
	counts, all := map[string]int{}, 0
	for _, p := range s.Govern.Persons {
		if p.Standing == govern.Member || p.Standing == govern.Guest {
			counts[p.Group]++
			all++
		}
	}
	if all < least {
		return nil, &Refusal{Code: RefusedFew, Found: fmt.Sprint(all), Wanted: fmt.Sprint(least)}
	}
	names := sorted(counts)
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(counts[a], counts[b]) })
	var list []Group
	var small Group
	for _, name := range names {
		if small.Persons >= least || small.Persons == 0 {
			if small.Persons > 0 {
				list = append(list, small)
			}
			small = Group{}
		}
		small.Groups = append(small.Groups, name)
		small.Persons += counts[name]
		small.Site = s.Sites[govern.GroupScope(name)] // the largest comes last
	}
	if small.Persons >= least {
		list = append(list, small)
	} else { // what is left over joins the last that is large enough
		last := &list[len(list)-1]
		last.Groups, last.Persons = append(last.Groups, small.Groups...), last.Persons+small.Persons
	}
	for i := range list {
		slices.Sort(list[i].Groups)
		list[i].ID = groupID(list[i].Groups)
	}
	slices.SortFunc(list, func(a, b Group) int { return cmp.Compare(a.ID, b.ID) })
	return list, nil
}

// groupID names published groups: "group:nord", "groups:nord+sued", or a hash where that would be too long.
func groupID(names []string) string {
	if len(names) == 1 {
		return string(govern.GroupScope(names[0]))
	}
	id := "groups:" + strings.Join(names, "+")
	if len(id) > 100 {
		sum := sha256.Sum256([]byte(id))
		id = "groups:" + hex.EncodeToString(sum[:8])
	}
	return id
}
