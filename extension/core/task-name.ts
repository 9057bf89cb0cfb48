/**
 * A task's name is part of the function's name `<app>-<stage>-<task>`, so Lambda's letters hold; it starts with a letter,
 * so that no name of JavaScript's own (`__proto__`) can be one.
 */
export const TASK_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

export const TASK_NAME_RULE = "letters, digits, - and _, starting with a letter, at most 64 characters";
