/** One call of the API, from the request to its answer or to what a fault makes of it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { sleep } from "../../core/sleep.ts";
import type { Account } from "./account.ts";
import { RUN } from "./actions.ts";
import { type Answer, envelope, refusal } from "./answers.ts";
import type { Spoil, Strike } from "./faults.ts";
import { actionOf, type Credentials, refuse } from "./gateway.ts";
import { readBody, send } from "./http.ts";

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
    // The gateway refuses what has no action, so the second condition only tells the compiler.
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

  /** True when the call ends here: spoiled, or left by its client. */
  async function struck(response: ServerResponse, { waitMs, spoil }: Strike, gone: AbortSignal): Promise<boolean> {
    if (waitMs > 0) await sleep(waitMs, gone);
    if (!spoil && !gone.aborted) return false;
    calls.ended(spoil?.kind ?? "client-gone");
    if (spoil && !gone.aborted) ruin(response, spoil);
    return true;
  }
}

function ruin(
  response: ServerResponse,
  { kind, code = "InternalError", message = "An internal error has occurred." }: Spoil,
): void {
  if (kind === "drop-before" || kind === "drop-after") response.destroy();
  else if (kind === "http-500") send(response, 500, "Internal Server Error", "text/plain");
  else if (kind === "http-429") send(response, 429, "Too Many Requests", "text/plain");
  else if (kind === "non-json") send(response, 200, "<html><body>Bad gateway</body></html>", "text/html");
  else if (kind === "no-response-member") send(response, 200, "{}");
  else send(response, 200, envelope(refusal(code, message)));
}
