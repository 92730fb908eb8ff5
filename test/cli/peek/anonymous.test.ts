import { expect, test } from "vitest";
import { createAnonymous } from "../../../src/cli/peek/anonymous.ts";

const BODY = {
  EventType: "NewFileUpload",
  Width: 1920,
  FileUploadEvent: {
    FileId: "5285485487985271487",
    SubAppId: 1500000001,
    MediaBasicInfo: {
      Name: "Grandma Käthe.mp4",
      Status: "FINISH",
      MediaUrl: "https://15000.vod2.myqcloud.com/a1B2/5285485487985271487/f0.mp4?t=1",
    },
    Tags: ["birthday", "Käthe"],
  },
  FileIdSet: ["5285485487985271487"],
  Elsewhere: "5285485487985271487",
  SourceContext: null,
};

test("anonymous events: ids, names and addresses get new values of the same form, the same everywhere; the rest stays", () => {
  const anonymous = createAnonymous();
  const body = anonymous.body(BODY);
  const text = JSON.stringify(body);

  for (const real of ["5285485487985271487", "1500000001", "Grandma", "Käthe", "myqcloud", "birthday"])
    expect(text).not.toContain(real);
  expect(body).toMatchObject({ EventType: "NewFileUpload", Width: 1920, SourceContext: null });
  const [id = ""] = /(?<="FileId":")\d{19}(?=")/.exec(text) ?? [];
  expect(body).toMatchObject({
    FileUploadEvent: {
      FileId: id,
      SubAppId: expect.any(Number),
      MediaBasicInfo: {
        Name: expect.stringMatching(/^[A-Z][a-z]{6} [A-Z][a-z]{4}\.mp4$/),
        Status: "FINISH",
        MediaUrl: expect.stringMatching(
          new RegExp(`^https://files\\.example\\.com/[a-z]\\d[A-Z]\\d/${id}/[a-z]\\d\\.mp4\\?`),
        ),
      },
    },
    FileIdSet: [id],
    Elsewhere: id,
  });
  expect(anonymous.body(BODY)).toEqual(body);
  expect(createAnonymous().body(BODY)).not.toEqual(body);
});

test("anonymous events: JSON inside a text is replaced field by field and stays JSON inside a text", () => {
  const media = { MediaId: "a1b2c3", Url: "https://cdn.example.org/a1b2c3/f0.mp4", Width: 1920, Parts: [{ ok: true }] };
  const body = createAnonymous().body({
    MediaId: "a1b2c3",
    Data: JSON.stringify(media).replace("1920", '1920,"AppId":9007199254740993'),
    Summary: `{"Elsewhere":"a1b2c3","Inner":${JSON.stringify(JSON.stringify({ UserName: "Käthe" }))}}`,
    Note: "{ no JSON",
  });

  const data: unknown = JSON.parse(String(body["Data"]));
  expect(data).toMatchObject({ MediaId: body["MediaId"], Width: 1920, Parts: [{ ok: true }] });
  expect(data).toHaveProperty("AppId", expect.stringMatching(/^(?!9007199254740993)\d{16}$/));
  expect(JSON.parse(String(body["Summary"]))).toHaveProperty("Elsewhere", body["MediaId"]);
  expect(JSON.stringify(body)).not.toMatch(/a1b2c3|Käthe|example\.org/);
  expect(body["Note"]).toBe("{ no JSON");
});

test("anonymous events: all that the user passed along is replaced, whatever its name and form", () => {
  // Under one key in ninety 41 becomes 41.
  const { body } = createAnonymous(Buffer.alloc(32));
  const given = body({
    Extend: "order of Käthe",
    UserData: '{"order":"Käthe","count":41,"isPaid":true}',
    detail: { userMetadata: { order: "Käthe" } },
    SessionContext: "Käthe",
  });

  expect(JSON.stringify(given)).not.toMatch(/Käthe|41/);
  expect(JSON.parse(String(given["UserData"]))).toEqual({
    order: expect.stringMatching(/^[A-Z][a-z]{4}$/),
    count: expect.any(Number),
    isPaid: true,
  });
});

test("anonymous events: an ARN keeps its service and region, and its account gets the same new value as elsewhere", () => {
  const given = createAnonymous().body({
    account: "111122223333",
    resources: ["arn:aws:mediaconvert:eu-west-1:111122223333:jobs/1600000000001-abcdef"],
  });

  const [, account] = /^\["arn:aws:mediaconvert:eu-west-1:(\d{12}):[a-z]+\/[-\w]+"\]$/.exec(
    JSON.stringify(given["resources"]),
  ) ?? [""];
  expect(account).toBe(given["account"]);
  expect(JSON.stringify(given)).not.toMatch(/111122223333|abcdef/);
});

test("anonymous events: JSON text that is nested too deep is treated as plain text", () => {
  const deep = "[".repeat(50_000) + "]".repeat(50_000);

  expect(createAnonymous().body({ Extend: deep, Data: deep })).toEqual({ Extend: deep, Data: deep });
});
