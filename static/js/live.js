// Keeps a page up to date; what it offers to other modules is described in docs/live.md. [data-live-state] says how the
// line stands. Without this module the page shows what it showed when opened.
import { ask } from "./live/asking.js";
import { line } from "./live/line.js";
import { answered, broke, discard, resend, send, waiting } from "./live/outbox.js";
import { scan } from "./live/parts.js";
import { changed, follow, heard, subscribeAll, typing } from "./live/topics.js";

export { discard, follow, send, typing, waiting };

line.ask = ask;
line.opened = () => (subscribeAll(), resend());
let complaint = ""; // what the server says before it closes
line.heard = (frame) => {
  if ("error" in frame) complaint = frame.error;
  else if (frame.key) answered(frame);
  else heard(frame);
};
line.broke = (code) => {
  const ours = broke(code, complaint);
  complaint = "";
  return ours;
};
line.changed = (state) => {
  sayState();
  changed(state);
  if (state === "polling") resend();
};

function sayState() {
  const state = line.state === "off" && !navigator.onLine ? "offline" : line.state;
  for (const place of document.querySelectorAll("[data-live-state]")) {
    const text = place.dataset[state] ?? "";
    if (place.textContent !== text) place.textContent = text;
    place.dataset.liveState = state;
  }
}

for (const change of ["online", "offline"]) addEventListener(change, sayState);
document.addEventListener("htmx:load", () => scan());
scan();
sayState();
if (waiting().length) (line.begin(), resend());
