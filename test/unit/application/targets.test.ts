import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { completeChoice, keepChoice, keptTargets } from "../../../extension/application/targets.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fusionize-targets-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("completes what is given by what was chosen for that stage before", async () => {
  expect(await completeChoice({ folder }, {})).toEqual({ stage: "dev" });
  await keepChoice({ folder }, { stage: "dev", region: "eu-central-1", profile: "work" });
  await keepChoice({ folder }, { stage: "prod", region: "us-east-1", profile: "ops", role: "arn:aws:iam::123456789012:role/x" });
  // The stage chosen last, unless another is named.
  expect(await completeChoice({ folder }, {})).toMatchObject({ stage: "prod", region: "us-east-1", profile: "ops" });
  expect(await completeChoice({ folder }, { stage: "dev" })).toEqual({ stage: "dev", region: "eu-central-1", profile: "work" });
  expect(await completeChoice({ folder }, { stage: "dev", region: "eu-west-1" })).toMatchObject({
    region: "eu-west-1",
    profile: "work",
  });
});

it("does not send an old profile to a new endpoint, nor the other way round", async () => {
  await keepChoice({ folder }, { stage: "dev", region: "eu-central-1", profile: "work" });
  const there = await completeChoice({ folder }, { endpoint: "http://127.0.0.1:4566" });
  expect(there).toEqual({ stage: "dev", region: "eu-central-1", endpoint: "http://127.0.0.1:4566" });
  await keepChoice({ folder }, there);
  expect(await completeChoice({ folder }, { profile: "work" })).toEqual({
    stage: "dev",
    region: "eu-central-1",
    profile: "work",
  });
});

it("keeps names and places only, ignored by git", async () => {
  const secret = { stage: "dev", region: "eu-central-1", credentials: { secretAccessKey: "SECRET" }, secretAccessKey: "SECRET" };
  await keepChoice({ folder }, secret);
  expect(await readFile(join(folder, ".fusionize/targets.json"), "utf8")).not.toContain("SECRET");
  expect(await readFile(join(folder, ".fusionize/.gitignore"), "utf8")).toBe("*\n");
});

it("takes a file that cannot be understood for none", async () => {
  await mkdir(join(folder, ".fusionize"));
  for (const text of ["", "{", `{"stage":1,"stages":{}}`, `{"stage":"dev","stages":{"dev":{"urls":"everybody"}}}`]) {
    await writeFile(join(folder, ".fusionize/targets.json"), text);
    expect(await keptTargets({ folder })).toEqual({ stage: "dev", stages: {} });
  }
});
