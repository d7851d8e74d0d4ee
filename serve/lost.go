package serve

import (
	"net/http"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"

	"bremen/govern"
)

type lostData struct {
	Problem     string
	Named, Any  int64
	Days        int64
	Options     *protocol.CredentialCreation
	Link        string // to be opened by those who help; "" until the key is made
	NetworkName string
}

// lostPage is for somebody who has lost all keys: the new device makes one, whose public half others enter for them.
func (v *visit) lostPage() error { return v.showLost(http.StatusOK, "", "") }

func (v *visit) showLost(status int, problem, link string) error {
	d := lostData{Problem: problem, Link: link, NetworkName: v.s.header(v.net).Name}
	v.govern(func(g *govern.State) {
		d.Named, d.Any, d.Days = g.Rules.Number("key_named"), g.Rules.Number("key_any"), g.Rules.Number("key_days")
	})
	if link == "" {
		var err error
		if d.Options, err = v.s.beginPasskey(v.ctx()); err != nil {
			return err
		}
	}
	return v.showWith(status, "lost", v.say("lost.title"), d)
}

// lost takes the public half of the new key and makes of it a link for those who help. Nothing is kept: what stands in the link is
// what they enter.
func (v *visit) lost() error {
	if err := v.parse(); err != nil {
		return err
	}
	key, err := v.s.endPasskey(v.ctx(), v.form("credential"))
	if err != nil {
		return v.showLost(http.StatusBadRequest, v.say("join.error.key"), "")
	}
	q := url.Values{"key": {url64(key.id)}, "public": {url64(key.public)}, "rp": {v.s.passkeys.Config.RPID}}
	return v.showLost(http.StatusOK, "", v.s.o.Address.String()+v.path+"/do/key.replace?"+q.Encode())
}
