// The messages on the page: adding, replacing and removing them, and staying where the reader is.
import { send } from "../live.js";
import { part, readBack } from "./back.js";

const NEAR = 240; // pixels from the end at which somebody reads along
let room, list, unseen = 0, reading;

const message = (number) => document.getElementById(`m${number}`);
const atEnd = () => innerHeight + scrollY >= document.documentElement.scrollHeight - NEAR;
const toEnd = () => scrollTo({ top: document.documentElement.scrollHeight });

function begin(element) {
  room = element;
  list = document.getElementById("messages");
  document.addEventListener("visibilitychange", () => document.hidden || read());
  if (!list) return;
  if (!location.hash) {
    const first = document.getElementById("new");
    if (first) first.scrollIntoView({ block: "center" });
    else if (list.children.length > 8 && !new URLSearchParams(location.search).size) toEnd();
  }
  readBack(room, list);
}

// What arrives is read out by the log; it does not move what somebody reads further up.
function add(fresh, { topic, number }) {
  if (!list || topic !== Number(room.dataset.topic) || "notAtEnd" in room.dataset || message(number)) return;
  const along = atEnd();
  const own = fresh.dataset.author === room.dataset.reader;
  document.querySelector("[data-nothing]")?.remove();
  if (!own && document.hidden && !unseen) markNew();
  if (!own && document.hidden) unseen += 1;
  const last = [...list.querySelectorAll(".message")].at(-1);
  dayBefore(fresh, last);
  list.append(fresh);
  keepState(fresh, null);
  if (along || own) requestAnimationFrame(toEnd);
  if (!document.hidden) read();
}

function dayBefore(fresh, last) {
  const day = (element) => new Intl.DateTimeFormat("en-CA", { timeZone: room.dataset.zone }).format(new Date(element.dataset.at));
  if (last && day(last) === day(fresh)) return;
  const today = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" }).format(0, "day");
  list.append(rule("day", today.charAt(0).toLocaleUpperCase() + today.slice(1)));
}

function markNew() {
  list.querySelector(".room-rule.new")?.remove();
  list.append(rule("new", room.dataset.new));
}

function rule(kind, text) {
  const made = Object.assign(document.createElement("li"), { className: `room-rule ${kind}` });
  made.append(Object.assign(document.createElement("span"), { textContent: text }));
  return made;
}

function replace(fresh, { number }) {
  const old = message(number);
  if (!old) return;
  const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  keepState(fresh, old);
  old.replaceWith(fresh);
  if (focused) fresh.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
}

// What is personal is not in what was sent to all: which signs are one's own, who is here.
function keepState(fresh, old) {
  for (const sign of fresh.querySelectorAll("[data-sign]")) {
    const before = old?.querySelector(`[data-sign="${CSS.escape(sign.dataset.sign)}"]`);
    if (before?.classList.contains("own")) sign.classList.add("own");
  }
  const face = fresh.querySelector("[data-person]");
  if (face && document.querySelector(`[data-here="${CSS.escape(face.dataset.person)}"]`)) face.dataset.state = "here";
}

function remove(numbers) {
  for (const number of numbers) message(number)?.remove();
}

function here(ids) {
  for (const face of document.querySelectorAll(".message [data-person]"))
    if (ids.has(face.dataset.person)) face.dataset.state = "here";
    else delete face.dataset.state;
}

// How far one has read; said a moment later, for several messages at once.
function read() {
  clearTimeout(reading);
  if ("notAtEnd" in room.dataset) return;
  reading = setTimeout(() => {
    const last = [...(list?.querySelectorAll(".message") ?? [])].at(-1);
    if (!last || document.hidden || document.documentElement.dataset.live !== "on") return;
    unseen = 0;
    const number = Number(last.dataset.number);
    send("topic.read", { room: room.dataset.room, topic: Number(room.dataset.topic), number });
  }, 1_500);
}

// Too much was missed, or messages went to another topic: the end of the topic once more.
async function fetchAgain() {
  if ("notAtEnd" in room.dataset) return;
  const page = await part(location.pathname);
  const fresh = page?.getElementById("messages");
  if (!fresh || !list) return;
  const along = atEnd();
  for (const item of fresh.children) if (item.id && message(item.dataset.number)) keepState(item, message(item.dataset.number));
  list.replaceChildren(...fresh.children);
  const [old, next] = [document.querySelector("[data-older]"), page.querySelector("[data-older]")];
  if (old && next) old.replaceWith(next);
  else if (old) old.remove();
  else if (next) document.getElementById("log").before(next);
  if (along) requestAnimationFrame(toEnd);
  read();
}

export const log = { begin, add, replace, remove, here, fetchAgain };
