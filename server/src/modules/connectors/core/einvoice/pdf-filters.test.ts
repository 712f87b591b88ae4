import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { attachmentsOf } from "./pdf-attachments.ts";
import { ascii85, withoutPredictor } from "./pdf-filters.ts";

/** The other way round, so that what is read is what was written. */
function toAscii85(content: Buffer): string {
  let text = "";
  for (let at = 0; at < content.length; at += 4) {
    const size = Math.min(4, content.length - at);
    const group = Buffer.concat([content.subarray(at, at + size), Buffer.alloc(4 - size)]);
    let value = group.readUInt32BE(0);
    if (value === 0 && size === 4) {
      text += "z";
      continue;
    }
    const digits: string[] = [];
    for (let digit = 0; digit < 5; digit += 1) {
      digits.unshift(String.fromCharCode(33 + (value % 85)));
      value = Math.floor(value / 85);
    }
    text += digits.slice(0, size + 1).join("");
  }
  return `<~${text}~>`;
}

const TEXT = Buffer.from('<?xml version="1.0"?><Invoice><ID>FA-1 \u00e9</ID></Invoice>\0\0\0\0\0\0\0\0end');

test("ASCII85 of any length is read back; other signs are none of it", () => {
  for (let size = 0; size <= TEXT.length; size += 1) {
    const part = TEXT.subarray(0, size);
    expect(ascii85(Buffer.from(toAscii85(part)))).toEqual(part);
  }
  expect(ascii85(Buffer.from("<~87cUR\u00e9~>", "latin1"))).toBeUndefined();
});

test("each way of prediction is undone", () => {
  const rows = Buffer.from([0, 10, 20, 30, 1, 10, 10, 10, 2, 1, 1, 1, 3, 6, 6, 6, 4, 1, 1, 1]);
  expect([...(withoutPredictor(rows, 3) ?? [])]).toEqual([10, 20, 30, 10, 20, 30, 11, 21, 31, 11, 22, 32, 12, 23, 33]);
  expect(withoutPredictor(rows, 0)).toBeUndefined();
});

test("attachments under ASCII85, or packed with a prediction, are found", () => {
  const columns = 7;
  const rows: Buffer[] = [];
  for (let at = 0; at < TEXT.length; at += columns) rows.push(Buffer.from([0]), TEXT.subarray(at, at + columns));
  const streams = [
    { more: "/Filter [/ASCII85Decode /FlateDecode]", bytes: Buffer.from(toAscii85(deflateSync(TEXT))) },
    {
      more: `/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns ${columns} >>`,
      bytes: deflateSync(Buffer.concat(rows)),
    },
  ];
  for (const { more, bytes } of streams) {
    const file = Buffer.concat([
      Buffer.from(`%PDF-1.7\n5 0 obj\n<< /Type /EmbeddedFile ${more} /Length ${bytes.length} >>\nstream\n`),
      bytes,
      Buffer.from("\nendstream\nendobj\n6 0 obj\n<< /Type /Filespec /F (factur-x.xml) /EF << /F 5 0 R >> >>\nendobj\n"),
    ]);
    expect(attachmentsOf(file)).toEqual([{ name: "factur-x.xml", content: TEXT }]);
  }
});
