/** Byte-level changes of known inputs, all drawn from one generator: the same seed gives the same inputs. */

type Draw = () => number;

const below = (draw: Draw, limit: number): number => Math.floor(draw() * limit);
const pick = <T>(draw: Draw, all: readonly T[]): T => all[below(draw, all.length)]!;
/** Bytes at which parsers turn: brackets, quotes, ends, and those that are no UTF-8. */
const TURNS = [...Buffer.from("{}[]()<>\"'`\\/*:,;$#&!%@|~^?=.-+ \t\r\n\0")].concat([0x7f, 0x80, 0xc0, 0xe2, 0xed, 0xf0, 0xff]);
const MOST_BYTES = 60_000;

type Change = (draw: Draw, bytes: Buffer, others: readonly Buffer[], tokens: readonly Buffer[]) => Buffer;

const insert = (bytes: Buffer, at: number, what: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at)]);

function slice(draw: Draw, bytes: Buffer): Buffer {
  const from = below(draw, bytes.length + 1);
  return bytes.subarray(from, from + below(draw, Math.min(200, bytes.length - from) + 1));
}

const CHANGES: Change[] = [
  (draw, bytes) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[below(draw, changed.length)] = below(draw, 256);
    return changed;
  },
  (draw, bytes) => insert(bytes, below(draw, bytes.length + 1), Buffer.from([pick(draw, TURNS)])),
  (draw, bytes, _others, tokens) =>
    tokens.length === 0 ? bytes : insert(bytes, below(draw, bytes.length + 1), pick(draw, tokens)),
  (draw, bytes) => {
    const from = below(draw, bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + below(draw, 40))]);
  },
  (draw, bytes) => bytes.subarray(0, below(draw, bytes.length + 1)),
  (draw, bytes) => insert(bytes, below(draw, bytes.length + 1), slice(draw, bytes)),
  (draw, bytes, others) => insert(bytes, below(draw, bytes.length + 1), slice(draw, pick(draw, others))),
  // The same again and again: what nests, nests deep.
  (draw, bytes) => {
    const what = slice(draw, bytes).subarray(0, 12);
    return insert(bytes, below(draw, bytes.length + 1), Buffer.concat(Array.from({ length: below(draw, 400) }, () => what)));
  },
];

/** One of the inputs with one to five changes; now and then bytes of no origin. */
export function mutate(draw: Draw, inputs: readonly Buffer[], tokens: readonly Buffer[]): Buffer {
  if (draw() < 0.03) return Buffer.from(Array.from({ length: below(draw, 300) }, () => below(draw, 256)));
  let bytes = pick(draw, inputs);
  for (let left = 1 + below(draw, 5); left > 0; left -= 1) bytes = pick(draw, CHANGES)(draw, bytes, inputs, tokens);
  return bytes.subarray(0, MOST_BYTES);
}
