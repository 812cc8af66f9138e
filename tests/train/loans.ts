import { createRandom } from "../../core/kernels/create_random.ts";

/** Number of readers in {@linkcode LOANS}. */
export const READERS = 40;
/** Number of books in {@linkcode LOANS}, each of them lent. */
export const BOOKS = 24;

/**
 * A CSV file of who borrowed what and when, `reader,book,at`: two tastes, even and odd, and ten books for each reader,
 * mostly of the reader's taste.
 */
export const LOANS: string = makeLoans();

/** A CSV file with a title for every book, `book,title`. */
export const TITLES: string = [
  "book,title",
  ...Array.from({ length: BOOKS }, (_, book) => `b${book},Title ${book}`),
].join("\n") + "\n";

function makeLoans(): string {
  const random = createRandom(11);
  const lines = ["reader,book,at"];
  for (let reader = 0; reader < READERS; reader++) {
    const books = new Set<number>();
    while (books.size < 10) {
      const ofTaste = 2 * random.int(BOOKS / 2) + reader % 2;
      books.add(random.float() < 0.8 ? ofTaste : random.int(BOOKS));
    }
    for (const book of books) {
      const day = String(1 + random.int(28)).padStart(2, "0");
      lines.push(`r${reader},b${book},2026-02-${day}`);
    }
  }
  return lines.join("\n") + "\n";
}
