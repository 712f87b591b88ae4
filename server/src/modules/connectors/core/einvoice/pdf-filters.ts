/** Bytes of an ASCII85 text; undefined when a sign is none of it. */
export function ascii85(content: Buffer): Buffer | undefined {
  const text = content
    .toString("latin1")
    .replace(/\s+/g, "")
    .replace(/^<~/, "")
    .replace(/~>?[\s\S]*$/, "");
  const zeros = text.split("z").length - 1;
  const out = Buffer.alloc(Math.ceil((text.length - zeros) / 5) * 4 + zeros * 4 + 4);
  let written = 0;
  let group: number[] = [];
  const flush = (): void => {
    const bytes = group.length - 1;
    while (group.length < 5) group.push(84);
    const value = group.reduce((sum, digit) => sum * 85 + digit, 0) % 2 ** 32;
    for (let at = 0; at < bytes; at += 1) {
      out[written] = Math.floor(value / 256 ** (3 - at)) % 256;
      written += 1;
    }
    group = [];
  };
  for (const sign of text) {
    if (sign === "z" && group.length === 0) {
      written += 4;
      continue;
    }
    const digit = sign.charCodeAt(0) - 33;
    if (digit < 0 || digit > 84) return undefined;
    group.push(digit);
    if (group.length === 5) flush();
  }
  if (group.length > 1) flush();
  return out.subarray(0, written);
}

/** Rows whose bytes are differences to their neighbours (PNG, one byte per component): `columns` bytes after one that tells how. */
export function withoutPredictor(content: Buffer, columns: number): Buffer | undefined {
  if (!Number.isInteger(columns) || columns < 1 || columns > 1_000_000) return undefined;
  const rows = Math.ceil(content.length / (columns + 1));
  const out = Buffer.alloc(rows * columns);
  let length = 0;
  for (let row = 0; row < rows; row += 1) {
    const from = row * (columns + 1);
    const size = Math.min(columns, content.length - from - 1);
    for (let at = 0; at < size; at += 1) {
      const left = at > 0 ? (out[row * columns + at - 1] ?? 0) : 0;
      const up = row > 0 ? (out[(row - 1) * columns + at] ?? 0) : 0;
      const corner = at > 0 && row > 0 ? (out[(row - 1) * columns + at - 1] ?? 0) : 0;
      out[row * columns + at] = (content[from + 1 + at] ?? 0) + predicted(content[from] ?? 0, left, up, corner);
    }
    length += Math.max(size, 0);
  }
  return out.subarray(0, length);
}

function predicted(how: number, left: number, up: number, corner: number): number {
  if (how === 1) return left;
  if (how === 2) return up;
  if (how === 3) return Math.floor((left + up) / 2);
  if (how !== 4) return 0;
  const guess = left + up - corner;
  const distances = [left, up, corner].map((one) => Math.abs(guess - one));
  const nearest = Math.min(...distances);
  return [left, up, corner][distances.indexOf(nearest)] ?? 0;
}
