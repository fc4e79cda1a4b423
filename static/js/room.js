// A room that is open: new messages appear, changes are made in place, what is written is sent over the line.
// Without this module the page shows what it showed when opened, and the composer is an ordinary form.
import { follow } from "./live.js";
import { number } from "./numbers.js";
import { localise, keepTime } from "./room/clocks.js";
import { compose } from "./room/composer.js";
import { offerNames } from "./room/mentions.js";
import { openMenus } from "./room/menus.js";
import { log } from "./room/log.js";
import { topics } from "./room/topics.js";

const room = document.getElementById("room");
const open = Number(room.dataset.topic);
const fragments = document.createElement("template");

function element(html) {
  fragments.innerHTML = html.trim();
  const made = fragments.content.querySelector("li.message, li.topic-line");
  if (made) localise(made, room.dataset.zone);
  return made;
}

function heard({ kind, data, html }) {
  const message = html?.message && element(html.message);
  if (message) log[kind === "message.created" ? "add" : "replace"](message, data);
  if (kind === "message.vanished") log.remove(data.numbers ?? [data.number]);
  if (kind === "topic.moved" && [data.topic, ...(data.also ?? [])].includes(open)) log.fetchAgain();
  if (kind === "topic.changed" && !html?.topic) topics.remove(data.topic);
  const line = html?.topic && element(html.topic);
  const mine = message?.dataset.author === room.dataset.reader;
  if (line) topics.put(line, kind === "message.created" && data.topic !== open && !mine);
}

function present({ data, html }) {
  document.getElementById("here")?.replaceChildren(...parsed(html.present));
  const count = document.querySelector("[data-here-count] [data-count]");
  if (count) count.textContent = number(data.count);
  const ids = new Set(data.ids.map(String));
  log.here(ids);
  keepTime();
}

function parsed(html) {
  fragments.innerHTML = html;
  return fragments.content.childNodes;
}

let quiet;
function typing({ data }) {
  const place = document.querySelector("[data-typing]");
  place.textContent = place.dataset.typing.replace("%(name)s", data.name);
  place.hidden = false;
  clearTimeout(quiet);
  quiet = setTimeout(() => (place.hidden = true), 6_000);
}

function gone(sentence) {
  const note = Object.assign(document.createElement("div"), { className: "note due" });
  note.setAttribute("role", "alert");
  note.append(Object.assign(document.createElement("p"), { textContent: sentence }));
  room.parentElement.before(note);
  for (const field of document.querySelectorAll("[data-composer] :is(textarea, button, select, input)")) field.disabled = true;
  document.querySelector("[data-typing]").hidden = true;
  stop();
}

log.begin(room);
topics.begin(open);
openMenus(room);
const composer = document.querySelector("[data-composer]");
if (composer) {
  compose(composer, room);
  offerNames(composer.elements.body, room.dataset.mentions);
}
keepTime();
const stop = follow(room.dataset.live, {
  since: Number(room.dataset.number), event: heard, present, typing, gone, resync: () => log.fetchAgain(),
});
