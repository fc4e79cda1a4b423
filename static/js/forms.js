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

// A page that the browser kept and shows again is a new intention, as one that it fetches again would be, and so is a
// form that htmx left standing after its answer, once something in it changes: these get keys of their own. A form sent
// again as it is has the same key, and is done once.
const answered = new WeakSet();
function renewKey(form) {
  const random = crypto.getRandomValues(new Uint8Array(16));
  const key = form.elements.idempotency_key;
  if (key) key.value = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) renewKey(form);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form");
  if (form) answered.add(form);
});
document.addEventListener("input", (event) => {
  if (answered.delete(event.target.form)) renewKey(event.target.form);
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
