const { Lambda } = require("@aws-sdk/client-lambda");

const lambda = new Lambda();

/** In between: what a function further down does comes through it. */
exports.handler = async ({ fail }) => {
  const input = {
    FunctionName: fail ? process.env.FAILS : process.env.VALUES,
    Payload: JSON.stringify({ how: "class", echo: 1 }),
  };
  const { Payload, FunctionError } = await lambda.invoke(input);
  const answer = JSON.parse(Buffer.from(Payload).toString());
  if (FunctionError) throw Object.assign(new Error(`further down: ${answer.errorMessage}`), { name: answer.errorType });
  return { from: answer };
};
