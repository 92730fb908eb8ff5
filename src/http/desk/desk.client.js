// Keeps the page fresh: takes over what changed, and leaves focus, open parts and what is being typed as they are.
const EVERY_MS = 2_000;
const WAIT_MS = 10_000;
const IN_PLACE = ["main", "#pill", "#as-of"];

let wanted = false;
let running = false;
listen();

/** One stream serves all tabs, where a shared worker can hold it; else each visible tab has its own. */
function listen() {
  if (!("SharedWorker" in window)) return listenAlone();
  const worker = new SharedWorker("/desk-worker.js");
  worker.addEventListener("error", listenAlone, { once: true });
  const say = (word) => {
    // A port has no origin.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    worker.port.postMessage(word);
  };
  worker.port.addEventListener("message", () => void want());
  worker.port.start();
  const tell = () => say(document.hidden ? "hidden" : "visible");
  say(document.hidden ? "hidden" : "opened");
  document.addEventListener("visibilitychange", tell);
  addEventListener("pagehide", () => say("hidden"));
  addEventListener("pageshow", ({ persisted }) => void (persisted && tell()));
}

function listenAlone() {
  let stream;
  const follow = () => {
    stream?.close();
    stream = undefined;
    if (document.hidden) return;
    stream = new EventSource("/live");
    stream.addEventListener("changed", () => void want());
    stream.addEventListener("error", () => {
      void want();
      if (stream?.readyState === EventSource.CLOSED) setTimeout(follow, WAIT_MS);
    });
  };
  follow();
  document.addEventListener("visibilitychange", follow);
}

/** However often it is wanted, at most one refresh runs, and one follows. */
async function want() {
  wanted = true;
  if (running) return;
  running = true;
  while (wanted && !document.hidden) {
    wanted = false;
    await refresh();
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  running = false;
}

document.addEventListener("visibilitychange", () => {
  if (wanted) void want();
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-copy]");
  if (button) void copy(button);
});

async function copy(button) {
  const text = document.getElementById(button.dataset.copy);
  // Over plain HTTP there is no clipboard: what is marked can be copied by hand.
  getSelection().selectAllChildren(text);
  await navigator.clipboard?.writeText(text.textContent);
  if (navigator.clipboard) button.textContent = button.dataset.copied;
}
offerCopies();

async function refresh() {
  const stale = document.querySelector("#stale");
  try {
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(WAIT_MS) });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    takeOver(fresh);
    document.title = fresh.title;
    stale.hidden = true;
  } catch {
    stale.hidden = false;
    document.title = `${document.body.dataset.noAnswer} · reliable-callback`;
  }
}

/** They do nothing without script. */
function offerCopies() {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}

function takeOver(fresh) {
  const focused = document.activeElement;
  for (const selector of IN_PLACE) {
    const [old, next] = [document.querySelector(selector), fresh.querySelector(selector)];
    if (old && next) update(old, next);
  }
  offerCopies();
  // Moving an element takes the focus from it.
  if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

function update(old, next) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== next.data) old.data = next.data;
    return;
  }
  if (old.isEqualNode(next)) return;
  for (const name of old.getAttributeNames())
    if (!next.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  for (const { name, value } of next.attributes)
    if (old.getAttribute(name) !== value && name !== "open") old.setAttribute(name, value);
  if (old.localName !== "input" && old.localName !== "textarea") updateChildren(old, next);
}

/** Those with an id keep their element wherever they move to. */
function updateChildren(old, next) {
  const known = new Map([...old.children].map((child) => [idOf(child), child]));
  let at = old.firstChild;
  for (const fresh of next.childNodes) {
    while (at && isLeft(at, next) && !isInUse(at)) at = removed(at);
    const id = idOf(fresh);
    const match = id ? known.get(id) : sameKind(at, fresh) ? at : undefined;
    if (match?.nodeName !== fresh.nodeName) old.insertBefore(document.importNode(fresh, true), at);
    else {
      if (match === at) at = at.nextSibling;
      else old.insertBefore(match, at);
      update(match, fresh);
    }
  }
  while (at) at = isInUse(at) ? at.nextSibling : removed(at);
}

function isLeft(node, next) {
  const id = idOf(node);
  return id !== undefined && ![...next.children].some((child) => idOf(child) === id);
}

/** A form's property `id` is its field of that name. */
function idOf(node) {
  return (node.nodeType === Node.ELEMENT_NODE && node.getAttribute("id")) || undefined;
}

/** Somebody types into it, or has opened it: it goes once it is left. */
function isInUse(node) {
  return (
    node.nodeType === Node.ELEMENT_NODE &&
    (node.contains(document.activeElement) || node.querySelector("details[open] input") !== null)
  );
}

function sameKind(at, fresh) {
  return at && !idOf(at) && at.nodeType === fresh.nodeType && at.nodeName === fresh.nodeName;
}

function removed(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}
