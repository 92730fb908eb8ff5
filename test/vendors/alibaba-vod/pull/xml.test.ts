import { describe, expect, test } from "vitest";
import {
  childrenOf,
  readXml,
  textOf,
  writeElement,
  writeXml,
  XmlError,
} from "../../../../src/vendors/alibaba-vod/pull/xml.ts";

describe("an XML document", () => {
  test("is read with its elements, their order and their text", () => {
    const root = readXml(`<?xml version="1.0" encoding="UTF-8"?>
      <!-- two of them -->
      <Messages xmlns="http://mns.aliyuncs.com/doc/v1/" a='>'>
        <Message><MessageId>1</MessageId><MessageBody>one</MessageBody></Message>
        <Message ><MessageId>2</MessageId><Empty/><MessageBody /></Message >
      </Messages>
      `);

    expect(root.name).toBe("Messages");
    expect(childrenOf(root, "Message").map((message) => textOf(message, "MessageId"))).toEqual(["1", "2"]);
    expect(childrenOf(root, "Message").map((message) => textOf(message, "MessageBody"))).toEqual(["one", ""]);
    expect(textOf(root, "MessageId")).toBeUndefined();
  });

  test.each([
    ["named entities", "&lt;&gt;&amp;&quot;&apos;", "<>&\"'"],
    ["numbered entities", "&#65;&#x42;&#x1F600;", "AB\u{1F600}"],
    ["an entity once only", "&amp;lt;", "&lt;"],
    ["CDATA", "a<![CDATA[<b>&amp;]]>c", "a<b>&amp;c"],
    ["a comment in it", "a<!-- <b> -->c", "ac"],
    ["spaces around it", " a ", " a "],
    ["a character that XML forbids", "a\u0001&#2;b", "a\u0001\u0002b"],
    ["the names of an object's own members", "constructor __proto__", "constructor __proto__"],
  ])("is read with %s in its text", (_, text, expected) => {
    expect(readXml(`<A>${text}</A>`).text).toBe(expected);
  });

  test("with a byte order mark is one like any other", () => {
    expect(readXml("\u{FEFF}<A>b</A>").text).toBe("b");
  });

  test("that was written is read with the same content", () => {
    const text = `{"a":"<&>\\"']]>","b":"ü\u{1F600}"}\r\n`;

    const root = readXml(writeXml("A", [writeElement("B", text), writeElement("C", [writeElement("D", 7)])]));

    expect(root).toMatchObject({
      name: "A",
      children: [
        { name: "B", text },
        { name: "C", children: [{ name: "D", text: "7" }] },
      ],
    });
  });
});

describe("invalid XML is refused:", () => {
  test.each([
    ["nothing", ""],
    ["text", "Bad Gateway"],
    ["JSON", '{"a":1}'],
    ["a web page", "<html><head><title>502</title></head><body><h1>502 Bad Gateway</h1><hr></body></html>"],
    ["a web page with its type", "<!DOCTYPE html><html></html>"],
    ["a DTD", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ["an entity of its own", "<a>&x;</a>"],
    ["a bare &", "<a>b & c</a>"],
    ["a character beyond all characters", "<a>&#x110000;</a>"],
    ["one cut off", "<A><B>c</B>"],
    ["one cut off in a tag", "<A><B"],
    ["one cut off in CDATA", "<A><![CDATA[b"],
    ["tags that do not nest", "<A><B></A></B>"],
    ["an end without a start", "</A>"],
    ["an end tag that is a start tag too", "<A></A/>"],
    ["two of them", "<A/><B/>"],
    ["text before it", "x<A/>"],
    ["text behind it", "<A/>x"],
    ["CDATA beside it", "<A/><![CDATA[x]]>"],
    ["a tag without a name", "<A>< /A>"],
    ["an attribute without a value", "<A b></A>"],
    ["an attribute that does not end", '<A b="></A>'],
  ])("%s", (_, source) => {
    expect(() => readXml(source)).toThrow(XmlError);
  });

  const MANY = 300_000;
  test.each([
    ["nesting", "<a>".repeat(MANY)],
    ["elements", `<a>${"<b/>".repeat(MANY)}</a>`],
    ["opened tags", "<".repeat(MANY)],
    ["comments", `<a>${"<!--".repeat(MANY)}`],
    ["CDATA", `<a>${"<![CDATA[".repeat(MANY)}`],
    ["entities", `<a>${"&".repeat(MANY)}</a>`],
    ["spaces", `<a>${"</".repeat(2)}${" ".repeat(MANY)}b`],
    ["spaces in a tag", `<a ${" ".repeat(MANY)}`],
    ["spaces around attributes", `<a ${`b ${" ".repeat(100)}`.repeat(MANY / 100)}`],
    ["one long name", `<${"a".repeat(MANY)}`],
    ["attributes", `<a ${'b="c" '.repeat(MANY)}`],
    ["text outside", `${" ".repeat(MANY)}<!-- -->${"x<!-- -->".repeat(MANY / 10)}`],
  ])("a flood of %s, at once", (_, source) => {
    const started = performance.now();

    expect(() => readXml(source)).toThrow(XmlError);

    // Quadratic time would take minutes; a busy machine takes no second for linear time.
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test("with an error that quotes the text", () => {
    const failure = (() => {
      try {
        return readXml("<Secret>hush & more</Secret>");
      } catch (err) {
        return String(err);
      }
    })();

    expect(failure).not.toMatch(/hush|Secret/);
  });
});

test("an XML answer with sixteen large messages is read quickly", () => {
  const body = JSON.stringify({ text: '"<&>'.repeat(16_000) });
  const started = performance.now();

  const root = readXml(
    writeXml(
      "Messages",
      Array.from({ length: 16 }, () => writeElement("MessageBody", body)),
    ),
  );

  expect(childrenOf(root, "MessageBody").map(({ text }) => text)).toEqual(Array.from({ length: 16 }, () => body));
  expect(performance.now() - started).toBeLessThan(20_000);
});
