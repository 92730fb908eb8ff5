import { html } from "hono/html";
import type { Replica } from "../../core/replica.ts";
import type { Html } from "./layout.ts";
import { dataTable, type Row } from "./table.ts";
import type { Language } from "./texts/english.ts";

/** Shows the roles too, because a role that nobody fills is the thing to look for. */
export function replicasTable(replicas: readonly Replica[], language: Language, now: number): Html | string {
  if (replicas.length === 0) return "";
  const { texts } = language;
  return html`<section id="replicas" aria-labelledby="replicas-title">
    <h2 id="replicas-title">${texts.replicas}</h2>
    ${dataTable({
      caption: texts.replicas,
      columns: [
        { label: texts.replica, isWide: true },
        { label: texts.state },
        { label: texts.roles },
        { label: texts.sources },
        { label: texts.running, isNumber: true },
        { label: texts.lastPull },
        { label: texts.lastStart },
        { label: texts.seen },
      ],
      rows: replicas.map((replica) => replicaRow(replica, language, now)),
    })}
  </section>`;
}

function replicaRow(replica: Replica, { texts, number }: Language, now: number): Row {
  const { name, version, state, problems, roles, sources, running } = replica;
  const ago = (at: string | undefined) => (at === undefined ? texts.never : texts.ago(now - Date.parse(at)));
  const standing = [texts.healthBrief[state], ...problems].join(", ");
  return {
    id: `replica-${name}`,
    cells: [
      html`<b>${name}</b><br /><span class="quiet"
          >${version}, ${texts.started(now - Date.parse(replica.startedAt))}</span
        >`,
      state === "ready" ? standing : html`<span class="bad">${standing}</span>`,
      roles.join(", "),
      sources.join(", "),
      number(running),
      ago(replica.lastPullAt),
      ago(replica.lastStartAt),
      ago(replica.seenAt),
    ],
  };
}
