import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { pythonPackage } from "../deploy/python.ts";

const run = promisify(execFile);
const debian = "/usr/bin/aws";

/** The command and its major version, or why it cannot be had. */
export interface Found {
  command: string;
  major: number;
  version: string;
}

/**
 * Debian's `awscli` where it is installed or can be (continuous integration as root), else the one of PyPI, which is of major version 1 and has no `logs tail`.
 */
export async function findAws(): Promise<Found | string> {
  if (!existsSync(debian) && process.env["CI"] === "true" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const options = { timeout: 180_000, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
    const install = (): Promise<unknown> =>
      run("/usr/bin/apt-get", ["install", "-qq", "-y", "--no-install-recommends", "awscli"], options);
    await install()
      .catch(() => run("/usr/bin/apt-get", ["update", "-qq"], options).then(install))
      .catch(() => undefined);
  }
  if (existsSync(debian)) return version(debian);
  const found = await pythonPackage("awscli", "awscli==1.*", process.platform === "win32" ? "aws.cmd" : "aws");
  return typeof found === "string" ? found : version(join(found.bin, process.platform === "win32" ? "aws.cmd" : "aws"));
}

async function version(command: string): Promise<Found | string> {
  try {
    const { stdout, stderr } = await run(command, ["--version"], { timeout: 60_000 });
    const text = `${stdout}${stderr}`.trim();
    return { command, major: Number(/aws-cli\/(\d+)/.exec(text)?.[1] ?? 0), version: text };
  } catch (error) {
    return `${command} does not run (${String(error).split("\n")[0]})`;
  }
}

/** The command line tool for one endpoint, with a home folder of its own so that no profile of the user plays a part. */
export class Aws {
  private readonly command: string;
  private readonly endpoint: string;
  private readonly home: string;

  constructor(command: string, endpoint: string, home: string) {
    this.command = command;
    this.endpoint = endpoint;
    this.home = home;
  }

  /** Standard output, parsed when it is JSON. Rejects with the tool's own words when it fails. */
  async json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
    const text = await this.text(...args, "--output", "json");
    return (text.trim() === "" ? {} : JSON.parse(text)) as T;
  }

  async text(...args: string[]): Promise<string> {
    const { stdout } = await run(this.command, [...args, "--endpoint-url", this.endpoint], {
      env: this.environment(),
      cwd: this.home,
      timeout: 60_000,
    });
    return stdout;
  }

  start(...args: string[]): ChildProcess {
    return spawn(this.command, [...args, "--endpoint-url", this.endpoint], {
      env: { ...this.environment(), PYTHONUNBUFFERED: "1" },
      cwd: this.home,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env["PATH"],
      SystemRoot: process.env["SystemRoot"],
      HOME: this.home,
      USERPROFILE: this.home,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_PAGER: "",
      AWS_MAX_ATTEMPTS: "1",
      LC_ALL: "C.UTF-8",
    };
  }
}
