/** Methods that call their first argument with the elements of what they are called on. */
export const ARRAY_CALLBACKS = new Set(
  "map forEach flatMap filter find findIndex findLast findLastIndex some every reduce reduceRight sort toSorted".split(" "),
);

/** Methods that call their arguments when a promise settles. */
export const PROMISE_CALLBACKS = new Set(["then", "catch", "finally"]);

/** Methods that put their arguments into what they are called on, and methods that give its elements or a part of it. */
export const COLLECTION_WRITES = new Set("push unshift set add concat fill splice with".split(" "));
export const COLLECTION_READS = new Set("get at pop shift values entries slice reverse toReversed flat next".split(" "));

const ALL = new Set([...ARRAY_CALLBACKS, ...PROMISE_CALLBACKS, ...COLLECTION_WRITES, ...COLLECTION_READS]);

/** Whether a property is a method of arrays, maps, sets or promises, and so no element stored under a computed key. */
export const isCollectionMethod = (key: string): boolean => ALL.has(key);
