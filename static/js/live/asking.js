// Where sockets are blocked: what the socket would have said, by asking again and again. Slower when nothing happens,
// and not at all while nobody looks.
import { line } from "./line.js";

const [OFTEN, SELDOM] = [5_000, 30_000]; // between two questions

let timer;
let pause = OFTEN;

export function ask(after = 0) {
  clearTimeout(timer);
  if (after) pause = OFTEN;
  timer = setTimeout(askOnce, after);
}

async function askOnce() {
  if (line.over || document.hidden || line.state === "on") return;
  try {
    const told = await asked();
    if (!told || line.state === "on") return;
    if (line.state !== "polling") setTimeout(line.connect, 1_000 * (1 + Math.random())); // perhaps the server was away
    line.become("polling");
    const news = told.some((frame) => frame.number || frame.resync);
    pause = news ? OFTEN : Math.min(pause * 1.5, SELDOM);
    told.forEach((frame) => line.heard(frame));
  } catch {
    pause = Math.min(pause * 1.5, SELDOM);
    line.become("off");
  }
  timer = setTimeout(askOnce, pause * (0.8 + 0.4 * Math.random()));
}

// The frames; nothing where the session has ended.
async function asked() {
  const address = new URLSearchParams();
  for (const [topic, since] of line.asked()) {
    address.append("t", topic);
    address.append("since", since ?? "");
  }
  const answer = await fetch(`/live/poll/?${address}`, { headers: { "X-Live": "true" } });
  if (answer.redirected || answer.status === 401) return line.end();
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

addEventListener("pagehide", () => clearTimeout(timer));
