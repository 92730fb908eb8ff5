// Holds one stream for all tabs of a browser, which opens few connections to one origin: a tab with one of its own would
// soon keep the others from loading. Without a visible tab there is none.
const AGAIN_MS = 10_000;
const visible = new Set();
let stream;

addEventListener("connect", ({ ports: [port] }) => {
  port.addEventListener("message", ({ data }) => {
    if (data === "hidden") visible.delete(port);
    else visible.add(port);
    if (visible.size === 0) stop();
    else if (!stream) follow();
    // It has missed what happened while it was hidden.
    if (data === "visible") port.postMessage("changed");
  });
  port.start();
});

function follow() {
  stream = new EventSource("/live");
  stream.addEventListener("changed", tell);
  stream.addEventListener("error", () => {
    tell();
    if (stream?.readyState !== EventSource.CLOSED) return;
    stop();
    setTimeout(() => void (visible.size > 0 && !stream && follow()), AGAIN_MS);
  });
}

function stop() {
  stream?.close();
  stream = undefined;
}

function tell() {
  for (const port of visible) port.postMessage("changed");
}
