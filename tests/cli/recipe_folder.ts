/** A recipe that reads `data/loans.csv` and writes below `models`. */
const RECIPE = `
name: books
source: { type: csv, path: data/loans.csv }
schema: { user_column: reader, item_column: book }
training: { algorithms: [TopPop] }
output: { path: models/books.recotem }
`;

/** A folder, removed when it is disposed, that holds `books.yaml` and the data it names. */
export class RecipeFolder implements AsyncDisposable {
  /** Its real path. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes the folder. */
  static async make(recipe: string = RECIPE): Promise<RecipeFolder> {
    const folder = new RecipeFolder(
      await Deno.realPath(await Deno.makeTempDir()),
    );
    await Deno.mkdir(`${folder.path}/data`);
    await folder.write("books.yaml", recipe);
    await folder.write("data/loans.csv", "reader,book\nann,emma\n");
    return folder;
  }

  /** Writes a file of the folder. */
  write(name: string, text: string): Promise<void> {
    return Deno.writeTextFile(`${this.path}/${name}`, text);
  }

  /** Removes the folder. */
  [Symbol.asyncDispose](): Promise<void> {
    return Deno.remove(this.path, { recursive: true });
  }
}
