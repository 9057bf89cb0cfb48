/**
 * The whole journey in a real account, asked for with `npm run test:aws`: deploy, measure, watch, a canary, roll back, destroy. It
 * costs less than a cent, works in a stage of its own with a random name, and removes that whatever happens. Credentials and
 * region are those of the environment (AWS_PROFILE, AWS_REGION); FUSIONIZE_AWS_ROLE names a role where none may be made.
 */
import { randomBytes } from "node:crypto";
import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { paginateListFunctions } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, it } from "vitest";
import { identify, resolveTarget, type Action, type Target } from "../../extension/deployment/index.ts";
import { changes, clientsOf, type Clients } from "../conformance/deploy/journey.ts";
import { answer, fusionize, writtenApp } from "../conformance/deploy/terminal.ts";
import { SOURCES, type SampleApp } from "../unit/deployment/sample-app.ts";

const TASKS = ["check", "front", "rate", "store"];
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("AWS_")));
const role = process.env["FUSIONIZE_AWS_ROLE"];
const stage = `t${randomBytes(4).toString("hex")}`;
const files = process.env["HOME"] === undefined ? {} : { AWS_CONFIG_FILE: undefined, AWS_SHARED_CREDENTIALS_FILE: undefined };

interface Deployed {
  account: string;
  release: string;
  actions: Action[];
}

let app: SampleApp;
let target: Target;
let clients: Clients;
let chosen: string[];
const run = <Document>(...args: string[]) => answer<Document>(args, { ...files, ...env });

beforeAll(async () => {
  target = await resolveTarget({ stage, ...(role !== undefined && { role }) });
  // Before anything is made: who pays for it.
  const account = role === undefined ? (await identify(target)).account : role.split(":")[4];
  console.log(`Account ${account}, ${target.region}, stage ${stage}`);
  clients = clientsOf(target);
  app = await writtenApp();
  chosen = [app.folder, "--stage", stage, "--region", target.region, ...(role === undefined ? [] : ["--role", role])];
});
afterAll(async () => {
  if (app) await fusionize(["destroy", ...chosen, "--yes", "--logs"], { ...files, ...env });
  clients?.close();
  await app?.remove();
});

/** Everything with a name of the stage's. */
async function left(): Promise<string[]> {
  const found: string[] = [];
  for await (const page of paginateListFunctions({ client: clients.lambda }, {})) {
    for (const { FunctionName = "" } of page.Functions ?? [])
      if (FunctionName.startsWith(`sample-${stage}-`)) found.push(FunctionName);
  }
  const request = new DescribeLogGroupsCommand({ logGroupNamePrefix: `/aws/lambda/sample-${stage}-` });
  const { logGroups = [] } = await clients.logs.send(request);
  found.push(...logGroups.map(({ logGroupName = "" }) => logGroupName));
  for (const task of role === undefined ? TASKS : []) {
    const RoleName = `sample-${stage}-${task}-${target.region}`;
    await clients.iam.send(new GetRoleCommand({ RoleName })).then(
      () => found.push(RoleName),
      () => {},
    );
  }
  return found;
}

it("deploys, measures, switches with a canary, rolls back, and leaves nothing", async () => {
  const first = await run<Deployed>("deploy", ...chosen, "--yes");
  expect(first.release).toBe("r1");
  expect(changes((await run<Deployed>("plan", app.folder)).actions)).toEqual([]);
  const load = ["--requests", "20", "--rate", "4", "--yes"];
  const measured = await run<Record<string, unknown>>("run", app.folder, "--target", "aws", ...load);
  console.log(
    JSON.stringify({ latency: measured["latency"], cost: measured["costPerMillion"], monitoring: measured["monitoring"] }),
  );
  expect(measured).toMatchObject({ requests: 20, errors: 0, lostRecords: 0, invocationsPerRequest: 4 });
  await run("optimize", app.folder, "--target", "aws");
  await app.write("src/front.ts", SOURCES["src/front.ts"]!.replace("FRONT-CODE", "FRONT-2"));
  const canary = ["--canary", "0.5", "--canary-seconds", "20"];
  expect((await run<Deployed>("deploy", app.folder, "--yes", ...canary)).release).toBe("r2");
  expect(await run("rollback", app.folder, "--yes")).toMatchObject({ from: "r2", release: "r1" });
  await run("destroy", app.folder, "--yes", "--logs");
  expect(await left()).toEqual([]);
});
