const { DynamoDBClient, ScanCommand } = require("@aws-sdk/client-dynamodb");

const client = new DynamoDBClient({});

exports.handler = async () => {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: process.env.ORDERS_TABLE, ConsistentRead: true }));
  const total = Items.reduce((sum, { total }) => sum + Number(total.N), 0);
  return { format: process.env.FORMAT, orders: Items.length, total };
};
