import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("no operation of the two AWS clients fails on the emulator", async () => {
  const report = spawn(process.execPath, [fileURLToPath(new URL("report.ts", import.meta.url))], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  report.stdout.on("data", (data: Buffer) => (text += data.toString()));
  const code = await new Promise((resolve) => report.once("close", resolve));
  expect(text.split("\n").filter((line) => line.includes("| fail | "))).toEqual([]);
  expect(code).toBe(0);
  expect(text).toContain("| Lambda | Invoke | pass | 200 |");
});
