// What pages can do beyond links and forms: passkeys, the printed card, and checks of receipts. Everything else works
// without this script.
import { base64, base64url, unbase64, utf8, sha256 } from "./bytes.js";
import { draw, newCard, readCard } from "./card.js";
import { create, sign, signIn, signInText } from "./passkey.js";
import { extends_, openCheckpoint, verify } from "./receipt.js";

const find = (root, selector) => root.querySelector(selector);

// tell says something that went wrong in the form's live region. Sentences come with the page.
function tell(form, code) {
  const box = find(form, "[data-problem]");
  box.textContent = form.dataset["say" + code] ?? form.dataset.sayFailed;
  box.hidden = false;
  box.focus();
}

// on runs an action on a click, one at a time, and tells what went wrong.
function on(form, selector, action) {
  const button = find(form, selector);
  button?.addEventListener("click", async () => {
    find(form, "[data-problem]").hidden = true;
    if (!form.reportValidity()) return;
    button.disabled = true;
    try {
      await action();
    } catch (e) {
      console.debug(e);
      tell(form, e.name === "NotAllowedError" ? "Stopped" : e.name === "InvalidStateError" ? "Known" : "Failed");
    } finally {
      button.disabled = false;
    }
  });
}

// A passkey and a card are made, the card is shown, and only then the form can be sent.
function create_(form) {
  on(form, "[data-make]", async () => {
    const name = find(form, "[name=name]")?.value ?? form.dataset.name;
    if (form.dataset.options) form.elements.credential.value = await create(JSON.parse(form.dataset.options), name);
    const shown = find(form, "[data-card]");
    if (shown) {
      const card = await newCard();
      form.elements.card.value = base64url(card.public);
      find(shown, "[data-card-text]").textContent = card.text;
      draw(find(shown, "[data-card-code]"), form.dataset.cardUrl + "#card=" + card.text.replaceAll(" ", ""));
      shown.hidden = false;
      find(form, "[data-make]").hidden = true;
      find(shown, "[data-kept]").required = true;
      find(shown, "h2, h3").focus();
    } else {
      form.submit();
    }
  });
}

function signIn_(form) {
  const { origin, nonce, party } = form.dataset;
  on(form, "[data-passkey]", async () => {
    form.elements.credential.value = await signIn(origin, nonce, party);
    form.submit();
  });
}

