import { html } from "hono/html";
import type { HealthState } from "../../core/health.ts";
import type { Replica } from "../../core/replica.ts";
import { ago } from "./ages.ts";

const STATES: Readonly<Record<HealthState, string>> = {
  ready: "ready",
  attention: "attention",
  "not-ready": "not ready",
};

/** With their roles, since a role that nobody fills is what to look for. */
export function replicasTable(replicas: readonly Replica[], now: number) {
  if (replicas.length === 0) return "";
  return html`<h2>Replicas</h2>
    <div class="scroll">
      <table class="replicas">
        <thead>
          <tr>
            <th>Replica</th>
            <th>State</th>
            <th>Roles</th>
            <th>Sources</th>
            <th class="n">Running</th>
            <th>Last pull</th>
            <th>Last start</th>
            <th>Seen</th>
          </tr>
        </thead>
        <tbody>
          ${replicas.map((replica) => replicaRow(replica, now))}
        </tbody>
      </table>
    </div>`;
}

function replicaRow(replica: Replica, now: number) {
  const { name, version, state, problems, roles, sources, running, startedAt, lastPullAt, lastStartAt, seenAt } =
    replica;
  return html`<tr>
    <td><b>${name}</b><br /><span class="quiet">${version}, started ${ago(startedAt, now)}</span></td>
    <td class="${state === "ready" ? "" : "bad"}">${[STATES[state], ...problems].join(", ")}</td>
    <td>${roles.join(", ")}</td>
    <td>${sources.join(", ")}</td>
    <td class="n">${running}</td>
    <td>${ago(lastPullAt, now)}</td>
    <td>${ago(lastStartAt, now)}</td>
    <td>${ago(seenAt, now)}</td>
  </tr>`;
}
