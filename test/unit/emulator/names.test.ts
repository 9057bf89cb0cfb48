import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseName } from "../../../emulator/lambda/names.ts";

const place = { region: "eu-central-1", accountId: "123456789012" };
const forms: ((name: string) => string)[] = [
  (name) => name,
  (name) => `function:${name}`,
  (name) => `123456789012:function:${name}`,
  (name) => `arn:aws:lambda:eu-central-1:123456789012:function:${name}`,
];

test("every accepted form names the same function and qualifier", () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9-_]{0,63}$/),
      fc.option(fc.constantFrom("$LATEST", "1", "live", "r12"), { nil: undefined }),
      fc.constantFrom(...forms),
      (name, qualifier, form) => {
        const text = form(name) + (qualifier === undefined ? "" : `:${qualifier}`);
        expect(parseName(text, undefined, place)).toEqual(qualifier === undefined ? { name } : { name, qualifier });
        expect(parseName(form(name), qualifier, place)).toEqual(qualifier === undefined ? { name } : { name, qualifier });
      },
    ),
  );
});

test.each([
  ["arn:aws:lambda:us-east-1:123456789012:function:f", "ResourceNotFoundException"],
  ["arn:aws:lambda:eu-central-1:999999999999:function:f", "AccessDeniedException"],
  ["a b", "ValidationException"],
  ["invalid:function:name", "ValidationException"],
  ["", "ValidationException"],
  ["x".repeat(65), "InvalidParameterValueException"],
])("%j is refused with %s", (text, code) => {
  expect(() => parseName(text, undefined, place)).toThrow(expect.objectContaining({ code }) as Error);
});
