/** The meaning of the error codes of Tencent Cloud's API. Only codes are matched, because messages may change. */
import { VendorError } from "../../../core/errors.ts";

export type Action = "PullEvents" | "ConfirmEvents" | "DescribeEventsState" | "DescribeEventConfig";

type Refusal = { readonly action: Action; readonly code: string; readonly message: string; readonly requestId: string };

/** The API answered with an error. The vendor's support asks for `code` and `requestId`. */
export class VodError extends VendorError {
  readonly code: string;
  readonly requestId: string;
  readonly #refusal: Refusal;

  /** `fix` replaces the general advice for the code. */
  constructor(refusal: Refusal, fix?: string) {
    const meaning = meaningOf(refusal.action, refusal.code);
    const advice = fix ?? meaning.fix;
    // The message has no request id, because two failures are the same trouble if their messages are equal.
    super(meaning.kind, `${refusal.action}: ${refusal.code}: ${refusal.message}`, advice ? { fix: advice } : {});
    this.code = refusal.code;
    this.requestId = refusal.requestId;
    this.#refusal = refusal;
  }

  withFix(fix: string): VodError {
    return new VodError(this.#refusal, fix);
  }
}

export function isPermission(code: string): boolean {
  return isOrUnder(code, "UnauthorizedOperation") || isOrUnder(code, "AuthFailure.UnauthorizedOperation");
}

type Meaning = { readonly kind: VendorError["kind"]; readonly fix?: string };

function meaningOf(action: Action, code: string): Meaning {
  if (isPermission(code))
    return { kind: "configuration", fix: `allow this key the action vod:${action} (console: CAM)` };
  const family = FAMILIES.find(([prefix]) => isOrUnder(code, prefix));
  if (family) return family[1];
  if (action === "ConfirmEvents" && REFUSALS.some((prefix) => isOrUnder(code, prefix))) return { kind: "refused" };
  if (PARAMETERS.some((prefix) => isOrUnder(code, prefix))) return { kind: "configuration", fix: SUB_APP };
  // FailedOperation, InternalError and all unknown codes. For a confirmation the only safe reading is that its effect is
  // unknown: it is tried again while the window is open, and never counts as a success.
  return { kind: "outage" };
}

/** `Code` itself and its sub-codes `Code.Something`, but not `CodeSomething`. */
function isOrUnder(code: string, prefix: string): boolean {
  return code === prefix || code.startsWith(`${prefix}.`);
}

const SUB_APP =
  "check TENCENT_VOD_SUB_APP_IDS: accounts opened since 25 December 2023 must name their application, the default one too";
const ENDPOINT = "check TENCENT_VOD_ENDPOINT: it must be an endpoint of Tencent Cloud VOD, API version 2018-07-17";

/** The first match wins, so special codes come before general ones. */
const FAMILIES: readonly (readonly [prefix: string, meaning: Meaning])[] = [
  ["RequestLimitExceeded", { kind: "limit" }],
  ["AuthFailure.SignatureExpire", { kind: "clock", fix: "set this machine's clock, best by NTP" }],
  ["AuthFailure.SecretIdNotFound", key("TENCENTCLOUD_SECRET_ID: there is no such key, or it is disabled")],
  ["AuthFailure.InvalidSecretId", key("TENCENTCLOUD_SECRET_ID: it is not the id of an API key")],
  ["AuthFailure.SignatureFailure", key("TENCENTCLOUD_SECRET_KEY: the signature was refused")],
  ["AuthFailure.TokenFailure", key("TENCENTCLOUD_SESSION_TOKEN: it has expired or belongs to another key")],
  ["AuthFailure", key("TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_SESSION_TOKEN")],
  [
    "FailedOperation.InvalidVodUser",
    { kind: "configuration", fix: `open VOD for this account in the console; if it is open, ${SUB_APP}` },
  ],
  ["InvalidAction", { kind: "configuration", fix: ENDPOINT }],
  ["NoSuchVersion", { kind: "configuration", fix: ENDPOINT }],
  ["NoSuchProduct", { kind: "configuration", fix: ENDPOINT }],
];

/** In the parameters of a confirmation only a receipt can be wrong. The vendor's manual still calls this code 4000. */
const REFUSALS = ["InvalidParameterValue", "InvalidParameter", "ResourceNotFound", "4000"];
const PARAMETERS = ["InvalidParameterValue", "InvalidParameter", "MissingParameter", "UnknownParameter"];

function key(what: string): Meaning {
  return { kind: "configuration", fix: `check ${what}` };
}
