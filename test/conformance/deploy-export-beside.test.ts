/** Existing applications: the exported template is the team's own, with fused functions in it, and AWS's checker takes it. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { assertUsable, loadApp } from "../../extension/application/app.ts";
import { createDeployer, type ExportedBeside } from "../../extension/deployment/index.ts";
import { targetAt } from "./deploy/journey.ts";
import { motoPackage } from "./deploy/python.ts";
import { answer, root, start } from "./deploy/terminal.ts";

interface Exported {
  format: string;
  template: string;
  files: string[];
  fused: string[];
  kept: string[];
}

const run = promisify(execFile);
const tools = await motoPackage();

const deployer = createDeployer();
const made: string[] = [];
afterAll(() => deployer.dispose());
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

async function appOf(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fusionize-beside-"));
  made.push(folder);
  await symlink(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  return folder;
}

async function exported(folder: string): Promise<ExportedBeside> {
  const app = await loadApp(folder);
  assertUsable(app);
  return await deployer.exportBeside(app, targetAt("http://127.0.0.1:9"), { folder: join(folder, "export") });
}

/** Lines that are only in one of the two texts. */
function changed(before: string, after: string): { gone: string[]; added: string[] } {
  const count = (text: string) => text.split("\n");
  const [a, b] = [count(before), count(after)];
  return { gone: a.filter((line) => !b.includes(line)), added: b.filter((line) => !a.includes(line)) };
}

async function lint(template: string, ...options: string[]): Promise<string> {
  if (typeof tools === "string") throw new Error(tools);
  const command = ["--format", "parseable", "--non-zero-exit-code", "warning", template, ...options];
  return await run(join(tools.bin, "cfn-lint"), command).then(
    ({ stdout }) => stdout,
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  );
}

describe("sam-shop, fused", () => {
  let folder: string;
  let before: string;
  let result: Exported;
  let text: string;

  beforeAll(async () => {
    folder = await appOf({});
    await cp(join(root, "test/apps/sam-shop"), folder, { recursive: true });
    const config = JSON.parse(await readFile(join(folder, "fusionize.json"), "utf8")) as object;
    const functions = {
      PlaceOrder: { memory: 1024, inline: ["PriceProduct", "CheckStock", "ChargeCard"] },
      GetCatalog: { inline: ["PriceProduct"] },
      SendReceipt: { inline: ["RenderReceipt"] },
    };
    await writeFile(join(folder, "fusionize.json"), JSON.stringify({ ...config, functions }));
    before = await readFile(join(folder, "template.yaml"), "utf8");
    result = await answer<Exported>(["export", folder]);
    text = await readFile(result.template, "utf8");
  });

  it("is written beside the template, which stays byte for byte", async () => {
    expect(result.template).toBe(join(folder, "template.fused.yaml"));
    const digest = (one: string) => createHash("sha256").update(one).digest("hex");
    expect(digest(await readFile(join(folder, "template.yaml"), "utf8"))).toBe(digest(before));
    expect(result.kept).toEqual(["PriceProduct", "CheckStock", "ChargeCard", "RenderReceipt"]);
    expect(result.files.every((file) => existsSync(file))).toBe(true);
  });

  it("keeps everything but the code of fused functions: comments, parameters, events, other functions", () => {
    const { gone } = changed(before, text);
    expect(gone.map((line) => line.trim().replace(/:.*/, "")).sort()).toEqual(
      [
        // Only spaces inside brackets.
        "AUDIT_FUNCTION",
        "MOST_ITEMS",
        "BuildMethod",
        "BuildProperties",
        "EntryPoints",
        "Metadata",
        "CodeUri",
        "CodeUri",
        "Handler",
        "Handler",
        "Handler",
        "Handler",
        "Handler",
        "Handler",
        "Handler",
        "MemorySize",
      ].sort(),
    );
    const [plain, fused] = [parse(before, { logLevel: "silent" }), parse(text, { logLevel: "silent" })] as Record<
      string,
      Record<string, { Properties: Record<string, unknown> }>
    >[];
    for (const key of ["Parameters", "Mappings", "Conditions", "Globals", "Outputs"]) expect(fused![key]).toEqual(plain![key]);
    expect(Object.keys(fused!["Resources"]!)).toEqual(Object.keys(plain!["Resources"]!));
    for (const kept of result.kept) expect(fused!["Resources"]![kept]).toEqual(plain!["Resources"]![kept]);
    const order = fused!["Resources"]!["PlaceOrder"]!.Properties;
    expect(order["Events"]).toEqual(plain!["Resources"]!["PlaceOrder"]!.Properties["Events"]);
    expect(order["MemorySize"]).toBe(1024);
    expect(order["Environment"]).toMatchObject({ Variables: { STOCK_TABLE: "StockTable", FUSIONIZE_RELEASE: "$LATEST" } });
  });

  it("is written again the same, and never over somebody else's file", async () => {
    await exported(folder);
    expect(await readFile(result.template, "utf8")).toBe(text);
    await writeFile(result.template, "Resources: {}\n");
    await expect(exported(folder)).rejects.toMatchObject({ code: "export-exists" });
    expect(await readFile(result.template, "utf8")).toBe("Resources: {}\n");
    await writeFile(result.template, text);
  });

  it("takes no options that the template answers, unless the functions alone are wanted", async () => {
    const { code, stderr } = await start(["export", folder, "--stage", "prod"]).ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining("--stage has no effect on template.yaml")]);
    const alone = await answer<Exported>(["export", folder, "--format", "sam", "--stage", "prod"]);
    expect(alone.template).toBe(join(folder, "export/template.yaml"));
  });

  it.skipIf(typeof tools === "string")("is valid for cfn-lint", async () => {
    expect(await lint(result.template)).toBe("");
  });
});

