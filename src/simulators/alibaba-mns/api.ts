/** One call of MNS, from the request to the answer or to an injected fault. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { isStruck, type Strike } from "../kit/faults.ts";
import { readBody, send } from "../kit/http.ts";
import type { Account } from "./account.ts";
import { actionOf, RUN } from "./actions.ts";
import { type Answer, refusal } from "./answers.ts";
import type { Fault } from "./faults.ts";
import { type Credentials, refuseAction, refuseCaller } from "./gateway.ts";

const MAX_BODY = 1024 * 1024;
const PAGE = "<html><head><title>502 Bad Gateway</title></head><body><center>502 Bad Gateway</center></body></html>";

export function createApi(account: Account, credentials: Credentials) {
  return async function answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const body = await readBody(request, MAX_BODY);
    const { method = "", headers, url: resource = "/" } = request;
    const [, name = "", messages] = /^\/queues\/([^/]+)(\/messages)?\/?$/.exec(url.pathname) ?? [];
    const query = new Map([...url.searchParams].map(([key, value]) => [key.toLowerCase(), value]));
    const action = name === "" ? undefined : actionOf(method, messages !== undefined, query);
    account.calls.started(action ?? "unknown");
    const now = Date.now() + account.settings.clockOffsetMs;
    const refused = refuseCaller({ method, resource, headers }, credentials, now);
    if (refused) return give(response, refused);
    if (!action) return give(response, refusal(400, "InvalidRequestURL", "The request URL is invalid."));
    const queue = account.queue(decodeURIComponent(name));
    const denied = refuseAction(action, account.settings, account.calls);
    if (denied) return give(response, denied);
    if (!queue) return give(response, refusal(404, "QueueNotExist", "The queue name you provided is not exist."));
    if (body === undefined) return give(response, refusal(400, "InvalidArgument", "The body is too large."));

    if (await struck(response, account.faults.before(action), gone.signal)) return;
    const result = await RUN[action]({ account, name, queue, query, body: body.toString("utf8"), signal: gone.signal });
    if (await struck(response, account.faults.after(action), gone.signal, result)) return;
    give(response, result);
  };

  function give(response: ServerResponse, { status, text, outcome }: Answer): void {
    account.calls.ended(outcome);
    const now = Date.now() + account.settings.clockOffsetMs;
    response.setHeader("date", new Date(now).toUTCString());
    send(response, status, text, "text/xml;charset=utf-8");
  }

  function struck(
    response: ServerResponse,
    strike: Strike<Fault>,
    gone: AbortSignal,
    result?: Answer,
  ): Promise<boolean> {
    return isStruck({
      strike,
      gone,
      ended: (outcome) => account.calls.ended(outcome),
      ruin: (spoil) => ruin(response, spoil, result),
    });
  }
}

function ruin(response: ServerResponse, spoil: Fault, result: Answer | undefined): void {
  const { kind, status = 500, code = "InternalError", message = "Internal error." } = spoil;
  if (kind === "drop-before" || kind === "drop-after") response.destroy();
  else if (kind === "cut-off") cutOff(response, result);
  else if (kind === "bad-gateway") send(response, 502, PAGE, "text/html");
  else if (kind === "non-xml") send(response, 200, PAGE, "text/html");
  else send(response, status, refusal(status, code, message).text, "text/xml");
}

/** Sends all headers and only half of the body. */
function cutOff(response: ServerResponse, result: Answer | undefined): void {
  const text = result?.text ?? "";
  response.writeHead(result?.status ?? 200, { "content-length": Buffer.byteLength(text) + 1 });
  response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy());
}
