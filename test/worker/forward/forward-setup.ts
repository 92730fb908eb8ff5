import type { RequestListener } from "node:http";
import { forward, type ForwardOptions } from "../../../src/worker/forward/forward.ts";
import { contextOf } from "../context.ts";
import { startReceiver } from "./receiver.ts";

export const secret = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;

export async function setup(answer: RequestListener, options: Partial<ForwardOptions> = {}) {
  const receiver = await startReceiver(answer);
  const handler = forward({ url: receiver.url, secrets: secret, ...options });
  return {
    ...receiver,
    handler,
    run: async (changes = {}): Promise<void> => void (await handler.run(contextOf(changes))),
    failure: async (changes = {}): Promise<unknown> => {
      try {
        await handler.run(contextOf(changes));
      } catch (error) {
        return error;
      }
      throw new Error("the attempt was a success");
    },
  };
}

export const status =
  (code: number, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    response.writeHead(code, headers).end("s3cret answer");
  };
