const PLAIN = /^[\w./:@%+=-]+$/;

/** What to do after a search that was stopped, in a sentence for people. */
export function resumption(
  recipePath: string,
  storagePath: string,
  run: { readonly id: string; readonly joined: boolean },
): string {
  return storagePath === ""
    ? "No trials were kept; to be able to go on after a stop, set training.storage_path in the recipe, such as trials.journal"
    : `To go on: recotem train ${quoted(recipePath)} ${
      run.joined ? "--join" : "--run-id"
    } ${quoted(run.id)}`;
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
