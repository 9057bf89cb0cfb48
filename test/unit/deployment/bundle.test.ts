import { unzipSync } from "fflate";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { BundleError, createBundler, type BundledFunction } from "../../../extension/deployment/index.ts";
import { sampleApp, SOURCES, type SampleApp } from "./sample-app.ts";

const bundler = createBundler();
const apps: SampleApp[] = [];
afterAll(() => bundler.dispose());
afterEach(async () => {
  for (const app of apps.splice(0)) await app.remove();
});

async function app(options?: Parameters<typeof sampleApp>[0]): Promise<SampleApp> {
  const made = await sampleApp(options);
  apps.push(made);
  return made;
}

const code = ({ files }: BundledFunction) => Buffer.from(files["function.mjs"]!).toString();
const byRoot = (bundles: BundledFunction[]) => new Map(bundles.map((one) => [one.root, one]));
const hashes = (bundles: BundledFunction[]) => Object.fromEntries(bundles.map(({ root, codeSha256 }) => [root, codeSha256]));
const markers = (text: string) => ["FRONT", "CHECK", "RATE", "STORE"].filter((name) => text.includes(`${name}-CODE`));

/** Runs code in a process of its own, in a folder that holds the function's zip as Lambda unpacks it. */
async function inFunction(bundled: BundledFunction, script: string, environment: Record<string, string> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fusionize-task-"));
  try {
    for (const [name, bytes] of Object.entries(unzipSync(bundled.zip))) await writeFile(join(folder, name), bytes);
    const context = `const context = { awsRequestId: "1", functionName: "sample-local-front", invokedFunctionArn: "arn:aws:lambda:eu-central-1:1:function:sample-local-front:live", memoryLimitInMB: "128", getRemainingTimeInMillis: () => 30000 };`;
    const program = `const { handler } = await import("./index.mjs"); ${context} ${script}`;
    const run = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      cwd: folder,
      encoding: "utf8",
      env: { ...environment, PATH: process.env["PATH"] },
    });
    return run.stdout + run.stderr;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe("a function's bundle", () => {
  it("holds the code of its own tasks only", async () => {
    const bundles = byRoot(await bundler.bundle(await app()));
    expect([...bundles.keys()].sort()).toEqual(["check", "front", "rate", "store"]);
    for (const [root, one] of bundles) expect(markers(code(one))).toEqual([root.toUpperCase()]);
    // What only another task's code needs is gone as well, side effects at the top of its module included.
    expect(code(bundles.get("check")!)).not.toContain("RATE-TOP-LEVEL");
    expect(code(bundles.get("rate")!)).toContain("RATE-TOP-LEVEL");
  });

  it("holds no file that is not imported: keys and environment files beside the code stay out", async () => {
    const made = await app();
    const secret = "SECRET-THAT-IS-NOT-IMPORTED";
    for (const file of [".env", "src/.env", ".aws/credentials", "id_rsa", "src/secrets.json", ".fusionize/targets.json"])
      await made.write(file, `key=${secret}\n`);
    process.env["SECRET_OF_THE_SHELL"] = secret;
    try {
      for (const { files } of await bundler.bundle(made))
        for (const bytes of Object.values(files)) expect(Buffer.from(bytes).toString("latin1")).not.toContain(secret);
    } finally {
      delete process.env["SECRET_OF_THE_SHELL"];
    }
  });

  it("holds the code of inlined tasks", async () => {
    const bundles = await bundler.bundle(await app({ setup: { front: { inline: ["check", "rate"] } } }));
    expect(bundles.map(({ root, tasks, files }) => [root, tasks, markers(code({ files } as BundledFunction))])).toEqual([
      ["front", ["front", "check", "rate"], ["FRONT", "CHECK", "RATE"]],
      ["store", ["store"], ["STORE"]],
    ]);
  });

  it("keeps what other modules share, but not the task beside it", async () => {
    const [, store] = await bundler.bundle(await app({ setup: { front: { inline: ["check", "rate"] } } }));
    expect(code(store!)).toMatch(/1e3|1000/);
    expect(code(store!)).not.toContain("CHECK-CODE");
  });

  it("strips a module that defines members and others", async () => {
    const both = await app({
      sources: { "src/check.ts": `${SOURCES["src/check.ts"]}\nexport const rate = task("rate", async () => "RATE-CODE");\n` },
    });
    await both.write(
      "src/check.ts",
      (SOURCES["src/check.ts"] + `export const rate = task("rate", async () => "RATE-CODE");`).replace(
        `import { rate } from "./rate.ts";\n`,
        "",
      ),
    );
    both.graph.tasks.find(({ name }) => name === "rate")!.file = "src/check.ts";
    const bundles = byRoot(await bundler.bundle(both));
    expect(markers(code(bundles.get("check")!))).toEqual(["CHECK"]);
    expect(markers(code(bundles.get("rate")!))).toEqual(["RATE"]);
  });

  it("brings the Lambda client along only where calls leave the function", async () => {
    const bundles = byRoot(await bundler.bundle(await app()));
    const withClient = [...bundles].filter(([, { files }]) => "lambda-client.mjs" in files).map(([root]) => root);
    expect(withClient.sort()).toEqual(["check", "front"]);
    expect(bundles.get("store")!.zip.length).toBeLessThan(25_000);
    expect(bundles.get("front")!.zip.length).toBeLessThan(125_000);
  });

  it("is the same again, on another bundler and in another folder", async () => {
    const first = await bundler.bundle(await app());
    const other = createBundler();
    try {
      expect(hashes(await other.bundle(await app({ below: "a/b/c" })))).toEqual(hashes(first));
    } finally {
      await other.dispose();
    }
  });

  it("does not depend on memory, or on how other functions are fused", async () => {
    const one = await app();
    const before = hashes(await bundler.bundle(one));
    expect(hashes(await bundler.bundle({ ...one, setup: { check: { memory: 1024 } } }))).toEqual(before);
    const fused = hashes(await bundler.bundle({ ...one, setup: { check: { inline: ["rate"] } } }));
    expect(fused).toEqual({ ...fused, front: before["front"], store: before["store"] });
    expect(fused["check"]).not.toBe(before["check"]);
  });

  it("changes with the source of its own tasks only", async () => {
    const one = await app();
    const before = await bundler.bundle(one);
    await one.write("src/rate.ts", SOURCES["src/rate.ts"]!.replace("RATE-CODE", "RATE-CODE-2"));
    const after = await bundler.bundle(one);
    expect(after.filter((bundle, index) => bundle.codeSha256 !== before[index]!.codeSha256).map(({ root }) => root)).toEqual([
      "rate",
    ]);
    // What is not affected was not built again.
    const again = await bundler.bundle(one);
    expect(again.every((bundle, index) => bundle === after[index])).toBe(true);
  });
});

