// Keeps marked parts of a page up to date: [data-live-topic] with [data-live-url] is fetched again when its topic
// has news; [data-presence] follows a person. Without this module the page shows what it showed when opened.
const last = new Map(); // topic → number of the last event known
let socket, wait = 1000, timer;

const parts = () => document.querySelectorAll("[data-live-topic]");
const faces = () => document.querySelectorAll("[data-presence]");
const say = (frame) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame));

function topics() {
  const all = new Map();
  for (const part of parts()) all.set(part.dataset.liveTopic, Number(part.dataset.liveNumber || 0));
  for (const face of faces()) all.has(`person:${face.dataset.presence}`) || all.set(`person:${face.dataset.presence}`, null);
  return all;
}

function subscribe() {
  for (const [topic, number] of topics()) {
    if (number !== null && !last.has(topic)) last.set(topic, number);
    say({ do: "subscribe", topic, ...(number === null ? {} : { since: last.get(topic) }) });
  }
}

async function refresh(part) {
  // Someone is typing in it: replacing it would lose what they typed.
  if (part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) return;
  const answer = await fetch(part.dataset.liveUrl, { headers: { "HX-Request": "true", "X-Live": "true" } });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(part.id ? `#${CSS.escape(part.id)}` : `[data-live-topic="${part.dataset.liveTopic}"]`);
  if (!fresh) return;
  const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  part.replaceWith(fresh);
  if (focused) fresh.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
}

function heard(frame) {
  const { topic, number, head, resync, kind, data } = frame;
  if (kind === "presence") return show(topic.slice("person:".length), data.state);
  const known = last.get(topic) ?? 0;
  const newest = number ?? head ?? known;
  if (!resync && newest <= known) return;
  last.set(topic, newest);
  for (const part of parts()) if (part.dataset.liveTopic === topic) refresh(part);
}

function show(person, state) {
  for (const face of document.querySelectorAll(`[data-presence="${CSS.escape(person)}"]`)) face.dataset.state = state;
}

function connect() {
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live/`);
  socket.onopen = () => { wait = 1000; document.documentElement.dataset.live = "on"; subscribe(); };
  socket.onmessage = (message) => { const frame = JSON.parse(message.data); if (frame.topic) heard(frame); };
  socket.onclose = ({ code }) => {
    document.documentElement.dataset.live = "off";
    if (code === 4001) return; // the session has ended: nothing to come back to
    // Jitter: after a restart of the server not everyone returns in the same second.
    timer = setTimeout(connect, wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, 30000);
  };
}

function begin() {
  // A tab that nobody looks at, and a page that is left at once, need no socket.
  if (document.hidden) return document.addEventListener("visibilitychange", begin, { once: true });
  timer = setTimeout(connect, 300);
}

function leave() {
  clearTimeout(timer);
  if (!socket) return;
  socket.onclose = null; // a page that comes back connects anew by itself
  // One that does not stand yet ends with the page; closing it would only make the browser complain.
  if (socket.readyState === WebSocket.OPEN) socket.close();
}

addEventListener("pagehide", leave);
addEventListener("pageshow", (event) => event.persisted && connect());
if (topics().size && !document.documentElement.classList.contains("low")) {
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin, { once: true });
}
