/** As much of Docker's file formats as the project's own files use. What they do not use is an error. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

export const PROJECT = join(import.meta.dirname, "../..");

type Instruction = { readonly name: string; readonly flags: readonly string[]; readonly text: string };

export function readDockerfile() {
  const all = instructionsIn(readFileSync(join(PROJECT, "Dockerfile"), "utf8"));
  const texts = (name: string) => all.filter((one) => one.name === name).map(({ text }) => text);
  const only = (name: string) => z.tuple([z.string()]).parse(texts(name))[0];
  const pairs = (name: string) => Object.fromEntries(texts(name).flatMap(pairsIn));
  return {
    names: all.map(({ name }) => name),
    from: only("FROM"),
    labels: pairs("LABEL"),
    env: pairs("ENV"),
    workdir: only("WORKDIR"),
    copies: all.filter(({ name }) => name === "COPY").map(copyOf),
    runs: texts("RUN"),
    user: only("USER"),
    port: only("EXPOSE"),
    healthcheck: execForm(only("HEALTHCHECK").replace(/^CMD /, "")),
    command: execForm(only("CMD")),
  };
}

/** Whether .dockerignore keeps the path out: the last line that fits it, or a folder above it, decides. */
export function readIgnore(): (path: string) => boolean {
  const lines = readFileSync(join(PROJECT, ".dockerignore"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const rules = lines.map((line) => ({ keeps: line.startsWith("!"), pattern: patternOf(line.replace(/^!/, "")) }));
  return (path) => rules.findLast(({ pattern }) => pattern.test(path))?.keeps === false;
}

function patternOf(line: string): RegExp {
  if (!/^[\w./*-]+$/.test(line)) throw new Error(`.dockerignore: ${line} is not understood`);
  const source = line
    .replaceAll(".", String.raw`\.`)
    .replaceAll("**/", "\0")
    .replaceAll("*", "[^/]*")
    .replaceAll("\0", "(.*/)?");
  return new RegExp(`^${source}(/|$)`);
}

function instructionsIn(text: string): readonly Instruction[] {
  const lines = text
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n");
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const [, name, flags, rest] = z.array(z.string()).parse(/^([A-Z]+) +((?:--\S+ +)*)(.+)$/.exec(line));
      return z
        .object({ name: z.string(), flags: z.array(z.string()), text: z.string() })
        .parse({ name, flags: flags?.split(" ").filter(Boolean), text: rest });
    });
}

function pairsIn(text: string): readonly (readonly [string, string])[] {
  return [...text.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S+))/g)].map(([, name = "", quoted, bare]) => [
    name,
    quoted ?? bare ?? "",
  ]);
}

function copyOf({ flags, text }: Instruction) {
  const words = text.split(/ +/);
  const mode = flags.map((flag) => /^--chmod=([0-7]{3})$/.exec(flag)?.[1]).find((found) => found !== undefined);
  return { sources: words.slice(0, -1), target: z.string().parse(words.at(-1)), mode: z.string().parse(mode) };
}

function execForm(text: string) {
  return z.tuple([z.string()], z.string()).parse(JSON.parse(text));
}
