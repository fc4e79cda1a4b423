// The list of topics: the latest on top, below those that are kept there, each with its count of what is new.
import { number as written } from "../numbers.js";

let list, open;

const line = (number) => list?.querySelector(`[data-topic-line="${number}"]`);
const unread = (element) => element?.querySelector("[data-unread]");

function begin(number) {
  list = document.getElementById("topics");
  open = number;
  // In a long list the topic of this page may lie outside.
  const [current, frame] = [line(number), list?.closest(".room-topics")];
  if (current && frame) frame.scrollTop = current.offsetTop - frame.offsetTop - frame.clientHeight / 2;
  markTab();
  addEventListener("hashchange", markTab);
}

function put(fresh, isNew) {
  if (!list) return;
  const number = Number(fresh.dataset.topicLine);
  const old = line(number);
  const count = Number(unread(old)?.dataset.unread ?? 0) + (isNew ? 1 : 0);
  const focused = old?.contains(document.activeElement);
  if (number === open) fresh.querySelector("a").setAttribute("aria-current", "page");
  else if (count) show(fresh, count);
  if (old && !isNew && number !== open) old.replaceWith(fresh);
  else {
    old?.remove();
    const pinned = [...list.children].filter((one) => one.querySelector(".topic-title .icon[role=img]"));
    const last = fresh.querySelector(".topic-title .icon[role=img]") ? null : pinned.at(-1);
    if (last) last.after(fresh);
    else list.prepend(fresh);
  }
  if (focused) fresh.querySelector("a").focus();
}

function show(fresh, count) {
  const place = unread(fresh);
  place.hidden = false;
  place.dataset.unread = count;
  place.querySelector("[data-count]").textContent = written(count);
  fresh.classList.add("unread");
}

function remove(number) {
  if (number !== open) line(number)?.remove();
}

// On a narrow page the parts of the room are shown one at a time, by their addresses; styles do it, this says it.
function markTab() {
  const tabs = [...document.querySelectorAll(".room-tabs > a")];
  const chosen = tabs.find((tab) => tab.hash === location.hash) ?? tabs.find((tab) => tab.hash === "#room-messages");
  for (const tab of tabs) tab === chosen ? tab.setAttribute("aria-current", "true") : tab.removeAttribute("aria-current");
}

export const topics = { begin, put, remove };
