/** The text of `.env.example`: every setting with its description. */
import type { Setting } from "../settings/setting.ts";
import { VENDORS } from "../vendors/index.ts";
import { groupsWith, SECRETS } from "./all-settings.ts";

const MAX_WIDTH = 120;

export function envExample(): string {
  const sections = groupsWith(VENDORS).map(({ title, settings }) =>
    [`# --- ${title} ---`, "", ...Object.entries(settings).flatMap(([name, setting]) => linesOf(name, setting))].join(
      "\n",
    ),
  );
  return `${[header(), ...sections].join("\n\n")}\n`;
}

function header(): string {
  return [
    "Settings of reliable-callback. Copy this file to .env: start, dev, doctor, peek and replay read it.",
    "A line that starts with # shows the default: take the # away to set another value. What is set to nothing counts as unset.",
    `Each of these may stand in a file instead, named by NAME_FILE (such as ${SECRETS[0]}_FILE=/run/secrets/key): ${SECRETS.join(", ")}.`,
  ]
    .flatMap(comment)
    .join("\n");
}

function linesOf(name: string, { about, default: value = "" }: Setting): readonly string[] {
  return [...comment(about), `#${name}=${value}`];
}

function comment(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").filter((part) => part !== "")) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= MAX_WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`# ${word}`);
  }
  return lines;
}
