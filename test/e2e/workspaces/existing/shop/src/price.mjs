export const handler = async ({ each }) => ({ price: each });
