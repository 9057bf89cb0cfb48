/**
 * The suite inside VS Code: `run` is what the editor calls, on the desktop and in its server alike. Which part runs is said
 * by FUSIONIZE_SUITE; results go to the file FUSIONIZE_RESULTS as they come, so that a crash loses none.
 */
import { appendFileSync } from "node:fs";

const parts: Record<string, () => Promise<unknown>> = {
  trusted: async () => {
    await import("./activation.ts");
    await import("./commands.ts");
    await import("./problems.ts");
    await import("./tree.ts");
    await import("./suggestion.ts");
    await import("./graph.ts");
    await import("./watching.ts");
    await import("./editing.ts");
    await import("./consent.ts");
    await import("./running.ts");
    await import("./debugging.ts");
  },
  untrusted: () => import("./untrusted.ts"),
  existing: () => import("./existing.ts"),
  folders: () => import("./folders.ts"),
  empty: () => import("./empty.ts"),
  random: () => import("./random.ts"),
  measured: () => import("./measured.ts"),
};

export async function run(): Promise<void> {
  const { default: Mocha } = await import("mocha");
  const grep = process.env["FUSIONIZE_GREP"];
  const mocha = new Mocha({ ui: "bdd", timeout: 30_000, reporter: "min", ...(grep && { grep }) });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  const part = process.env["FUSIONIZE_SUITE"] ?? "trusted";
  const load = parts[part];
  if (!load) throw new Error(`There is no part ${part} of the suite.`);
  await load();
  const report = (line: unknown) =>
    appendFileSync(process.env["FUSIONIZE_RESULTS"] ?? "results.jsonl", `${JSON.stringify(line)}\n`);
  const failed = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on("pass", (test) => report({ title: test.fullTitle(), state: "passed", ms: test.duration }));
    runner.on("fail", (test, error: Error) =>
      report({ title: test.fullTitle(), state: "failed", error: error.stack ?? String(error) }),
    );
    runner.on("pending", (test) => report({ title: test.fullTitle(), state: "skipped" }));
  });
  report({ done: true });
  if (failed > 0) throw new Error(`${failed} tests failed.`);
}
