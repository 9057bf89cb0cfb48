"use strict";
const PRICES = { DESK: 349, LAMP: 42, MUG: 8.25 };

/** Prices go down with the quantity. */
exports.price = function (event, context, callback) {
  const each = PRICES[event.id];
  if (each === undefined) {
    const error = new Error(`There is no product ${event.id}.`);
    error.name = "UnknownProduct";
    callback(error);
    return;
  }
  const rebate = event.quantity >= 10 ? 0.9 : 1;
  process.nextTick(() => callback(null, { id: event.id, amount: Math.round(each * event.quantity * rebate * 100) / 100 }));
};
