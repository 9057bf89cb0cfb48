import type { Plugin } from "esbuild";
import { readFile } from "node:fs/promises";

/** Packages whose only purpose is to find a compiled binary at run time. */
const BINARY_LOADERS = /^(?:bindings|node-gyp-build|node-gyp-build-optional-packages|@mapbox\/node-pre-gyp|node-pre-gyp)$/;

/**
 * Binaries of the developer's machine cannot be put into a bundle: named at once instead of failing in the function. A
 * `require` inside `try` is a package's own way to do without the binary and stays as it is.
 */
export const refuseNativeModules: Plugin = {
  name: "native-modules",
  setup(build) {
    const refuse = async (what: string, importer: string, kind: string) => {
      if (kind === "require-call" && (await isGuarded(importer, what))) return { path: what, external: true };
      return {
        errors: [
          {
            text: `"${what}" is a native module, which cannot be bundled. Use a package without native code, or one with a WebAssembly build.`,
          },
        ],
      };
    };
    build.onResolve({ filter: /\.node$/ }, ({ path, importer, kind }) => refuse(path, importer, kind));
    build.onResolve({ filter: BINARY_LOADERS }, ({ path, importer, kind }) => refuse(path, importer, kind));
  },
};

async function isGuarded(importer: string, what: string): Promise<boolean> {
  const source = await readFile(importer, "utf8").catch(() => "");
  const at = source.search(new RegExp(`require\\(\\s*["'\`]${what.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`));
  if (at < 0) return false;
  const opened = source.lastIndexOf("try", at);
  return opened >= 0 && /^try\s*\{/.test(source.slice(opened)) && !source.slice(opened, at).includes("catch");
}
