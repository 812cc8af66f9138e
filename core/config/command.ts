import type { ErrorCode } from "../errors.ts";

/** One flag of a command. */
export interface Flag {
  /** `boolean` takes no value; `text`, `integer` and `number` take one. */
  readonly type: "boolean" | "text" | "integer" | "number";
  /** One letter. */
  readonly short?: string;
  /** Stands for the value in the help text. */
  readonly placeholder?: string;
  /** Value when the flag is absent; without one that is null. */
  readonly default?: string | number;
  /** The flag must be given. */
  readonly required?: true;
  /** The flag may be given several times; its value is the list of all. */
  readonly repeatable?: true;
  /** The texts that are allowed. */
  readonly choices?: readonly string[];
  /** Smallest number that is allowed. */
  readonly min?: number;
  /** Largest number that is allowed. */
  readonly max?: number;
  /** A number outside the bounds that is allowed all the same. */
  readonly except?: number;
  /** Code of the error for a value that is not allowed; default `usage_error`. */
  readonly valueError?: ErrorCode;
  /** What the flag does, without a final period. */
  readonly description: string;
}

/** One command as data: parsing, help and documentation are made from it. */
export interface Command {
  readonly name: string;
  /** What the command does, without a final period. */
  readonly summary: string;
  /** Arguments without a flag, all required, in order: name → description. */
  readonly positionals: Readonly<Record<string, string>>;
  /** Long name without dashes → flag. */
  readonly flags: Readonly<Record<string, Flag>>;
}

/** The value of a flag after parsing. */
export type FlagValue<F extends Flag> = F extends { type: "boolean" } ? boolean
  : F extends { repeatable: true } ? readonly FlagText<F>[]
  : F extends { default: string | number } | { required: true } ? FlagText<F>
  : FlagText<F> | null;

type FlagText<F extends Flag> = F extends { type: "integer" | "number" }
  ? number
  : F extends { choices: readonly (infer Choice extends string)[] } ? Choice
  : string;

/** What a command was called with. */
export interface Arguments<C extends Command> {
  readonly positionals: {
    readonly [Name in keyof C["positionals"]]: string;
  };
  readonly flags: {
    readonly [Name in keyof C["flags"]]: FlagValue<C["flags"][Name]>;
  };
}
