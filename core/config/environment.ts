/** Where variables are read; `Deno.env` is one, and so is a `Map`. */
export interface Environment {
  /** The value under exactly this name. */
  get(name: string): string | undefined;
}
