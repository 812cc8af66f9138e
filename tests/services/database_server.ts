/** A server of databases that runs for a test. */
export interface DatabaseServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}
