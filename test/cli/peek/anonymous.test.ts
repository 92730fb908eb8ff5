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

test("ids, names and addresses become others of the same form, the same ones everywhere; all else stays", () => {
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
