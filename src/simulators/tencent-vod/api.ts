/** One call of the API, from the request to the answer or to an injected fault. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { isStruck, type Strike } from "../kit/faults.ts";
import { readBody, send } from "../kit/http.ts";
import type { Account } from "./account.ts";
import { RUN } from "./actions.ts";
import { type Answer, envelope, refusal } from "./answers.ts";
import type { Fault } from "./faults.ts";
import { actionOf, type Credentials, refuse } from "./gateway.ts";

/** The vendor's own limit of a signed call. */
const MAX_BODY = 10 * 1024 * 1024;

export function createApi(account: Account, credentials: Credentials) {
  const { calls, faults } = account;
  const gateway = { credentials, calls, settings: () => account.settings };

  return async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const body = await readBody(request, MAX_BODY);
    const action = actionOf(request.headers);
    calls.started(action ?? "unknown");
    if (!body) return give(response, refusal("RequestSizeLimitExceeded", "The request is larger than 10 MB."));
    const refused = refuse({ headers: request.headers, body }, gateway);
    // The gateway refuses calls without an action. The second condition is for the compiler.
    if (refused || !action) return give(response, refused ?? refusal("InvalidAction", "There is no action."));

    if (await struck(response, faults.before(action), gone.signal)) return;
    const result = await RUN[action](account, body, gone.signal);
    if (result.effect && (await struck(response, faults.after(action), gone.signal))) return;
    if (gone.signal.aborted) calls.ended("client-gone");
    else give(response, result);
  };

  function give(response: ServerResponse, result: Answer): void {
    calls.ended(result.outcome);
    send(response, 200, envelope(result));
  }

  function struck(response: ServerResponse, strike: Strike<Fault>, gone: AbortSignal): Promise<boolean> {
    return isStruck({ strike, gone, ended: (outcome) => calls.ended(outcome), ruin: (spoil) => ruin(response, spoil) });
  }
}

function ruin(
  response: ServerResponse,
  { kind, code = "InternalError", message = "An internal error has occurred." }: Fault,
): void {
  if (kind === "drop-before" || kind === "drop-after") response.destroy();
  else if (kind === "http-500") send(response, 500, "Internal Server Error", "text/plain");
  else if (kind === "http-429") send(response, 429, "Too Many Requests", "text/plain");
  else if (kind === "non-json") send(response, 200, "<html><body>Bad gateway</body></html>", "text/html");
  else if (kind === "no-response-member") send(response, 200, "{}");
  else send(response, 200, envelope(refusal(code, message)));
}
