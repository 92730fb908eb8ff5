import { type Handler, PermanentError } from "reliable-callback";
import { on } from "reliable-callback/tencent-vod";
import { db, oncePerEvent } from "./db.ts";

const handlers: readonly Handler[] = [
  on("NewFileUpload", async ({ FileId, MediaBasicInfo }, { event, log }) => {
    await oncePerEvent(event.id, async (client) => {
      const upsert = "insert into videos values ($1, $2) on conflict (file) do update set name = $2";
      await client.query(upsert, [FileId, MediaBasicInfo?.Name]);
      await client.query("insert into changes values ($1, 'uploaded')", [FileId]);
    });
    log.info({ file: FileId }, "stored");
  }),

  on("FileDeleted", async ({ FileIdSet }, { event }) => {
    if (!FileIdSet?.length) throw new PermanentError("the event names no file");
    await oncePerEvent(event.id, async (client) => {
      await client.query("delete from videos where file = any($1)", [FileIdSet]);
      await client.query("insert into changes select unnest($1::text[]), 'deleted'", [FileIdSet]);
    });
  }),
];

export default handlers;

/** The worker calls this at a stop, after the last handler. */
export const close = () => db.end();
