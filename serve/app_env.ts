/** Types of the Hono context, shared by all routes. */
export interface AppEnv {
  /** What `Deno.serve` passes beside the request. */
  readonly Bindings: {
    /** The other end of the connection; absent when a test calls the application directly. */
    readonly remoteAddr?: Deno.Addr;
  };
  /** What the middleware leaves for the routes. */
  readonly Variables: {
    /** Identifies the request in the answer, its header and the log. */
    requestId: string;
  };
}
