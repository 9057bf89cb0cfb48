/** How the compiler finds modules beyond relative paths: `compilerOptions` of `tsconfig.json`, paths relative to the app's folder. */
export interface DiscoveryOptions {
  /** Folder that `paths` and bare specifiers are relative to; default: the app's folder. */
  baseUrl?: string;
  /** `{ "@tasks/*": ["src/tasks/*"] }` */
  paths?: Record<string, string[]>;
  /** Folders with a `tsconfig.json` of their own: the deepest one around a file holds for it. */
  scopes?: readonly ({ folder: string } & Pick<DiscoveryOptions, "baseUrl" | "paths">)[];
}

/** Order of preference where several files fit. */
const EXTENSIONS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];

/** A specifier names the file that the compiler will write: `./a.js` may be `a.ts`. */
const SOURCES_OF: Partial<Record<string, string[]>> = {
  ".js": [".ts", ".tsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};

/** The file among `has` that a specifier in `from` means; undefined for packages and files that are not among them. */
export function resolveImport(
  from: string,
  specifier: string,
  has: (file: string) => boolean,
  options: DiscoveryOptions = {},
): string | undefined {
  for (const path of candidates(from, specifier, options)) {
    const file = findFile(path, has);
    if (file !== undefined) return file;
  }
  return undefined;
}

/** `./x`, `../x`, `/x`: a file of the app, or one that is missing. */
export const isRelative = (specifier: string): boolean => /^\.{0,2}\//.test(specifier) || specifier === "." || specifier === "..";

function candidates(from: string, specifier: string, options: DiscoveryOptions): string[] {
  const { baseUrl, paths } = scopeOf(from, options);
  if (isRelative(specifier)) {
    const folder = from.slice(0, Math.max(0, from.lastIndexOf("/")));
    return [specifier.startsWith("/") ? normalise(specifier) : normalise(`${folder}/${specifier}`)];
  }
  const found: string[] = [];
  const patterns = Object.entries(paths ?? {}).sort(([a], [b]) => prefixLength(b) - prefixLength(a));
  for (const [pattern, targets] of patterns) {
    const star = pattern.indexOf("*");
    const [prefix, suffix] = star < 0 ? [pattern, ""] : [pattern.slice(0, star), pattern.slice(star + 1)];
    if (
      star < 0
        ? specifier !== pattern
        : !(specifier.startsWith(prefix) && specifier.endsWith(suffix) && specifier.length >= prefix.length + suffix.length)
    ) {
      continue;
    }
    const middle = specifier.slice(prefix.length, specifier.length - suffix.length);
    // A function as replacement: `$` in a path is no pattern.
    for (const target of targets) found.push(normalise(`${baseUrl ?? ""}/${target.replace("*", () => middle)}`));
  }
  if (baseUrl !== undefined) found.push(normalise(`${baseUrl}/${specifier}`));
  return found;
}

function scopeOf(from: string, options: DiscoveryOptions): Pick<DiscoveryOptions, "baseUrl" | "paths"> {
  const around = (options.scopes ?? []).filter(({ folder }) => folder === "" || from.startsWith(`${folder}/`));
  return around.sort((a, b) => b.folder.length - a.folder.length)[0] ?? options;
}

const prefixLength = (pattern: string) => (pattern.includes("*") ? pattern.indexOf("*") : Number.POSITIVE_INFINITY);

function findFile(path: string, has: (file: string) => boolean): string | undefined {
  const extension = /\.[^./]+$/.exec(path)?.[0] ?? "";
  const stem = path.slice(0, path.length - extension.length);
  const exact = path !== "" && has(path) ? [path] : [];
  const sources = (SOURCES_OF[extension] ?? []).map((source) => stem + source);
  const added = path === "" ? [] : EXTENSIONS.map((e) => path + e);
  const index = EXTENSIONS.map((e) => (path === "" ? `index${e}` : `${path}/index${e}`));
  return [...exact, ...sources, ...added, ...index].find(has);
}

/** Without `.`, `..` and empty parts; what leads out of the app's folder keeps its `..`. */
function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}
