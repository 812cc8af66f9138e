/** Whether a name from a URL has the form of a recipe's name. */
export function isRecipeName(name: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(name);
}
