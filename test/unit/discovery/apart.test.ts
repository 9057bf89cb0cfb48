/** What the template says of two functions that cannot be true of one process keeps them apart, and the reason is told. */
import { describe, expect, it } from "vitest";
import { readDeclared } from "../../../extension/discovery/index.ts";
import { keptApart } from "../../../extension/discovery/template/apart.ts";

const declared = (a: string, b: string) =>
  readDeclared(
    "template.yaml",
    `Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs22.x, Environment: { Variables: { STAGE: dev } } } }
Resources:
  R: { Type: AWS::IAM::Role }
  A: { Type: AWS::Serverless::Function, Properties: { Handler: a.handler, ${a} } }
  B: { Type: AWS::Serverless::Function, Properties: { Handler: b.handler, ${b} } }
`,
  ).functions;

const reasons = (a: string, b: string, overridden: string[] = []) =>
  keptApart(declared(a, b), new Set(overridden)).map(({ reason }) => reason);

const variable = (name: string, value: string) => `Environment: { Variables: { ${name}: ${value} } }`;

describe("kept apart", () => {
  it.each([
    ["a role", "Role: !GetAtt First.Arn", "Role: !GetAtt Second.Arn", "Role differs"],
    ["a role that only one has", "Role: arn:aws:iam::123456789012:role/a", "Timeout: 3", "Role differs"],
    ["a runtime", "Runtime: nodejs24.x", "Timeout: 3", "Runtime differs"],
    ["a network", "VpcConfig: { SubnetIds: [a] }", "VpcConfig: { SubnetIds: [b] }", "VpcConfig differs"],
    ["layers", "Layers: [!Ref Shared]", "Timeout: 3", "Layers differs"],
    ["an architecture", "Architectures: [arm64]", "Timeout: 3", "Architectures differs"],
    ["a file system", "FileSystemConfigs: [{ Arn: x }]", "Timeout: 3", "FileSystemConfigs differs"],
    ["/tmp", "EphemeralStorage: { Size: 1024 }", "Timeout: 3", "EphemeralStorage differs"],
    ["a concurrency", "ReservedConcurrentExecutions: 1", "ReservedConcurrentExecutions: 1", "A has a concurrency of its own"],
    ["a variable", variable("MODE", "fast"), variable("MODE", "safe"), "the environment variable MODE differs"],
    ["one of all", variable("STAGE", "prod"), "Timeout: 3", "the environment variable STAGE differs"],
  ])("by %s", (_what, a, b, reason) => {
    expect(reasons(a, b)).toEqual([reason]);
  });
});

describe("together", () => {
  it.each([
    ["different timeouts, which the handler keeps", "Timeout: 3", "Timeout: 60"],
    ["different memory, which is the host's", "MemorySize: 128", "MemorySize: 1024"],
    ["the same role, written in two ways", "Role: !GetAtt R.Arn", 'Role: !Sub "${R.Arn}"'],
    ["variables of which each has its own", variable("ONE", "1"), variable("TWO", "2")],
    ["policies, which add up", "Policies: [AmazonS3ReadOnlyAccess]", "Policies: [AmazonSQSFullAccess]"],
  ])("%s", (_what, a, b) => {
    expect(reasons(a, b)).toEqual([]);
  });

  it("a variable that differs, and that fusionize.json sets for all alike", () => {
    expect(reasons(variable("MODE", "fast"), variable("MODE", "safe"), ["MODE"])).toEqual([]);
  });
});
