/** Version of this program, as in deno.json. */
export const VERSION: string = "0.1.0";
