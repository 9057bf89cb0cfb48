/** p50 and p95 of a setup: draws of cold starts and of the profile's variation around the deterministic mean. */
import type { EntryPoint } from "./evaluate.ts";
import type { Model } from "./model.ts";
import { lognormal, mulberry32 } from "./random.ts";
import { LATENCY_TERMS } from "./terms.ts";

const DRAWS = 200;

/**
 * On the critical path CPU and waits vary as the profile says (log-normal, one factor each per request: what varies, varies with the
 * request), and every function on it is cold with the profile's share, independently.
 */
export function percentiles(model: Model, points: readonly EntryPoint[], client: number): { p50: number; p95: number } {
  const variation = model.profile.platform.variation ?? { cpu: 0, wait: 0 };
  const { init } = model.profile.platform;
  const coldMs = init.waitMs + init.cpuMs;
  const samples: { value: number; weight: number }[] = [];
  const random = mulberry32(1);
  for (const { point, weight } of points) {
    const terms = point.terms!;
    const cpu = terms[0]! + terms[2]!;
    const cold = terms[LATENCY_TERMS.indexOf("coldStart")]!;
    const wait = point.response - cpu - cold;
    const chain = coldMs > 0 && model.coldShare > 0 ? cold / (model.coldShare * coldMs) : 0;
    for (let draw = 0; draw < DRAWS; draw++) {
      let value = client + cpu * lognormal(random, variation.cpu) + wait * lognormal(random, variation.wait);
      for (let i = 0; i < Math.round(chain); i++)
        if (random() < model.coldShare) value += cold / model.coldShare / Math.round(chain);
      samples.push({ value, weight });
    }
  }
  samples.sort((a, b) => a.value - b.value);
  const total = samples.reduce((sum, { weight }) => sum + weight, 0);
  const at = (q: number): number => {
    let passed = 0;
    for (const { value, weight } of samples) if ((passed += weight) >= q * total) return value;
    return samples.at(-1)?.value ?? 0;
  };
  return { p50: at(0.5), p95: at(0.95) };
}
