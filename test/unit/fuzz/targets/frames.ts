import { decoder, encode, lineSplitter } from "../../../../emulator/execution/frames.ts";
import { assert, type FuzzTarget } from "../target.ts";

const target: FuzzTarget = {
  seeds: () => [
    Buffer.concat([
      encode(10),
      encode(11),
      encode(13, Buffer.from([1]), Buffer.from("line")),
      encode(14, Buffer.alloc(8), Buffer.from("{}")),
    ]),
  ],
  check(input) {
    let bytes = 0;
    const read = decoder((type, body) => {
      assert(Number.isInteger(type), "a frame without a type");
      bytes += body.length;
    });
    const lines = lineSplitter((line) => assert(!line.includes("\n"), "a line of two"));
    for (let at = 0; at < input.length; at += 7) {
      read(input.subarray(at, at + 7));
      lines.push(input.subarray(at, at + 7));
    }
    lines.flush();
    assert(bytes <= input.length, "more came out than went in");
  },
};
export default target;
