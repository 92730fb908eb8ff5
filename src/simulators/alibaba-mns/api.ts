/** One call of MNS, from the request to its answer or to what a fault makes of it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { sleep } from "../../core/sleep.ts";
import type { Account } from "./account.ts";
import { actionOf, RUN } from "./actions.ts";
import { type Answer, refusal } from "./answers.ts";
import type { Spoil, Strike } from "./faults.ts";
import { type Credentials, Quota, refuseAction, refuseCaller } from "./gateway.ts";
import { readBody, send } from "./http.ts";
import type { Action } from "./settings.ts";

const MAX_BODY = 1024 * 1024;
const PAGE = "<html><head><title>502 Bad Gateway</title></head><body><center>502 Bad Gateway</center></body></html>";

export function createApi(account: Account, credentials: Credentials) {
  const quota = new Quota();

  return async function answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const body = await readBody(request, MAX_BODY);
    const { method = "", headers, url: resource = "/" } = request;
    const [, name = "", messages] = /^\/queues\/([^/]+)(\/messages)?\/?$/.exec(url.pathname) ?? [];
    const query = new Map([...url.searchParams].map(([key, value]) => [key.toLowerCase(), value]));
    const action = name === "" ? undefined : actionOf(method, messages !== undefined, query);
    account.noteCall(action ?? "unknown");
    const now = Date.now() + account.settings.clockOffsetMs;
    const refused = refuseCaller({ method, resource, headers }, credentials, now);
    if (refused) return give(response, refused);
    if (!action) return give(response, refusal(400, "InvalidRequestURL", "The request URL is invalid."));
    const queue = account.queue(decodeURIComponent(name));
    const denied = refuseAction(action, account.settings, quota);
    if (denied) return give(response, denied);
    if (!queue) return give(response, refusal(404, "QueueNotExist", "The queue name you provided is not exist."));
    if (body === undefined) return give(response, refusal(400, "InvalidArgument", "The body is too large."));

    if (await struck(response, account.faults.before(action), action, gone.signal)) return;
    const result = await RUN[action]({ account, name, queue, query, body, signal: gone.signal });
    if (await struck(response, account.faults.after(action), action, gone.signal, result)) return;
    give(response, result);
  };

  function give(response: ServerResponse, { status, text, outcome }: Answer): void {
    account.noteOutcome(outcome);
    const now = Date.now() + account.settings.clockOffsetMs;
    response.setHeader("date", new Date(now).toUTCString());
    send(response, { status, text, type: "text/xml;charset=utf-8" });
  }

  /** True when the call ends here: spoiled, or left by its client. */
  async function struck(
    response: ServerResponse,
    { waitMs, spoil }: Strike,
    action: Action,
    gone: AbortSignal,
    result?: Answer,
  ): Promise<boolean> {
    if (waitMs > 0) await sleep(waitMs, gone);
    if (!spoil && !gone.aborted) return false;
    account.noteOutcome(gone.aborted ? "client-gone" : (spoil?.kind ?? ""));
    if (spoil && !gone.aborted) ruin(response, spoil, action, result);
    return true;
  }
}

function ruin(response: ServerResponse, spoil: Spoil, action: Action, result: Answer | undefined): void {
  const { kind, status = 500, code = "InternalError", message = "Internal error." } = spoil;
  if (kind === "drop-before" || kind === "drop-after") response.destroy();
  else if (kind === "cut-off") cutOff(response, result);
  else if (kind === "bad-gateway") send(response, { status: 502, text: PAGE, type: "text/html" });
  else if (kind === "non-xml") send(response, { status: 200, text: PAGE, type: "text/html" });
  else send(response, { status, text: refusal(status, code, message).text, type: "text/xml" });
}

/** All headers and half of the body, and no more. */
function cutOff(response: ServerResponse, result: Answer | undefined): void {
  const text = result?.text ?? "";
  response.writeHead(result?.status ?? 200, { "content-length": Buffer.byteLength(text) + 1 });
  response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy());
}
