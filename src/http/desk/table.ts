import { html } from "hono/html";
import type { Html } from "./layout.ts";

type Cell = Html | string;

export type Column = {
  readonly label: string;
  readonly isNumber?: boolean;
  /** On a phone its cell takes the whole width of the card, without its label. */
  readonly isWide?: boolean;
};

export type Row = {
  /** Stays the same when the page is refreshed. */
  readonly id: string;
  readonly cells: readonly Cell[];
  /** Shown below the row, over its whole width. */
  readonly notes?: readonly Html[];
};

/**
 * A table. On a phone it is a list of cards, with the column's name before each value. The roles are explicit, because
 * browsers do not treat a table with another layout as one.
 */
export function dataTable({
  caption,
  columns,
  rows,
}: {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}): Html {
  return html`<table role="table">
    <caption class="unseen">
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map((column) => html`<th role="columnheader" scope="col" class="${classOf(column)}">${column.label}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        ({ id, cells, notes = [] }) =>
          html`<tr role="row" id="${id}" class="${notes.length > 0 ? "noted" : ""}">
              ${columns.map(
                (column, index) =>
                  html`<td role="cell" data-label="${column.label}" class="${classOf(column, cells[index])}">
                    ${cells[index] ?? ""}
                  </td>`,
              )}
            </tr>
            ${notes.map(
              (note, index) =>
                html`<tr role="row" id="${id}-${index}" class="note">
                  <td role="cell" colspan="${columns.length}">${note}</td>
                </tr>`,
            )}`,
      )}
    </tbody>
  </table>`;
}

function classOf({ isNumber = false, isWide = false }: Column, cell: Cell = "-"): string {
  return [isNumber ? "n" : "", isWide ? "wide" : "", cell === "" ? "empty" : ""]
    .filter((name) => name !== "")
    .join(" ");
}
