/** A finite or infinite number in plain decimal digits, never with an exponent: `5`, `0.25`, `1000000000000000000000`. */
export function decimalText(value: number): string {
  const text = String(value);
  const exponentAt = text.indexOf("e");
  if (exponentAt < 0) return text;
  if (Number.isInteger(value)) return BigInt(value).toString();
  const exponent = -Number(text.slice(exponentAt + 1));
  const sign = value < 0 ? "-" : "";
  const digits = text.slice(sign.length, exponentAt).replace(".", "");
  return `${sign}0.${"0".repeat(exponent - 1)}${digits}`;
}
