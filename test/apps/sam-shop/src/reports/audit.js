const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");

const client = new DynamoDBClient({});

module.exports.handler = async (event) => {
  const Item = { id: { S: event.id }, entry: { S: JSON.stringify(event) } };
  await client.send(new PutItemCommand({ TableName: process.env.AUDIT_TABLE, Item }));
};
