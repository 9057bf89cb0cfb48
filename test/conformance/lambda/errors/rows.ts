import { expect } from "vitest";
import { handlerZip, role } from "../emulator-process.ts";

export const arn = (name: string): string => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;
export const zip = handlerZip("return event;");
export const f = "/2015-03-31/functions";
export const codeOf = (base64 = Buffer.from(zip).toString("base64")): object => ({ ZipFile: base64 });
export const creation = (more: object = {}): object => ({
  FunctionName: "new",
  Runtime: "nodejs24.x",
  Handler: "index.handler",
  Role: role,
  Code: codeOf(),
  ...more,
});

export type Row = [
  title: string,
  request: [method: string, path: string, body?: object | string],
  status: number,
  code: string,
  body: object,
];
export const user = (message: unknown): object => ({ Type: "User", message });
export const User = (Message: unknown): object => ({ Type: "User", Message });
export const constraint = (value: string, member: string, rule: string): object => ({
  message: `1 validation error detected: Value ${value} at '${member}' failed to satisfy constraint: ${rule}`,
});
export const pattern = (value: string, member: string): object => ({
  message: expect.stringMatching(
    new RegExp(
      `^1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: `,
    ),
  ) as unknown,
});
export const updating = user(
  `The operation cannot be performed at this time. An update is in progress for resource: ${arn("busy")}`,
);
export const stale = user(
  "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
);
