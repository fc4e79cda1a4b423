// Reading back and on: what stands before and after the messages on the page is fetched without leaving it.
let room, list;

export function readBack(element, messages) {
  [room, list] = [element, messages];
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-older] a, [data-newer] a[href^='?after']");
    if (link) more(event, link);
  });
  watchTop();
}

export async function part(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function more(event, link) {
  event.preventDefault();
  if (link.getAttribute("aria-busy")) return;
  link.setAttribute("aria-busy", "true");
  const older = link.closest("[data-older]");
  const page = await part(link.href);
  if (!page) return location.assign(link.href);
  const log = document.getElementById("log");
  log.setAttribute("aria-live", "off"); // what was said before is not news
  const height = document.documentElement.scrollHeight;
  const items = [...page.getElementById("messages").children].filter((item) => !item.id || !document.getElementById(item.id));
  if (older) list.prepend(...items);
  else list.append(...items);
  const next = page.querySelector(older ? "[data-older]" : "[data-newer]");
  const place = link.closest("p");
  if (next) place.replaceWith(next);
  else place.remove();
  if (!older && !next) delete room.dataset.notAtEnd;
  if (older) scrollBy({ top: document.documentElement.scrollHeight - height, behavior: "instant" });
  setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
  if (older) watchTop();
}

// Scrolling up fetches by itself what stands before.
function watchTop() {
  const older = document.querySelector("[data-older] a");
  if (!older) return;
  const watcher = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    watcher.disconnect();
    older.click();
  });
  addEventListener("scroll", () => watcher.observe(older), { once: true, passive: true });
}
