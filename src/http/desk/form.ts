import type { Context } from "hono";

/** What claims to be a form and is none has no fields. */
export async function formOf({ req }: Context): Promise<unknown> {
  return await req.parseBody().catch((err: unknown) => {
    if (err instanceof TypeError) return {};
    throw err;
  });
}
