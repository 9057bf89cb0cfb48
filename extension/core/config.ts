import type { Node } from "jsonc-parser";
import { CONFIG_VERSION, configSchema, configValidator } from "./config-schema.ts";
import type { WrittenConfig } from "./config-schema.ts";
import type { Diagnostic } from "./graph.ts";
import { nodeAt, parseJson, valueOf } from "./json-document.ts";
import type { JsonPath } from "./json-document.ts";
import { positionsOf } from "./positions.ts";
import type { SetupFinding } from "./check-setup.ts";
import type { AppConfig } from "./setup.ts";
import { didYouMean } from "./similar.ts";
import type * as z from "zod";

export { configSchema, CONFIG_VERSION } from "./config-schema.ts";

export const CONFIG_FILE = "fusionize.json";

export interface ParsedConfig {
  /** Absent when `diagnostics` holds an error. */
  config?: AppConfig;
  diagnostics: Diagnostic[];
}

/**
 * Reads `fusionize.json`. Never throws: whatever is wrong with the file is a diagnostic with its place. `text` is undefined
 * when there is no file: all defaults. `folder` is the name (or path) of the app's folder, which the app is called after
 * unless the file says otherwise.
 */
export function parseConfig(text: string | undefined, folder = "app"): ParsedConfig {
  if (text === undefined) return { config: withDefaults({}, folder), diagnostics: [] };
  const source = text.startsWith("\uFEFF") ? ` ${text.slice(1)}` : text;
  const positions = positionsOf(CONFIG_FILE, text);
  const error = (code: string, message: string, start: number, end: number): Diagnostic => ({
    ...positions.range(start, end),
    severity: "error",
    code,
    message,
  });
  if (source.trim() === "") {
    return {
      diagnostics: [error("setup-file-syntax", `${CONFIG_FILE} is empty: write {} for all defaults, or delete the file.`, 0, 0)],
    };
  }
  const { root, faults } = parseJson(source);
  if (faults.length > 0 || !root) {
    return { diagnostics: faults.map((f) => error("setup-file-syntax", f.message, f.offset, f.offset + f.length)) };
  }
  const newer = newerVersion(root);
  if (newer) {
    const message = `${CONFIG_FILE} has format version ${newer.version}, and this Fusionize reads version ${CONFIG_VERSION}: update Fusionize.`;
    return { diagnostics: [error("setup-file-newer", message, newer.node.offset, newer.node.offset + newer.node.length)] };
  }
  const result = configValidator.safeParse(valueOf(root));
  if (result.success) return { config: withDefaults(result.data, folder), diagnostics: [] };
  const diagnostics = result.error.issues
    .flatMap((issue) => explain(issue, root))
    .map(({ path, message, atKey }) => {
      const { node } = nodeAt(root, path);
      const place = atKey && node?.type === "property" ? node.children?.[0] : placeOf(node);
      return error("setup-file-invalid", message, place?.offset ?? 0, (place?.offset ?? 0) + (place?.length ?? 0));
    });
  return { diagnostics: diagnostics.sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** Findings of `checkSetup` with the places in `fusionize.json` that they are about. */
export function locateFindings(text: string | undefined, findings: readonly SetupFinding[]): Diagnostic[] {
  const positions = positionsOf(CONFIG_FILE, text ?? "");
  const root = text === undefined ? undefined : parseJson(text).root;
  return findings.map(({ code, message, severity, path }) => {
    const { node, found } = nodeAt(root, path);
    // A part that is not written (a default) is shown at the key of what contains it; the whole file is shown at its start.
    const place = found ? placeOf(node) : node?.type === "property" ? node.children?.[0] : undefined;
    const start = place?.offset ?? 0;
    return { ...positions.range(start, start + (place?.length ?? 0)), severity, code, message };
  });
}

/** Of a property its value if that is short, else its key: an error should not underline a whole object. */
function placeOf(node: Node | undefined): Node | undefined {
  if (node?.type !== "property") return node;
  const [key, value] = node.children ?? [];
  return value && value.type !== "object" && value.type !== "array" ? value : key;
}

interface Explained {
  path: JsonPath;
  message: string;
  /** The key is at fault, not its value. */
  atKey?: boolean;
}

function explain(issue: z.core.$ZodIssue, root: Node, base: JsonPath = []): Explained[] {
  const path = [...base, ...(issue.path as (string | number)[])];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => {
        const known = knownKeys(path);
        const hint = didYouMean(key, known);
        const list = hint === "" && known.length > 0 ? ` Known: ${known.join(", ")}.` : hint;
        return { path: [...path, key], message: `"${key}" is not known here.${list}`, atKey: true };
      });
    case "invalid_key":
      return [{ path, message: issue.issues[0]?.message ?? issue.message, atKey: true }];
    case "invalid_union": {
      // The alternative that fits the kind of value that was written explains best what is wrong with it.
      const { node } = nodeAt(root, path);
      const value = node?.type === "property" ? node.children?.[1] : node;
      const deep = issue.errors.find((errors) => errors.some((e) => e.path.length > 0 || e.code === "unrecognized_keys"));
      if (value?.type === "object" && deep) return deep.flatMap((inner) => explain(inner, root, path));
      return [{ path, message: issue.message }];
    }
    case "invalid_value": {
      const { node } = nodeAt(root, path);
      const value = node?.type === "property" ? node.children?.[1] : node;
      const options = issue.values.map(String);
      const hint = typeof value?.value === "string" ? didYouMean(value.value, options) : "";
      return [{ path, message: `Possible here: ${issue.values.map((v) => JSON.stringify(v)).join(", ")}.${hint}` }];
    }
    case "invalid_type":
      return [
        {
          path,
          message: issue.message.startsWith("Invalid input")
            ? `Expected here: ${ARTICLES[issue.expected] ?? issue.expected}.`
            : issue.message,
        },
      ];
    default:
      return [{ path, message: issue.message }];
  }
}

