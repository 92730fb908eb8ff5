import pg from "pg";

export const db = new pg.Pool({ connectionString: process.env["DATABASE_URL"] });
// Without a listener, an idle connection that breaks would end the process.
db.on("error", (err) => console.error("a connection to the database broke", err));

/** Runs `work` once for each event id. The id and the work are stored together, or neither is. */
export async function oncePerEvent(id: string, work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await db.connect();
  try {
    await client.query("begin");
    const { rowCount } = await client.query("insert into done_events (id) values ($1) on conflict do nothing", [id]);
    if (rowCount === 1) await work(client);
    await client.query("commit");
  } catch (err) {
    await client.query("rollback");
    throw err;
  } finally {
    client.release();
  }
}
