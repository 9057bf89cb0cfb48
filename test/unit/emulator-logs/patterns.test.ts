import { describe, expect, test } from "vitest";
import { compilePattern } from "../../../emulator/logs/pattern/pattern.ts";

const matching = (pattern: string, messages: string[]) => messages.filter((message) => compilePattern(pattern).matches(message));
const one = (pattern: string, message: unknown) =>
  compilePattern(pattern).matches(typeof message === "string" ? message : JSON.stringify(message));

describe("terms", () => {
  const bad = "[ERROR 400] BAD REQUEST";
  const unauthorized = "[ERROR 401] UNAUTHORIZED REQUEST";
  const missing = "[ERROR 419] MISSING ARGUMENTS";
  const invalid = "[ERROR 420] INVALID ARGUMENTS";
  const all = [bad, unauthorized, missing, invalid];

  test.each([
    ["ERROR", all],
    ["error", []],
    ["ERROR ARGUMENTS", [missing, invalid]],
    ["?ERROR ?ARGUMENTS", all],
    ["?MISSING ?BAD", [bad, missing]],
    ["ERROR -ARGUMENTS", [bad, unauthorized]],
    ["-ARGUMENTS", [bad, unauthorized]],
    ['"BAD REQUEST"', [bad]],
    ['"[ERROR 4"', all],
    ['" "', all],
    ['""', all],
    ["", all],
    ["%AUTHORIZED%", [unauthorized]],
    ["ERROR %4[12]0%", [invalid]],
    ["-%4[12]0%", [bad, unauthorized, missing]],
  ])("%s", (pattern, expected) => {
    expect(matching(pattern, all)).toEqual(expected);
  });

  test("optional terms beside others have no effect", () => {
    const messages = ["[INFO] REQUEST FAILED", "[WARN] UNAUTHORIZED REQUEST", "[ERROR] 400 BAD REQUEST", "[ERROR] ARGUMENTS"];
    expect(matching("?ERROR ?ARGUMENTS REQUEST", messages)).toEqual(messages.slice(0, 3));
  });

  test("a term is found inside a word", () => {
    expect(one("Exception", "16,142 [ERROR] Unhanded exception: InvalidQueryException")).toBe(true);
  });

  test("quotes and backslashes in a phrase are escaped", () => {
    expect(one(String.raw`"level\\\":\\\"error"`, String.raw`{"log":"{\"level\":\"error\"}"}`)).toBe(true);
  });

  test.each([
    ["?Status: timeout", "Invalid character(s) in term ':'"],
    ["failed (again)", "Invalid character(s) in term '('"],
    ["`ERROR", "Invalid character(s) in term '`'"],
    ['"open', "Invalid filter pattern"],
    ["%open", "Invalid filter pattern"],
    ["{ $.a = 1", "If a filter pattern starts with '{' it must end with '}'"],
    ["[a, b", "If a filter pattern starts with '[' it must end with ']'"],
  ])("%s is refused", (pattern, text) => {
    expect(() => compilePattern(pattern)).toThrow(expect.objectContaining({ code: "InvalidParameterException", message: text }));
  });
});

