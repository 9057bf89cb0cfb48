import { describe, expect, it } from "vitest";
import { renameInConfig } from "../../../extension/core/rename-task.ts";
import { applyEdits } from "../../../extension/core/text-edits.ts";

const renamed = (text: string, from = "price", to = "cost") => applyEdits(text, renameInConfig(text, from, to));

describe("renaming a task in fusionize.json", () => {
  it("follows it everywhere it is named, and keeps comments and layout", () => {
    const text = `{
  "app": "price", // the app keeps its name
  "tasks": ["price"],
  "functions": {
    "price": { "memory": 256 }, // price, measured
    "checkout": { "inline": ["payment", "price"], "inlineAsync": [ "price" ], },
  },
  "constraints": {
    "apart": [["price", "payment"]], "memory": { "price": { "min": 256 } },
    "exclusive": ["price"], "lossTolerated": ["price"],
  },
  "environment": { "price": "price" }
}`;
    const expected = text
      .replace('"price": { "memory": 256 }', '"cost": { "memory": 256 }')
      .replace('["payment", "price"]', '["payment", "cost"]')
      .replace('[ "price" ]', '[ "cost" ]')
      .replace('[["price", "payment"]]', '[["cost", "payment"]]')
      .replace('"memory": { "price"', '"memory": { "cost"')
      .replace('"exclusive": ["price"]', '"exclusive": ["cost"]')
      .replace('"lossTolerated": ["price"]', '"lossTolerated": ["cost"]');
    expect(renamed(text)).toBe(expected);
  });

  it.each(["", "nonsense", "[]", '{ "functions": [] }', '{ "functions": { "price"', '{ "constraints": { "apart": ["price"] } }'])(
    "never breaks on what people write meanwhile: %s",
    (text) => expect(typeof renamed(text)).toBe("string"),
  );
});
