/** Invariant 5: what every function carries is small, and depends on nothing but the Lambda client. */
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("the fusion handler is below 15 KB minified without the Lambda client, and imports nothing else", async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL("../../../extension/runtime/handler.ts", import.meta.url))],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node22",
    write: false,
    metafile: true,
    external: ["@aws-sdk/*", "@smithy/*"],
  });
  expect(outputFiles[0]!.contents.byteLength).toBeLessThan(15_000);
  const packages = Object.values(metafile.outputs)
    .flatMap((output) => output.imports)
    .filter((each) => each.external && !each.path.startsWith("node:") && !/^[a-z_]+(\/|$)/.test(each.path));
  expect(packages.filter(({ path }) => !/^@(aws-sdk\/client-lambda|smithy\/)/.test(path))).toEqual([]);
});
