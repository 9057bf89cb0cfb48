/** As handlers were written before there were promises. */
exports.api = {
  answer(event, context, callback) {
    context.callbackWaitsForEmptyEventLoop = false;
    if (event.how === "error") return callback(new RangeError("called back"));
    if (event.how === "text") return callback("a text");
    if (event.how === "done") return context.done(null, { by: "done" });
    if (event.how === "succeed") return context.succeed({ by: "succeed" });
    if (event.how === "fail") return context.fail(new TypeError("failed"));
    if (event.how === "throw") throw new Error("before calling back");
    if (event.how === "twice") {
      callback(null, { first: true });
      return callback(null, { second: true });
    }
    setImmediate(() => callback(null, { by: "callback" }));
    return "not the answer";
  },
};
