/** Where a view is shown: a terminal can be written over, anything else only be added to. */
export interface Screen {
  readonly terminal: boolean;
  readonly colour: boolean;
  /** What it measures now; a terminal may change. */
  size(): ScreenSize;
  write(text: string): void;
}

/** Extent of a screen in cells. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}
