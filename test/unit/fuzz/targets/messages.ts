import { relative, resolve } from "node:path";
import { validateFromWebview, validateToWebview } from "../../../../webview/validate.ts";
import { confinedPath } from "../../../../extension/vscode/features/graph/paths.ts";
import { assert, type FuzzTarget } from "../target.ts";

const FOLDER = resolve(import.meta.dirname, "..");

function depth(value: unknown): number {
  return typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0;
}

const target: FuzzTarget = {
  tokens: [
    '"type":"openSource"',
    '"file":"../',
    '"file":"/etc/passwd"',
    "..%2f",
    "\\u0000",
    '"__proto__":{"a":1}',
    '"constructor"',
    "1e999",
    "null",
    '"type":"command"',
    '"command":"',
    "[[[[",
    "file:///",
    "..\\\\",
  ],
  async check(input) {
    let value: unknown;
    try {
      value = JSON.parse(input.toString());
    } catch {
      value = input.toString();
    }
    for (const validate of [validateFromWebview, validateToWebview]) {
      const checked = validate(value);
      if (!checked.ok) {
        assert(checked.reason !== "", "refused without a reason");
        continue;
      }
      assert(checked.value !== value, "not a fresh copy");
      // Its state is the page's own: nobody here looks into it.
      assert(checked.value.type === "viewState" || depth(checked.value) < 60, "deeper than any message");
    }
    const from = validateFromWebview(value);
    if (from.ok && from.value.type === "openSource") {
      const path = await confinedPath(FOLDER, from.value.file);
      assert(path === undefined || !relative(FOLDER, path).startsWith(".."), `outside of the folder: ${path}`);
    }
    assert(Object.keys(Object.prototype).length === 0, "a prototype was changed");
  },
};
export default target;
