// Keeps the overview fresh without losing what a person is typing into it.
const EVERY_MS = 5000;

setInterval(refresh, EVERY_MS);

async function refresh() {
  if (document.hidden || document.querySelector("details[open]")) return;
  try {
    const answer = await fetch("/", { signal: AbortSignal.timeout(EVERY_MS) });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = fresh.querySelector("main");
    if (!main || document.querySelector("details[open]")) return;
    document.querySelector("main").replaceWith(main);
    document.title = fresh.title;
  } catch {
    document.querySelector("#stale").textContent = ": the worker does not answer, this page is old";
    document.title = "NO ANSWER · reliable-callback";
  }
}
