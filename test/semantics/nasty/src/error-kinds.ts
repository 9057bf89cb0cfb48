/** The ways in which `fail` fails. */
export const KINDS = [
  "error",
  "subclass",
  "code",
  "aggregate",
  "renamed",
  "nameless",
  "number name",
  "silent",
  "getter",
  "text",
  "number",
  "undefined",
  "null",
  "object",
  "delete",
  "early",
];
