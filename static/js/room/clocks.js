// Times of day as the page has them: in the reader's zone, in the digits of the page.
import { locale } from "../numbers.js";

const hours = `${locale}-hc-h23`;

function clock(moment, timeZone) {
  return new Intl.DateTimeFormat(hours, { hour: "2-digit", minute: "2-digit", timeZone }).format(moment);
}

// A fragment is made for all readers at once, in UTC; the page knows whose it is.
export function localise(part, zone) {
  const form = new Intl.DateTimeFormat(hours, { dateStyle: "full", timeStyle: "short", timeZone: zone });
  for (const time of part.querySelectorAll("time[data-clock], time[data-when]")) {
    const moment = new Date(time.dateTime);
    time.textContent = clock(moment, zone);
    time.title = form.format(moment);
  }
}

// The clocks of those who are here go on.
export function keepTime() {
  for (const time of document.querySelectorAll("time[data-offset]"))
    time.textContent = clock(new Date(Date.now() + Number(time.dataset.offset) * 60_000), "UTC");
}

setInterval(keepTime, 20_000);
