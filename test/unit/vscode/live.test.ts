import { describe, expect, it } from "vitest";
import type { InstanceView } from "../../../extension/application/types.ts";
import { LiveActivity } from "../../../extension/vscode/features/graph/live.ts";

const instance = (id: string, requests: number, state: InstanceView["state"] = "idle"): InstanceView => ({
  id,
  requests,
  state,
  memoryUsedMb: 40,
  pid: 1,
});

describe("live activity", () => {
  it("counts the requests between two looks, a new instance's first one as a cold start", () => {
    const activity = new LiveActivity();
    expect(activity.since({ a: [instance("1", 2, "busy")] }).invocations.map(({ cold }) => cold)).toEqual([true, false]);
    expect(activity.since({ a: [instance("1", 3), instance("2", 1)] })).toEqual({
      type: "live",
      invocations: [
        { function: "a", cold: false, durationMs: 0 },
        { function: "a", cold: true, durationMs: 0 },
      ],
      instances: [{ function: "a", total: 2, busy: 0 }],
    });
  });

  it("knows the duration of an instance's last request, once it is answered", () => {
    const activity = new LiveActivity();
    activity.since({ a: [{ ...instance("1", 1, "busy"), lastDurationMs: 99 }] });
    const { invocations } = activity.since({ a: [{ ...instance("1", 3), lastDurationMs: 12 }] });
    expect(invocations.map(({ durationMs }) => durationMs)).toEqual([0, 12]);
  });

  it("is quiet when nothing happened, and when the instances have gone", () => {
    const activity = new LiveActivity();
    activity.since({ a: [instance("1", 2)] });
    expect(activity.since({ a: [instance("1", 2)] }).invocations).toEqual([]);
    expect(activity.since({})).toEqual({ type: "live", invocations: [], instances: [] });
  });
});
