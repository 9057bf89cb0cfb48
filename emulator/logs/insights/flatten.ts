/** "A maximum of 200 log event fields" are taken out of a JSON message. */
const MAX_FIELDS = 200;

/** The leaves of a JSON message by their paths, as the service shows a record's fields. */
export function flattenJson(message: string): Record<string, string> {
  const fields: Record<string, string> = {};
  let count = 0;
  const visit = (value: unknown, path: string): void => {
    if (count >= MAX_FIELDS || value === null) return;
    if (typeof value === "object") {
      for (const [name, member] of Object.entries(value)) visit(member, path === "" ? name : `${path}.${name}`);
    } else if (path !== "") {
      count++;
      fields[path.startsWith("@") ? `@${path}` : path] = typeof value === "string" ? value : JSON.stringify(value);
    }
  };
  try {
    visit(JSON.parse(message), "");
  } catch {
    // A message that is no JSON has no fields of its own.
  }
  return fields;
}
