/**
 * PullEvents and ConfirmEvents, which are nearly all calls, signed and sent as the SDK does it, for half the CPU.
 * Redirects are not followed, since the signature is for this host.
 */
import { isObject, type JsonObject } from "../../../core/event.ts";
import { messageOf } from "../../../core/failure.ts";
import { type Exchange, TimeoutError } from "../../exchange.ts";
import type { VodClientOptions, VodParams } from "./client.ts";
import type { Action } from "./error-codes.ts";
import { CONTENT_TYPE, createTc3 } from "./signing.ts";

export type HotCall = (
  action: Action,
  params: VodParams,
  timeoutMs: number,
  signal?: AbortSignal,
) => Promise<JsonObject>;

const VERSION = "2018-07-17";

/** Rejects as the SDK does: with `code` and `requestId`, or `httpCode`, or only the reason. After the deadline, with a TimeoutError. */
export function createHotCall(keys: VodClientOptions, endpoint: URL, send: Exchange["send"]): HotCall {
  const { secretId, secretKey, sessionToken } = keys;
  const authorize = createTc3({ secretId, secretKey, endpoint });
  const own = {
    Host: endpoint.host,
    "Content-Type": CONTENT_TYPE,
    "X-TC-Version": VERSION,
    "X-TC-Language": "en-US",
    ...(sessionToken !== undefined && { "X-TC-Token": sessionToken }),
  };

  return async (action, params, timeoutMs, signal) => {
    const body = JSON.stringify(params);
    const seconds = Math.floor(Date.now() / 1_000);
    const headers = {
      ...own,
      "X-TC-Action": action,
      "X-TC-Timestamp": String(seconds),
      Authorization: authorize(body, seconds),
    };
    const outgoing = { method: "POST", resource: "/", headers, body, timeoutMs, onlyStatus: 200 };
    const answer = await send(outgoing, signal).catch((err: unknown) => {
      signal?.throwIfAborted();
      // This `code` comes from the system and not from the API.
      throw err instanceof TimeoutError ? err : new Error(messageOf(err));
    });
    if (answer.status !== 200) throw Object.assign(new Error(answer.statusText), { httpCode: answer.status });
    return read(JSON.parse(answer.text));
  };
}

function read(answer: unknown): JsonObject {
  const { Response: response } = isObject(answer) ? answer : {};
  if (!isObject(response)) throw new TypeError("no Response");
  const { Error: error, RequestId: requestId } = response;
  if (!error) return response;
  const { Code: code, Message: message } = isObject(error) ? error : {};
  throw Object.assign(new Error(typeof message === "string" ? message : ""), { code, requestId });
}
