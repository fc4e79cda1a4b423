// Commands that wait for their answer. They survive a lost connection and a page loaded anew in the same tab, and are
// sent again with the same key: the server does each once.
import { keep, read } from "./kept.js";
import { line, low } from "./line.js";
import { post } from "./posting.js";

const AGAIN = 15_000; // on a line that stands, without an answer
const NOT_TAKEN = [1009, 4010, 4011, 4013]; // with these the server closes on a frame that it cannot take
const promises = new Map(); // key → how to answer whoever sent it

let entries = read();
let posting = false;
let careful = false; // one command after the other, until it is known which one the server cannot take

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function tell(entry, state, more = {}) {
  const detail = { key: entry.key, name: entry.name, data: entry.data, topic: entry.topic, state, ...more };
  document.dispatchEvent(new CustomEvent("live:command", { detail }));
  return detail;
}

export function send(name, data = {}, { key = newKey(), topic = "" } = {}) {
  const entry = { key, name, data, topic, at: 0 };
  entries.push(entry);
  keep(entries);
  const promise = new Promise((answered) => promises.set(key, answered));
  tell(entry, "sending");
  line.begin();
  flush();
  return Object.assign(promise, { key });
}

// What is not answered yet, oldest first: for a page that was loaded anew, to show it as not sent.
export function waiting(topic) {
  return entries.filter((entry) => topic === undefined || entry.topic === topic);
}

// Nobody wants it any more. What is on its way may still arrive.
export function discard(key) {
  const entry = entries.find((one) => one.key === key);
  if (entry) settle(entry, "discarded", {});
}

// The frames that belong here: {key, done}, {key, refused}, {key, again}.
export function answered(frame) {
  const entry = entries.find((one) => one.key === frame.key);
  if (!entry) return;
  if ("again" in frame) {
    entry.held = true;
    setTimeout(() => ((entry.held = false), deliver(entry)), frame.again * 1000);
  } else if ("done" in frame) settle(entry, "sent", { done: frame.done });
  else settle(entry, "refused", { refused: frame.refused });
}

function settle(entry, state, more) {
  entries = entries.filter((one) => one !== entry);
  keep(entries);
  if (careful) flush();
  const detail = tell(entry, state, more);
  promises.get(entry.key)?.(detail);
  promises.delete(entry.key);
}

// The server closed the socket because of something it heard; it does not say what. One command alone on its way is the
// one, and sent again it would close the next socket too. Of several each comes once more, alone. Whether it was ours.
export function broke(code, sentence) {
  if (!NOT_TAKEN.includes(code)) return false;
  const underway = entries.filter((entry) => entry.at && !entry.held);
  careful = underway.length > 1;
  const said = sentence || document.querySelector("[data-live-state]")?.dataset.refused || "";
  if (underway.length === 1) settle(underway[0], "refused", { refused: said });
  return underway.length > 0;
}

// After the line opened: everything once more, in its order.
export function resend() {
  for (const entry of entries) entry.at = 0;
  flush();
}

function flush() {
  careful &&= entries.length > 0;
  if (line.state === "on") for (const entry of careful ? entries.slice(0, 1) : entries) entry.at || deliver(entry);
  else if (line.state === "polling" || low()) postAll();
}

function deliver(entry) {
  if (!entries.includes(entry) || entry.held) return;
  const { name, key, data } = entry;
  if (line.say({ do: "command", name, key, data })) entry.at = Date.now();
  else if (line.state !== "on") flush();
}

// One after the other, by requests. Whatever goes wrong on the way is tried again.
async function postAll() {
  if (posting) return;
  posting = true;
  let later = 0;
  while (entries.length && line.state !== "on" && !later) {
    const answer = await post(entries[0]);
    if (answer.later) later = answer.later;
    else answered(answer);
  }
  posting = false;
  if (later) setTimeout(flush, later);
  if (line.state === "polling") line.ask(500); // for what came of it
}

setInterval(() => {
  if (line.state === "on") for (const entry of entries) if (entry.at && Date.now() - entry.at > AGAIN) deliver(entry);
}, 5_000);