describe("bundled code", () => {
  it("has stack traces in the developer's own source", async () => {
    const [front] = await bundler.bundle(await app({ setup: { front: { inline: ["check", "rate"] } } }));
    const output = await inFunction(
      front!,
      `try { await handler({ value: 2000 }, context); } catch (error) { console.log(error.name, error.message, error.stack); }`,
    );
    expect(output).toContain("TooLarge CHECK-CODE 2000");
    // Where it was thrown is told by the callee; the caller gets name and message alone.
    const [, check] = await bundler.bundle(await app());
    const own = await inFunction(
      check!,
      `try { await handler({ value: 2000 }, { ...context, functionName: "sample-local-check" }); } catch (error) { console.log(error.stack); }`,
    );
    expect(own).toMatch(/src\/check\.ts:8:\d+/);
  });

  it("loads CommonJS packages that require what Node offers", async () => {
    const one = await app({
      sources: {
        "node_modules/old/package.json": `{"name":"old","main":"index.js"}`,
        "node_modules/old/index.js": `const path = require("path"); exports.where = () => path.basename(__filename) + typeof require;`,
        "src/rate.ts": `import { task } from "fusionize";\nimport old from "old";\nexport const rate = task("rate", async () => old.where());\n`,
      },
    });
    const rate = byRoot(await bundler.bundle(one)).get("rate")!;
    expect(
      await inFunction(rate, `console.log(await handler({}, { ...context, functionName: "sample-local-rate" }));`),
    ).toContain("function.mjsfunction");
  });

  it("follows the paths of the user's tsconfig.json", async () => {
    const one = await app({
      sources: {
        "tsconfig.json": `{ "compilerOptions": { "paths": { "#lib/*": ["./library/*"] } } }`,
        "library/scale.ts": `export const scale = 42;`,
        "src/rate.ts": `import { task } from "fusionize";\nimport { scale } from "#lib/scale.ts";\nexport const rate = task("rate", async () => ({ scale }));\n`,
      },
    });
    const rate = byRoot(await bundler.bundle(one)).get("rate")!;
    expect(
      await inFunction(rate, `console.log(await handler({}, { ...context, functionName: "sample-local-rate" }));`),
    ).toContain("{ scale: 42 }");
  });

  it("takes its own runtime, whatever the app has installed as fusionize", async () => {
    const one = await app({
      sources: {
        "node_modules/fusionize/package.json": `{"name":"fusionize","main":"index.js"}`,
        "node_modules/fusionize/index.js": `throw new Error("WRONG-RUNTIME");`,
      },
    });
    for (const bundle of await bundler.bundle(one)) expect(code(bundle)).not.toContain("WRONG-RUNTIME");
  });

  it("shares the SDK between a task that uses it and the client", async () => {
    const one = await app({
      sources: {
        "src/front.ts": `import { DynamoDBClient } from "@aws-sdk/client-dynamodb";\n${SOURCES["src/front.ts"]!.replace("marker:", "client: new DynamoDBClient({}).config.serviceId, marker:")}`,
      },
      setup: { front: { inline: ["check", "rate"] } },
    });
    await mkdir(join(one.folder, "node_modules"), { recursive: true });
    await symlink(join(process.cwd(), "node_modules/@aws-sdk"), join(one.folder, "node_modules/@aws-sdk"));
    const [front] = await bundler.bundle(one);
    const size = Object.values(front!.files).reduce((sum, { length }) => sum + length, 0);
    expect(Object.keys(front!.files)).not.toContain("lambda-client.mjs");
    expect(size).toBeLessThan(480_000);
    const elsewhere = await app({
      below: "x/y",
      setup: one.setup,
      sources: { "src/front.ts": await readFile(join(one.folder, "src/front.ts"), "utf8") },
    });
    await mkdir(join(elsewhere.folder, "node_modules"), { recursive: true });
    await symlink(join(process.cwd(), "node_modules/@aws-sdk"), join(elsewhere.folder, "node_modules/@aws-sdk"));
    expect(hashes(await bundler.bundle(elsewhere))).toEqual(hashes(await bundler.bundle(one)));
    // An edit that drops the SDK leads to the same bytes as if it had never been there.
    await one.write("src/front.ts", SOURCES["src/front.ts"]!);
    const dropped = await bundler.bundle(one);
    expect(hashes(dropped)).toEqual(hashes(await bundler.bundle(await app({ setup: one.setup }))));
  });
});

