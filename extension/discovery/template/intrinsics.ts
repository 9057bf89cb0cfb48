/** Resolves CloudFormation's intrinsic functions as far as a template alone tells, and says what it does not tell. */
import { isRecord, plainText } from "./document.ts";

/** What stands for a value that only a deployment knows. */
export const UNKNOWN = Symbol("unknown");

export interface Scope {
  parameters: Record<string, unknown>;
  mappings: Record<string, unknown>;
  conditions: Record<string, unknown>;
  resources: Record<string, unknown>;
  /** What `Ref` of a resource gives; undefined for resources that are not in the template. */
  refOf(resource: string): string | undefined;
  attributeOf(resource: string, attribute: string): string | undefined;
}

/** Parts that stay placeholders: the deployment fills them in. */
const PSEUDO = new Set(["AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::StackName", "AWS::StackId", "AWS::URLSuffix"]);

export class Intrinsics {
  /** What could not be resolved, in words; for the caller to report and clear. */
  gaps: string[] = [];
  readonly #scope: Scope;
  readonly #open = new Set<string>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** The value with every intrinsic function resolved; `UNKNOWN` where one could not be. `undefined` = left out. */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item)).filter((item) => item !== undefined);
    if (typeof value === "string" && value.includes("{{resolve:")) return this.#gap("a dynamic reference");
    if (!isRecord(value)) return value;
    const keys = Object.keys(value);
    const [key] = keys;
    if (keys.length === 1 && key !== undefined && (key === "Ref" || key.startsWith("Fn::"))) return this.#call(key, value[key]);
    const resolved = Object.create(null) as Record<string, unknown>;
    for (const name of keys) {
      const item = this.resolve(value[name]);
      if (item !== undefined) resolved[name] = item;
    }
    return resolved;
  }

  /** Text of a scalar; undefined where it is not known. */
  text(value: unknown): string | undefined {
    const resolved = this.resolve(value);
    return typeof resolved === "string" || typeof resolved === "number" || typeof resolved === "boolean"
      ? plainText(resolved)
      : undefined;
  }

  /** Whether a resource or a part with this condition exists; unknown conditions are taken to hold. */
  holds(condition: string): boolean {
    if (this.#open.has(condition)) return true;
    this.#open.add(condition);
    const result = this.#condition(this.#scope.conditions[condition]);
    this.#open.delete(condition);
    return result !== false;
  }

  #gap(what: string): typeof UNKNOWN {
    this.gaps.push(what);
    return UNKNOWN;
  }

  #call(name: string, argument: unknown): unknown {
    switch (name) {
      case "Ref":
        return this.#ref(plainText(argument));
      case "Fn::GetAtt": {
        const [resource, ...attribute] = Array.isArray(argument) ? argument.map(plainText) : plainText(argument).split(".");
        return this.#scope.attributeOf(resource ?? "", attribute.join(".")) ?? this.#gap(`${resource}.${attribute.join(".")}`);
      }
      case "Fn::Sub":
        return this.#substitute(argument);
      case "Fn::Join": {
        const [separator, list] = Array.isArray(argument) ? argument : [];
        const items = this.resolve(list);
        if (!Array.isArray(items) || items.includes(UNKNOWN)) return this.#gap("a Join");
        return items.map(plainText).join(plainText(separator));
      }
      case "Fn::Select": {
        const [index, list] = Array.isArray(argument) ? argument : [];
        const items = this.resolve(list);
        return Array.isArray(items) ? items[Number(this.resolve(index))] : this.#gap("a Select");
      }
      case "Fn::Split": {
        const [separator, source] = Array.isArray(argument) ? argument : [];
        const whole = this.text(source);
        return whole === undefined ? this.#gap("a Split") : whole.split(plainText(separator));
      }
      case "Fn::FindInMap": {
        const [map, first, second] = Array.isArray(argument) ? argument.map((part) => this.text(part)) : [];
        const found = member(member(this.#scope.mappings[map ?? ""], first), second);
        return found ?? this.#gap(`the mapping ${map}.${first}.${second}`);
      }
      case "Fn::If": {
        const [condition, then, otherwise] = Array.isArray(argument) ? argument : [];
        return this.resolve(this.holds(plainText(condition)) ? then : otherwise);
      }
      default:
        return this.#gap(name.replace("Fn::", "!"));
    }
  }

  #ref(name: string): unknown {
    if (name === "AWS::NoValue") return undefined;
    if (PSEUDO.has(name)) return `\${${name}}`;
    const parameter = this.#scope.parameters[name];
    if (isRecord(parameter)) {
      // The value of such a parameter is a key of the parameter store, not the text itself.
      if (plainText(parameter["Type"]).startsWith("AWS::SSM::")) return this.#gap(`the SSM parameter ${name}`);
      const value = parameter["Default"];
      if (value === undefined) return this.#gap(`the parameter ${name}, which has no default`);
      return /^(?:CommaDelimitedList|List<)/.test(plainText(parameter["Type"])) ? plainText(value).split(",") : value;
    }
    return this.#scope.refOf(name) ?? this.#gap(name);
  }

  #substitute(argument: unknown): unknown {
    const [source, given] = Array.isArray(argument) ? (argument as unknown[]) : [argument];
    let known = true;
    const whole = plainText(source).replace(/\$\{(!?)([^}]*)\}/g, (match, literal: string, name: string) => {
      if (literal !== "") return `\${${name}}`;
      const key = name.trim();
      const value =
        isRecord(given) && key in given
          ? this.text(given[key])
          : key.includes(".")
            ? this.text({ "Fn::GetAtt": key.split(/\.(.*)/s).slice(0, 2) })
            : this.text({ Ref: key });
      if (value === undefined) known = false;
      return value ?? match;
    });
    return known ? whole : UNKNOWN;
  }

  /** Undefined = not known. */
  #condition(value: unknown): boolean | undefined {
    if (!isRecord(value)) return undefined;
    const [[name, argument] = ["", undefined]] = Object.entries(value);
    const all = (): (boolean | undefined)[] => (Array.isArray(argument) ? argument : []).map((one) => this.#condition(one));
    switch (name) {
      case "Condition":
        return this.holds(plainText(argument));
      case "Fn::Equals": {
        const [left, right] = (Array.isArray(argument) ? argument : []).map((side) => this.text(side));
        return left === undefined || right === undefined || /\$\{AWS::/.test(left + right) ? undefined : left === right;
      }
      case "Fn::Not": {
        const [inner] = all();
        return inner === undefined ? undefined : !inner;
      }
      case "Fn::And": {
        const parts = all();
        return parts.includes(false) ? false : parts.includes(undefined) ? undefined : true;
      }
      case "Fn::Or": {
        const parts = all();
        return parts.includes(true) ? true : parts.includes(undefined) ? undefined : false;
      }
      default:
        return undefined;
    }
  }
}

function member(value: unknown, key: string | undefined): unknown {
  return isRecord(value) && key !== undefined && key in value ? value[key] : undefined;
}
