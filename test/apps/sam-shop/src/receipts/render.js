export const handler = async ({ order, customer, total }) => ({
  text: `Dear ${customer}, thank you for order ${order}: ${total.toFixed(2)} euros.`,
});
