package serve

import (
	"fmt"
	"strings"
	"testing"

	"bremen/internal/browsertest"
)

// Three people found a network from a fresh server, each on their own device; a fourth is invited, arrives, states a need,
// gets a receipt that their browser verifies, and becomes a member.
func TestThreeFoundAndAFourthJoins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	browser := browsertest.Start(t)
	var people []*device
	for range 4 {
		people = append(people, w.device(browser))
	}
	people[0].open("/")
	people[0].Wait(on("/nordhof/setup"))
	people[0].look("setup", "/nordhof/setup")
	cards := found(w, people[:3])
	people[0].look("home", "/nordhof/")

	fourth := people[3]
	code := invite(people[1])
	fourth.open("/nordhof/join#" + code)
	fourth.fill("name", "Dora")
	fourth.fill("household", "nr4")
	fourth.fill("contact", "dora@example.org")
	fourth.keep(on("/nordhof/join"))
	fourth.send("[data-passkey]", on("/nordhof/me"))
	fourth.look("me", "/nordhof/me")

	fourth.look("need", "/nordhof/need")
	fourth.fill("what", "bread")
	fourth.fill("quantity", "2,5")
	fourth.fill("unit", "kg")
	fourth.fill("words", "Vollkorn <b>bitte</b>")
	fourth.send("main .form button", receipt)
	verified(w, fourth)
	fourth.look("receipt", fourth.path())
	fourth.open("/nordhof/me")
	if text := fourth.text(); !strings.Contains(text, "Vollkorn <b>bitte</b>") || !strings.Contains(text, "2.5 kg") {
		t.Errorf("the need is not shown as it was stated:\n%s", text)
	}

	for i, d := range people[:2] {
		d.open("/nordhof/people")
		if i == 0 {
			d.look("people", "/nordhof/people")
		}
		d.send(`form[action$="/do/vouch.give"] button`, on("/nordhof/do/vouch.give"))
		if i == 0 {
			d.Axe("sign")
		}
		d.send("[data-passkey]", receipt)
	}
	w.pass(15)
	signIn(fourth)
	fourth.send(`form[action$="/do/member.join"] button`, on("/nordhof/do/member.join"))
	fourth.send("[data-passkey]", receipt)
	fourth.open("/nordhof/people")
	if text := fourth.text(); !strings.Contains(text, "Dora") || !strings.Contains(text, "(member)") {
		t.Errorf("Dora is no member:\n%s", text)
	}
	lostDevice(w, w.device(browser), cards[2])
	for _, d := range people {
		d.Quiet()
	}
}

// found founds the network on three devices, and returns the keys on the printed cards.
func found(w *world, people []*device) (cards []string) {
	w.t.Helper()
	for i, d := range people {
		d.open("/nordhof/setup")
		d.fill("code", strings.ToLower(w.code))
		d.send("main button", `document.querySelector("[data-does=create]")`)
		if i == 0 {
			d.look("founding", "/nordhof/setup")
			d.fill("name", "Nordhof")
			d.eval(`(() => { document.querySelector("#name").value = "Nordhof"; document.querySelector("#purpose").value = "Brot & Gemüse für alle"; return 1 })()`)
			d.send(`form[action$="/setup/what"] button`, on("/nordhof/setup"))
		}
		d.eval(fmt.Sprintf(`(() => { document.querySelector("#my-name").value = %q; return 1 })()`, []string{"Anna", "Bela", "Cem"}[i]))
		d.fill("household", fmt.Sprint("nr", i+1))
		d.fill("group", "nord")
		cards = append(cards, d.keep(`document.body.innerText.includes("You are person")`))
	}
	people[0].open("/nordhof/setup")
	people[0].send(`form[action$="/setup/freeze"] button`, `document.querySelector("[data-does=sign]")`)
	people[0].Axe("founding to sign")
	people[0].shoot("founding-sign")
	for i, d := range people {
		d.open("/nordhof/setup")
		until := on("/nordhof/setup") + ` && !document.querySelector("[data-does=sign]")`
		if i == len(people)-1 {
			until = on("/nordhof/")
		}
		d.send("[data-passkey]", until)
	}
	if !w.net.Founded() {
		w.t.Fatal("the network is not founded")
	}
	return cards
}

// invite makes an invitation and returns its code.
func invite(d *device) string {
	d.t.Helper()
	d.open("/nordhof/me")
	d.send(`form[action$="/invite"] button`, on("/nordhof/invite"))
	d.Axe("invited")
	d.shoot("invited")
	_, code, _ := strings.Cut(d.eval(`document.querySelector(".card-text").textContent`), "#")
	return code
}

// verified waits for the checkpoint and lets the browser verify the receipt.
func verified(w *world, d *device) {
	w.t.Helper()
	for range 100 {
		d.Wait(`document.querySelector("[data-result]").dataset.state`)
		if d.eval(`document.querySelector("[data-result]").dataset.state`) != "promised" {
			break
		}
		d.open(d.path())
	}
	if state := d.eval(`document.querySelector("[data-result]").dataset.state`); state != "proven" {
		w.t.Errorf("receipt: %s: %s", state, d.eval(`document.querySelector("[data-result]").textContent`))
	}
}

func signIn(d *device) {
	d.t.Helper()
	d.open("/nordhof/signin")
	d.send("[data-passkey]", on("/nordhof/me"))
}

// lostDevice signs in with the printed card alone, on a new device, enters a key for it, and the record shows both.
func lostDevice(w *world, d *device, card string) {
	w.t.Helper()
	d.look("signin", "/nordhof/signin")
	d.open("/operator") // the address of the next must differ not only behind #
	d.open("/nordhof/signin#card=" + strings.ReplaceAll(card, " ", ""))
	d.Wait(`document.querySelector("[data-card-key]").value !== "" && location.hash === ""`)
	d.send("[data-card-use]", on("/nordhof/me"))
	d.look("key", "/nordhof/me/key")
	d.send("[data-make]", on("/nordhof/me/key")+` && document.querySelector("[data-does=sign]")`)
	d.click("form details:last-of-type summary", "true")
	d.eval(fmt.Sprintf(`(() => { document.querySelector("[data-card-key]").value = %q; return 1 })()`, card))
	d.send("[data-card-use]", receipt)
	verified(w, d)
	signOut(d)
	signIn(d)
	for _, p := range []string{"codes", "token"} {
		d.look(p, "/nordhof/me/"+p)
	}
	for _, p := range []string{"can", "rules", "record", "record/0", "record/1", "do/offer.state", "do/mandate.give"} {
		d.look(strings.ReplaceAll(p, "/", "-"), "/nordhof/"+p)
	}
	d.open("/nordhof/record")
	d.Wait(`document.querySelector(".checkpoint [data-result]").dataset.state === "good"`)
	if text := d.eval(`document.querySelector(".checkpoint [data-result]").textContent`); !strings.Contains(text, "extends the record") {
		w.t.Errorf("checkpoint: %s", text)
	}
	d.look("operator", "/operator")
	d.Quiet()
}

func signOut(d *device) {
	d.t.Helper()
	d.open("/nordhof/me")
	d.send(".who button", on("/nordhof/"))
}
