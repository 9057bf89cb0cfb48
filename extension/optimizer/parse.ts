/** Text or value -> a checked profile. Strict: what is not known is an error, and every error names its place. */
import { z } from "zod";
import { UserError } from "../core/errors.ts";
import { visitCalls } from "./model.ts";
import type { ApplicationProfile, Step } from "./profile.ts";

const ms = z.number().min(0).max(9e5);
const work = z.number().min(0).max(1e7);
const megabytes = z.number().min(0).max(10_240);
const share = z.number().min(0).max(1);
const name = z.string().min(1).max(256);
const hop = z.strictObject({ cpuMs: work, waitMs: ms });
const latencyLimits = z.strictObject({ mean: ms.optional(), p50: ms.optional(), p95: ms.optional() });

const step: z.ZodType<Step> = z.lazy(() =>
  z.unknown().transform((value, context): Step => {
    const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
    const kind = (["cpu", "wait", "call", "parallel"] as const).find((key) => keys.includes(key));
    if (!kind) {
      context.issues.push({ code: "custom", input: value, message: "a step is { cpu }, { wait }, { call } or { parallel }" });
      return z.NEVER;
    }
    const parsed = stepKinds[kind].safeParse(value);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: value } as never);
    return z.NEVER;
  }),
);
const stepKinds: Record<"cpu" | "wait" | "call" | "parallel", z.ZodType<Step>> = {
  cpu: z.strictObject({ cpu: work, threads: z.number().int().min(1).max(64).optional() }),
  wait: z.strictObject({ wait: ms }),
  call: z.strictObject({
    call: name,
    async: z.boolean().optional(),
    times: z.number().min(0).max(1e6).optional(),
    bytes: z.number().min(0).max(1e9).optional(),
    hopCpu: work.optional(),
  }),
  parallel: z.strictObject({ parallel: z.array(z.array(step)) }),
};

const profile = z.strictObject({
  version: z.literal(1),
  prices: z.strictObject({ perGbMs: z.number().min(0).max(1), perRequest: z.number().min(0).max(1) }),
  platform: z.strictObject({
    cpuPeriodMs: z.number().positive().max(1_000),
    mbPerVcpu: z.number().positive().max(1e5),
    pauseCpuMs: z.number().min(0).max(100).optional(),
    sync: hop,
    async: hop,
    handler: hop.optional(),
    clientMs: ms.optional(),
    payloadMsPerMb: ms.optional(),
    billingStepMs: ms.optional(),
    variation: z.strictObject({ wait: z.number().min(0).max(10), cpu: z.number().min(0).max(10) }).optional(),
    init: z.strictObject({ waitMs: ms, cpuMs: work, perMbCode: ms }),
    coldShare: share.optional(),
    keepAliveMs: z.number().min(0).optional(),
  }),
  memorySizes: z.array(z.number().int().min(128).max(10_240)).min(1),
  entries: z.array(z.strictObject({ task: name, weight: z.number().min(0).max(1e9) })).min(1),
  tasks: z.record(
    name,
    z.strictObject({ memoryFloor: megabytes.optional(), codeMb: megabytes.optional(), program: z.array(step) }),
  ),
  constraints: z
    .strictObject({
      apart: z.array(z.array(name)).optional(),
      memory: z.record(name, z.strictObject({ min: megabytes.optional(), max: megabytes.optional() })).optional(),
      exclusive: z.array(name).optional(),
      lossTolerated: z.array(name).optional(),
      latency: latencyLimits.optional(),
    })
    .default({}),
});

/**
 * @param input JSON text, or its value.
 * @throws UserError `profile-invalid` naming the first place that is wrong.
 */
export function parseProfile(input: unknown): ApplicationProfile {
  let value = input;
  if (typeof input === "string") {
    try {
      value = JSON.parse(input);
    } catch (error) {
      throw invalid("", `is not JSON: ${(error as Error).message}`);
    }
  }
  const parsed = profile.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const where = issue.path.map(String);
    if (issue.code === "unrecognized_keys") throw invalid([...where, issue.keys[0]!].join("."), "is not a known key");
    throw invalid(where.join("."), issue.message);
  }
  const result: ApplicationProfile = { ...parsed.data, memorySizes: [...new Set(parsed.data.memorySizes)].sort((a, b) => a - b) };
  checkNames(result);
  return result;
}

function checkNames(result: ApplicationProfile): void {
  const known = (task: string, where: string) => {
    if (!Object.hasOwn(result.tasks, task)) throw invalid(where, `names the task “${task}”, which is not among tasks`);
  };
  result.entries.forEach(({ task }, i) => known(task, `entries.${i}.task`));
  if (result.entries.every(({ weight }) => weight === 0)) throw invalid("entries", "give no task a weight above 0");
  for (const [task, { program }] of Object.entries(result.tasks)) {
    visitCalls(program, ({ call }) => known(call, `tasks.${task}.program`));
  }
  const { apart, memory, exclusive, lossTolerated } = result.constraints;
  apart?.forEach((group, i) => group.forEach((task) => known(task, `constraints.apart.${i}`)));
  exclusive?.forEach((task) => known(task, "constraints.exclusive"));
  lossTolerated?.forEach((task) => known(task, "constraints.lossTolerated"));
  for (const [task, { min, max }] of Object.entries(memory ?? {})) {
    known(task, `constraints.memory.${task}`);
    if (min !== undefined && max !== undefined && min > max) {
      throw invalid(`constraints.memory.${task}`, `has a minimum of ${min} MB above its maximum of ${max} MB`);
    }
  }
}

function invalid(where: string, what: string): UserError {
  return new UserError(
    "profile-invalid",
    `The profile cannot be used: ${where ? `“${where}” ` : "it "}${what}.`,
    "See docs/profile.md for the format.",
  );
}
