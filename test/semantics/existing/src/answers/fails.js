class OutOfStock extends Error {
  constructor(message) {
    super(message);
    this.name = "OutOfStock";
    this.sku = "MUG";
  }
}

/** Fails in every way. */
exports.handler = async ({ how }) => {
  if (how === "class") throw new OutOfStock("none left");
  if (how === "text") throw "only a text";
  if (how === "object") throw { code: 7 };
  // As an SDK's client fails: what it says of a service is not the caller's.
  if (how === "service") throw Object.assign(new Error("no table"), { name: "TableGone", $metadata: { httpStatusCode: 400 } });
  if (how === "nothing") throw undefined;
  if (how === "cause") throw new Error("outer", { cause: new Error("inner") });
  if (how === "reference") return nowhere.to.be.found;
  throw new Error("");
};
