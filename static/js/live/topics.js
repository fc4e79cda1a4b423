// Topics: who follows which, the number of the last event each has heard, and what is missing.
import { line } from "./line.js";

const topics = new Map(); // name → {last, followers, known}
const typed = new Map(); // topic → when we last said so

export function follow(topic, handlers = {}) {
  const follower = { number: handlers.since ?? null, ...handlers };
  const known = topics.get(topic);
  const one = known ?? { last: null, followers: new Set(), known: false };
  topics.set(topic, one);
  one.followers.add(follower);
  if (!known || since(one) !== one.last) subscribe(topic);
  line.begin();
  return () => {
    one.followers.delete(follower);
    if (one.followers.size || topics.get(topic) !== one) return;
    topics.delete(topic);
    line.say({ do: "unsubscribe", topic });
  };
}

export function typing(topic) {
  if (Date.now() - (typed.get(topic) ?? 0) < 3_000) return;
  if (line.say({ do: "typing", topic })) typed.set(topic, Date.now());
}

// The lowest number that a follower knows; null where none of them counts.
function since(one) {
  const numbers = [...one.followers].map((follower) => follower.number).filter((number) => number !== null);
  return numbers.length ? Math.min(...numbers) : one.last;
}

function subscribe(topic) {
  const one = topics.get(topic);
  one.last = since(one);
  line.say({ do: "subscribe", topic, ...(one.last === null ? {} : { since: one.last }) });
}

function each(one, name, ...values) {
  for (const follower of [...one.followers]) follower[name]?.(...values);
}

export function subscribeAll() {
  for (const topic of topics.keys()) subscribe(topic);
}

export function changed(state) {
  for (const one of topics.values()) each(one, "state", state);
}

line.asked = () => [...topics].slice(0, 50).map(([topic, one]) => [topic, since(one)]);

export function heard(frame) {
  const one = topics.get(frame.topic);
  if (!one) return;
  if (frame.number) event(one, frame);
  else if (frame.resync) afresh(one);
  else if ("head" in frame) head(one, frame);
  else if ("gone" in frame) gone(one, frame);
  else if (frame.kind === "present" || frame.kind === "typing") each(one, frame.kind, frame);
  else each(one, "event", frame); // presence of a person, announcements
}

function event(one, frame) {
  if (one.last !== null && frame.number <= one.last) return; // we have it
  if (one.last !== null && frame.number > one.last + 1) return subscribe(frame.topic); // something is missing
  one.last = frame.number;
  for (const follower of [...one.followers]) {
    if (follower.number !== null && frame.number <= follower.number) continue;
    if (follower.number !== null) follower.number = frame.number;
    if (frame.resync) follower.resync?.();
    else follower.event?.(frame);
  }
}

function head(one, { topic, head: number }) {
  one.known = true;
  if (one.afresh || one.last === null) settle(one, number);
  else if (number < one.last) {
    settle(one, number); // the server went back to an older copy
    each(one, "resync");
  } else if (number > one.last) subscribe(topic);
}

function settle(one, number) {
  [one.last, one.afresh] = [number, false];
  for (const follower of one.followers) if (follower.number !== null) follower.number = number;
}

// Too much to tell: whoever follows fetches the whole. The number to go on from comes with the head that follows.
function afresh(one) {
  one.afresh = true;
  each(one, "resync");
}

// Only what one could hear before is gone; of many things on a page one may not hear at all.
function gone(one, frame) {
  const was = one.known;
  topics.delete(frame.topic);
  each(one, "gone", frame.gone, was);
}
