// Forms: submit on change, busy buttons, focus on errors, a warning before unsaved text is left, showing passwords.

document.querySelector("[data-focus]")?.focus();
document.addEventListener("htmx:afterSwap", (event) => event.target.querySelector("[data-focus]")?.focus());

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto-submit]");
  // Shown as a page of its own (on a phone), the form waits for its button.
  if (!form || form.matches(":target")) return;
  // With htmx only the part that changes is fetched; its form waits for this event.
  if (window.htmx && form.getAttribute("hx-trigger") === "narrow") window.htmx.trigger(form, "narrow");
  else form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  // An empty field in an address says nothing.
  if (form.method === "get") {
    const empty = [...form.elements].filter((field) => field.name && field.value === "" && !field.disabled);
    empty.forEach((field) => (field.disabled = true));
    setTimeout(() => empty.forEach((field) => (field.disabled = false)));
  }
  const button = event.submitter;
  if (!button?.dataset.busy) return;
  if (button.getAttribute("aria-busy")) return event.preventDefault();
  button.dataset.idle = button.innerHTML;
  button.setAttribute("aria-busy", "true");
  button.textContent = button.dataset.busy;
});

function idle() {
  for (const button of document.querySelectorAll("[aria-busy][data-idle]")) {
    button.removeAttribute("aria-busy");
    button.innerHTML = button.dataset.idle;
  }
}
window.addEventListener("pageshow", idle);
document.addEventListener("htmx:afterRequest", idle);

// A form that was answered and still stands here (htmx, or a page that the browser kept) is a new intention as soon as
// something in it changes, and gets a key of its own. Sent again unchanged it is the same act, and is done once.
const answered = new WeakSet();
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) answered.add(form);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form");
  if (form) answered.add(form);
});
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!answered.delete(form) || !form.elements.idempotency_key) return;
  const random = crypto.getRandomValues(new Uint8Array(16));
  form.elements.idempotency_key.value = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
});

// htmx shows nothing of a refusal. Sent again as without scripts, the form leads to the page that says why; by its key
// what may have been done is not done twice.
document.addEventListener("htmx:responseError", (event) => {
  const form = event.target.closest("form[method=post]");
  if (form) HTMLFormElement.prototype.submit.call(form);
});

// Unsaved text: the browser's own question, which is in the reader's language.
let touched = null;
document.addEventListener("input", (event) => (touched = event.target.closest("form[data-guard]") ?? touched));
document.addEventListener("submit", () => (touched = null));
window.addEventListener("beforeunload", (event) => touched?.isConnected && event.preventDefault());

for (const input of document.querySelectorAll("input[data-reveal]")) {
  const frame = Object.assign(document.createElement("span"), { className: "reveal" });
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: input.dataset.reveal });
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
  });
  const focused = document.activeElement === input;
  input.replaceWith(frame);
  frame.append(input, button);
  if (focused) input.focus();
}
