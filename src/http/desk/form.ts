import type { Context } from "hono";

/** A body that claims to be a form but is not one has no fields. */
export async function formOf({ req }: Context): Promise<unknown> {
  return await req.parseBody().catch((err: unknown) => {
    if (err instanceof TypeError) return {};
    throw err;
  });
}