const ARTICLES: Partial<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  array: "a list […]",
  object: "an object {…}",
  record: "an object {…}",
};

/** Keys that an object of the format may have, read from the schema that the editor gets. */
function knownKeys(path: JsonPath): string[] {
  let schema: SchemaNode | undefined = schemaTree();
  for (const step of path) {
    const candidates: SchemaNode[] = [schema, ...(schema.anyOf ?? [])];
    const next: SchemaNode | undefined = candidates
      .map((s) =>
        typeof step === "number"
          ? s.items
          : (s.properties?.[step] ?? (typeof s.additionalProperties === "object" ? s.additionalProperties : undefined)),
      )
      .find((s) => s !== undefined);
    if (!next) return [];
    schema = next;
  }
  return [schema, ...(schema.anyOf ?? [])].flatMap((s) => Object.keys(s.properties ?? {}));
}

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
}

let schemaOfFile: SchemaNode | undefined;
const schemaTree = (): SchemaNode => (schemaOfFile ??= configSchema());

function newerVersion(root: Node): { version: number; node: Node } | undefined {
  const version = nodeAt(root, ["version"]);
  const written = version.found ? version.node?.children?.[1] : undefined;
  if (typeof written?.value === "number" && written.value > CONFIG_VERSION) return { version: written.value, node: written };
  const schema = nodeAt(root, ["$schema"]);
  const reference = schema.found ? schema.node?.children?.[1] : undefined;
  const match = typeof reference?.value === "string" ? /fusionize[^?#]*[/.-]v(\d+)\b/.exec(reference.value) : null;
  if (reference && match && Number(match[1]) > CONFIG_VERSION) return { version: Number(match[1]), node: reference };
  return undefined;
}

function withDefaults(written: WrittenConfig, folder: string): AppConfig {
  return {
    app: written.app ?? appNameOf(folder),
    tasks: written.tasks ?? (written.template === undefined ? ["src/**/*.ts"] : []),
    ...(written.template === undefined ? {} : { template: written.template }),
    runtime: written.runtime ?? "nodejs24.x",
    goal: written.goal ?? "balanced",
    local: { services: written.local?.services ?? [], environment: written.local?.environment ?? {} },
    environment: written.environment ?? {},
    timeout: written.timeout ?? 30,
    constraints: written.constraints ?? {},
    functions: written.functions ?? {},
  };
}

/** The folder's last part with only the letters that a function's name may have. */
function appNameOf(folder: string): string {
  const last =
    folder
      .split(/[/\\]/)
      .filter((part) => part !== "")
      .pop() ?? "";
  const name = last
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^[^A-Za-z]+/, "")
    .slice(0, 40);
  return name === "" ? "app" : name;
}
