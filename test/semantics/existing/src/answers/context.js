/** What a function learns about itself, without what differs from run to run, and its memory: that is its host's. */
exports.handler = async (_event, context) => ({
  left: context.getRemainingTimeInMillis() > 5000 && context.getRemainingTimeInMillis() <= 7000,
  keys: Object.keys(context)
    .filter((key) => /^[a-z]/.test(key))
    .sort(),
  id: /^[\da-f-]{36}$/.test(context.awsRequestId),
});
