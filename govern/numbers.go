package govern

// Number is one figure of the rules. Its bounds hold for every network: within
// them a network decides freely; beyond them recall, exit or the way back
// would be there in name only, so no rules with such a figure are valid.
type Number struct {
	Key         string
	Unit        string // "days", "hours", "members", "percent", "entries", "terms"
	Least, Most int64
	Explain     Text
}

// Numbers lists every figure of the rules in the order in which they are shown.
func Numbers() []Number { return numbers }

func numberByKey(key string) *Number {
	for i := range numbers {
		if numbers[i].Key == key {
			return &numbers[i]
		}
	}
	return nil
}

func numberKeys() []string {
	keys := make([]string, len(numbers))
	for i := range numbers {
		keys[i] = numbers[i].Key
	}
	return keys
}

var numbers = []Number{
	{"founders", "members", 3, 25, Text{
		"So viele unterschreiben die Gründung auf ihren eigenen Geräten.",
		"So many sign the founding on their own devices.",
	}},
	{"open_invitations", "entries", 1, 20, Text{
		"So viele Einladungen darf ein Mitglied zugleich offen haben.",
		"So many invitations one member may have open at a time.",
	}},
	{"guests_per_member", "members", 1, 50, Text{
		"So viele Gäste, die noch keine Mitglieder sind, darf ein Mitglied zugleich eingeladen haben.",
		"So many guests who are not yet members one member may have brought at a time.",
	}},
	{"invitation_days", "days", 1, 60, Text{
		"Nach so vielen Tagen verfällt eine Einladung.",
		"An invitation expires after so many days.",
	}},
	{"vouchers", "members", 1, 5, Text{
		"So viele Mitglieder anderer Haushalte bürgen, bevor ein Gast Mitglied wird. Leben weniger Mitglieder in anderen Haushalten, bürgen auch Mitglieder des eigenen.",
		"So many members of other households vouch before a guest becomes a member. Where fewer live in other households, members of the guest's own vouch too.",
	}},
	{"objection_days", "days", 1, 60, Text{
		"So lange nach der letzten nötigen Bürgschaft kann jedes Mitglied mit Gründen einwenden.",
		"For so long after the last vouch needed any member can object with reasons.",
	}},
	{"overrule_percent", "percent", 34, 75, Text{
		"Bürgt mehr als dieser Anteil der Mitglieder, so hält ein Einwand niemanden auf.",
		"Where more than this share of the members vouch, an objection stops nobody.",
	}},
	{"key_days", "days", 7, 60, Text{
		"Nach so vielen Tagen gilt ein von anderen eingetragener neuer Schlüssel, wenn der alte nicht widerspricht.",
		"After so many days a new key that others entered counts, unless the old one objects.",
	}},
	{"key_named", "members", 2, 5, Text{
		"So viele der Vertrauenspersonen, die jemand benannt hat, tragen zusammen einen neuen Schlüssel ein.",
		"So many of the people whom someone named enter a new key together.",
	}},
	{"key_any", "members", 3, 9, Text{
		"So viele beliebige Mitglieder tragen zusammen einen neuen Schlüssel ein.",
		"So many members, any of them, enter a new key together.",
	}},
	{"disown_days", "days", 14, 90, Text{
		"So lange kann man zu einem Eintrag in eigenem Namen sagen: nicht von mir.",
		"For so long one can say of an entry in one's name: not mine.",
	}},
	{"consent_days", "days", 1, 366, Text{
		"So lange gilt eine Einwilligung in Einträge durch eine helfende Person höchstens.",
		"A consent to entries by a helper holds for so long at most.",
	}},
	{"token_days", "days", 1, 366, Text{
		"So lange gilt ein Zugangsschlüssel für Programme höchstens.",
		"An access token for programs holds for so long at most.",
	}},
	{"pause_hours", "hours", 1, 72, Text{
		"So lange dauert eine Pause höchstens.",
		"A pause lasts for so long at most.",
	}},
	{"pause_days", "days", 30, 366, Text{
		"In so vielen Tagen gibt es ohne Beschluss nur eine Pause.",
		"Within so many days there is only one pause without a decision.",
	}},
	{"pause_members", "members", 2, 9, Text{
		"So viele Mitglieder beginnen zusammen eine Pause.",
		"So many members begin a pause together.",
	}},
	{"move_days", "days", 1, 7, Text{
		"Um mindestens so viele Tage rücken Fristen, in die eine Pause oder ein Ausfall fällt.",
		"Deadlines into which a pause or an outage falls move by at least so many days.",
	}},
	{"outage_hours", "hours", 1, 24, Text{
		"Ein Ausfall zählt ab so vielen Stunden.",
		"An outage counts from so many hours on.",
	}},
	{"assembly_members", "members", 3, 3, Text{
		"So viele Mitglieder rufen eine Versammlung ein, wenn alle Mandate erloschen sind. Diese Zahl steht fest.",
		"So many members call an assembly when all mandates have lapsed. This figure is fixed.",
	}},
	{"assembly_days", "days", 3, 30, Text{
		"So viele Tage liegen mindestens zwischen Einberufung und Versammlung.",
		"At least so many days lie between the call and the assembly.",
	}},
	{"assembly_open_days", "days", 1, 30, Text{
		"So lange danach kann die Versammlung Mandate geben.",
		"For so long afterwards the assembly can give mandates.",
	}},
	{"assembly_term_days", "days", 30, 183, Text{
		"So lange dauern Mandate einer Versammlung höchstens.",
		"Mandates given by an assembly last for so long at most.",
	}},
	{"accept_days", "days", 1, 60, Text{
		"So lange kann ein gegebenes Mandat angenommen werden.",
		"A mandate that was given can be accepted for so long.",
	}},
	{"act_days", "days", 14, 366, Text{
		"Findet ein Vorhaben so lange nicht genug Zustimmung, so verfällt es.",
		"An act that does not find enough assent for so long lapses.",
	}},
	{"cession_days", "days", 30, 1100, Text{
		"So lange gibt eine Organisation eine Befugnis höchstens ab.",
		"An organisation cedes a power for so long at most.",
	}},
	{"group_least", "members", 5, 50, Text{
		"Kleinere Gruppen werden vor jeder Veröffentlichung zusammengelegt.",
		"Smaller groups are merged before anything is published.",
	}},
	{"terms", "terms", 1, 4, Text{
		"So oft nacheinander darf jemand dasselbe Amt haben.",
		"So often in a row one person may hold the same office.",
	}},
}
