import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readDeclared } from "../../../../extension/discovery/index.ts";
import { assert, type FuzzTarget } from "../target.ts";

const ROOT = join(import.meta.dirname, "../../../..");

/** Templates of the sample apps and of the table of existing applications. */
function templates(): Buffer[] {
  return ["test/apps", "test/semantics", "test/unit/discovery"]
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((file) => join(ROOT, folder, file)),
    )
    .filter((file) => /(?:template|serverless)\.(?:ya?ml|json)$/.test(file) && !file.includes("node_modules"))
    .sort()
    .map((file) => readFileSync(file));
}

const target: FuzzTarget = {
  seeds: templates,
  tokens: [
    "Resources:",
    "Fn::Sub",
    "!GetAtt ",
    "!Ref ",
    "&a ",
    "*a",
    "<<: *a",
    "__proto__",
    "constructor",
    "${self:custom.x}",
    "${file(x)}",
    "\n  ",
    "- ",
    "? ",
    "Globals",
    "AWS::Serverless::Function",
    "!!js/function ",
    "%YAML 1.1\n---\n",
    "Fn::ForEach::A",
    "toString",
  ],
  check(input) {
    const text = input.toString();
    for (const file of ["template.yaml", "serverless.yml", "template.json"]) {
      const { functions, diagnostics } = readDeclared(file, text);
      const lines = text.split(/\r\n|[\n\r]/).length;
      for (const { line, column, message } of diagnostics)
        assert(
          line >= 1 && line <= lines && column >= 1 && message !== "",
          `a finding at ${line}:${column} of ${lines} lines: ${message}`,
        );
      for (const { name, range } of functions)
        assert(typeof name === "string" && range.line <= lines, `a function at line ${range.line}`);
    }
    assert(
      ({} as Record<string, unknown>)["polluted"] === undefined && Object.keys(Object.prototype).length === 0,
      "a prototype was changed",
    );
  },
};
export default target;