const caller = `const { Lambda } = require("@aws-sdk/client-lambda");
exports.handler = async () => (await new Lambda().invoke({ FunctionName: process.env.BACK })).StatusCode;`;
const callee = "exports.handler = async () => 1;";
const setup = JSON.stringify({ functions: { Front: { inline: ["Back"] } } });

describe("other templates, fused", () => {
  it("CloudFormation: alias, merge key, role and condition are kept", async () => {
    const folder = await appOf({
      "fusionize.json": setup,
      "src/front.js": caller,
      "src/back.js": callee,
      "template.yaml": `AWSTemplateFormatVersion: "2010-09-09"
Parameters: { Stage: { Type: String, Default: dev } }
Resources:
  Role: # of all
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: "sts:AssumeRole" }]
  Back:
    Type: AWS::Lambda::Function
    Properties: &common
      Runtime: nodejs22.x
      Code: ./src
      Handler: back.handler
      Role: !GetAtt Role.Arn
      Environment: { Variables: { LIMIT: 010, RATES: !Sub "\${Stage}-rates" } }
  # The entry
  Front:
    Type: AWS::Lambda::Function
    Properties:
      <<: *common
      Handler: front.handler # was index.handler
      FunctionName: !Sub "\${Stage}-front"
      Environment: { Variables: { BACK: !GetAtt Back.Arn } }
  Url: { Type: AWS::Lambda::Url, Properties: { TargetFunctionArn: !GetAtt Front.Arn, AuthType: AWS_IAM } }
Outputs:
  Address: { Value: !GetAtt Url.FunctionUrl }
`,
    });
    const { template, kind, fused, kept } = await exported(folder);
    expect([kind, fused, kept]).toEqual(["cloudformation", ["Front"], ["Back"]]);
    const text = await readFile(template, "utf8");
    const before = await readFile(join(folder, "template.yaml"), "utf8");
    const [head, tail] = [before.slice(0, before.indexOf("  Front:\n")), before.slice(before.indexOf("  Url:"))];
    expect([text.includes(head), text.endsWith(tail)]).toEqual([true, true]);
    expect(text).toMatch(
      /Front:[\s\S]*LIMIT: 010[\s\S]*Code: \.\/export\/code\/Front-[0-9a-f]{12}\.zip\n {6}Role: !GetAtt Role\.Arn/,
    );
    expect(text).toMatch(/FUSIONIZE_FUNCTIONS: .*Ref: Back/);
    // W3002: the code lies beside the template until it is packaged, as it did.
    if (typeof tools !== "string") expect(await lint(template, "--ignore-checks", "W3002")).toBe("");
  });

  it("CDK's synthesised JSON, from its asset to the bundle", async () => {
    const one = (name: string, extra: object = {}) => ({
      Type: "AWS::Lambda::Function",
      Properties: {
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Role: { "Fn::GetAtt": ["Role", "Arn"] },
        Code: { S3Bucket: "assets", S3Key: `${name}.zip` },
        ...extra,
      },
      Metadata: { "aws:cdk:path": `Shop/${name}/Resource`, "aws:asset:path": `asset.${name}`, "aws:asset:property": "Code" },
    });
    const Front = one("Front", { Environment: { Variables: { BACK: { Ref: "Back" } } } });
    const source = `${JSON.stringify({ Resources: { Front, Back: one("Back") }, Rules: {} }, null, 1)}\n`;
    const folder = await appOf({
      "fusionize.json": setup,
      "cdk.out/Shop.template.json": source,
      "cdk.out/asset.Front/index.js": caller,
      "cdk.out/asset.Back/index.js": callee,
    });
    const { template } = await exported(folder);
    expect(template).toBe(join(folder, "cdk.out/Shop.template.fused.json"));
    const text = await readFile(template, "utf8");
    expect(text).toMatch(/^\{\n "Resources"/);
    const { Resources } = JSON.parse(text) as { Resources: Record<string, ReturnType<typeof one>> };
    expect(Resources["Front"]!.Properties.Code).toMatch(/^\.\/\.\.\/export\/code\/Front-[0-9a-f]{12}\.zip$/);
    expect(Resources["Front"]!.Metadata).toEqual({ "aws:cdk:path": "Shop/Front/Resource" });
    expect(Resources["Back"]).toEqual(one("Back"));
    expect((await exported(folder)).template).toBe(template);
  });

  it("a Serverless service", async () => {
    const folder = await appOf({
      "fusionize.json": JSON.stringify({ functions: { front: { memory: 256, inline: ["back"] } } }),
      "src/front.js": caller,
      "src/back.js": callee,
      "serverless.yml": `service: shop
plugins: [serverless-esbuild]
provider:
  name: aws
  runtime: nodejs22.x
  stage: \${opt:stage, 'dev'}
functions:
  # Answers the web
  front:
    handler: src/front.handler
    events:
      - httpApi: { method: get, path: / }
    environment:
      BACK: { Ref: BackLambdaFunction }
  back:
    handler: src/back.handler
    environment: { RATES: "\${self:service}-rates" }
resources:
  Resources: { Table: { Type: AWS::DynamoDB::Table } }
`,
    });
    const { template, kind } = await exported(folder);
    expect([kind, template]).toEqual(["serverless", join(folder, "serverless.fused.yml")]);
    const text = await readFile(template, "utf8");
    const { functions } = parse(text) as { functions: Record<string, Record<string, unknown>> };
    expect(functions["front"]).toMatchObject({
      handler: "index.handler",
      package: { artifact: expect.stringMatching(/^export\/code\/front-[0-9a-f]{12}\.zip$/) },
      skipEsbuild: true,
      memorySize: 256,
      events: [{ httpApi: { method: "get", path: "/" } }],
      environment: { BACK: { Ref: "BackLambdaFunction" }, RATES: "${self:service}-rates" },
    });
    expect(functions["back"]).toEqual({ handler: "src/back.handler", environment: { RATES: "${self:service}-rates" } });
    expect(text).toContain("# Answers the web");
    expect(text).toContain("resources:\n  Resources: { Table: { Type: AWS::DynamoDB::Table } }");
  });
});
