"use strict";
const { LambdaClient, InvokeCommand } = require("@aws-sdk/client-lambda");
const products = require("./products.json");

const lambda = new LambdaClient({});

async function priceOf(product) {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: process.env.PRICE_FUNCTION, Payload: JSON.stringify({ id: product.id, quantity: 1 }) }),
  );
  const answer = JSON.parse(Buffer.from(Payload).toString());
  if (FunctionError) throw new Error(`${answer.errorType}: ${answer.errorMessage}`);
  return answer.amount;
}

exports.handler = async (event) => {
  const wanted = event.queryStringParameters?.search ?? "";
  const shown = products.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
  const priced = await Promise.all(shown.map(async (product) => ({ ...product, price: await priceOf(product) })));
  return { statusCode: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(priced) };
};
