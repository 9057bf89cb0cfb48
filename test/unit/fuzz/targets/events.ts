import { originOf } from "../../../../extension/runtime/trace.ts";
import { assert, type FuzzTarget } from "../target.ts";

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const target: FuzzTarget = {
  tokens: [
    '{"$fusionize":',
    '"event":',
    '"v":1',
    '"trace":"',
    '"kind":"async"',
    '"custom":{"fusionize":',
    '"__proto__":',
    "null",
    "\\n",
    "\\u2028",
  ],
  check(input) {
    const event = parsed(input.toString());
    // Both ways in: as the event, and as the client's context.
    for (const clientContext of [undefined, event]) {
      const { trace, setup, parent, caller } = originOf(event, { clientContext } as never);
      assert(
        typeof trace === "string" && trace !== "" && trace.length <= 256,
        `a trace id that is none: ${JSON.stringify(trace)}`,
      );
      for (const text of [setup, parent, caller])
        assert(text === undefined || (typeof text === "string" && text.length <= 256), "a text without bounds");
    }
  },
};
export default target;
