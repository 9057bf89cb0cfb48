class CardDeclined extends Error {
  name = "CardDeclined";
}

export const handler = async ({ card, total }) => {
  if (!card.startsWith("4")) throw new CardDeclined("The bank said no.");
  return { charge: `${card.slice(-4)}-${total}` };
};
