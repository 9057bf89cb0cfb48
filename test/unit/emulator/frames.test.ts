import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decoder, encode, lineSplitter } from "../../../emulator/execution/frames.ts";

/** Cuts bytes at the given places. */
const cut = (bytes: Buffer, places: number[]): Buffer[] => {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...sorted, bytes.length].map((end, index, all) => bytes.subarray(index === 0 ? 0 : all[index - 1], end));
};

test("frames arrive whole and in order, however the stream is cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ type: fc.integer({ min: 0, max: 255 }), body: fc.uint8Array({ maxLength: 300 }) })),
      fc.array(fc.nat()),
      (frames, places) => {
        const stream = Buffer.concat(frames.map(({ type, body }) => encode(type, body.subarray(0, 3), body.subarray(3))));
        const seen: { type: number; body: number[] }[] = [];
        const read = decoder((type, body) => seen.push({ type, body: [...body] }));
        for (const chunk of cut(stream, places)) read(chunk);
        expect(seen).toEqual(frames.map(({ type, body }) => ({ type, body: [...body] })));
      },
    ),
  );
});

test("lines arrive whole, however the stream is cut, characters of several bytes included", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[aäß漢😀 ]{0,20}$/u)), fc.array(fc.nat()), fc.boolean(), (lines, places, ended) => {
      const stream = Buffer.from(lines.join("\n") + (ended ? "\n" : ""));
      const seen: string[] = [];
      const splitter = lineSplitter((line) => seen.push(line));
      for (const chunk of cut(stream, places)) splitter.push(Buffer.from(chunk));
      splitter.flush();
      expect(seen).toEqual(lines.filter((line) => line !== ""));
    }),
  );
});
