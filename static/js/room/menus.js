// What can be done with a message opens over it; the page of the same address says it elsewhere.
import { send } from "../live.js";

let room, menu;

export function openMenus(element) {
  [room, menu] = [element, document.querySelector("[data-message-menu-frame]")];
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-message-menu]");
    const sign = event.target.closest(".message [data-sign]");
    if (opener && menu?.togglePopover) open(event, opener);
    else if (sign && document.documentElement.dataset.live === "on") toggle(event, sign.closest(".message"), sign.dataset.sign);
  });
  menu?.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-react]");
    if (!form || document.documentElement.dataset.live !== "on") return;
    menu.hidePopover();
    toggle(event, document.getElementById(`m${form.dataset.react}`), event.submitter.value);
  });
}

async function open(event, opener) {
  event.preventDefault();
  const answer = await fetch(opener.href, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return location.assign(opener.href);
  menu.innerHTML = await answer.text();
  menu.showPopover({ source: opener });
  menu.querySelector("button, a")?.focus();
}

// One's own sign is known here alone: what all are sent does not say whose they are.
async function toggle(event, message, sign) {
  event.preventDefault();
  if (!message) return;
  const number = Number(message.dataset.number);
  const answer = await send("message.react", { room: room.dataset.room, number, sign });
  const place = () => document.querySelector(`#m${number} [data-sign="${CSS.escape(sign)}"]`);
  if (answer.state !== "sent") return;
  const mark = () => place()?.classList.toggle("own", answer.done.on);
  mark();
  setTimeout(mark, 400); // the event with the new count may come after the answer
}