describe("regular expressions", () => {
  test.each([
    ["%^[hc]at%", ["hat", "cat eats"], ["the cat"]],
    ["%[hc]at$%", ["hat", "the cat"], ["cats"]],
    ["%colou?r%", ["color", "colour"], ["colouur"]],
    ["%[abcx-z]%", ["a", "y"], ["d"]],
    ["%^a{3,5}$%", ["aaa", "aaaaa"], ["aa", "aaaaaa"]],
    ["%^a{,2}$%", ["", "aa"], ["aaa"]],
    ["%^a{2,}$%", ["aa", "aaaaaaa"], ["a"]],
    ["%gra|ey%", ["gray", "grey"], ["gry"]],
    ["%^starting|^initializing|^shutting down%", ["starting up", "initializing", "shutting down"], ["skipping initializing"]],
    ["%abcc|ab[^c]$%", ["abcc ...", "aba"], ["aac ...", "abc", "ababc"]],
    [String.raw`%\[.\]%`, ["[a]", "[7]", "[@]", "[]]", "[ ]"], ["[]", "[ab]"]],
    [String.raw`%10\.10\.0\.1%`, ["from 10.10.0.1"], ["10010,051"]],
    ["%10.10.0.1%", ["10010,051"], ["10.10.0"]],
    ["%ab*c%", ["ac", "abc", "abbbc"], ["adc"]],
    ["%ab[0-9]*%", ["ab", "ab0", "ab129"], ["a"]],
    ["%^ab+c$%", ["abc", "abbbc"], ["ac"]],
    ["%.at%", ["hat", "4at", " at"], ["at"]],
    [String.raw`%^\d\D\s\S\w\W$%`, ["1a b_-"], ["aa b_-", "1a bb_"]],
    [String.raw`%\x28x\x29%`, ["f(x)"], ["fx"]],
    ["%^.$%", ["é", "😀"], ["ab"]],
  ])("%s", (pattern, matches, others) => {
    expect(matching(pattern, [...matches, ...others])).toEqual(matches);
  });

  test.each(["%something!%", "%(a)%", "%é%", "%a**%", "%[z-a]%", "%[abc%", "%a{3,1}%", "%*a%"])("%s is refused", (pattern) => {
    expect(() => compilePattern(pattern)).toThrow(expect.objectContaining({ code: "InvalidParameterException" }));
  });

  test("no text makes an expression slow", () => {
    const text = "a".repeat(100_000);
    const started = performance.now();
    expect(one("%a*a*a*a*a*a*a*a*a*a*b%", text)).toBe(false);
    expect(one("%.*.*.*.*.*.*.*.*=$%", text)).toBe(false);
    // A backtracking matcher would need more than the age of the universe: the bound tells no machine from another.
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});

describe("JSON", () => {
  const trail = {
    eventType: "UpdateTrail",
    sourceIPAddress: "111.111.111.111",
    arrayKey: ["value", "another value"],
    objectList: [
      { name: "a", id: 1 },
      { name: "b", id: 2 },
    ],
    SomeObject: null,
    "cluster.name": "c",
    bandwidth: 76,
    errorCode: 400,
    number: [1000, 0.001],
    ok: true,
    off: false,
  };
  const users = {
    user: { id: 1, email: "John.Stiles@example.com" },
    users: [
      { id: 2, email: "John.Doe@example.com" },
      { id: 3, email: "Jane.Doe@example.com" },
    ],
    actions: ["GET", "PUT", "DELETE"],
    coordinates: [
      [0, 1, 2],
      [4, 5, 6],
      [7, 8, 9],
    ],
  };

  test.each([
    ['{ $.eventType = "UpdateTrail" }', trail, true],
    ["{ $.eventType = UpdateTrail }", trail, true],
    ['{ $.eventType != "UpdateTrail" }', trail, false],
    ['{ $.eventType = "Update*" }', trail, true],
    ['{ $.eventType = "*date*ai*" }', trail, true],
    ['{ $.eventType = "*" && $.sourceIPAddress != 123.123.* }', trail, true],
    ["{ $.sourceIPAddress != 111.111.* }", trail, false],
    ['{ $.arrayKey[0] = "value" }', trail, true],
    ['{ $.arrayKey[1] = "value" }', trail, false],
    ['{ $.arrayKey = "value" }', trail, false],
    ["{ $.eventType = %Trail% }", trail, true],
    ["{ $.arrayKey[*] = %val.{2}% }", trail, true],
    [String.raw`{ $.* = %111\.111\.111\.1[0-9]{1,2}% }`, trail, true],
    ["{ $.['cluster.name'] = \"c\" }", trail, true],
    ["{ $['cluster.name'] = \"c\" }", trail, true],
    ["{ $.SomeObject IS NULL }", trail, true],
    ["{ $.Missing IS NULL }", trail, false],
    ["{ $.SomeOtherObject NOT EXISTS }", trail, true],
    ["{ $.SomeObject NOT EXISTS }", trail, false],
    ["{ $.ok IS TRUE }", trail, true],
    ["{ $.off IS FALSE && $.ok IS FALSE }", trail, false],
    ["{ $.bandwidth > 75 }", trail, true],
    ["{ $.bandwidth < 50 }", trail, false],
    ["{ $.bandwidth >= 76 && $.bandwidth <= 76 }", trail, true],
    ["{ $.errorCode = 400}", trail, true],
    ["{ $.errorCode = 4* }", trail, true],
    ["{ $.errorCode != 500 }", trail, true],
    ["{ $.number[0] = 1e+3 }", trail, true],
    ["{ $.number[1] != 1e-3 }", trail, false],
    ["{ $.bandwidth = * }", trail, true],
    ["{ $.objectList[*].id > 1 }", trail, true],
    ["{ $.objectList[*].id > 2 }", trail, false],
    ["{ $.objectList = * }", trail, false],
    ["{ $.toString = * }", trail, false],
    ['{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', users, true],
    [
      '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch" && $.actions[2] = "nonmatch" }',
      users,
      true,
    ],
    [
      '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch") && $.actions[2] = "nonmatch" }',
      users,
      false,
    ],
    ['{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', users, false],
    ["{ $.coordinates[1][2] = 6 }", users, true],
    ["{ $.a = 1 }", "plain text", false],
    ["{ $.a = 1 }", '{"a":1', false],
    ['{ $.a = "x" }', String.raw`{"\u0061":"\u0078"}`, true],
  ])("%s", (pattern, message, expected) => {
    expect(one(pattern, message)).toBe(expected);
  });

  test.each([
    "{ }",
    "{ $ = 1 }",
    "{ $.a }",
    "{ $.a EXISTS }",
    "{ $.a IS NOT NULL }",
    "{ $.a > x }",
    "{ $.a = 1 && }",
    "{ $.a = 1 $.b = 2 }",
    "{ ($.a = 1 }",
    "{ $.*.* = 1 }",
    "{ $.a[*] = 1 && $.b[*] = 1 && $.c[*] = 1 && $.d[*] = 1 }",
    "{ $.a = %x% && $.b = %y% && $.c = %z% }",
    "{ $.a = b@c }",
  ])("%s is refused", (pattern) => {
    expect(() => compilePattern(pattern)).toThrow(expect.objectContaining({ code: "InvalidParameterException" }));
  });

  test.each([
    ["{ $.a = 2 }", '{"a":1,"a":2}', true],
    ["{ $.a = 1 }", '{"a":1,"a":2}', false],
    ["{ $.a.b = 1 }", '{"a":{"b":1},"a":{"c":1}}', false],
    ["{ $.a.b NOT EXISTS }", '{"a":{"b":1},"a":3}', true],
    ["{ $.a.b = 1 }", '\n { "x" : [ "}" , {"a":{}} ] , "a" : { "y\\"" : 0, "b" : 1 } } ', true],
    ["{ $.a = 1 }", '{"b":{"a":1},"c":["a",1]}', false],
    ["{ $.a IS TRUE || $.b IS NULL }", '{"b":null}', true],
    ["{ $.a = 1 }", '{"a":1', false],
    ["{ $.a = 1 }", "", false],
  ])("%s on %s, by its bytes and parsed", (pattern, message, expected) => {
    const compiled = compilePattern(pattern);
    const bytes = Buffer.from(`x${message}x`);
    expect(compiled.matches(message)).toBe(expected);
    if (expected) expect(compiled.mayMatch?.(bytes, 1, bytes.length - 1)).toBe(true);
  });

  test("most messages are turned away by their bytes alone", () => {
    const compiled = compilePattern('{ $.a.duration > 998 && $.task = "x" }');
    const turnedAway = [
      '{"a":{"duration":998},"task":"x"}',
      '{"a":{"duration":999},"task":"y"}',
      '{"a":{"b":{"duration":999}},"task":"x"}',
      "[1]",
      "text",
    ];
    for (const message of turnedAway) {
      const bytes = Buffer.from(message);
      expect(compiled.mayMatch?.(bytes, 0, bytes.length), message).toBe(message === "[1]");
    }
  });

  test("a quoted name names the characters that are at fault", () => {
    expect(() => compilePattern('{ $."detail-type" = "x" }')).toThrow("Invalid character(s) in term '$.\"'");
  });
});

describe("space-delimited", () => {
  const log = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';
  const lines = [
    "INFO 09/25/2014 12:00:00 GET /service/resource/67 1200",
    "INFO 09/25/2014 12:00:01 POST /service/resource/67/part/111 1310",
    "WARNING 09/25/2014 12:00:02 Invalid user request",
    "ERROR 09/25/2014 12:00:02 Failed to process request",
  ];

  test.each([
    [String.raw`[ip=%127\.0\.0\.[1-9]%, user, username, timestamp, request =*.html*, status_code = 4*, bytes]`, true],
    ["[..., request =*.html*, status_code = 4*, bytes]", true],
    ["[ip, user, username, timestamp, request =*.html*, status_code = 404 || status_code = 410, bytes]", true],
    ["[ip, server, username, timestamp, request, status_code, bytes > 1000]", true],
    ["[ip, server, username, timestamp, request, status_code, bytes > 2000]", false],
    ["[ip, server, username = frank, ...]", true],
    ["[ip, ..., status_code=404, size]", true],
    ['[ip, ..., request = "GET /index.html HTTP/1.0", status_code, size]', true],
    ["[a, b, c, d, e, f, g, h]", false],
    ["[]", true],
  ])("%s", (pattern, expected) => {
    expect(one(pattern, log)).toBe(expected);
  });

  test.each([
    ["[w1=ERROR, w2]", [3]],
    ["[w1=ERROR || w1=WARNING, w2]", [2, 3]],
    ["[w1!=ERROR && w1!=WARNING, w2]", [0, 1]],
    ["[w1=ERROR || w1=%WARN%, w2]", [2, 3]],
    ["[logLevel, date, time, method, url=%/service/resource/[0-9]+$%, response_time]", [0]],
    ["[logLevel, date, time, method, url=%/service/resource/[0-9]+/part/[0-9]+$%, response_time]", [1]],
    ["[level, date, time, method, url, ms >= 1300]", [1]],
  ])("%s", (pattern, expected) => {
    expect(matching(pattern, lines)).toEqual(expected.map((index) => lines[index]));
  });

  test.each(["[ip, user, username, status_code = 4* && bytes > 1000]", "[..., a, ...]", "[a = ]", "[a b]"])(
    "%s is refused",
    (pattern) => {
      expect(() => compilePattern(pattern)).toThrow(expect.objectContaining({ code: "InvalidParameterException" }));
    },
  );

  test.each([
    [
      "[ip, identity, user_id, timestamp, request, status_code, size]",
      { $ip: "127.0.0.1", $size: "1534", $timestamp: "10/Oct/2000:13:25:15 -0700" },
    ],
    ["[..., size]", { $1: "127.0.0.1", $5: "GET /index.html HTTP/1.0", $6: "404", $size: "1534" }],
    ["[..., request=*.html*, status_code=4*,]", { $request: "GET /index.html HTTP/1.0", $status_code: "404", $7: "1534" }],
    ["[]", { $1: "127.0.0.1", $7: "1534" }],
  ])("%s takes values out", (pattern, expected) => {
    const extracted = compilePattern(pattern).extract(log);
    expect(extracted).toMatchObject(expected);
    expect(Object.keys(extracted)).toHaveLength(7);
  });
});
