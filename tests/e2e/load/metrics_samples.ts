/** The samples of a text in the format of Prometheus: name and labels → value. */
export function metricsSamples(text: string): ReadonlyMap<string, number> {
  return new Map(
    text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => {
        const [sample, value] = line.split(/ (?=\S+$)/);
        return [sample!, Number(value)];
      }),
  );
}
