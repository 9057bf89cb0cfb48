import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createDeployer, type Deployer, type Target } from "../../extension/deployment/index.ts";
import { sampleApp, SOURCES, type SampleApp } from "../unit/deployment/sample-app.ts";
import { targetAt } from "./deploy/journey.ts";
import { motoPackage } from "./deploy/python.ts";
import { answer, writtenApp } from "./deploy/terminal.ts";

const run = promisify(execFile);
/** cfn-lint comes with moto. */
const tools = await motoPackage();
const missing = typeof tools === "string" ? tools : undefined;

let app: SampleApp;
let deployer: Deployer;
let folder: string;
const target = targetAt("http://127.0.0.1:9");

beforeAll(async () => {
  app = await sampleApp({ config: { environment: { TABLE: "readings" } } });
  deployer = createDeployer();
  folder = await mkdtemp(join(tmpdir(), "fusionize-export-"));
});
afterAll(async () => {
  await deployer.dispose();
  await app.remove();
  await rm(folder, { recursive: true, force: true });
});

/** What cfn-lint says, warnings included. */
function lint(...templates: string[]): Promise<{ stdout: string; code: number }> {
  const command = join((tools as { bin: string }).bin, "cfn-lint");
  return run(command, ["--format", "parseable", "--non-zero-exit-code", "warning", ...templates]).then(
    ({ stdout }) => ({ stdout, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => ({ stdout: error.stdout + error.stderr, code: error.code }),
  );
}

describe.skipIf(missing !== undefined)(`an exported template${missing === undefined ? "" : `: skipped, ${missing}`}`, () => {
  const variants: [string, Partial<Target>][] = [
    ["roles of its own", {}],
    ["one role for all", { roles: { arn: "arn:aws:iam::123456789012:role/app" } }],
    ["URLs for anybody", { urls: "public" }],
    ["no URLs", { urls: "none" }],
  ];
  for (const format of ["sam", "cloudformation"] as const) {
    it.each(variants)(`is valid ${format} with %s`, async (_, overrides) => {
      const { template } = await deployer.export(app, { ...target, ...overrides }, { format, folder });
      expect(await lint(template)).toEqual({ stdout: "", code: 0 });
    });
  }

  it("comes from the terminal as well, with every bundle, valid in both formats", async () => {
    const written = await writtenApp();
    try {
      const exported = await Promise.all(
        (["sam", "cloudformation"] as const).map((format) =>
          answer<{ stage: string; template: string; files: string[] }>(
            ["export", written.folder, "--format", format, "--stage", "prod"].concat("--out", join(folder, `terminal-${format}`)),
          ),
        ),
      );
      for (const { template, files, stage } of exported) {
        expect([stage, files.filter((file) => file.endsWith(".zip")).length]).toEqual(["prod", 4]);
        expect(files.every((file) => existsSync(file))).toBe(true);
        expect(await readFile(template, "utf8")).toContain("sample-prod-front");
      }
      expect(await readFile(exported[0]!.template, "utf8")).toContain("AWS::Serverless::Function");
      expect(await readFile(exported[1]!.template, "utf8")).toContain("AWS::Lambda::Function");
      expect(await lint(...exported.map(({ template }) => template))).toEqual({ stdout: "", code: 0 });
    } finally {
      await written.remove();
    }
  });
});

describe("an export", () => {
  it("holds every function's bundle and says the same as a deploy does", async () => {
    const { template, files } = await deployer.export(app, target, { format: "sam", folder });
    const { Resources } = parse(await readFile(template, "utf8")) as {
      Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
    };
    const functions = Object.values(Resources).filter(({ Type }) => Type === "AWS::Serverless::Function");
    expect(
      functions.map(({ Properties }) => [Properties["FunctionName"], Properties["MemorySize"], Properties["Timeout"]]),
    ).toEqual(["front", "check", "rate", "store"].map((task) => [`sample-test-${task}`, 128, 30]));
    for (const { Properties } of functions) {
      const zip = join(folder, String(Properties["CodeUri"]));
      expect(files).toContain(zip);
      expect(Object.keys(unzipSync(await readFile(zip)))).toContain("index.mjs");
    }
  });

  it("replaces the bundles of an earlier one, and nothing else", async () => {
    await deployer.export(app, target, { format: "sam", folder });
    const before = await readdir(join(folder, "code"));
    await app.write("src/rate.ts", SOURCES["src/rate.ts"]!.replace("RATE-CODE", "RATE-CODE-2"));
    await deployer.export(app, target, { format: "sam", folder });
    const after = await readdir(join(folder, "code"));
    expect(after).toHaveLength(before.length);
    expect(after.filter((file) => !before.includes(file))).toEqual([expect.stringMatching(/^rate-/)]);
    expect(existsSync(join(folder, "cloudformation.yaml"))).toBe(missing === undefined);
  });
});
