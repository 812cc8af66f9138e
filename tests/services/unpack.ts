/** Commands that download packages of Debian and unpack them in the working directory, where nobody needs be root. */
export function unpack(...packages: readonly string[]): string[][] {
  const download = `apt-get download ${packages.join(" ")}`;
  return [
    // A new machine has no lists yet.
    ["sh", "-c", `${download} || { apt-get update && ${download}; }`],
    ["sh", "-c", 'for each in *.deb; do dpkg -x "$each" .; done'],
  ];
}
