import type { CpuControl } from "../../options.ts";
import type { Guard } from "../guard.ts";
import { cgroupShare } from "./cgroup.ts";
import { noCpuShare } from "./share.ts";
import type { CpuShare } from "./share.ts";
import { steeredShare } from "./steer.ts";

/** Picks the best way to keep CPU shares here. Says on stderr when it is not the one asked for. */
export function createCpuShare(control: CpuControl, guard: Guard): CpuShare {
  if (control === "off") return noCpuShare;
  const group = control === "steer" ? undefined : cgroupShare(guard);
  if (group !== undefined) return group;
  if (control === "cgroup")
    throw new Error("No cgroup with a CPU controller can be written here; start with --cpu auto or --cpu steer.");
  const steered = steeredShare();
  if (steered !== undefined) return steered;
  process.stderr.write(
    `fusionize emulator: the CPU share by memory cannot be kept on ${process.platform}; functions run at full speed.\n`,
  );
  return noCpuShare;
}
