// Data of the server as text for people. Knows nothing of VS Code.

/** Indented lines, `name: value`; what has no value is left out, names are words. */
export function asText(data: unknown): string {
  return `${lines(data, "").join("\n")}\n`;
}

function lines(data: unknown, indent: string): string[] {
  if (data === null || data === undefined) {
    return [];
  }
  if (Array.isArray(data)) {
    return data.flatMap((one: unknown) => {
      const [first, ...rest] = lines(one, `${indent}  `);
      return first === undefined ? [] : [`${indent}- ${first.trimStart()}`, ...rest];
    });
  }
  if (typeof data !== "object") {
    return [`${indent}${plain(data)}`];
  }
  return Object.entries(data).flatMap(([name, value]: [string, unknown]) => {
    if (value === null || value === undefined) {
      return [];
    }
    if (typeof value !== "object") {
      return [`${indent}${words(name)}: ${plain(value)}`];
    }
    const below = lines(value, `${indent}  `);
    return below.length > 0 ? [`${indent}${words(name)}:`, ...below] : [];
  });
}

function plain(value: unknown): string {
  return value === true ? "yes" : value === false ? "no" : String(value);
}

/** `fanIn` is "fan in"; what is no name of code (a path, a capitalised word) stays as it is. */
export function words(name: string): string {
  return /^[a-z]+([A-Z][a-z]+)+$/.test(name)
    ? name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    : name;
}
