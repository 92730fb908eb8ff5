/** One call of SQS by its JSON protocol, from the request to the answer or to an injected fault. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { isStruck, type Strike } from "../kit/faults.ts";
import { readBody, send } from "../kit/http.ts";
import type { Account } from "./account.ts";
import { Input, RUN } from "./actions.ts";
import { type Answer, refusal } from "./answers.ts";
import type { Fault } from "./faults.ts";
import { type Credentials, refuseAction, refuseCaller } from "./gateway.ts";
import { ACTIONS } from "./settings.ts";

const MAX_BODY = 1024 * 1024;
const JSON_TYPE = "application/x-amz-json-1.0";
const PAGE = "<html><body>Bad gateway</body></html>";
/** The account of every queue. */
const ACCOUNT_ID = "000000000000";

export function queuePath(queue: string): string {
  return `/${ACCOUNT_ID}/${queue}`;
}

export function createApi(account: Account, credentials: Credentials) {
  return async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const bytes = await readBody(request, MAX_BODY);
    const { method = "", url: target = "", headers } = request;
    const name = String(headers["x-amz-target"] ?? "").replace("AmazonSQS.", "");
    const action = ACTIONS.find((known) => known === name);
    account.calls.started(action ?? "unknown");
    response.setHeader("date", dateOf(account.settings.clockOffsetMs));
    if (!bytes) return give(response, refusal(413, "RequestEntityTooLarge", "The body is too large."));
    const body = bytes.toString("utf8");
    const now = Date.now() + account.settings.clockOffsetMs;
    const refused = refuseCaller({ method, target, headers, body }, credentials, now);
    if (refused) return give(response, refused);
    if (!action) return give(response, refusal(404, "UnknownOperationException", "There is no such operation."));
    const denied = refuseAction(action, account.settings);
    if (denied) return give(response, denied);

    if (await struck(response, account.faults.before(action), gone.signal)) return;
    const input = Input.safeParse(jsonOf(body));
    if (!input.success) return give(response, refusal(400, "InvalidParameterValue", "A parameter is not valid."));
    const queue = account.queue(URL.parse(input.data.QueueUrl)?.pathname.replace(queuePath(""), "") ?? "");
    if (!queue) return give(response, refusal(400, "QueueDoesNotExist", "The specified queue does not exist."));
    const result = await RUN[action]({ account, queue, input: input.data, signal: gone.signal });
    if (await struck(response, account.faults.after(action), gone.signal)) return;
    give(response, result);
  };

  function give(response: ServerResponse, { status, text, outcome }: Answer): void {
    account.calls.ended(outcome);
    send(response, status, text, JSON_TYPE);
  }

  function struck(response: ServerResponse, strike: Strike<Fault>, gone: AbortSignal): Promise<boolean> {
    return isStruck({
      strike,
      gone,
      ended: (outcome) => account.calls.ended(outcome),
      ruin: (spoil) => ruin(response, spoil),
    });
  }
}

function ruin(response: ServerResponse, spoil: Fault): void {
  const { kind, status = 500, code = "InternalError", message = "", clockOffsetMs } = spoil;
  if (clockOffsetMs !== undefined) response.setHeader("date", dateOf(clockOffsetMs));
  if (kind === "drop-before" || kind === "drop-after") response.destroy();
  else if (kind === "http-500") send(response, 500, "Internal Server Error", "text/plain");
  else if (kind === "non-json") send(response, 200, PAGE, "text/html");
  else send(response, status, refusal(status, code, message).text, JSON_TYPE);
}

function dateOf(offsetMs: number): string {
  return new Date(Date.now() + offsetMs).toUTCString();
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
