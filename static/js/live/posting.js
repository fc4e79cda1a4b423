// One command by a request: in low bandwidth, and where sockets are blocked.

// Gives the answering frame, or { later: milliseconds } where it is to be tried again.
export async function post({ name, data, key }) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const fields = { name, data: JSON.stringify(data), idempotency_key: key, csrfmiddlewaretoken: token };
  try {
    const answer = await fetch("/live/command/", { method: "POST", body: new URLSearchParams(fields) });
    if (answer.redirected || answer.status === 401) return { later: 60_000 }; // for whoever signs in again
    if (answer.status >= 500 || answer.status === 429) return { later: 10_000 };
    const frame = await answer.json();
    if ("again" in frame) return { later: frame.again * 1000 };
    return answer.ok ? frame : { key, refused: frame.error ?? "" };
  } catch {
    return { later: 5_000 }; // no network
  }
}
