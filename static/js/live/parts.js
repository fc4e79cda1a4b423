// Parts of the page that follow a topic: [data-live-topic] with [data-live-url] is fetched again when it has news,
// [data-presence] shows whether a person is here.
import { follow } from "./topics.js";

const stale = new WeakSet(); // parts that are to be fetched when that becomes possible
const fetching = new WeakSet();
const parts = new Map(); // part → how to stop following its topic
const faces = new Map(); // person → the same

export function scan() {
  for (const part of document.querySelectorAll("[data-live-topic]")) attach(part);
  for (const face of document.querySelectorAll("[data-presence]")) attachFace(face.dataset.presence);
  for (const [part, stop] of parts) part.isConnected || (parts.delete(part), stop());
  for (const [person, stop] of faces) facesOf(person).length || (faces.delete(person), stop());
}

function attach(part) {
  if (parts.has(part)) return;
  const { liveTopic, liveNumber } = part.dataset;
  const news = () => refresh(part);
  const lost = (sentence, was) => was && sentence && tellGone(part, sentence);
  const number = liveNumber === undefined ? undefined : Number(liveNumber);
  parts.set(part, follow(liveTopic, { since: number, event: news, resync: news, gone: lost }));
}

function attachFace(person) {
  if (faces.has(person)) return;
  const show = ({ kind, data }) => kind === "presence" && facesOf(person).forEach((face) => (face.dataset.state = data.state));
  faces.set(person, follow(`person:${person}`, { event: show }));
}

function facesOf(person) {
  return document.querySelectorAll(`[data-presence="${CSS.escape(person)}"]`);
}

function tellGone(part, sentence) {
  const note = Object.assign(document.createElement("p"), { className: "note due", textContent: sentence });
  note.setAttribute("role", "status");
  part.before(note);
}

// Several events in a row are one fetch; what happens while it runs is another.
async function refresh(part) {
  stale.add(part);
  if (fetching.has(part) || !part.isConnected) return;
  fetching.add(part);
  await new Promise((later) => setTimeout(later, 100));
  while (stale.has(part) && part.isConnected && !isTyped(part)) {
    stale.delete(part);
    part = (await replaced(part)) ?? part;
  }
  fetching.delete(part);
}

// Someone is typing in it: replacing it would lose what they typed. It is fetched when they have left it.
function isTyped(part) {
  if (!part.contains(document.activeElement) || !document.activeElement.matches("input, textarea, select")) return false;
  part.addEventListener("focusout", () => setTimeout(refresh, 0, part), { once: true });
  return true;
}

async function replaced(part) {
  const { liveUrl, liveTopic } = part.dataset;
  const answer = await fetch(liveUrl, { headers: { "HX-Request": "true", "X-Live": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(part.id ? `#${CSS.escape(part.id)}` : `[data-live-topic="${CSS.escape(liveTopic)}"]`);
  if (!fresh || isTyped(part)) return null;
  const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  part.replaceWith(fresh);
  scan(); // the new part is followed before the old one is let go, so the subscription stays
  if (focused) fresh.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
  return fresh;
}
