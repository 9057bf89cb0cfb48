import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** One test of the conformance suite and what came of it. */
export interface Behaviour {
  /** Path of its file below the repository. */
  file: string;
  name: string;
  result: "pass" | "fail" | "skipped";
}

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** What the tests belong to, in the order of the report; a file goes to the first whose expression its name matches. */
export const subjects: readonly (readonly [subject: string, files: RegExp])[] = [
  ["Lambda API", /^lambda-(api|urls|scaling|errors|validation|limits|states|provisioned|stream)/],
  ["Execution", /^lambda-(execution|memory|init|node|environment)/],
  ["CPU share by memory", /^lambda-cpu/],
  ["Asynchronous queue", /^(lambda-queue|journal)/],
  ["Runtime API", /^lambda-(runtime-api|ric)/],
  ["CloudWatch Logs", /^(logs|patterns|pattern-properties|storage|insights)/],
  ["Untrusted input", /^(http|zip|names|fuzz)/],
  ["Command line tools", /^(awscli|cli)/],
  ["Process and platforms", /./],
];

export const subjectOf = (file: string): string =>
  subjects.find(([, files]) => files.test(basename(file)))?.[0] ?? (subjects.at(-1)?.[0] as string);

/** Files that are no part of the emulator's conformance: the deployer's, and the test of this report. */
const others = ["test/conformance/deploy*.test.ts", "test/conformance/report*.test.ts"];

/** Runs the conformance tests and the emulator's unit tests, and reads vitest's own record of them. Rejects when they cannot be run. */
export async function runBehaviours(): Promise<Behaviour[]> {
  const folder = await mkdtemp(join(tmpdir(), "fusionize-conformance-"));
  try {
    const output = join(folder, "results.json");
    const args = ["run", "--project", "conformance", "--project", "unit", "test/conformance/", "test/unit/emulator"];
    for (const pattern of others) args.push("--exclude", pattern);
    args.push("--reporter", "default", "--reporter", "json", "--outputFile.json", output);
    const child = spawn(process.execPath, ["--no-warnings", join(root, "node_modules/vitest/vitest.mjs"), ...args], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
    });
    await new Promise((resolve, reject) => child.once("error", reject).once("exit", resolve));
    return read(JSON.parse(await readFile(output, "utf8")) as VitestResults);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface VitestResults {
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

function read({ testResults }: VitestResults): Behaviour[] {
  return testResults.flatMap(({ name: path, status, message, assertionResults }) => {
    const file = relative(root, path).replaceAll("\\", "/");
    const tests = assertionResults.map(({ fullName, status: result }) => ({
      file,
      name: fullName.trim(),
      result: meaning(result),
    }));
    // A file that breaks before its first test has none to show for it.
    const brokenFile = status === "failed" && tests.every(({ result }) => result !== "fail");
    return brokenFile ? [...tests, { file, name: `(the file itself) ${message ?? ""}`.trim(), result: "fail" as const }] : tests;
  });
}

const meaning = (status: string): Behaviour["result"] =>
  status === "passed" ? "pass" : status === "failed" ? "fail" : "skipped";
