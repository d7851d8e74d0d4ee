// Passkeys: made, asked to sign in, asked to sign a statement.
import { base64, base64url, sha256, unbase64, utf8 } from "./bytes.js";

// create makes a passkey from the server's options and returns what the server checks.
export async function create(options, name) {
  const o = { ...options.publicKey };
  o.challenge = unbase64(o.challenge);
  o.user = { ...o.user, id: unbase64(o.user.id), name, displayName: name };
  o.excludeCredentials = (o.excludeCredentials ?? []).map((c) => ({ ...c, id: unbase64(c.id) }));
  const c = await navigator.credentials.create({ publicKey: o });
  return JSON.stringify({
    id: c.id, rawId: base64url(c.rawId), type: c.type, clientExtensionResults: c.getClientExtensionResults(),
    response: {
      attestationObject: base64url(c.response.attestationObject), clientDataJSON: base64url(c.response.clientDataJSON),
      transports: c.response.getTransports?.() ?? [],
    },
  });
}

const ask = (challenge, rpId, allow = []) => navigator.credentials.get({
  publicKey: {
    challenge, rpId, userVerification: "preferred", timeout: 300000,
    allowCredentials: allow.map((id) => ({ type: "public-key", id: unbase64(id) })),
  },
});

// signInText is what is signed to sign in. It begins so that its hash can never be that of a statement, which is JSON:
// whoever is asked to sign in is never made to state something.
export const signInText = (origin, nonce) => utf8(`bremen sign-in\n${origin}\n${nonce}\n`);

// signIn answers the server's nonce with a passkey.
export async function signIn(origin, nonce, rpId) {
  const c = await ask(await sha256(signInText(origin, nonce)), rpId);
  return JSON.stringify({
    id: c.id, rawId: base64url(c.rawId), type: c.type, clientExtensionResults: c.getClientExtensionResults(),
    response: {
      authenticatorData: base64url(c.response.authenticatorData), clientDataJSON: base64url(c.response.clientDataJSON),
      signature: base64url(c.response.signature), userHandle: c.response.userHandle ? base64url(c.response.userHandle) : "",
    },
  });
}

// sign signs a statement: the challenge is the hash of its text, computed here from what the page shows.
export async function sign(statement, rpId, allow) {
  const c = await ask(await sha256(utf8(statement)), rpId, allow);
  return JSON.stringify({
    kind: "device", key: c.id, authenticator: base64(c.response.authenticatorData),
    client: base64(c.response.clientDataJSON), sig: base64(c.response.signature),
  });
}
