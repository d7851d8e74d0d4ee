// The printed card: an Ed25519 key that is made here and never leaves this device but on paper.
import { getPublicKeyAsync, signAsync } from "@noble/ed25519";
import qrcode from "qrcode-generator";
import { concat, equal, sha256 } from "./bytes.js";

// Crockford's alphabet: no letter that is read as a digit.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const seedLength = 32;
const checkLength = 2;

function encode(bytes) {
  let out = "", bits = 0, value = 0;
  for (const b of bytes) {
    value = (value << 8) | b;
    for (bits += 8; bits >= 5; bits -= 5) out += alphabet[(value >> (bits - 5)) & 31];
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? out + alphabet[(value << (5 - bits)) & 31] : out;
}

function decode(text) {
  const out = [];
  let bits = 0, value = 0;
  for (const c of text) {
    value = (value << 5) | alphabet.indexOf(c);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out.push((value >> bits) & 255);
      value &= (1 << bits) - 1;
    }
  }
  return Uint8Array.from(out);
}

const check = async (seed) => (await sha256(seed)).slice(0, checkLength);

// newCard returns a fresh key: what is printed, and its public half.
export async function newCard() {
  const seed = crypto.getRandomValues(new Uint8Array(seedLength));
  const text = encode(concat(seed, await check(seed)));
  return { text: text.match(/.{1,5}/g).join(" "), public: await getPublicKeyAsync(seed) };
}

// readCard reads what is printed on a card; null if it was mistyped.
export async function readCard(text) {
  const plain = text.toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1").replace(/[^0-9A-Z]/g, "");
  if ([...plain].some((c) => !alphabet.includes(c))) return null;
  const bytes = decode(plain);
  const seed = bytes.slice(0, seedLength);
  if (bytes.length !== seedLength + checkLength || !equal(bytes.slice(seedLength), await check(seed))) return null;
  return { public: await getPublicKeyAsync(seed), sign: (message) => signAsync(message, seed) };
}

// draw puts the QR code of a text into an element, as SVG.
export function draw(element, text) {
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const n = code.getModuleCount(), quiet = 4, svg = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(svg, "svg");
  picture.setAttribute("viewBox", `0 0 ${n + 2 * quiet} ${n + 2 * quiet}`);
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg, "path");
  let d = "";
  for (let y = 0; y < n; y++) for (let x = 0; x < n; x++) if (code.isDark(y, x)) d += `M${x + quiet} ${y + quiet}h1v1h-1z`;
  path.setAttribute("d", d);
  picture.append(path);
  element.replaceChildren(picture);
}
