package commons

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"bremen/govern"
	"bremen/record"
)

// examples has one intent of every command, made by its function.
func examples(w *world) map[string]Intent {
	sum := sha256.Sum256([]byte("x"))
	day, rules := w.in(10), govern.Default()
	flow := Flow{Agent: bakery, Action: "produce", Provider: bakery, Receiver: bakery, Product: "bread", Quantity: ptr(dec("3")), Unit: "kg"}
	list := []Intent{
		Found(Founding{Name: "n", Purpose: "p", Operator: "o", Party: testParty, LogKey: "k", Founders: []Founder{{"h", "g", credential(1), publicKey(1), cardPublic(1)}}}),
		Invite(sum[:], "for Bo"), Uninvite(sum[:]),
		Arrive(Arrival{Code: []byte("code"), Household: "h", Credential: credential(50), Public: publicKey(50), Card: cardPublic(50), Party: testParty}),
		Vouch(9), Unvouch(9), Object(9, "why"), Yield(9), Join(), Leave("why"), Erase(), IntroduceOneself("Bo", "bo@example.org"), MoveHousehold("h2"),
		FoundGroup("west", ""), EnterGroup("sued"), FoundOrganisation("mill", ""), Admit("bakery", 2), EnterOrganisation("bakery"), QuitOrganisation("bakery"),
		EnrolDevice(credential(60), publicKey(60), testParty), WithdrawKey(credential(1)), NameTrustees(3, 2), ReplaceKey(2, credential(61), publicKey(61), testParty),
		ObjectToKey(credential(1)), Disown(1, "why"), ConsentToHelp(2, day), EndHelp(2), GrantToken(sum[:], []string{"state"}, day, "phone"), RevokeToken(sum[:]),
		StateNeed(need("bread", "1", "kg"), nil), WithdrawNeed(1), OfferWork(Offer{Skill: "baking", Steps: []Step{{dec("1"), dec("0")}}}, nil), WithdrawOffer(1),
		StateRecipe(bakery, Rows{"recipes": {{"id": "r"}}}, nil, "n"), WithdrawRecipe(bakery, 1),
		StateStock(bakery, Rows{"stocks": {{"product": "rye", "start": "1", "unit": "kg"}}}, nil, ""), WithdrawStock(bakery, 1),
		Describe(govern.InNetwork, "skills", []map[string]string{{"id": "milling"}}, nil, ""), Undescribe(govern.InNetwork, 1),
		StateFigure(Figure{Group: "nord", Product: "bread", Quantity: dec("1"), Unit: "kg", Urgency: "vital"}, nil, "why"), DeclineFigure(1), AcceptFigure(1),
		Commit(flow, day, "note"), AcceptCommitment(1), WithdrawCommitment(1, "why"), ReleaseCommitment(1), Record(Event{Flow: flow, Note: "n"}),
		AdoptPlan(Adoption{Plan: sum, Network: sum, Program: "bremen 1", From: day, Until: day.Add(time.Hour), Status: "optimal", Reason: "why"}),
		GiveMandate(Mandating{Office: "planning", Scope: govern.InNetwork, Holder: 2, Until: day, Duties: "d", Means: "m", Reason: "r"}),
		AcceptMandate(1, "none"), EndMandate(1, "done"), Recall(1, "why"), AssentTo(1), Refuse(1, "why"), CloseAct(1),
		CallAssembly(day, "hall", "mandates"), Attend(1), Cede("bakery", "speak", "planning", day, "why"), TakeBack(1),
		ChangeRules(rules, 0, "why"), Pause(day, "why"), EndPause(), NameWitness("w", "k"), DropWitness("w"),
		AnnounceKey("k"), Succeed(Succession{Origin: "o", Head: record.Head{Size: 3}, LogKey: "k", Operator: "o"}),
		DeclareLoss(record.Head{Size: 3}, "disk"), DeclareOutage(),
	}
	all := map[string]Intent{}
	for _, i := range list {
		all[i.Type] = i
	}
	return all
}

func TestEveryCommandHasAFunctionARuleAndParts(t *testing.T) {
	t.Parallel()
	w := village(t)
	all := examples(w)
	who := map[string][]govern.Who{}
	w.n.View(func(s *State) {
		for _, row := range s.Govern.WhoCan(w.clock().UnixMilli()) {
			who[row.ID] = row.Who
		}
	})
	stated := functions(t)
	for _, c := range Commands() {
		i, there := all[c.ID]
		if !there {
			t.Errorf("%s has no example", c.ID)
			continue
		}
		if len(stated[c.ID]) == 0 {
			t.Errorf("%s has no function", c.ID)
		}
		if len(who[c.ID]) == 0 {
			t.Errorf("%s: no rule says who can", c.ID)
		}
		if len(c.Parts) != len(c.Payloads) {
			t.Errorf("%s has %d parts for %d payloads", c.ID, len(c.Parts), len(c.Payloads))
		}
		if c.Title.De == "" || c.Title.En == "" {
			t.Errorf("%s has no title", c.ID)
		}
		// What the function makes is of the form that the rules read: it may be refused, but not for its form.
		for _, person := range []int64{1, 4} {
			_, err := w.n.Prepare(t.Context(), Session(person), i)
			var r *govern.Refusal
			if errors.As(err, &r) && (r.Code == "body" || r.Code == "payload") && i.Type != "network.found" {
				t.Errorf("%s by %d: %v", c.ID, person, err)
			}
		}
		delete(all, c.ID)
	}
	for id := range all {
		t.Errorf("an example of %s, which is no command", id)
	}
}

