// Receipts, checked in the browser with nothing but the log's public key: docs/record.md says what is checked.
import { verifyAsync } from "@noble/ed25519";
import { base64, concat, equal, sha256, unbase64, utf8 } from "./bytes.js";

const fail = (code) => { throw Object.assign(new Error(code), { code }); };

// openNote checks that a signed note is signed with a key, and returns its text's lines.
async function openNote(note, key) {
  const end = note.lastIndexOf("\n\n");
  if (end < 0) fail("note");
  const text = note.slice(0, end + 1);
  const [, name, id, raw] = key.match(/^([^+]+)\+([0-9a-f]{8})\+(.+)$/) ?? fail("key");
  const bytes = unbase64(raw);
  if (bytes[0] !== 1 || bytes.length !== 33) fail("key");
  const start = "\u2014 " + name + " ";
  for (const line of note.slice(end + 2).split("\n").filter((l) => l.startsWith(start))) {
    const sig = unbase64(line.slice(start.length));
    const hash = [...sig.slice(0, 4)].map((b) => b.toString(16).padStart(2, "0")).join("");
    if (hash === id && (await verifyAsync(sig.slice(4), utf8(text), bytes.slice(1)))) return text.split("\n").slice(0, -1);
  }
  return fail("signature");
}

const leafHash = (entry) => sha256(concat(Uint8Array.of(0), entry));
const nodeHash = (left, right) => sha256(concat(Uint8Array.of(1), left, right));

// rootOf computes the root that an inclusion proof leads to (RFC 6962, section 2.1.1; RFC 9162, section 2.1.3.2).
async function rootOf(index, size, leaf, path) {
  let fn = index, sn = size - 1, r = leaf;
  for (const p of path) {
    if (sn === 0) fail("proof");
    if (fn % 2 === 1 || fn === sn) {
      r = await nodeHash(p, r);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else {
      r = await nodeHash(r, p);
    }
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  if (sn !== 0) fail("proof");
  return r;
}

// verify checks a receipt against the entry's bytes, and its proof, where there is one. It returns what it found.
export async function verify({ receipt, receiptKey, proof, proofKey, entry }) {
  const lines = await openNote(receipt, receiptKey);
  const origin = receiptKey.split("+")[0];
  if (lines.length !== 7 || lines[0] !== "bremen receipt v1" || lines[1] !== origin) fail("receipt");
  const seq = Number(lines[2]);
  const leaf = await leafHash(utf8(entry));
  if (base64(leaf) !== lines[3]) fail("leaf");
  const said = JSON.parse(entry);
  if (said.seq !== seq || said.time !== lines[5]) fail("leaf");
  if (!proof) return { seq, by: lines[6], proven: false };
  const [head, ...rest] = proof.split("\n");
  const blank = rest.indexOf("");
  if (head !== "c2sp.org/tlog-proof@v1" || rest[0] !== "index " + seq || blank < 1) fail("proof");
  const path = rest.slice(1, blank).map(unbase64);
  const checkpoint = rest.slice(blank + 1).join("\n");
  const [name, size, root] = await openNote(checkpoint, proofKey);
  if (name !== origin || seq >= Number(size)) fail("checkpoint");
  if (!equal(await rootOf(seq, Number(size), leaf, path), unbase64(root))) fail("proof");
  return { seq, by: lines[6], proven: true, size: Number(size), root, checkpoint };
}

// extends_ checks that the tree of size n with root newer extends the one of size m (RFC 9162, section 2.1.4.2).
export async function extends_(m, older, n, newer, path) {
  if (m === n) return equal(older, newer) && path.length === 0;
  if (m <= 0 || m > n || path.length === 0) return false;
  if (Number.isInteger(Math.log2(m))) path = [older, ...path];
  let fn = m - 1, sn = n - 1;
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  let fr = path[0], sr = path[0];
  for (const c of path.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = await nodeHash(c, fr);
      sr = await nodeHash(c, sr);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else {
      sr = await nodeHash(sr, c);
    }
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && equal(fr, older) && equal(sr, newer);
}

// openCheckpoint checks a checkpoint's signature and returns origin, size and root.
export async function openCheckpoint(note, key) {
  const [origin, size, root] = await openNote(note, key);
  return { origin, size: Number(size), root };
}
