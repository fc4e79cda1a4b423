// After an @ the names of those are offered who may read here; the server says who they are.
const BEFORE = /(^|[\s(])@([^@\n]{0,40})$/;
let field, address, list, asked, status;

export function offerNames(textarea, where) {
  [field, address] = [textarea, where];
  list = Object.assign(document.createElement("ul"), { className: "offers", id: "offers", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "@");
  status = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  status.setAttribute("role", "status");
  field.form.append(list, status);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", "offers");
  field.addEventListener("input", ask);
  field.addEventListener("keydown", steer);
  field.addEventListener("blur", () => setTimeout(close, 150));
}

const typed = () => BEFORE.exec(field.value.slice(0, field.selectionStart));

async function ask() {
  const found = typed();
  if (!found || /\s\S*\s\S*\s/.test(found[2])) return close();
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(`${address}?q=${encodeURIComponent(found[2])}`, { signal: asked.signal });
    if (answer.ok && !answer.redirected && typed()) show((await answer.json()).offers);
  } catch {
    close(); // asked again meanwhile, or no line: names can be typed
  }
}

function show(offers) {
  list.replaceChildren(...offers.map(({ name, detail }, place) => {
    const line = Object.assign(document.createElement("li"), { id: `offer-${place}` });
    line.setAttribute("role", "option");
    line.dataset.name = name;
    line.append(Object.assign(document.createElement("b"), { textContent: name }));
    if (detail && detail !== name) line.append(Object.assign(document.createElement("span"), { className: "minor", textContent: detail }));
    line.addEventListener("pointerdown", (event) => (event.preventDefault(), take(line)));
    return line;
  }));
  list.hidden = !offers.length;
  choose(list.firstElementChild);
  status.textContent = offers.length ? offers.map((one) => one.name).join(", ") : "";
}

function choose(line) {
  for (const one of list.children) one.setAttribute("aria-selected", String(one === line));
  if (line) field.setAttribute("aria-activedescendant", line.id);
  else field.removeAttribute("aria-activedescendant");
  line?.scrollIntoView({ block: "nearest" });
}

function steer(event) {
  if (list.hidden) return;
  const current = list.querySelector("[aria-selected=true]");
  if (event.key === "ArrowDown") choose(current?.nextElementSibling ?? list.firstElementChild);
  else if (event.key === "ArrowUp") choose(current?.previousElementSibling ?? list.lastElementChild);
  else if (["Enter", "Tab"].includes(event.key) && current && !event.ctrlKey) take(current);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
}

function take(line) {
  const found = typed();
  if (!found) return close();
  const start = field.selectionStart - found[2].length;
  field.setRangeText(`${line.dataset.name} `, start, field.selectionStart, "end");
  close();
  field.focus();
}

function close() {
  list.hidden = true;
  choose(null);
}
