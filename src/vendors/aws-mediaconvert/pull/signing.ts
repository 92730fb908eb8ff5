/** Signature Version 4 of AWS, for requests without a query. */
import { createHmac, hash } from "node:crypto";

export type Signable = {
  readonly method: string;
  readonly path: string;
  /** The signed headers, with names in lower case. They include `host` and `x-amz-date`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type Scope = { readonly region: string; readonly service: string };

/** The value of the header Authorization. */
export function authorize(
  request: Signable,
  { region, service }: Scope,
  { accessKeyId, secretAccessKey }: { readonly accessKeyId: string; readonly secretAccessKey: string },
): string {
  const headers = Object.entries(request.headers).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const signed = headers.map(([name]) => name).join(";");
  const lines = headers.map(([name, value]) => `${name}:${value.trim()}`);
  const canonical = [request.method, request.path, "", ...lines, "", signed, hash("sha256", request.body)].join("\n");
  const time = request.headers["x-amz-date"] ?? "";
  const steps = [time.slice(0, "YYYYMMDD".length), region, service, "aws4_request"];
  const scope = steps.join("/");
  const key = steps.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const signature = hmac(key, ["AWS4-HMAC-SHA256", time, scope, hash("sha256", canonical)].join("\n")).toString("hex");
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
}

/** `20150830T123600Z` */
export function amzDate(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
