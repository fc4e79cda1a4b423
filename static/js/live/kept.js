// What the outbox holds, as the tab keeps it: nothing stays beyond the tab, nor for another person.
const place = `outbox:${document.documentElement.dataset.person ?? ""}`;

export function read() {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("outbox:") && key !== place) sessionStorage.removeItem(key);
    return JSON.parse(sessionStorage.getItem(place) ?? "[]").map((entry) => ({ ...entry, at: 0, held: false }));
  } catch {
    return []; // no storage here: what is not sent is lost with the page
  }
}

export function keep(entries) {
  try {
    if (entries.length) sessionStorage.setItem(place, JSON.stringify(entries));
    else sessionStorage.removeItem(place);
  } catch {
    // It is still in memory, and sent from there.
  }
}
