import { expect, test } from "vitest";
import type { DeskEvent } from "../../src/desk/contract.ts";
import { EVERYTHING, fits, readSearch } from "../../src/desk/search.ts";

const NOW = Date.parse("2030-01-01T12:00:00.000Z");
const parked: DeskEvent = {
  id: "ev-1a2B",
  vendor: "tencent-vod",
  source: "tencent-vod/1500000001",
  door: "pull",
  type: "NewFileUpload",
  state: "parked",
  subjects: ["5285890784246869930", "1256768367-Procedure-475b72"],
  firstSeen: "2030-01-01T11:00:00.000Z",
  deliveries: 3,
  attempts: 20,
  error: 'the file service said "not now" to https://files.example/a',
};

function isFound(text: string): boolean {
  const read = readSearch(text);
  if ("mistake" in read) throw new Error(read.mistake);
  return fits(read.search, parked, NOW);
}

test.for([
  "",
  "5285890784246869930",
  "ev-1A2b",
  "procedure-475",
  '"service said" state:parked',
  "type:newfileupload source:tencent-vod/1500000001 vendor:Tencent-VOD",
  "source:tencent-vod",
  "state:waiting STATE:parked",
  "older:59m newer:2h",
  'type:"NewFileUpload"',
  "https://files.example",
  "not now files",
])("a search finds an event by %j", (text) => {
  expect(isFound(text)).toBe(true);
});

test.for([
  "5285890784246869931",
  "file upload",
  "state:waiting",
  "type:FileDeleted",
  "type:NewFile",
  "source:tencent",
  "vendor:alibaba-vod",
  "older:61m",
  "newer:59min",
  "service nowhere",
])("a search does not find the event by %j", (text) => {
  expect(isFound(text)).toBe(false);
});

test.for([
  ["state:stuck", "no state is called stuck: there are waiting, running"],
  ["older:soon", "older: takes an age such as 90s, 20m, 1h or 2d, not soon"],
  ["sourc:tencent-vod", "nothing is called sourc: here; source: was probably meant"],
  ["type: NewFileUpload", "type: has no value"],
  ['disk "full', 'a quote is not closed: "full'],
  ['type:"full', "type: has no value"],
  ["x".repeat(1_001), "at most 1000 characters"],
])("the search %j is refused with the reason", ([text = "", mistake]) => {
  expect(readSearch(text)).toEqual({ mistake: expect.stringContaining(mistake ?? "") });
});

test("an empty search finds everything", () => {
  expect(readSearch("  ")).toEqual({ search: EVERYTHING });
});
