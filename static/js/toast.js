// Confirmations leave the page after 8 seconds, but wait while they are pointed at or hold the focus.
const STAY = 8000;
const region = document.getElementById("toasts");

if (region) {
  if (region.showPopover) {
    region.popover = "manual"; // the top layer, so that no dialog covers it
    region.showPopover();
  }
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.dataset) dress(node);
  }).observe(region, { childList: true });
  // A region that speaks is filled after it has been put in place.
  setTimeout(() => {
    const waiting = document.querySelectorAll(".messages > [data-toast]");
    region.append(...waiting);
    document.querySelectorAll(".messages:not(:has(*))").forEach((list) => list.remove());
  }, 100);
}

function dress(note) {
  if (!note.hasAttribute("data-toast")) return;
  note.className = "toast";
  if (!note.querySelector("button")) note.append(dismissal(note));
  let timer;
  const start = () => (timer = setTimeout(() => note.remove(), STAY));
  const stop = () => clearTimeout(timer);
  for (const event of ["pointerenter", "focusin"]) note.addEventListener(event, stop);
  for (const event of ["pointerleave", "focusout"]) note.addEventListener(event, () => (stop(), start()));
  start();
}

function dismissal(note) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: region.dataset.dismiss });
  button.addEventListener("click", () => note.remove());
  return button;
}