describe("source that cannot be bundled", () => {
  const failure = async (sources: Record<string, string>) => {
    const one = await app({ sources });
    const error = await bundler.bundle(one).catch((reason: unknown) => reason);
    if (!(error instanceof BundleError)) throw new Error("expected a BundleError", { cause: error });
    return { error, app: one };
  };

  it("is told with place and import, once, however many functions hold it", async () => {
    const source = SOURCES["src/check.ts"]!.replace(
      `import { rate }`,
      `import missing from "not-there";\nimport { rate }`,
    ).replace("return await", "missing(); return await");
    const { error } = await failure({ "src/check.ts": source });
    expect(error.message).toBe(
      `src/check.ts:2:21 The import "not-there" cannot be found. Install the package in the app's folder, or correct the name.`,
    );
    expect(error.diagnostics).toHaveLength(1);
  });

  it("is told for a native module", async () => {
    const { error } = await failure({
      "src/rate.ts": `import { task } from "fusionize";\nimport fast from "./fast.node";\nexport const rate = task("rate", async () => fast());\n`,
      "src/fast.node": "binary",
    });
    expect(error.message).toMatch(/^src\/rate\.ts:2:18 "\.\/fast\.node" is a native module/);
    expect(error.diagnostics[0]!.code).toBe("native-module");
  });

  it("lets packages do without their optional binary", async () => {
    const one = await app({
      sources: {
        "node_modules/opt/package.json": `{"name":"opt","main":"index.js"}`,
        "node_modules/opt/index.js": `let fast; try { fast = require("./build/fast.node"); } catch { fast = () => "SLOW"; } exports.run = fast;`,
        "node_modules/opt/build/fast.node": "binary",
        "src/rate.ts": `import { task } from "fusionize";\nimport opt from "opt";\nexport const rate = task("rate", async () => opt.run());\n`,
      },
    });
    const rate = byRoot(await bundler.bundle(one)).get("rate")!;
    expect(
      await inFunction(rate, `console.log(await handler({}, { ...context, functionName: "sample-local-rate" }));`),
    ).toContain("SLOW");
  });

  it("is told for a syntax error, and built again once mended", async () => {
    const { error, app: one } = await failure({
      "src/rate.ts": `import { task } from "fusionize";\nexport const rate = task("rate", async () => {{ 1; });\n`,
    });
    expect(error.diagnostics[0]).toMatchObject({ file: "src/rate.ts", line: 2, severity: "error", code: "syntax" });
    await one.write("src/rate.ts", SOURCES["src/rate.ts"]!);
    expect(await bundler.bundle(one)).toHaveLength(4);
  });

  it("can be given up", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(bundler.bundle(await app(), { signal })).rejects.toThrow("enough");
  });
});
