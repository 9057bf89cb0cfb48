import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cgroupShare } from "../../../emulator/execution/cpu/cgroup.ts";
import { quotaOf } from "../../../emulator/execution/cpu/quota.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "cgroup-test-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const watched: string[] = [];
const guard = { watchFolder: (path: string) => void watched.push(path) };
const remove = (folder: string): void => rmSync(folder, { recursive: true });
const group = (): string => `fusionize-emulator-${process.pid}`;
const linux = process.platform === "linux";

test.runIf(linux)("version 2: quota and weight in a group that hands on the CPU controller", async () => {
  writeFileSync(join(root, "cgroup.controllers"), "cpu memory");
  writeFileSync(join(root, "cgroup.subtree_control"), "cpu");
  const share = cgroupShare(guard, root, remove);
  expect(share?.kind).toBe("cgroup-v2");
  const top = join(root, group());
  expect(watched).toContain(top);
  expect(readFileSync(join(top, "cgroup.subtree_control"), "utf8")).toBe("+cpu");
  const slot = share?.slot(4_000_001);
  const read = (name: string): string => readFileSync(join(top, "4000001", name), "utf8");
  slot?.limit(512);
  expect(read("cpu.max")).toBe("5789 20000");
  expect(read("cpu.weight")).toBe("29");
  slot?.limit(undefined);
  expect(read("cpu.max")).toBe("max 20000");
  expect(read("cpu.weight")).toBe("100");
  slot?.limit(3_538);
  expect(read("cpu.max")).toBe("40000 20000");
  await expect.poll(() => readdirSync(join(top, "4000001"))).toContain("cgroup.procs");
});

test.runIf(linux)("version 1: period, quota and shares", () => {
  mkdirSync(join(root, "cpu"));
  writeFileSync(join(root, "cpu", "cpu.cfs_quota_us"), "-1");
  const share = cgroupShare(guard, root, remove);
  expect(share?.kind).toBe("cgroup-v1");
  const slot = share?.slot(4_000_002);
  const read = (name: string): string => readFileSync(join(root, "cpu", group(), "4000002", name), "utf8");
  slot?.limit(1_769);
  expect([read("cpu.cfs_period_us"), read("cpu.cfs_quota_us"), read("cpu.shares")]).toEqual(["20000", "20000", "1024"]);
  slot?.limit(undefined);
  expect(read("cpu.cfs_quota_us")).toBe("-1");
});

test("without a controller that can be written there is none", () => {
  expect(cgroupShare(guard, root, remove)).toBeUndefined();
  writeFileSync(join(root, "cgroup.controllers"), "cpu");
  writeFileSync(join(root, "cgroup.subtree_control"), "memory");
  expect(cgroupShare(guard, root, remove)).toBeUndefined();
});

test("the quota is the memory's part of 1769 MB in every 20 ms, and no less than the kernel takes", () => {
  expect([128, 512, 1_024, 1_769, 10_240, 32].map(quotaOf)).toEqual([1_447, 5_789, 11_577, 20_000, 115_772, 1_000]);
});
