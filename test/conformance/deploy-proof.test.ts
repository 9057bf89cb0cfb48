import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CLAIMS, FILES, type Place } from "./deploy/claims.ts";

const PLACES = ["moto", "MiniStack", "emulator", "VS Code"] as const satisfies Place[];

async function sourceOf(place: Place): Promise<string> {
  const files = FILES[place].map((file) => readFile(join(import.meta.dirname, file), "utf8"));
  return (await Promise.all(files)).join("\n");
}

/** The document says only what a test of that title shows; the tests themselves run beside this one. */
it("says where each claim about deploying is proven", async () => {
  const sources = Object.fromEntries(await Promise.all(PLACES.map(async (place) => [place, await sourceOf(place)] as const)));
  const unknown = CLAIMS.flatMap(({ proof }) =>
    PLACES.flatMap((place) =>
      (proof[place] ?? []).filter((title) => !sources[place]!.includes(title)).map((title) => `${place}: ${title}`),
    ),
  );
  expect(unknown).toEqual([]);
  const mark = (titles: readonly string[] | undefined) =>
    titles === undefined ? "" : titles.length === 1 ? "1 test" : `${titles.length} tests`;
  const rows = CLAIMS.map(({ claim, proof }) => `| ${claim} | ${PLACES.map((place) => mark(proof[place])).join(" | ")} |`);
  const details = CLAIMS.flatMap(({ claim, proof }) => [
    `\n**${claim}**\n`,
    ...PLACES.flatMap((place) => (proof[place] ?? []).map((title) => `- ${place}: ${title}`)),
  ]);
  const text = [
    HEAD,
    `| claim | ${PLACES.join(" | ")} |`,
    `| --- | ${PLACES.map(() => "---").join(" | ")} |`,
    ...rows,
    "",
    "## The tests",
    ...details,
  ];
  await expect(`${text.join("\n")}\n`).toMatchFileSnapshot("../../docs/deployment-proof.md");
});

const HEAD = `# What was proven where

Written by \`test/conformance/deploy-proof.test.ts\` from the tests that \`npm test\` runs, none of which needs an account:

- **moto** and **MiniStack** are other people's implementations of AWS, from PyPI, started and stopped by the tests. moto has IAM and the error paths of
  the control plane, but runs no function; MiniStack runs functions, but drops the client context of synchronous calls. Neither refuses a stale revision id
  or an update during an update, nor honours the weights of aliases. Where Python is missing these tests are skipped by name.
- **emulator** is our own, measured against AWS's documented behaviour in [emulator-conformance.md](emulator-conformance.md): revisions, states, weights, logs.
- **VS Code** is the real editor with the packaged extension, deploying to the emulator.

Against a real account nothing of this has been run by \`npm test\`: \`npm run test:aws\` does, see [aws.md](aws.md).
`;
