// Sending files with a progress bar, and dropping them onto the form. Without this module the form does the same.
import { number } from "./numbers.js";

const make = (name, properties = {}) => Object.assign(document.createElement(name), properties);

function size(bytes) {
  const [value, unit] = bytes >= 1e6 ? [bytes / 1e6, "megabyte"] : [Math.ceil(bytes / 1e3), "kilobyte"];
  return number(value, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 });
}

function enhance(form) {
  const said = form.dataset;
  const most = Number(said.upload);
  const input = form.querySelector("input[type=file]");
  const zone = make("div", { className: "drop-zone" });
  const chosen = make("ul", { className: "chosen-files" });
  const warning = make("p", { className: "error-message", hidden: true });
  warning.setAttribute("role", "alert");
  input.replaceWith(zone);
  zone.append(make("p", { className: "drop-hint", textContent: said.drop }), input, chosen, warning);

  function fits() {
    const total = [...input.files].reduce((sum, file) => sum + file.size, 0);
    chosen.replaceChildren(...[...input.files].map((file) => {
      const line = make("li");
      line.append(make("bdi", { textContent: file.name }), make("span", { className: "minor", textContent: size(file.size) }));
      return line;
    }));
    warning.hidden = total <= most;
    warning.textContent = warning.hidden ? "" : `${said.tooLarge} (${size(total)} / ${size(most)})`;
    return warning.hidden;
  }
  input.addEventListener("change", fits);

  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    const kept = new DataTransfer();
    for (const file of input.multiple ? event.dataTransfer.files : [event.dataTransfer.files[0]]) kept.items.add(file);
    input.files = kept.files;
    fits();
  });

  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    if (fits()) send(form, warning);
    else event.stopPropagation(); // the button is not busy
  });
}

// The same request as the form's own. The server says in a header where it leads, for a script cannot see a redirect.
function send(form, warning) {
  const { sending, looking, failed } = form.dataset;
  const request = new XMLHttpRequest();
  const bar = make("progress", { max: 100, value: 0 });
  const words = make("span", { className: "minor", textContent: sending });
  const state = make("div", { className: "upload-state" });
  bar.setAttribute("aria-label", sending);
  state.setAttribute("role", "status");
  state.append(bar, words);
  form.querySelector(".actions").before(state);
  request.upload.onprogress = ({ loaded, total }) => (bar.value = (loaded / total) * 100);
  request.upload.onload = () => {
    bar.removeAttribute("value");
    words.textContent = looking;
  };
  request.onload = () => {
    const to = request.getResponseHeader("HX-Redirect");
    if (to) location.assign(to);
    else show(request.responseText);
  };
  request.onerror = () => {
    state.remove();
    const button = form.querySelector("[aria-busy][data-idle]");
    button?.removeAttribute("aria-busy");
    if (button) button.innerHTML = button.dataset.idle;
    warning.textContent = failed;
    warning.hidden = false;
  };
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.send(new FormData(form));
}

// The form again with what was wrong; or a page that says why not.
function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.querySelector("#upload");
  if (!fresh) return document.querySelector("main").replaceChildren(...(page.querySelector("main") ?? page.body).childNodes);
  document.querySelector("#upload").replaceWith(fresh);
  enhance(fresh.querySelector("form[data-upload]"));
  fresh.querySelector("[data-focus]")?.focus();
}

for (const form of document.querySelectorAll("form[data-upload]")) enhance(form);
