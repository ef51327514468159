/** The texts of a YAML file that has mappings of plain texts alone, by their path: `hooks.preprovision.posix.run`. */
export function valuesAtIndents(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const above: { indent: number; name: string }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, blanks, name, value] = /^( *)([\w-]+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (blanks === undefined || name === undefined || value === undefined) continue;
    while ((above.at(-1)?.indent ?? -1) >= blanks.length) above.pop();
    above.push({ indent: blanks.length, name });
    if (value !== '') values[above.map((one) => one.name).join('.')] = value;
  }
  return values;
}