// card signs in with the key on the printed card.
function card_(form) {
  const { origin, nonce } = form.dataset;
  const field = find(form, "[data-card-key]");
  const scanned = location.hash.match(/^#card=([0-9A-Z]+)$/);
  if (scanned) {
    field.value = scanned[1];
    history.replaceState(null, "", location.pathname + location.search);
    form.closest("details")?.setAttribute("open", "");
    field.focus();
  }
  on(form, "[data-card-use]", async () => {
    const card = await readCard(field.value);
    if (!card) return tell(form, "Mistyped");
    form.elements.public.value = base64url(card.public);
    form.elements.signature.value = base64(await card.sign(signInText(origin, nonce)));
    field.value = "";
    form.submit();
  });
}

// mayBeSigned tells whether the history that a statement would be bound to is that which this browser knows.
async function mayBeSigned(form, statement) {
  const { seen, origin } = JSON.parse(statement);
  if (!seen || !form.dataset.base) return true;
  const { found } = await compare(form.dataset.base, origin, seen, false);
  if (found === "forked") tell(form, "Forked");
  return found !== "forked";
}

function sign_(form) {
  const statement = form.elements.statement;
  on(form, "[data-passkey]", async () => {
    if (!(await mayBeSigned(form, statement.value))) return;
    form.elements.signature.value = await sign(statement.value, form.dataset.party, JSON.parse(form.dataset.allow));
    form.submit();
  });
  const field = find(form, "[data-card-key]");
  on(form, "[data-card-use]", async () => {
    const card = await readCard(field.value);
    if (!card) return tell(form, "Mistyped");
    if (!(await mayBeSigned(form, statement.value))) return;
    const text = utf8(`bremen statement\n${base64(await sha256(utf8(statement.value)))}\n`);
    form.elements.signature.value = JSON.stringify({ kind: "card", key: base64url(card.public), sig: base64(await card.sign(text)) });
    field.value = "";
    form.submit();
  });
}

async function receipt_(box) {
  const part = (name) => find(box, `[data-${name}]`)?.textContent ?? "";
  const out = find(box, "[data-result]");
  try {
    const found = await verify({
      receipt: part("receipt-text"), receiptKey: box.dataset.key, proof: part("proof"), proofKey: box.dataset.proofKey, entry: part("entry"),
    });
    if (found.proven) {
      const seen = await compare(box.dataset.base, box.dataset.key.split("+")[0], { size: found.size, root: found.root }, true);
      if (seen.found === "forked") {
        out.textContent = box.dataset.sayForked;
        out.dataset.state = "forked";
        return;
      }
    }
    out.textContent = found.proven ? box.dataset.sayProven.replace("{size}", found.size) : box.dataset.sayPromised;
    out.dataset.state = found.proven ? "proven" : "promised";
  } catch (e) {
    out.textContent = box.dataset.sayFailed + " (" + (e.code ?? e.message) + ")";
    out.dataset.state = "failed";
  }
}

// compare compares a head with the one that this browser kept of the record: "first" if there was none, "extends", or
// "forked". A head that was verified is kept if it is newer.
async function compare(base, origin, head, verified) {
  const name = "bremen checkpoint " + origin;
  const kept = JSON.parse(localStorage.getItem(name) ?? "null");
  if (kept) {
    const [older, newer] = kept.size <= head.size ? [kept, head] : [head, kept];
    if (older.size > 0) {
      const answer = await fetch(`${base}/proof/consistency/${older.size}/${newer.size}`, { credentials: "same-origin" });
      if (answer.status === 404) return { found: "forked" }; // it would have less than it showed before
      if (!answer.ok) throw new Error(String(answer.status));
      const path = (await answer.text()).split("\n").filter(Boolean).map(unbase64);
      if (!(await extends_(older.size, unbase64(older.root), newer.size, unbase64(newer.root), path))) return { found: "forked" };
    }
  }
  if (verified && (!kept || kept.size < head.size)) localStorage.setItem(name, JSON.stringify({ size: head.size, root: head.root }));
  return kept ? { found: "extends", size: kept.size } : { found: "first" };
}

// checkpoint_ compares the newest checkpoint with the one that this browser kept, so that a record that was forked for it is
// found out.
async function checkpoint_(box) {
  const { key, base } = box.dataset;
  const out = find(box, "[data-result]");
  try {
    const head = await openCheckpoint(find(box, "[data-checkpoint]").textContent, key);
    const { found, size } = await compare(base, head.origin, head, true);
    const say = { first: box.dataset.sayFirst, extends: box.dataset.sayExtends, forked: box.dataset.sayForked };
    out.textContent = say[found].replace("{size}", size);
    out.dataset.state = found === "forked" ? "forked" : "good";
  } catch (e) {
    console.debug(e);
    out.textContent = box.dataset.sayFailed;
    out.dataset.state = "failed";
  }
}

// code_ draws the QR code of a link, for another device to open.
const code_ = (box) => draw(box, box.dataset.text);

// fragment_ fills a field from what follows # in the address, which browsers never send.
function fragment_(field) {
  const found = location.hash.match(/^#([A-Za-z0-9_-]+)$/);
  if (!found) return;
  field.value = found[1];
  history.replaceState(null, "", location.pathname + location.search);
}

// The progress of a job as it goes on: told by the server, or asked for where that does not come through.
function progress_(box) {
  const show = (now) => {
    if (now.over) return location.reload();
    const bar = find(box, "[data-bar]");
    find(box, "[data-text]").textContent = now.text;
    find(box, "[data-more]").textContent = now.more;
    bar.max = now.most || 1;
    bar.value = now.value;
  };
  const ask = async () => {
    try {
      show(await (await fetch(box.dataset.state)).json());
    } catch (e) {
      console.debug(e);
    }
    setTimeout(ask, 2000);
  };
  const events = new EventSource(box.dataset.events);
  events.addEventListener("message", (e) => show(JSON.parse(e.data)));
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) ask(); // else the browser opens it again
  });
}

const all = { progress: progress_, create: create_, signin: signIn_, card: card_, sign: sign_, receipt: receipt_, checkpoint: checkpoint_, fragment: fragment_, code: code_ };
for (const element of document.querySelectorAll("[data-does]")) all[element.dataset.does](element);
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
for (const element of document.querySelectorAll("[data-scripts]")) element.hidden = false;
