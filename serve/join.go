package serve

import (
	"encoding/base64"
	"errors"
	"net/http"

	"github.com/go-webauthn/webauthn/protocol"

	"bremen/commons"
)

type joinData struct {
	Problem, CardURL string
	Options          *protocol.CredentialCreation
}

func (v *visit) joinPage() error { return v.showJoin(http.StatusOK, "") }

func (v *visit) showJoin(status int, problem string) error {
	options, err := v.s.beginPasskey(v.ctx())
	if err != nil {
		return err
	}
	return v.showWith(status, "join", v.say("join.title"), joinData{problem, v.cardURL(), options})
}

// join prepares the arrival of somebody with an invitation, which their new device then signs.
func (v *visit) join() error {
	if err := errors.Join(v.parse(), v.s.slowDown(v.ctx(), v.s.guesses)); err != nil {
		return err
	}
	key, err := v.s.endPasskey(v.ctx(), v.form("credential"))
	card, err2 := base64.RawURLEncoding.DecodeString(v.form("card"))
	code, err3 := base64.RawURLEncoding.DecodeString(v.form("code"))
	if err != nil || err2 != nil {
		return v.showJoin(http.StatusBadRequest, v.say("join.error.key"))
	}
	if err3 != nil {
		code = []byte(v.form("code")) // the rules say that it is none
	}
	p, err := v.net.Prepare(v.ctx(), commons.Newcomer(), commons.Arrive(commons.Arrival{
		Code: code, Household: v.form("household"), Credential: key.id, Public: key.public, Card: card, Party: v.s.passkeys.Config.RPID,
		Name: v.form("name"), Contact: v.form("contact"),
	}))
	if x := asFailure(err, v.lang); err != nil && x.text != "" {
		return v.showJoin(x.status, x.text)
	}
	if err != nil {
		return err
	}
	return v.showSign(http.StatusOK, p, "")
}
