package commons

import (
	"time"

	"bremen/govern"
	"bremen/record"
)

// Mandating is a mandate to be given.
type Mandating struct {
	Office   string
	Scope    govern.Scope
	Holder   int64
	Until    time.Time
	Assembly *int64 // the assembly that gives it, if one does
	// Private, for members to read.
	Duties, Means, Reason string
}

// GiveMandate proposes a mandate to those concerned.
func GiveMandate(m Mandating) Intent {
	body := map[string]any{"office": m.Office, "scope": m.Scope, "holder": m.Holder, "until": instant(m.Until)}
	if m.Assembly != nil {
		body["assembly"] = *m.Assembly
	}
	return said("mandate.give", body, text("duties", m.Duties), text("means", m.Means), text("reason", m.Reason))
}

// AcceptMandate accepts a mandate one was given; interlocks says to whom outside one is bound.
func AcceptMandate(mandate int64, interlocks string) Intent {
	return said("mandate.accept", map[string]any{"mandate": mandate}, text("interlocks", interlocks)).Following(mandate)
}

// EndMandate lays a mandate of one's own down.
func EndMandate(mandate int64, report string) Intent {
	return said("mandate.end", map[string]any{"mandate": mandate}, text("report", report)).Following(mandate)
}

// Recall calls for the end of a mandate that concerns oneself.
func Recall(mandate int64, reason string) Intent {
	return said("recall.call", map[string]any{"mandate": mandate}, text("reason", reason)).Following(mandate)
}

// AssentTo assents to an act.
func AssentTo(act int64) Intent {
	return said("act.assent", map[string]any{"act": act}).Following(act)
}

// Refuse refuses an act.
func Refuse(act int64, reason string) Intent {
	return said("act.refuse", map[string]any{"act": act}, text("reason", reason)).Following(act)
}

// CloseAct states that the time of an act is over; it is counted as the rules say.
func CloseAct(act int64) Intent { return said("act.close", map[string]any{"act": act}).Following(act) }

// CallAssembly calls an assembly when all mandates of the network have lapsed.
func CallAssembly(at time.Time, place, agenda string) Intent {
	return said("assembly.call", map[string]any{"at": instant(at)}, text("place", place), text("agenda", agenda))
}

// Attend says that one is at an assembly.
func Attend(assembly int64) Intent {
	return said("assembly.attend", map[string]any{"assembly": assembly}).Following(assembly)
}

// Cede cedes a power over an organisation to an office of the network until a day.
func Cede(organisation, power, office string, until time.Time, reason string) Intent {
	return said("cession.give", map[string]any{"organisation": organisation, "power": power, "office": office, "until": instant(until)}, text("reason", reason))
}

// TakeBack takes a ceded power back.
func TakeBack(cession int64) Intent {
	return said("cession.withdraw", map[string]any{"cession": cession}).Following(cession)
}

// ChangeRules proposes new rules as a whole; base is the entry of those in force (govern.State.RulesEntry).
func ChangeRules(rules *govern.Rules, base int64, reason string) Intent {
	return said("rules.change", map[string]any{"rules": rules, "base": base}, text("reason", reason)).Following(base)
}

// Pause begins a pause with others.
func Pause(until time.Time, reason string) Intent {
	return said("pause.begin", map[string]any{"until": instant(until)}, text("reason", reason))
}

// OperatorPause begins a pause by the operator, with a public reason; see Network.Operate.
func OperatorPause(until time.Time, why string) Intent {
	return said("pause.begin", optional(map[string]any{"until": instant(until)}, "why", why))
}

// EndPause ends a pause before its time.
func EndPause() Intent { return said("pause.end", nil) }

// NameWitness names whoever cosigns the record's checkpoints, with their public key.
func NameWitness(witness, key string) Intent {
	return said("witness.name", map[string]any{"witness": witness, "log-key": key})
}

// DropWitness ends that.
func DropWitness(witness string) Intent {
	return said("witness.drop", map[string]any{"witness": witness})
}

// DeclareLoss says after a restored backup that the entries up to a head are lost; see Network.Operate.
func DeclareLoss(newest record.Head, why string) Intent {
	return said("loss.declare", map[string]any{"size": newest.Size, "root": newest.Root, "why": why})
}

// DeclareOutage says that the server could not be reached since the entry before; see Network.Operate.
func DeclareOutage() Intent { return said("outage.declare", nil) }

// Succession is the record that a new one goes on from. Size counts from the founding on, as govern.State.Size does.
type Succession struct {
	Origin   string
	Head     record.Head
	LogKey   string // of the new record
	Operator string // of the new server
}

// Succeed is the first entry of a record that goes on from another at a new operator; see Network.Operate.
func Succeed(s Succession) Intent {
	return said("log.succeed", map[string]any{
		"origin": s.Origin, "size": s.Head.Size, "root": s.Head.Root, "log-key": s.LogKey, "operator": s.Operator,
	})
}

// AnnounceKey is what Network.ChangeKey states.
func AnnounceKey(public string) Intent {
	return said(record.TypeNextKey, map[string]any{"public": public})
}
