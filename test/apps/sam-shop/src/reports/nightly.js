const { Lambda } = require("@aws-sdk/client-lambda");

const lambda = new Lambda({});

exports.handler = async (event) => {
  const { Payload } = await lambda.invoke({ FunctionName: process.env.STATISTICS_FUNCTION });
  const statistics = JSON.parse(Buffer.from(Payload).toString());
  const lines = [`${statistics.orders} orders, ${statistics.total} euros`];
  return { format: process.env.FORMAT, from: statistics.format, day: event.time.slice(0, 10), lines };
};
