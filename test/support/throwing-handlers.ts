/** A handler that throws the value that the event names. */
import { z } from "zod";
import { on } from "reliable-callback/tencent-vod";
import { STRANGE_THROWS } from "./strange-throws.ts";

const Body = z.object({ Throw: z.string() });

export default [
  on("NewFileUpload", (body) => {
    const asked = Body.parse(body).Throw;
    const [, make] = STRANGE_THROWS.find(([what]) => what === asked) ?? [];
    throw make ? make() : new Error(`nothing to throw: ${asked}`);
  }),
];
