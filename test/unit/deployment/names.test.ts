import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { functionName, isDerivable, logGroupName, releaseNumber, roleName } from "../../../extension/deployment/names.ts";

describe("names", () => {
  it("are app, stage and task", () => {
    expect(functionName("iot", "local", "checkAir")).toBe("iot-local-checkAir");
    expect(logGroupName("iot-local-checkAir")).toBe("/aws/lambda/iot-local-checkAir");
    expect(roleName("iot-prod-checkAir", "eu-central-1")).toBe("iot-prod-checkAir-eu-central-1");
  });

  it("are at most 64 allowed characters, whatever the task, and differ where tasks differ", () => {
    const task = fc.string({ minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(task, task, (a, b) => {
        const name = functionName("some-app", "stage", a);
        expect(name).toMatch(/^[A-Za-z0-9-_]{1,64}$/);
        expect(name === functionName("some-app", "stage", b)).toBe(a === b);
      }),
    );
  });

  it("can be derived from a sibling's only where nothing was cut", () => {
    expect(isDerivable("iot", "local", "checkAir")).toBe(true);
    expect(isDerivable("iot", "local", "x".repeat(60))).toBe(false);
  });

  it("tell release aliases from others", () => {
    expect(["r1", "r20", "r0", "live", "r", "r1x", "12"].map(releaseNumber)).toEqual([
      1,
      20,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
