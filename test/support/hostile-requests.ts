/** Requests of an attacker. The proxy forwards only `/callbacks/`, and the attacker wants the pages behind it. */

type Hostile = readonly [what: string, bytes: string];

const FORM = "id=e-parked&reason=hostile";

/** `own` is the worker's address. A badly configured proxy sends it as Host. */
export function hostileRequests(own: string): readonly Hostile[] {
  const get = (target: string, version = "HTTP/1.1", ...headers: readonly string[]) =>
    [`GET ${target} ${version}`, `Host: ${own}`, ...headers, "Connection: close", "", ""].join("\r\n");
  const post = (target: string, ...headers: readonly string[]) => {
    const form = ["Content-Type: application/x-www-form-urlencoded", `Content-Length: ${FORM.length}`];
    const head = [`POST ${target} HTTP/1.1`, `Host: ${own}`, "Sec-Fetch-Site: same-origin", ...form, ...headers];
    return [...head, "Connection: close", "", FORM].join("\r\n");
  };
  const hidden = `GET /status.json HTTP/1.1\r\nHost: ${own}\r\n\r\n`;
  const carrier = (...framing: readonly string[]) =>
    ["POST /callbacks/x HTTP/1.1", `Host: ${own}`, ...framing, "Connection: close", "", ""].join("\r\n");

  return [
    ["an encoded slash before dots", get("/callbacks%2fx/../status.json")],
    ["dots", get("/callbacks/../status.json")],
    ["encoded dots", get("/callbacks/%2e%2e/status.json")],
    ["half encoded dots", get("/callbacks/.%2E/status.json")],
    ["dots and an encoded slash", get("/callbacks/..%2fstatus.json")],
    ["all of it encoded", get("/callbacks/%2e%2e%2fstatus.json")],
    ["an encoded slash on both sides", get("/callbacks%2f..%2fstatus.json")],
    ["an encoded slash, then back into the location", get("/callbacks%2f..%2f..%2fcallbacks/../status.json")],
    ["a way up that nginx sees come back", get("/callbacks%2fx/../status.json/%2e%2e/callbacks/x")],
    ["a backslash", get("/callbacks/..\\status.json")],
    ["an encoded backslash", get("/callbacks/..%5cstatus.json")],
    ["two ways up", get("/callbacks/x/../../status.json")],
    ["two encoded ways up", get("/callbacks/x/%2e%2e/%2e%2e/status.json")],
    ["empty segments", get("//callbacks//../status.json")],
    ["an empty segment that counts as one", get("/callbacks//%2e%2e/%2e%2e/status.json")],
    ["a parameter before dots", get("/callbacks;x/../status.json")],
    ["a parameter behind dots", get("/callbacks/..;/status.json")],
    ["dots that are encoded twice", get("/callbacks/%252e%252e/status.json")],
    ["a slash that is encoded twice", get("/callbacks%252fx/../status.json")],
    ["overlong dots", get("/callbacks/%c0%ae%c0%ae/status.json")],
    ["a NUL", get("/callbacks/%00/../status.json")],
    ["a line break in the path", get("/callbacks/%0d%0a/../status.json")],
    ["a tab", get("/callbacks/.\t./status.json")],
    ["a fragment", get("/callbacks/x#/../../status.json")],
    ["dots behind a question mark", get("/callbacks/?/../../status.json")],
    ["a long way up", get(`/callbacks/${"x/".repeat(500)}${"../".repeat(501)}status.json`)],
    ["a whole URL", get(`http://${own}/status.json`)],
    ["a whole URL with dots", get(`http://${own}/callbacks/../status.json`)],
    ["a whole URL with an encoded slash", get(`http://${own}/callbacks%2fx/../status.json`)],
    ["a name as the path", get(`//${own}/callbacks/../status.json`)],
    ["HTTP/1.0", get("/callbacks%2fx/../status.json", "HTTP/1.0")],
    ["HTTP/1.0 without dots", get("/status.json", "HTTP/1.0")],
    ["HTTP/0.9", "GET /callbacks%2fx/../status.json\r\n"],
    ["a list of the queue", get("/callbacks%2fx/../dashboard/api/queues?activeQueue=events&jobsPerPage=100")],
    ["a discard", post("/callbacks%2fx/../events/discard")],
    ["a retry", post("/callbacks%2f/../events/retry")],
    ["a discard with encoded dots", post("/callbacks/%2e%2e/events/discard")],
    ["a discard with another method in a header", post("/callbacks/x", "X-HTTP-Method-Override: GET")],
    ["another path in a header", get("/callbacks/x", "HTTP/1.1", "X-Original-URL: /status.json")],
    ["another path in another header", get("/callbacks/x", "HTTP/1.1", "X-Rewrite-URL: /status.json")],
    ["a header that is to be dropped", get("/callbacks%2fx/../status.json", "HTTP/1.1", "Connection: X-Forwarded-For")],
    ["two Hosts", get("/callbacks/x/%2e%2e/%2e%2e/", "HTTP/1.1", "Host: localhost")],
    ["a folded Host", get("/callbacks%2fx/../status.json", "HTTP/1.1", "X: y\r\n Host: localhost")],
    ["a password that is none", get("/callbacks%2fx/../status.json", "HTTP/1.1", "Authorization: Basic Og==")],
    ["an upgrade", get("/callbacks/x", "HTTP/1.1", "Connection: Upgrade", "Upgrade: h2c") + hidden],
    ["a second request behind the first", get("/callbacks/x").replace("close", "keep-alive") + hidden],
    ["a request in a body of two lengths", carrier("Content-Length: 5", `Content-Length: ${hidden.length}`) + hidden],
    ["a request behind chunks", carrier("Transfer-Encoding: chunked", "Content-Length: 4") + `0\r\n\r\n${hidden}`],
    ["a request behind strange chunks", carrier("Transfer-Encoding: xchunked") + `0\r\n\r\n${hidden}`],
    ["a request behind a folded coding", carrier("Transfer-Encoding:\r\n chunked") + `0\r\n\r\n${hidden}`],
    ["a tunnel", `CONNECT ${own} HTTP/1.1\r\nHost: ${own}\r\n\r\n${hidden}`],
  ];
}
