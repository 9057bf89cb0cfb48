import { UserError } from "../../../../extension/core/errors.ts";
import { parseProfile } from "../../../../extension/optimizer/parse.ts";
import { assert, type FuzzTarget } from "../target.ts";

const target: FuzzTarget = {
  tokens: [
    '"call":',
    '"parallel":[[',
    "1e308",
    "-1",
    "null",
    '"__proto__":{"x":1}',
    '"constructor"',
    "NaN",
    '{"cpu":1}',
    '{"wait":1}',
    "[[[[[[",
  ],
  check(input) {
    try {
      const profile = parseProfile(input.toString());
      assert(profile.version === 1, "a profile of another version");
    } catch (error) {
      assert(error instanceof UserError && error.message !== "", `not an error for the user: ${(error as Error).stack}`);
    }
    assert(Object.keys(Object.prototype).length === 0, "a prototype was changed");
  },
};
export default target;
