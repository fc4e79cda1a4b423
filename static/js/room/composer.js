// Writing: sent over the line, kept while there is none, shown until it has arrived. Files go as an ordinary form.
import { discard, send, typing, waiting } from "../live.js";

let form, room, outbox;

export function compose(element, place) {
  [form, room, outbox] = [element, place, document.getElementById("outbox")];
  const { body } = form.elements;
  body.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    event.preventDefault();
    form.requestSubmit();
  });
  body.addEventListener("input", () => body.value && typing(room.dataset.live));
  form.addEventListener("submit", submit, { capture: true });
  form.elements.uploads?.addEventListener("change", showFiles);
  document.addEventListener("live:command", ({ detail }) => detail.name === "message.send" && detail.topic === room.dataset.live && show(detail));
  for (const entry of waiting(room.dataset.live)) if (entry.name === "message.send") show({ ...entry, state: "sending" });
  new MutationObserver(sayStates).observe(document.documentElement, { attributeFilter: ["data-live"] });
}

function submit(event) {
  const { body, uploads } = form.elements;
  if (uploads?.files.length) return; // the browser sends it
  event.preventDefault();
  event.stopPropagation();
  // What no frame can carry: halves of a pair, and the null character. The server would take out both.
  const text = body.value.replace(/[\0\p{Surrogate}]/gu, "");
  if (!text.trim()) return body.focus();
  const data = {
    room: room.dataset.room, topic: Number(room.dataset.topic), body: text, language: form.elements.language?.value ?? "",
  };
  const acting = form.elements.acting_for?.value;
  if (acting && acting !== "myself") data.acting_for = Number(acting);
  if (form.elements.reply_to?.value) data.reply_to = Number(form.elements.reply_to.value);
  if (form.elements.decide?.checked) data.until = form.elements.until.value;
  send("message.send", data, { topic: room.dataset.live });
  clear();
}

function clear() {
  form.elements.body.value = "";
  if (form.elements.reply_to) form.elements.reply_to.value = "";
  form.querySelector(".composer-reply")?.remove();
  if (form.elements.decide) form.elements.decide.checked = false;
  form.elements.body.focus();
  // Nothing is lost by leaving now.
  form.elements.body.dispatchEvent(new Event("change", { bubbles: true }));
}

// One line for each message that has not arrived: on its way, waiting for the line, or not sent.
function show({ key, data, state, refused }) {
  let line = outbox.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (state === "sent" || state === "discarded") {
    line?.remove();
    outbox.hidden = !outbox.children.length;
    return;
  }
  if (!line) {
    line = document.createElement("li");
    line.dataset.key = key;
    line.append(Object.assign(document.createElement("p"), { textContent: data.body, dir: "auto" }), document.createElement("span"));
    outbox.append(line);
  }
  line.dataset.state = state;
  outbox.hidden = false;
  if (state === "refused") fail(line, key, data, refused);
  sayStates();
}

function fail(line, key, data, refused) {
  line.querySelectorAll("button").forEach((button) => button.remove());
  line.dataset.refused = refused;
  const again = button(outbox.dataset.again, () => {
    line.remove();
    send("message.send", data, { topic: room.dataset.live });
  });
  const drop = button(outbox.dataset.drop, () => {
    discard(key);
    line.remove();
    outbox.hidden = !outbox.children.length;
    if (!form.elements.body.value) form.elements.body.value = data.body;
    form.elements.body.focus();
  });
  line.append(again, drop);
}

function button(text, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: text });
  made.addEventListener("click", act);
  return made;
}

function sayStates() {
  const stands = ["on", "polling"].includes(document.documentElement.dataset.live);
  for (const line of outbox.children) {
    const failed = line.dataset.state === "refused";
    line.className = failed ? "failed" : stands ? "" : "waiting";
    const { sending, waiting: later, failed: not } = outbox.dataset;
    line.querySelector("span").textContent = failed ? `${not}: ${line.dataset.refused}` : stands ? sending : later;
  }
}

function showFiles() {
  const chosen = form.querySelector("[data-chosen]");
  const names = [...form.elements.uploads.files].map((file) => file.name);
  chosen.textContent = names.join(", ");
  chosen.hidden = !names.length;
}