// functions lists the exported functions that name each type of entry.
func functions(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	files := token.NewFileSet()
	for _, name := range []string{"commands_people.go", "commands_work.go", "commands_govern.go"} {
		f, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					if s, err := strconv.Unquote(lit.Value); err == nil && govern.TypeByID(s) != nil {
						found[s] = append(found[s], fn.Name.Name)
					}
				}
				if x, ok := n.(*ast.SelectorExpr); ok && x.Sel.Name == "TypeNextKey" {
					found[record.TypeNextKey] = append(found[record.TypeNextKey], fn.Name.Name)
				}
				return true
			})
		}
	}
	return found
}

// TestNobodyDoesWhatTheRulesGiveToOthers tries every command as everybody who must not.
func TestNobodyDoesWhatTheRulesGiveToOthers(t *testing.T) {
	t.Parallel()
	w := village(t)
	guest := w.arrive(1, "h20")
	w.say(9, Leave(""))
	expired := w.mandate("planning", "network", 8, 2, 3, 4, 5, 6)
	w.say(8, EndMandate(expired, ""))
	token := sha256.Sum256([]byte("a token for stating needs only"))
	w.say(7, GrantToken(token[:], []string{"state"}, w.in(30), "phone"))
	w.needs()
	all := examples(w)
	actors := map[string]struct {
		Actor
		standing govern.Holder
		may      func(c Command, right string) bool
	}{
		"a guest":             {Actor: Session(guest), standing: govern.Guest},
		"somebody who left":   {Actor: Session(9), standing: govern.Left},
		"a former office":     {Actor: Session(8), standing: govern.Member},
		"a member":            {Actor: Session(3), standing: govern.Member},
		"a token for needs":   {Actor: Actor{Person: 7, Kind: record.Token, Token: std64(token[:])}, standing: govern.Member},
		"a token of another":  {Actor: Actor{Person: 6, Kind: record.Token, Token: std64(token[:])}, standing: govern.Member},
		"a helper unasked":    {Actor: Actor{Person: 6, Kind: record.Assisted, Helper: 5}, standing: govern.Member},
		"somebody not signed": {Actor: Newcomer(), standing: govern.Newcomer},
	}
	tried := 0
	for name, a := range actors {
		for _, c := range Commands() {
			allowed := mayByStanding(w, c, a.standing)
			switch name {
			case "a token for needs":
				allowed = allowed && (c.Consequence || c.ID == "need.state") // what needs a device is not said by token
			case "a token of another", "a helper unasked":
				allowed = allowed && c.Consequence
			}
			if allowed {
				continue
			}
			tried++
			_, err := w.n.Do(t.Context(), a.Actor, all[c.ID])
			var r *govern.Refusal
			if !errors.As(err, &r) {
				t.Errorf("%s: %s: got %v, want a refusal", name, c.ID, err)
				continue
			}
			if de, en := r.In("de"), r.In("en"); de == "" || en == "" || de == en {
				t.Errorf("%s: %s: refused as %q and %q", name, c.ID, de, en)
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d refusals were tried", tried)
	}
	for _, c := range Commands() {
		if mayByStanding(w, c, govern.Operator) {
			continue
		}
		if _, err := w.n.Operate(t.Context(), all[c.ID]); err == nil {
			t.Errorf("the operator did %s", c.ID)
		}
	}
}

// mayByStanding tells whether any right of the rules gives a command to a standing.
func mayByStanding(w *world, c Command, standing govern.Holder) bool {
	may := false
	w.n.View(func(s *State) {
		for _, r := range s.Govern.Rules.Rights {
			for _, typ := range r.Appends {
				for _, h := range r.Holders {
					may = may || typ == c.ID && (h == standing || h == govern.Anyone)
				}
			}
		}
	})
	return may
}

func TestExport(t *testing.T) {
	t.Parallel()
	w := village(t)
	w.needs()
	_, err := w.n.Publish(t.Context())
	w.ok(err)
	files := func(person int64) map[string]string {
		var b bytes.Buffer
		w.ok(w.n.Export(t.Context(), person, &b))
		z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		w.ok(err)
		all := map[string]string{}
		for _, f := range z.File {
			r, err := f.Open()
			w.ok(err)
			text, err := io.ReadAll(r)
			w.ok(err)
			all[f.Name] = string(text)
		}
		return all
	}
	got := files(5)
	for name, want := range map[string]string{
		exportNeeds: "bread,1.25,kg", exportWork: "baking", exportStated: `\"hours\":\"2.5\"`, exportPerson: `"household": "h5"`,
		exportEntries: "need.state,state,session", exportHead: testOrigin, exportReadme: "person 5", exportRecord: `"type":"network.found"`,
	} {
		if !strings.Contains(got[name], want) {
			t.Errorf("%s lacks %q:\n%s", name, want, got[name])
		}
	}
	if got[exportState] != string(w.state()) {
		t.Error("the state in the export is another")
	}
	if strings.Contains(got[exportStated], `"700"`) || strings.Contains(got[exportRecord], "1.25") {
		t.Error("the export has what others keep private")
	}
	w.say(5, Leave("moving"))
	left := files(5)
	if !strings.Contains(left[exportStated], "1.25") || left[exportRecord] != "" {
		t.Error("who left carries away what they stated, and no more of the record")
	}
	w.say(5, Erase())
	if gone := files(5); strings.Contains(gone[exportStated], "1.25") || !strings.Contains(gone[exportStated], `"erased": true`) {
		t.Errorf("after erasure: %s", gone[exportStated])
	}
	w.hasCode(RefusedReader, w.n.Export(context.Background(), 99, io.Discard))
}
