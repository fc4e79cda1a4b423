// The line to the server: a socket. It knows nothing of topics; live.js sets what is to be done when it opens, when
// something is heard and when its state changes. Where sockets are blocked, asking.js takes its place.
const QUIET = 60_000; // without a heartbeat for so long, the socket is dead and nobody has told us
const STOOD = 10_000; // a socket that was open for so long was a good one
const [SHORT, LONG] = [1_000, 30_000]; // between two attempts
const SOCKET_AGAIN = 120_000; // while asking, see whether sockets have become possible
const [ACK_FRAMES, ACK_SIZE, SESSION_ENDED] = [128, 32_768, 4001];

export const low = () => document.documentElement.classList.contains("low");
const hooks = { opened() {}, heard() {}, changed() {}, ask() {}, asked: () => [], broke: () => false };
export const line = { state: "", over: false, blocked: false, ...hooks, say, begin, connect, become, end };

let socket, timer, begun, opened, frames, acknowledged, size;
let [failures, wait, heardAt, attempted] = [0, SHORT, 0, 0];

function become(state) {
  if (state === line.state) return;
  line.state = state;
  document.documentElement.dataset.live = state;
  line.changed(state);
}

function say(frame) {
  if (socket?.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(frame));
  return true;
}

// Once there is something to say or to hear. A tab that nobody looks at, and a page left at once, need no socket.
function begin() {
  if (begun || low()) return;
  begun = true;
  const start = () => {
    if (!document.hidden) timer = setTimeout(connect, 300);
    else document.addEventListener("visibilitychange", start, { once: true });
  };
  if (document.readyState === "complete") start();
  else addEventListener("load", start, { once: true });
}

function connect() {
  clearTimeout(timer);
  if (line.over || (socket && socket.readyState <= WebSocket.OPEN)) return;
  [frames, acknowledged, size, opened, attempted] = [0, 0, 0, 0, Date.now()];
  try {
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live/`);
  } catch {
    return closed({ code: 0 });
  }
  socket.onopen = () => {
    opened = heardAt = Date.now();
    become("on");
    line.opened();
  };
  socket.onmessage = ({ data }) => {
    heardAt = Date.now();
    acknowledge(data.length);
    line.heard(JSON.parse(data));
  };
  socket.onclose = closed;
}

// The server sends only so much that nobody has said to have taken.
function acknowledge(length) {
  frames += 1;
  size += length;
  if (frames - acknowledged < ACK_FRAMES && size < ACK_SIZE) return;
  [acknowledged, size] = [frames, 0];
  say({ do: "ack", frames });
}

function closed({ code }) {
  socket = undefined;
  if (code === SESSION_ENDED) return end();
  const ours = line.broke(code); // something we said, and shall not say again: no fault of the line
  // One that opens and breaks at once is as blocked as one that never opens.
  if (opened && Date.now() - opened > STOOD) [failures, wait, line.blocked] = [0, SHORT, false];
  else if (!ours) failures += 1;
  if (failures < 3 && !line.blocked) {
    become("off");
    // Jitter: after a restart of the server not everyone returns in the same second.
    timer = setTimeout(connect, wait * (0.5 + Math.random()));
    return (wait = Math.min(wait * 2, LONG));
  }
  if (!line.blocked) line.ask();
  line.blocked = true;
  timer = setTimeout(connect, SOCKET_AGAIN * (0.5 + Math.random()));
}

// The session has ended: nothing to come back to.
function end() {
  line.over = true;
  clearTimeout(timer);
  become("off");
}

function leave() {
  clearTimeout(timer);
  if (!socket) return;
  socket.onclose = null; // a page that comes back connects anew by itself
  // One that does not stand yet ends with the page; closing it would only make the browser complain.
  if (socket.readyState === WebSocket.OPEN) socket.close();
  socket = undefined;
}

const silent = () => line.state === "on" && Date.now() - heardAt > QUIET && line.asked().length > 0;

// Somebody looks again, or the network is back, or the machine wakes up.
function look() {
  if (!begun || line.over || document.hidden) return;
  if (silent()) (leave(), become("off"));
  if (line.state !== "on" && Date.now() - attempted > SHORT) connect();
  if (line.blocked) line.ask(SHORT);
}

addEventListener("pagehide", leave);
addEventListener("pageshow", (event) => event.persisted && begun && (become("off"), connect()));
addEventListener("online", look);
document.addEventListener("visibilitychange", look);
setInterval(() => silent() && look(), 5_000);
