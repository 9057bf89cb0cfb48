/** Answers with values of every kind, as an async function does. */
exports.handler = async ({ kind, bytes, echo } = {}) => {
  if (kind === "undefined") return undefined;
  if (kind === "null") return null;
  if (kind === "text") return "ünïcode ✓";
  if (kind === "date") return { at: new Date(0), gone: undefined, not: Number.NaN };
  if (kind === "large") return "x".repeat(bytes);
  if (kind === "cyclic") {
    const self = {};
    self.self = self;
    return self;
  }
  if (kind === "bigint") return { n: 1n };
  return { got: echo ?? null };
};
