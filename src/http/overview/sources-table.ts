import { html } from "hono/html";
import type { SourceStatus } from "../probes/status-contract.ts";
import { ago, lasting } from "./ages.ts";

export function sourcesTable(sources: readonly SourceStatus[], now: number) {
  if (sources.length === 0) return html`<p class="quiet">This process pulls from no source.</p>`;
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>Source</th>
          <th>Last pull</th>
          <th class="n">Unconfirmed</th>
          <th class="n">Handled</th>
          <th class="n">At the vendor</th>
          <th>Oldest, against how long the vendor keeps it</th>
        </tr>
      </thead>
      <tbody>
        ${sources.map((source) => sourceRow(source, now))}
      </tbody>
    </table>
  </div>`;
}

function sourceRow(source: SourceStatus, now: number) {
  const wrong = source.findings.filter(({ level }) => level !== "ok");
  return html`<tr>
      <td><b>${source.name}</b><br /><span class="quiet">${source.vendor}</span></td>
      <td>${ago(source.lastPullAt, now)}</td>
      <td class="n">${source.unconfirmed ?? "?"}</td>
      <td class="n">${source.handled ?? "?"}</td>
      <td class="n">${source.backlog ?? "?"}</td>
      <td>${retention(source)}</td>
    </tr>
    ${source.trouble ? finding("error", `${source.trouble.message} (for ${lasting(now - Date.parse(source.trouble.since))})`, source.trouble.fix) : ""}
    ${source.forgotten ? finding("warn", `${source.forgotten} events are forgotten: their vendor kept them for ${lasting(source.retentionMs)}, and only their jobs are left`, "retry or discard them") : ""}
    ${wrong.map(({ level, fact, fix }) => finding(level, fact, fix))}`;
}

function finding(level: string, fact: string, fix: string | undefined) {
  return html`<tr class="finding ${level}">
    <td colspan="6">${fact}${fix === undefined ? "" : html` <b>${fix}</b>`}</td>
  </tr>`;
}

function retention({ oldestUnconfirmedMs, unconfirmed, retentionMs }: SourceStatus) {
  if (oldestUnconfirmedMs === undefined) return unconfirmed === 0 ? "none" : "?";
  return html`<meter
      min="0"
      max="${retentionMs}"
      low="${retentionMs / 4}"
      high="${retentionMs / 2}"
      optimum="0"
      value="${oldestUnconfirmedMs}"
    ></meter>
    ${lasting(oldestUnconfirmedMs)} of ${lasting(retentionMs)}`;
}
